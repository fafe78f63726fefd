"""Where in a filter of JSON its reader stands, and the text of its numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geo.serving.cql2.limits import Budget
from geo.serving.crs import Crs


class Digits(str):
    """A number as it is written in JSON, so that it is read as text reads it: no infinity, no 5,000 digits."""

    __slots__ = ()


@dataclass(frozen=True)
class Reading:
    """The reference system of coordinates, what is used of the limits, and the operators above."""

    crs: Crs
    budget: Budget
    path: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The way down to the operator that is read."""
        return f"in {'/'.join(self.path)}" if self.path else "at the top"

    def inside(self, op: str) -> Reading:
        """Return the same, one operator down."""
        return replace(self, path=(*self.path, op[:20]))
