"""All filter counts at once: for every coded property, the year and the province, each without its own filter.

A facet shows what choosing another value would find, so its own filter is left out and all others hold. That is the
filter of its name; for the year it is `datetime`, for the province also `region`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.column_counts import Rows, Tally, classify_entries, count_rows, describe_kinds, select, tally_entries
from geo.serving.column_masks import make_masks
from geo.serving.columns import Columns, Mask
from geo.serving.counts import Counts
from geo.serving.dimensions import TIMES, YEAR, Dimension, dimensions
from geo.serving.filters import FeatureQuery, allowed_codes, filterable_properties
from geo.serving.regions import LEVELS, check_regions

PROVINCE = LEVELS[0]


@dataclass(frozen=True)
class Facets:
    """The number of records that match all filters, and by name the counts of each facet without its own filter."""

    total: int
    facets: dict[str, Counts]


def facet_dimensions(collection: str) -> list[Dimension]:
    """Return what a collection has facets of: the province, the year and every coded property."""
    return [
        dimension
        for name, dimension in dimensions(collection).items()
        if name in {PROVINCE, YEAR} or dimension.vocabulary is not None
    ]


def own_filters(name: str) -> tuple[str, ...]:
    """Return the filters that choose values of a facet."""
    return {YEAR: ("datetime",), PROVINCE: (PROVINCE, "region")}.get(name, (name,))


async def count_facets(columns: Columns, connection: AsyncConnection, query: FeatureQuery) -> Facets:
    """Count all facets of the query's collection.

    Raises BadRequest for a region that does not exist, VersionsDiffer as `find`.
    """
    await check_regions(connection, query)
    masks = await make_masks(columns, connection, query)
    return await asyncio.to_thread(_count_all, columns, query.collection, masks)


def _count_all(columns: Columns, collection: str, masks: Mapping[str, Mask]) -> Facets:
    """Count all facets. Those that leave out the same filters share their records, and those of a column its tally."""
    failed = np.zeros(len(columns), np.uint8)
    for mask in masks.values():
        failed += ~mask
    facets: dict[str, Counts] = {}
    by_own: dict[tuple[str, ...], list[Dimension]] = {}
    for facet in facet_dimensions(collection):
        by_own.setdefault(tuple(name for name in own_filters(facet.name) if name in masks), []).append(facet)
    for own, some in by_own.items():
        left = failed
        for name in own:
            left = left - ~masks[name]
        facets |= _count_group(columns, collection, some, select(left == 0))
    shown = {facet.name: in_order(collection, facets[facet.name]) for facet in facet_dimensions(collection)}
    return Facets(int(np.count_nonzero(failed == 0)), shown)


def _count_group(columns: Columns, collection: str, some: list[Dimension], rows: Rows) -> dict[str, Counts]:
    """Count the facets of some records, those of one column from one tally."""
    facets: dict[str, Counts] = {}
    tallies: dict[int, Tally] = {}
    for facet in some:
        if facet.name in TIMES:
            facets[facet.name] = count_rows(columns, collection, (facet.name,), rows)
            continue
        column = columns.column(facet.name)
        if id(column) not in tallies:
            tallies[id(column)] = tally_entries(columns, column, rows)
        (entries, layers), counts = tallies[id(column)]
        classes, of_entry = classify_entries(column, facet)
        facets[facet.name] = describe_kinds(collection, [facet], [classes], [of_entry[entries], layers], counts)
    return facets


def work_out(columns: Columns) -> None:
    """Do once, before the first reader waits for it, what all counts of these columns share."""
    _count_all(columns, "records", {})


def in_order(collection: str, counts: Counts) -> Counts:
    """Return the counts of a facet in the order of its vocabulary; years and regions by their key."""
    prop = filterable_properties(collection).get(counts.by[0])
    codes = allowed_codes(prop, collection) if prop else ()
    places = {code: place for place, code in enumerate(codes)}
    ordered = sorted(counts.counts, key=lambda cell: (places.get(cell.keys[0], len(places)), cell.keys))
    return replace(counts, counts=tuple(ordered))
