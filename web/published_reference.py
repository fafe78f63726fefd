"""A published table as it stands beside our own figures: as printed, as worked out, and where it contradicts itself."""

from __future__ import annotations

from dataclasses import dataclass

from web.content import Text
from web.shares import Share


@dataclass(frozen=True)
class Printed:
    """A figure of the report. `percent` is the whole percentage that it printed, None where it printed none."""

    label: Text
    share: Share
    percent: int | None
    agrees: bool


@dataclass(frozen=True)
class Reference:
    """The whole table: where it was printed, its figures, its errors, and what has to be known to read it."""

    source: Text
    figures: tuple[Printed, ...]
    errors: tuple[Text, ...]
    notes: tuple[Text, ...]
