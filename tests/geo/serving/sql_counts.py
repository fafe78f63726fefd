"""Counts made by the database alone: what the columns are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.layers import COLLECTIONS
from geo.serving.conditions import conditions
from geo.serving.counts import Count, Counts, Remainder
from geo.serving.dimensions import MONTH, REASONS, YEAR, Dimension, dimensions
from geo.serving.filters import FeatureQuery
from geo.serving.regions import LEVELS
from geo.serving.tables import feature

_PATTERNS = {MONTH: "YYYY-MM", YEAR: "YYYY"}

Condition = sa.ColumnElement[bool]


def without_own_filter(query: FeatureQuery, name: str) -> FeatureQuery:
    """Return the query without what chooses values of one facet.

    That is the filter of its name; for the year it is `datetime`, for the province also `region`.
    """
    kept = tuple((other, values) for other, values in query.properties if other != name)
    if name == YEAR:
        return replace(query, datetime=None)
    return replace(query, properties=kept, region=() if name == LEVELS[0] else query.region)


async def count_by_sql(connection: AsyncConnection, query: FeatureQuery, by: tuple[str, ...]) -> Counts:
    """Count the records that match on all pages, by one or two of `dimensions(query.collection)`."""
    counts: list[Count] = []
    remainder: list[Remainder] = []
    for row in await connection.execute(counts_statement(query, by)):
        *keys, reason, dimension, layer, count = row
        if reason is None:
            counts.append(Count(tuple(keys), count))
        else:
            remainder.append(Remainder(reason, layer, count, dimension))
    multi_valued = tuple(name for name in by if dimensions(query.collection)[name].multi_valued)
    total = sum(cell.count for cell in counts) + sum(rest.count for rest in remainder)
    if multi_valued:
        everything = sa.select(sa.func.count()).select_from(feature).where(*conditions(query))
        total = (await connection.execute(everything)).scalar_one()
    return Counts(
        by=by,
        total=total,
        counts=tuple(sorted(counts, key=lambda cell: cell.keys)),
        remainder=sort_remainder(by, remainder),
        multi_valued=multi_valued,
    )


def sort_remainder(by: tuple[str, ...], remainder: list[Remainder]) -> tuple[Remainder, ...]:
    """Return the remainder in the order in which its reasons are asked."""

    def place(rest: Remainder) -> tuple[int, int, str]:
        return REASONS.index(rest.reason), by.index(rest.dimension) if rest.dimension else 0, rest.layer or ""

    return tuple(sorted(remainder, key=place))


def counts_statement(query: FeatureQuery, by: tuple[str, ...]) -> sa.Select[*tuple[Any, ...]]:
    """Return the one statement of a count: a row for each cell and for each reason.

    Keys and reason are named in an inner statement: PostgreSQL takes two expressions with bound values for different
    ones, and would refuse to group by them. Records that are alike are put together before the values of a list are
    taken apart, since there are far fewer kinds than records; and only where the record is in a cell, so that the
    remainder holds it once.
    """
    chosen = [dimensions(query.collection)[name] for name in by]
    found = records_statement(query, chosen, *conditions(query)).subquery("found")
    alike = sa.select(*found.c, sa.func.count().label("records")).group_by(*found.c).subquery("alike")
    source: sa.FromClause = alike
    keys: list[sa.ColumnElement[Any]] = []
    for place, dimension in enumerate(chosen):
        key = alike.c[f"key_{place}"]
        if dimension.multi_valued:
            item = sa.func.unnest(key).column_valued(f"item_{place}").label("value")
            values = sa.select(item).where(alike.c.reason.is_(None)).distinct().lateral(f"values_{place}")
            source = source.outerjoin(values, sa.true())
            keys.append(values.c.value)
        else:
            keys.append(sa.case((alike.c.reason.is_(None), key)))
    told = [key.label(f"told_{place}") for place, key in enumerate(keys)]
    columns = [*told, alike.c.reason, alike.c.dimension, alike.c.layer]
    records = sa.cast(sa.func.sum(alike.c.records), sa.BigInteger)
    statement = sa.select(*columns, records).select_from(source)
    return statement.group_by(*(sa.literal_column(str(n + 1)) for n in range(len(columns))))


def records_statement(query: FeatureQuery, by: Iterable[Dimension], *which: Condition) -> sa.Select[Any]:
    """Return a row for each record: its keys (`key_0`, ...; a list when multi-valued), `reason`, `dimension`, `layer`.

    `reason` is NULL for a record that is in a cell; `dimension` is given with the reasons that speak of one property.
    """
    chosen = tuple(by)
    reasons = find_reasons(query.collection, chosen)
    nothing: sa.ColumnElement[Any] = sa.cast(sa.null(), sa.Text)
    why, of_what = nothing, nothing
    if reasons:
        why = sa.case(*((holds, sa.literal_column(f"'{reason}'")) for holds, reason, _ in reasons))
        named = ((holds, sa.literal_column(f"'{name}'") if name else sa.null()) for holds, _, name in reasons)
        of_what = sa.case(*named, else_=nothing)
    return sa.select(
        *(key_of(dimension).label(f"key_{place}") for place, dimension in enumerate(chosen)),
        why.label("reason"),
        of_what.label("dimension"),
        (feature.c.layer if "layer" in {dimension.name for dimension in chosen} else sa.null()).label("layer"),
    ).where(*which)


def key_of(dimension: Dimension) -> sa.ColumnElement[Any]:
    """Return the expression of a dimension's value, or list of values."""
    pattern = _PATTERNS.get(dimension.name)
    return feature.c[dimension.name] if pattern is None else sa.func.to_char(day_of(feature.c.starts_on), pattern)


def day_of(column: sa.Column[Any]) -> sa.Cast[Any]:
    """Return a day without a time zone: PostgreSQL would else go by the session's, which takes five times as long."""
    return sa.cast(column, sa.DateTime)


def find_reasons(collection: str, by: tuple[Dimension, ...]) -> list[tuple[Condition, str, str | None]]:
    """Return when a record is in no cell, why, and by which dimension where the reason does not tell that."""
    found: list[tuple[Condition, str, str | None]] = []
    levels = [feature.c[dimension.name].is_(None) for dimension in by if dimension.is_region]
    if levels:
        nowhere = sa.or_(*levels)
        found.append((sa.and_(nowhere, feature.c.several_places), "several_places", None))
        found.append((sa.and_(nowhere, feature.c.coarsened), "not_shown_finer", None))
        found.append((nowhere, "not_known_finer", None))
    for unit in (dimension.name for dimension in by if dimension.name in _PATTERNS):
        first, last = (sa.func.date_trunc(unit, day_of(column)) for column in (feature.c.starts_on, feature.c.ends_on))
        parted = sa.and_(feature.c.starts_on != feature.c.ends_on, first != last)
        found.append((parted, f"not_known_to_the_{unit}", None))
    for dimension in by:
        if dimension.vocabulary is not None:
            if set(COLLECTIONS[collection]) - set(dimension.layers):
                lacks = feature.c.layer.not_in(dimension.layers)
                found.append((lacks, "not_of_this_layer", dimension.name))
            found.append((is_unknown(dimension), "unknown", dimension.name))
    return sorted(found, key=lambda entry: REASONS.index(entry[1]))


def is_unknown(dimension: Dimension) -> Condition:
    """Return the condition that a record has no value of a property."""
    column = feature.c[dimension.name]
    return sa.or_(column.is_(None), sa.func.cardinality(column) == 0) if dimension.multi_valued else column.is_(None)
