"""A copy of the filter columns of `published.feature` in the process: what counts, facets and tiles are made from.

It is of one version of the data and never changes: `column_reading` makes it and the next one. Properties that belong
together share a column. A column is coded: it has each combination of values that occurs once, as an entry, and for
each record the number of its entry. So a filter is a test of a few thousand entries, whatever the number of records,
and a count is a count of numbers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.layers import PROPERTIES, RECORDS, Kind
from geo.serving.dataset import Dataset

Mask = NDArray[np.bool_]
"""One truth a record, in the order of the copy."""
Numbers = NDArray[Any]
"""Unsigned numbers of any width."""

EARTH_RADIUS_M: Final = 6_378_137.0
"""Of the sphere of EPSG:3857."""
MOST_RUNS = 4
"""Runs of chosen entries, up to which comparing is quicker than looking each record's entry up."""

HELD_TEXTS = frozenset({"source_system"})
"""Texts of which there are few different ones. All others, and amounts, stay in the database."""

HELD_KINDS = frozenset(
    {*(Kind.CODE, Kind.CODES, Kind.REGION, Kind.REGIONS, Kind.DATE, Kind.BOOLEAN)}
    | {Kind.INTEGER, Kind.MINIMUM, Kind.MAXIMUM}
)

TOGETHER: tuple[tuple[str, ...], ...] = (
    ("layer", "date_precision", "location_precision", "verification", "source_system"),
    ("province", "prefecture", "county", "regions", "regions_within", "several_places", "coarsened"),
    ("industry", "sub_industry", "ownership"),
    ("participants", "severity", "outcome", "awareness", "involvement", "involvement_timing", "has_case"),
    ("actions", "accident_types", "issues", "excuses"),
    ("demands", "channels", "union_levels"),
    ("responses", "departments"),
    ("deaths", "persons_min"),
    ("injuries", "persons_max"),
    ("missing", "uncertainty_m"),
)
"""Columns of several properties: of few combinations, or of different layers, where only one of them is known."""


def list_held() -> tuple[tuple[str, ...], ...]:
    """Return the names in each column: `TOGETHER`, then every other property that is held, by itself."""
    known = {name for names in TOGETHER for name in names}
    held = (p.name for p in PROPERTIES if p.filterable and (p.kind in HELD_KINDS or p.name in HELD_TEXTS))
    return (*TOGETHER, *((name,) for name in held if name not in known))


HELD = list_held()
COLUMN_OF = {name: (column, part) for column, names in enumerate(HELD) for part, name in enumerate(names)}
"""Where a property is: the number of its column, and its place in the values of an entry."""


@dataclass(frozen=True)
class Column:
    """Properties `names` of every record. `entries` are combinations of their values, None where one is not known.

    A list is a tuple of texts. `codes` has the number of its entry for each record. `hashes` are the entries as the
    database told them apart.
    """

    names: tuple[str, ...]
    entries: list[tuple[Any, ...]] = field(repr=False)
    hashes: NDArray[np.int64] = field(repr=False)
    codes: Numbers = field(repr=False)
    worked_out: dict[str, Any] = field(default_factory=dict, repr=False)
    """What was made of the entries and codes before, by name: they never change."""

    def values(self, name: str) -> list[Any]:
        """Return the value of one property in every entry."""
        part = self.names.index(name)
        return [entry[part] for entry in self.entries]

    def test(self, name: str, holds: Callable[[Any], bool]) -> Mask:
        """Return for which entries a test of one property holds."""
        return np.fromiter(map(holds, self.values(name)), np.bool_, len(self.entries))

    def spread(self, chosen: Mask) -> Mask:
        """Return which records have one of the chosen entries."""
        numbers = np.flatnonzero(chosen)
        breaks = np.flatnonzero(np.diff(numbers) > 1)
        if len(numbers) == 0 or len(breaks) >= MOST_RUNS:
            found: Mask = chosen[self.codes] if len(numbers) else np.zeros(len(self.codes), np.bool_)
            return found
        firsts, lasts = numbers[[0, *(breaks + 1)]], numbers[[*breaks, -1]]
        made = np.zeros(len(self.codes), np.bool_)
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            made |= self.codes == first if first == last else (self.codes >= first) & (self.codes <= last)
        return made


@dataclass(frozen=True, kw_only=True)
class Columns:
    """All records of one version of the data, by ascending `ids`.

    `keys` tell public ids apart. `lon` and `lat` are degrees, NaN where a record has no place. `held` are the columns
    in the order of `HELD`.
    """

    dataset: Dataset
    ids: NDArray[np.int64]
    keys: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    held: tuple[Column, ...]
    asked: OrderedDict[object, NDArray[np.uint8]] = field(default_factory=OrderedDict, repr=False)
    """By question, which records the database found: a bit a record, the last asked last."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        """How large the copy is, without the entries."""
        arrays = (self.ids, self.keys, self.lon, self.lat, *(column.codes for column in self.held))
        return sum(array.nbytes for array in arrays)

    def column(self, name: str) -> Column:
        """Return the column that a property is in."""
        return self.held[COLUMN_OF[name][0]]

    @cached_property
    def layer(self) -> NDArray[np.uint8]:
        """The place of each record's layer in `geo.layers.RECORDS`."""
        column = self.column("layer")
        numbers = np.array([RECORDS.index(layer) for layer in column.values("layer")], np.uint8)
        made: NDArray[np.uint8] = numbers[column.codes] if len(numbers) else np.zeros(0, np.uint8)
        return made

    @property
    def x(self) -> NDArray[np.float64]:
        """Metres to the east in EPSG:3857, NaN without a place."""
        return np.radians(self.lon) * EARTH_RADIUS_M

    @property
    def y(self) -> NDArray[np.float64]:
        """Metres to the north in EPSG:3857, NaN without a place; at the south pole minus infinity."""
        with np.errstate(divide="ignore"):
            return np.log(np.tan(np.pi / 4 + np.radians(self.lat) / 2)) * EARTH_RADIUS_M
