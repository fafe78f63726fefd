"""Records counted by the columns: first how many there are of each kind, then what is said of each kind.

The kinds are far fewer than the records: all that is done record by record is to make one number of what a record is in
the dimensions, and to count those numbers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.layers import COLLECTIONS, RECORDS
from geo.serving.column_masks import find
from geo.serving.columns import Column, Columns, Mask, Numbers
from geo.serving.counts import Count, Counts, Remainder
from geo.serving.dimensions import REASONS, TIMES, Dimension, dimensions
from geo.serving.filters import FeatureQuery
from geo.serving.regions import check_regions

Rows = NDArray[np.intp] | slice
"""Which records, by their place in the columns."""
EVERY: Final = slice(None)

LARGEST_TABLE: Final = 2**23
"""Kinds, up to which they are counted in a table with a place for each; of more, only those that occur are kept."""

OF_A_PROPERTY = frozenset({"not_of_this_layer", "unknown"})
"""Reasons that are given with the dimension they speak of."""


@dataclass(frozen=True)
class Classes:
    """What records can be in one dimension: class `n` has the keys `keys[n]`; the classes after those are `REASONS`.

    `size` is the number of classes. Keys are places in `names`, which are sorted; a class has several when the
    dimension is multi-valued.
    """

    names: list[str]
    keys: list[tuple[int, ...]]

    @property
    def size(self) -> int:
        """How many classes there are."""
        return len(self.keys) + len(REASONS)

    def reason(self, reason: str) -> int:
        """Return the class of a reason."""
        return len(self.keys) + REASONS.index(reason)


def sort_classes(values: Iterable[tuple[str, ...]]) -> tuple[Classes, dict[tuple[str, ...], int]]:
    """Return the classes of some values, each one or several keys, and where each value is."""
    different = sorted(set(values))
    names = sorted({key for keys in different for key in keys})
    places = {name: place for place, name in enumerate(names)}
    classes = Classes(names, [tuple(sorted({places[key] for key in keys})) for keys in different])
    return classes, {keys: place for place, keys in enumerate(different)}


def classify_entries(column: Column, dimension: Dimension) -> tuple[Classes, Numbers]:
    """Return the classes of a dimension, and the class of each entry of its column."""
    values = column.values(dimension.name)
    listed: list[tuple[str, ...]] = [
        tuple(value or ()) if dimension.multi_valued else () if value is None else (value,) for value in values
    ]
    classes, places = sort_classes(value for value in listed if value)
    why = _no_place(column) if dimension.is_region else ["unknown"] * len(listed)
    of_entry = [places[value] if value else classes.reason(reason) for value, reason in zip(listed, why, strict=True)]
    return classes, np.array(of_entry, np.int64)


def _no_place(column: Column) -> list[str]:
    """Return why the places of a column are in no region of a level, if they are in none."""
    flags = zip(column.values("several_places"), column.values("coarsened"), strict=True)
    return [
        "several_places" if several else "not_shown_finer" if hidden else "not_known_finer" for several, hidden in flags
    ]


def classify(columns: Columns, dimension: Dimension, rows: Rows) -> tuple[Classes, Numbers]:
    """Return the classes of a dimension, and the class of each record."""
    if dimension.name not in TIMES:
        column = columns.column(dimension.name)
        classes, of_entry = classify_entries(column, dimension)
        return classes, of_entry[column.codes[rows]]
    ends = [columns.column(name) for name in ("starts_on", "ends_on")]
    written = [[TIMES[dimension.name].format(day) for day in end.values(end.names[0])] for end in ends]
    classes, places = sort_classes((key,) for keys in written for key in keys)
    first, last = (
        np.array([places[key,] for key in keys], np.int64)[end.codes[rows]]
        for keys, end in zip(written, ends, strict=True)
    )
    return classes, np.where(first == last, first, classes.reason(f"not_known_to_the_{dimension.name}"))


def tally(parts: Sequence[Numbers], sizes: Sequence[int]) -> tuple[list[NDArray[np.int64]], NDArray[np.int64]]:
    """Return each combination of numbers that occurs, part by part, and how often. `sizes` bound the numbers."""
    combined: NDArray[np.int64] = np.zeros(0, np.int64)
    space = 1
    for place, (part, size) in enumerate(zip(parts, sizes, strict=True)):
        combined = part.astype(np.int64) if place == 0 else combined * size + part
        space *= size
    if space <= LARGEST_TABLE:
        table = np.bincount(combined, minlength=1)
        kinds = np.flatnonzero(table)
        counts = table[kinds]
    else:
        kinds, counts = np.unique(combined, return_counts=True)
    found: list[NDArray[np.int64]] = []
    for size in reversed(sizes):
        kinds, part = np.divmod(kinds, size)
        found.insert(0, part)
    return found, counts


async def count_features(
    columns: Columns, connection: AsyncConnection, query: FeatureQuery, by: tuple[str, ...]
) -> Counts:
    """Count the records that match on all pages, by one or two of `dimensions(query.collection)`.

    Raises BadRequest when the query names a region that does not exist, VersionsDiffer as `find`.
    """
    await check_regions(connection, query)
    mask = await find(columns, connection, query)
    return await asyncio.to_thread(lambda: count_rows(columns, query.collection, by, select(mask)))


def select(mask: Mask) -> Rows:
    """Return the places of the records of a mask; all of them need no list."""
    return EVERY if mask.all() else np.flatnonzero(mask)


def count_rows(columns: Columns, collection: str, by: tuple[str, ...], rows: Rows) -> Counts:
    """Count the records at `rows` by one or two dimensions of a collection."""
    chosen = [dimensions(collection)[name] for name in by]
    classified = [classify(columns, dimension, rows) for dimension in chosen]
    parts = [*(of_row for _, of_row in classified), columns.layer[rows]]
    kinds, counts = tally(parts, [*(classes.size for classes, _ in classified), len(RECORDS)])
    return describe_kinds(collection, chosen, [classes for classes, _ in classified], kinds, counts)


def describe_kinds(
    collection: str,
    chosen: Sequence[Dimension],
    classes: Sequence[Classes],
    kinds: Sequence[NDArray[np.int64]],
    counts: NDArray[np.int64],
) -> Counts:
    """Return the counts of kinds of records: of each its class in each dimension and, last, its layer."""
    layers = kinds[-1]
    worst = np.full(len(counts), len(REASONS) * len(chosen))
    for place, (dimension, known, of_kind) in enumerate(zip(chosen, classes, kinds, strict=False)):
        reason = np.where(of_kind < len(known.keys), len(REASONS), of_kind - len(known.keys))
        if set(COLLECTIONS[collection]) - set(dimension.layers):
            lacks = np.array([layer not in dimension.layers for layer in RECORDS])[layers]
            reason = np.where(lacks, np.minimum(reason, REASONS.index("not_of_this_layer")), reason)
        # The first dimension is told where one reason holds for several.
        worst = np.minimum(worst, reason * len(chosen) + np.where(reason < len(REASONS), place, 0))
    inside = worst == len(REASONS) * len(chosen)
    by = tuple(dimension.name for dimension in chosen)
    return Counts(
        by=by,
        total=int(counts.sum()),
        counts=_cells(classes, [of_kind[inside] for of_kind in kinds[:-1]], counts[inside]),
        remainder=_remainder(by, worst[~inside], layers[~inside], counts[~inside]),
        multi_valued=tuple(dimension.name for dimension in chosen if dimension.multi_valued),
    )


def _cells(
    classes: Sequence[Classes], kinds: Sequence[NDArray[np.int64]], counts: NDArray[np.int64]
) -> tuple[Count, ...]:
    """Return the cells in the order of their keys; a kind is in one cell for each of its keys."""
    which = np.arange(len(counts))
    cell = np.zeros(len(counts), np.int64)
    for known, of_kind in zip(classes, kinds, strict=True):
        lengths = np.array([len(keys) for keys in known.keys], np.int64)
        flat = np.array([key for keys in known.keys for key in keys], np.int64)
        starts = np.cumsum(lengths) - lengths
        here = of_kind[which]
        times = lengths[here]
        within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        cell = np.repeat(cell, times) * len(known.names) + flat[np.repeat(starts[here], times) + within]
        which = np.repeat(which, times)
    different, inverse = np.unique(cell, return_inverse=True)
    sums = np.bincount(inverse, weights=counts[which], minlength=len(different)).astype(np.int64)
    keys: list[Any] = []
    for known in reversed(classes):
        different, place = np.divmod(different, max(len(known.names), 1))
        keys.insert(0, [known.names[number] for number in place.tolist()])
    return tuple(Count(key, count) for key, count in zip(zip(*keys, strict=True), sums.tolist(), strict=True))


def _remainder(
    by: tuple[str, ...], worst: NDArray[np.int64], layers: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[Remainder, ...]:
    """Return the remainder in the order in which its reasons are asked, then by dimension and by layer's name."""
    sums: dict[tuple[int, int, str], int] = {}
    for one, layer, count in zip(worst.tolist(), layers.tolist(), counts.tolist(), strict=True):
        reason, place = divmod(one, len(by))
        told = place if REASONS[reason] in OF_A_PROPERTY else 0
        key = (reason, told, RECORDS[layer] if "layer" in by else "")
        sums[key] = sums.get(key, 0) + count
    return tuple(
        Remainder(REASONS[reason], layer or None, count, by[place] if REASONS[reason] in OF_A_PROPERTY else None)
        for (reason, place, layer), count in sorted(sums.items())
    )
