"""Which records a query asks for, as masks over the columns: the same as `conditions` says in SQL.

What the columns do not hold (words, employers, amounts and the like) is asked of the database, in one statement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import NotReady
from geo.layers import RECORDS, Kind
from geo.serving.columns import COLUMN_OF, Columns, Mask
from geo.serving.conditions import conditions
from geo.serving.filters import FeatureQuery, Value, filterable_properties
from geo.serving.parameters import Bbox, Interval
from geo.serving.search import found_keys
from geo.serving.tables import dataset_version, feature

COLLECTION, BBOX, DATETIME, REGION, UPDATED = "", "bbox", "datetime", "region", "updated_since"
WORDS, ELSEWHERE = "q", "?"
"""What masks that are of no property are called."""

MOST_ASKED = 16
"""Masks made by the database that are kept with the columns, a bit a record."""

Test = Callable[[Any], bool]


async def find(columns: Columns, connection: AsyncConnection, query: FeatureQuery) -> Mask:
    """Return which records match on all pages. Raises VersionsDiffer when the connection sees another version."""
    return _join(columns, await make_masks(columns, connection, query))


def find_held(columns: Columns, query: FeatureQuery) -> Mask:
    """Return which records match on all pages, as far as the columns hold it: without words, and `without_held`."""
    return _join(columns, held_masks(columns, query))


def _join(columns: Columns, masks: dict[str, Mask]) -> Mask:
    made = np.ones(len(columns), np.bool_)
    for mask in masks.values():
        made &= mask
    return made


async def make_masks(columns: Columns, connection: AsyncConnection, query: FeatureQuery) -> dict[str, Mask]:
    """Return by name which records each filter of a query lets through. Raises VersionsDiffer as `find`."""
    masks = held_masks(columns, query)
    if query.q:
        masks[WORDS] = await _ask(columns, connection, query.q, found_keys(query.q))
    elsewhere = replace(without_held(query), q=())
    if elsewhere != FeatureQuery(collection=query.collection):
        keys = sa.select(feature.c.id).where(*conditions(elsewhere))
        masks[ELSEWHERE] = await _ask(columns, connection, elsewhere, keys)
    return masks


def without_held(query: FeatureQuery) -> FeatureQuery:
    """Return what of a query the columns do not hold, without its page."""
    page = FeatureQuery(collection=query.collection)
    kept = tuple((name, values) for name, values in query.properties if name not in COLUMN_OF)
    shown = {name: getattr(page, name) for name in _PAGE}
    return replace(query, bbox=None, datetime=None, region=(), updated_since=None, properties=kept, **shown)


_PAGE = ("limit", "order", "after", "before", "selected", "skip_geometry", "crs")


def held_masks(columns: Columns, query: FeatureQuery) -> dict[str, Mask]:
    """Return by name which records each filter lets through, as far as the columns hold it."""
    masks: dict[str, Mask] = {}

    def add(filter_name: str, name: str, holds: Test) -> None:
        column = columns.column(name)
        found = column.spread(column.test(name, holds))
        masks[filter_name] = masks[filter_name] & found if filter_name in masks else found

    if set(query.layers) != set(RECORDS):
        add(COLLECTION, "layer", set(query.layers).__contains__)
    if query.bbox is not None:
        masks[BBOX] = within_box(columns, query.bbox)
    if query.datetime is not None:
        start, end = query.datetime.start or dt.date.min, query.datetime.end or dt.date.max
        add(DATETIME, "starts_on", lambda day: day <= end)
        add(DATETIME, "ends_on", lambda day: day >= start)
    if query.region:
        add(REGION, "regions_within", tester(Kind.REGIONS, query.region))
    if query.updated_since is not None:
        add(UPDATED, "updated_on", query.updated_since.__le__)
    declared = filterable_properties(query.collection)
    for name, values in query.properties:
        if name in COLUMN_OF:
            add(name, name, tester(declared[name].kind, values))
    return masks


def within_box(columns: Columns, box: Bbox) -> Mask:
    """Return which places lie in a box, borders included: two boxes when it crosses the antimeridian."""
    lon, lat = columns.lon, columns.lat
    east = lon <= box.east
    across = (lon >= box.west) & east if box.west <= box.east else (lon >= box.west) | east
    found: Mask = across & (lat >= box.south) & (lat <= box.north)
    return found


def tester(kind: Kind, values: tuple[Value, ...]) -> Test:
    """Return the test that a property has any of `values`, where None is "not known"."""
    wanted = [value for value in values if value is not None]
    known = _KNOWN.get(kind, is_any)(wanted) if wanted else lambda _: False
    nothing = () if kind is Kind.REGIONS else None
    unknown = None in values
    return lambda value: unknown if value == nothing else value is not None and known(value)


def is_any(wanted: list[Any]) -> Test:
    """Test that a single value is one of those wanted."""
    return set(wanted).__contains__


def has_any(wanted: list[Any]) -> Test:
    """Test that a list has a value in common with those wanted."""
    chosen = set(wanted)
    return lambda values: not chosen.isdisjoint(values)


def at_least(wanted: list[Any]) -> Test:
    """Test that a number is not below the wanted one."""
    lowest = min(wanted)
    return lambda value: bool(value >= lowest)


def at_most(wanted: list[Any]) -> Test:
    """Test that a number is not above the wanted one."""
    highest = max(wanted)
    return lambda value: bool(value <= highest)


def within_any(wanted: list[Interval]) -> Test:
    """Test that a day lies in one of the wanted intervals."""
    ends = [(interval.start or dt.date.min, interval.end or dt.date.max) for interval in wanted]
    return lambda day: any(start <= day <= end for start, end in ends)


_KNOWN: dict[Kind, Callable[[list[Any]], Test]] = {
    Kind.CODES: has_any,
    Kind.REGIONS: has_any,
    Kind.MINIMUM: at_least,
    Kind.MAXIMUM: at_most,
    Kind.DATE: within_any,
}


class VersionsDiffer(NotReady):
    """The database has moved on from the version of the columns, or the columns from the one that a reader sees."""


async def _ask(columns: Columns, connection: AsyncConnection, question: object, keys: sa.Select[tuple[int]]) -> Mask:
    """Return which records have one of the keys that SQL finds, or found when the same question was last asked."""
    kept = columns.asked.get(question)
    if kept is not None:
        columns.asked.move_to_end(question)
        return np.unpackbits(kept, count=len(columns)).view(np.bool_)
    found = keys.subquery()
    packed = sa.func.string_agg(sa.func.int8send(found.c.id), sa.literal_column("''"), type_=sa.LargeBinary)
    version = sa.select(dataset_version.c.version).scalar_subquery()
    row = (await connection.execute(sa.select(packed, version))).one()
    if row[1] != columns.dataset.version:
        raise VersionsDiffer("The data has just changed and is being read. Please ask again in a few seconds.")
    mask = np.zeros(len(columns), np.bool_)
    mask[np.searchsorted(columns.ids, np.frombuffer(row[0] or b"", ">i8").astype(np.int64))] = True
    columns.asked[question] = np.packbits(mask)
    if len(columns.asked) > MOST_ASKED:
        columns.asked.popitem(last=False)
    return mask
