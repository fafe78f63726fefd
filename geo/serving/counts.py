"""How many records, by region, month, year or layer; what cannot be told apart is shown as an explicit remainder.

A record is counted where it is known to be and never twice: the total is always the sum of counts and remainder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import InvalidParameter
from geo.serving.allow_list import refuse, split, unique
from geo.serving.conditions import conditions
from geo.serving.filters import FeatureQuery
from geo.serving.regions import LEVELS, check_regions
from geo.serving.tables import feature

DIMENSIONS = (*LEVELS, "month", "year", "layer")
"""What records can be counted by, one or two at a time. A month is `2016-05`, a year `2016`."""

REASONS = ("several_places", "not_shown_finer", "not_known_finer", "not_known_to_the_month", "not_known_to_the_year")
"""Why a record is in the remainder. The first that holds is given; `not_shown_finer` protects people."""

MOST_DIMENSIONS = 2


@dataclass(frozen=True)
class Count:
    """Records of one cell; `keys` are in the order of `Counts.by`."""

    keys: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Remainder:
    """Records in no cell, and why. `layer` is given when it is one of the dimensions."""

    reason: str
    layer: str | None
    count: int


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Records by cell, in the order of the keys, and the remainder."""

    by: tuple[str, ...]
    total: int
    counts: tuple[Count, ...]
    remainder: tuple[Remainder, ...]


def parse_dimensions(texts: Iterable[str]) -> tuple[str, ...]:
    """Read the parameter `by`, repeated or comma-separated. Raises BadRequest."""
    names = split(list(texts))
    if not (1 <= len(names) <= MOST_DIMENSIONS) or len(unique(names)) != len(names) or set(names) - set(DIMENSIONS):
        refuse([InvalidParameter("by", f"must be one or two of: {', '.join(DIMENSIONS)}")])
    return tuple(names)


async def count_features(connection: AsyncConnection, query: FeatureQuery, by: tuple[str, ...]) -> Counts:
    """Count the records that match on all pages, by one or two of `DIMENSIONS`.

    Raises BadRequest when the query names a region that does not exist.
    """
    await check_regions(connection, query)
    counts: list[Count] = []
    remainder: list[Remainder] = []
    for row in await connection.execute(counts_statement(query, by)):
        *keys, reason, layer, count = row
        if reason is None:
            counts.append(Count(tuple(keys), count))
        else:
            remainder.append(Remainder(reason, layer, count))
    return Counts(
        by=by,
        total=sum(cell.count for cell in counts) + sum(rest.count for rest in remainder),
        counts=tuple(sorted(counts, key=lambda cell: cell.keys)),
        remainder=tuple(sorted(remainder, key=lambda rest: (REASONS.index(rest.reason), rest.layer or ""))),
    )


def counts_statement(query: FeatureQuery, by: tuple[str, ...]) -> sa.Select[*tuple[Any, ...]]:
    """Return the one statement of a count: a row for each cell and for each reason.

    Keys and reason are named in an inner statement: PostgreSQL takes two expressions with bound values for different
    ones, and would refuse to group by them.
    """
    inner = sa.select(
        *(_key(name).label(f"key_{place}") for place, name in enumerate(by)),
        _reason(by).label("reason"),
        (feature.c.layer if "layer" in by else sa.null()).label("layer"),
    ).where(*conditions(query))
    found = inner.subquery("found")
    told = [sa.case((found.c.reason.is_(None), found.c[f"key_{place}"])) for place in range(len(by))]
    columns = [*(key.label(f"told_{place}") for place, key in enumerate(told)), found.c.reason, found.c.layer]
    return sa.select(*columns, sa.func.count()).group_by(*(sa.literal_column(str(n + 1)) for n in range(len(columns))))


def _key(name: str) -> sa.ColumnElement[str]:
    """Return the expression of a dimension's value."""
    match name:
        case "month":
            return sa.func.to_char(feature.c.starts_on, "YYYY-MM")
        case "year":
            return sa.func.to_char(feature.c.starts_on, "YYYY")
        case _:
            return feature.c[name]


def _reason(by: tuple[str, ...]) -> sa.ColumnElement[str | None]:
    """Return the expression of why a record is in no cell; NULL when it is in one."""
    levels = [feature.c[name].is_(None) for name in by if name in LEVELS]
    nowhere = sa.or_(*levels) if levels else sa.false()
    reasons = [
        (sa.and_(nowhere, feature.c.several_places), "several_places"),
        (sa.and_(nowhere, feature.c.coarsened), "not_shown_finer"),
        (nowhere, "not_known_finer"),
    ]
    reasons += [
        (sa.func.date_trunc(unit, feature.c.starts_on) != sa.func.date_trunc(unit, feature.c.ends_on), reason)
        for unit, reason in (("month", "not_known_to_the_month"), ("year", "not_known_to_the_year"))
        if unit in by
    ]
    return sa.case(*((holds, sa.literal_column(f"'{name}'")) for holds, name in reasons), else_=sa.null())
