"""Records counted by the columns: first how many there are of each kind, then what is said of each kind.

The kinds are far fewer than the records: all that is done record by record is to make one number of what a record is in
the dimensions, and to count those numbers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.layers import COLLECTIONS, RECORDS
from geo.serving.column_masks import find
from geo.serving.columns import Column, Columns, Mask, Numbers
from geo.serving.counts import Count, Counts, Remainder
from geo.serving.dimensions import REASONS, TIMES, YEAR, Dimension, dimensions
from geo.serving.filters import FeatureQuery
from geo.serving.regions import check_regions

Rows = NDArray[np.intp] | slice
"""Which records, by their place in the columns."""
EVERY: Final = slice(None)

Tally = tuple[list[NDArray[np.int64]], NDArray[np.int64]]
"""Combinations of numbers, part by part, and how often each occurs."""

LARGEST_TABLE: Final = 2**21
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

    @cached_property
    def flat(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return of each class where its keys begin and how many there are, and all keys in one row."""
        lengths = np.array([len(keys) for keys in self.keys], np.int64)
        return np.cumsum(lengths) - lengths, lengths, np.array([k for keys in self.keys for k in keys], np.int64)

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
    known: tuple[Classes, Numbers] | None = column.worked_out.get(dimension.name)
    if known is None:
        known = column.worked_out[dimension.name] = _classify_entries(column, dimension)
    return known


def _classify_entries(column: Column, dimension: Dimension) -> tuple[Classes, Numbers]:
    listed: list[tuple[str, ...]] = [
        tuple(value or ()) if dimension.multi_valued else () if value is None else (value,)
        for value in column.values(dimension.name)
    ]
    classes, places = sort_classes(value for value in listed if value)
    why = _no_place(column) if dimension.is_region else ["unknown"] * len(listed)
    of_entry = [places[value] if value else classes.reason(reason) for value, reason in zip(listed, why, strict=True)]
    return classes, np.array(of_entry, np.int32)


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
    spans = [_spans(end, dimension.name) for end in ends]
    different = np.unique(np.concatenate(spans))
    names = [_write_span(dimension.name, span) for span in different.tolist()]
    classes = Classes(names, [(place,) for place in range(len(names))])
    first, last = (
        np.searchsorted(different, span).astype(np.int32)[end.codes[rows]]
        for span, end in zip(spans, ends, strict=True)
    )
    return classes, np.where(first == last, first, np.int32(classes.reason(f"not_known_to_the_{dimension.name}")))


def _spans(column: Column, unit: str) -> NDArray[np.int64]:
    """Return the year, or the month counted from the year 0, of each entry of a column of days."""
    known: NDArray[np.int64] | None = column.worked_out.get(unit)
    if known is None:
        days = column.values(column.names[0])
        known = np.array([day.year if unit == YEAR else day.year * 12 + day.month - 1 for day in days], np.int64)
        column.worked_out[unit] = known
    return known


def _write_span(unit: str, span: int) -> str:
    return f"{span:04}" if unit == YEAR else f"{span // 12:04}-{span % 12 + 1:02}"


def tally(parts: Sequence[Numbers], sizes: Sequence[int]) -> Tally:
    """Return each combination of numbers that occurs, part by part, and how often. `sizes` bound the numbers."""
    space = prod(sizes)
    narrow = LARGEST_TABLE < space <= 2**32  # then they are sorted, which takes half the time
    combined: NDArray[Any] = np.zeros(0, np.uint32 if narrow else np.int64)
    for place, (part, size) in enumerate(zip(parts, sizes, strict=True)):
        here = part.astype(combined.dtype)
        combined = here if place == 0 else combined * combined.dtype.type(size) + here
    if space <= LARGEST_TABLE:
        table = np.bincount(combined, minlength=1)
        kinds = np.flatnonzero(table)
        counts = table[kinds]
    else:
        kinds, counts = np.unique(combined, return_counts=True)
        kinds = kinds.astype(np.int64)
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


def tally_entries(columns: Columns, column: Column, rows: Rows) -> Tally:
    """Return each entry with each layer that occurs, and how often; of all records it is worked out once."""
    known: Tally | None = column.worked_out.get("tally") if rows is EVERY else None
    if known is None:
        known = tally([column.codes[rows], columns.layer[rows]], [len(column.entries), len(RECORDS)])
        if rows is EVERY:
            column.worked_out["tally"] = known
    return known


def count_rows(columns: Columns, collection: str, by: tuple[str, ...], rows: Rows) -> Counts:
    """Count the records at `rows` by one or two dimensions of a collection."""
    chosen = [dimensions(collection)[name] for name in by]
    if len(chosen) == 1 and by[0] not in TIMES:
        (entries, layers), counts = tally_entries(columns, columns.column(by[0]), rows)
        classes, of_entry = classify_entries(columns.column(by[0]), chosen[0])
        return describe_kinds(collection, chosen, [classes], [of_entry[entries], layers], counts)
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
        # The first dimension is told where one reason holds for several, and none where it speaks of no property.
        told = np.array([place if reason in OF_A_PROPERTY else 0 for reason in (*REASONS, None)])[reason]
        worst = np.minimum(worst, reason * len(chosen) + told)
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
        starts, lengths, flat = known.flat
        here = of_kind[which]
        times = lengths[here]
        within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        cell = np.repeat(cell, times) * len(known.names) + flat[np.repeat(starts[here], times) + within]
        which = np.repeat(which, times)
    if prod(len(known.names) for known in classes) <= LARGEST_TABLE:
        table = np.bincount(cell, weights=counts[which]).astype(np.int64)
        different = np.flatnonzero(table)
        sums = table[different]
    else:
        different, inverse = np.unique(cell, return_inverse=True)
        sums = np.bincount(inverse, weights=counts[which], minlength=len(different)).astype(np.int64)
    keys: list[list[str]] = []
    for known in reversed(classes):
        different, place = np.divmod(different, max(len(known.names), 1))
        keys.insert(0, [known.names[number] for number in place.tolist()])
    return tuple(map(Count, zip(*keys, strict=True), sums.tolist()))


def _remainder(
    by: tuple[str, ...], worst: NDArray[np.int64], layers: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[Remainder, ...]:
    """Return the remainder in the order in which its reasons are asked, then by dimension and by layer's name."""
    sums = np.bincount(worst * len(RECORDS) + layers, weights=counts)
    told: dict[tuple[int, int, str], int] = {}
    for kind in np.flatnonzero(sums).tolist():
        one, layer = divmod(kind, len(RECORDS))
        reason, place = divmod(one, len(by))
        key = (reason, place, RECORDS[layer] if "layer" in by else "")
        told[key] = told.get(key, 0) + int(sums[kind])
    return tuple(
        Remainder(REASONS[reason], layer or None, count, by[place] if REASONS[reason] in OF_A_PROPERTY else None)
        for (reason, place, layer), count in sorted(told.items())
    )
