"""All filter counts at once: for every coded property, the year and the province, each without its own filter.

A facet shows what choosing another value would find, so its own filter is left out and all others hold. One statement
makes them all, and facets that ask for the same records share one scan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.conditions import conditions
from geo.serving.counts import Count, Counts, Remainder, sort_remainder
from geo.serving.dimensions import YEAR, Dimension, dimensions, find_reasons, key_of
from geo.serving.filters import FeatureQuery, allowed_codes, filterable_properties
from geo.serving.regions import LEVELS, check_regions
from geo.serving.tables import feature

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


def without_own_filter(query: FeatureQuery, name: str) -> FeatureQuery:
    """Return the query without what chooses values of one facet.

    That is the filter of its name; for the year it is `datetime`, for the province also `region`.
    """
    kept = tuple((other, values) for other, values in query.properties if other != name)
    if name == YEAR:
        return replace(query, datetime=None)
    return replace(query, properties=kept, region=() if name == PROVINCE else query.region)


async def count_facets(connection: AsyncConnection, query: FeatureQuery) -> Facets:
    """Count all facets of the query's collection. Raises BadRequest for a region that does not exist."""
    await check_regions(connection, query)
    questions = {facet.name: without_own_filter(query, facet.name) for facet in facet_dimensions(query.collection)}
    groups = list(dict.fromkeys([query, *questions.values()]))
    totals: dict[int, int] = {}
    cells: dict[str, Counter[str]] = {name: Counter() for name in questions}
    remainder: dict[str, list[Remainder]] = {name: [] for name in questions}
    for group, name, value, values, reason, count in await connection.execute(facets_statement(query, groups)):
        if name is None:
            totals[group] = count
        elif reason is None:
            cells[name].update(dict.fromkeys(values or [value], count))
        else:
            coded = dimensions(query.collection)[name].vocabulary is not None
            remainder[name].append(Remainder(reason, None, count, name if coded else None))
    facets = {
        name: Counts(
            by=(name,),
            total=totals[groups.index(question)],
            counts=in_order(query.collection, name, cells[name]),
            remainder=sort_remainder((name,), remainder[name]),
            multi_valued=(name,) if dimensions(query.collection)[name].multi_valued else (),
        )
        for name, question in questions.items()
    }
    return Facets(totals[0], facets)


def in_order(collection: str, name: str, cells: Mapping[str, int]) -> tuple[Count, ...]:
    """Return the counts of a facet in the order of its vocabulary; years and regions by their key."""
    prop = filterable_properties(collection).get(name)
    codes = allowed_codes(prop, collection) if prop else ()
    places = {code: place for place, code in enumerate(codes)}
    ordered = sorted(cells, key=lambda code: (places.get(code, len(places)), code))
    return tuple(Count((code,), cells[code]) for code in ordered)


def facets_statement(query: FeatureQuery, groups: list[FeatureQuery]) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Return the one statement of all facets: rows of group, facet, value, values, reason and count.

    A group is one of `groups`, told by its place; its row without a facet is the number of its records. A multi-valued
    facet has a row for each list of values that occurs.
    """
    facets = facet_dimensions(query.collection)
    return sa.union_all(
        *(
            _group_statement(question, [f for f in facets if without_own_filter(query, f.name) == question], place)
            for place, question in enumerate(groups)
        )
    )


def _group_statement(question: FeatureQuery, facets: list[Dimension], place: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the counts of several facets from one scan, and of all records."""
    inner = [column for facet in facets for column in _told(question.collection, facet)]
    found = sa.select(feature.c.id, *inner).where(*conditions(question)).subquery(f"found_{place}")
    keys = {facet.name: found.c[f"key_{facet.name}"] for facet in facets}
    reasons = {facet.name: found.c[f"reason_{facet.name}"] for facet in facets}
    names: list[tuple[Any, Any]] = [
        (sa.func.grouping(key) == 0, sa.literal_column(f"'{name}'")) for name, key in keys.items()
    ]
    statement = sa.select(
        sa.literal_column(str(place)),
        sa.case(*names) if names else sa.cast(sa.null(), sa.Text),
        _first([keys[facet.name] for facet in facets if not facet.multi_valued], sa.Text()),
        _first([keys[facet.name] for facet in facets if facet.multi_valued], ARRAY(sa.Text)),
        _first(list(reasons.values()), sa.Text()),
        sa.func.count(),
    ).select_from(found)
    sets = [sa.tuple_(key, reasons[name]) for name, key in keys.items()]
    return statement.group_by(sa.func.grouping_sets(*sets, sa.tuple_()))


def _first(columns: list[sa.ColumnElement[Any]], kind: sa.types.TypeEngine[Any]) -> sa.ColumnElement[Any]:
    """Return the column of the facet that a row is of: all others are NULL there."""
    return sa.func.coalesce(*columns, sa.cast(sa.null(), kind))


def _told(collection: str, facet: Dimension) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """Return a facet's key and the reason why there is none: of a record, one of them is NULL."""
    reasons = find_reasons(collection, (facet,))
    key = sa.case(*((holds, sa.null()) for holds, _, _ in reasons), else_=key_of(facet))
    reason = sa.case(*((holds, sa.literal_column(f"'{reason}'")) for holds, reason, _ in reasons))
    return key.label(f"key_{facet.name}"), reason.label(f"reason_{facet.name}")
