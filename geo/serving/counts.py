"""How many records, by one or two dimensions; what cannot be told apart is shown as an explicit remainder.

A record is in the remainder once, or in at least one cell. It is in several cells only under a multi-valued dimension,
once under each of its values; otherwise the total is the sum of counts and remainder.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Count:
    """Records of one cell; `keys` are in the order of `Counts.by`.

    Not frozen: there may be hundreds of thousands, and those would take three times as long to make.
    """

    keys: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Remainder:
    """Records in no cell, and why. `layer` is given when it is one of the dimensions.

    `dimension` is the property that is unknown, or that the layer does not have.
    """

    reason: str
    layer: str | None
    count: int
    dimension: str | None = None


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Records by cell, in the order of the keys, and the remainder.

    `total` is the number of records. When `multi_valued` is empty, it is the sum of counts and remainder.
    """

    by: tuple[str, ...]
    total: int
    counts: tuple[Count, ...]
    remainder: tuple[Remainder, ...]
    multi_valued: tuple[str, ...] = ()

    @property
    def counted(self) -> int:
        """How many different records are in the cells: with the remainder, always the total."""
        return self.total - sum(rest.count for rest in self.remainder)
