"""All filter counts at once: for every coded property, the year and the province, each without its own filter.

A facet shows what choosing another value would find, so its own filter is left out and all others hold. One statement
makes them all: single-valued facets that ask for the same records share one scan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.conditions import conditions
from geo.serving.counts import Count, Counts, Remainder, counts_statement, sort_remainder
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
    counts: dict[str, list[Count]] = {name: [] for name in questions}
    remainder: dict[str, list[Remainder]] = {name: [] for name in questions}
    for group, name, key, reason, count in await connection.execute(facets_statement(query, groups)):
        if name is None:
            totals[group] = count
        elif reason is None:
            counts[name].append(Count((key,), count))
        else:
            coded = dimensions(query.collection)[name].vocabulary is not None
            remainder[name].append(Remainder(reason, None, count, name if coded else None))
    facets = {
        name: Counts(
            by=(name,),
            total=totals[groups.index(question)],
            counts=in_order(query.collection, name, counts[name]),
            remainder=sort_remainder((name,), remainder[name]),
            multi_valued=(name,) if dimensions(query.collection)[name].multi_valued else (),
        )
        for name, question in questions.items()
    }
    return Facets(totals[0], facets)


def in_order(collection: str, name: str, counts: Iterable[Count]) -> tuple[Count, ...]:
    """Return the counts of a facet in the order of its vocabulary; years and regions by their key."""
    prop = filterable_properties(collection).get(name)
    codes = allowed_codes(prop, collection) if prop else ()
    places = {code: place for place, code in enumerate(codes)}
    return tuple(sorted(counts, key=lambda cell: (places.get(cell.keys[0], len(places)), cell.keys)))


def facets_statement(query: FeatureQuery, groups: list[FeatureQuery]) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Return the one statement of all facets: rows of group, facet, key, reason and count.

    A group is one of `groups`, told by its place; its row without a facet is the number of its records.
    """
    parts: list[sa.Select[*tuple[Any, ...]]] = []
    for place, question in enumerate(groups):
        facets = [f for f in facet_dimensions(query.collection) if without_own_filter(query, f.name) == question]
        parts.append(_single_valued(question, [facet for facet in facets if not facet.multi_valued], place))
        parts += [_multi_valued(question, facet.name, place) for facet in facets if facet.multi_valued]
    return sa.union_all(*parts)


def _single_valued(question: FeatureQuery, facets: list[Dimension], place: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the counts of several facets from one scan, and of all records."""
    inner = [column for facet in facets for column in _told(question.collection, facet)]
    found = sa.select(feature.c.id, *inner).where(*conditions(question)).subquery(f"found_{place}")
    keys = [found.c[f"key_{facet.name}"] for facet in facets]
    reasons = [found.c[f"reason_{facet.name}"] for facet in facets]
    told: list[sa.ColumnElement[Any]] = [sa.cast(sa.null(), sa.Text)] * 3
    if facets:
        pairs = zip(facets, keys, strict=True)
        name = sa.case(*((sa.func.grouping(key) == 0, sa.literal_column(f"'{facet.name}'")) for facet, key in pairs))
        told = [name, sa.func.coalesce(*keys, sa.null()), sa.func.coalesce(*reasons, sa.null())]
    sets = [sa.tuple_(key, reason) for key, reason in zip(keys, reasons, strict=True)]
    statement = sa.select(sa.literal_column(str(place)), *told, sa.func.count()).select_from(found)
    return statement.group_by(sa.func.grouping_sets(*sets, sa.tuple_()))


def _told(collection: str, facet: Dimension) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """Return a facet's key and the reason why there is none: of a record, one of them is NULL."""
    reasons = find_reasons(collection, (facet,))
    key = sa.case(*((holds, sa.null()) for holds, _, _ in reasons), else_=key_of(facet))
    reason = sa.case(*((holds, sa.literal_column(f"'{reason}'")) for holds, reason, _ in reasons))
    return key.label(f"key_{facet.name}"), reason.label(f"reason_{facet.name}")


def _multi_valued(question: FeatureQuery, name: str, place: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the counts of one facet whose records may have several values."""
    counted = counts_statement(question, (name,)).subquery(f"counted_{place}_{name}")
    key, reason, _, _, count = counted.c
    return sa.select(sa.literal_column(str(place)), sa.literal_column(f"'{name}'"), key, reason, count)
