"""How many records, by one or two dimensions; what cannot be told apart is shown as an explicit remainder.

A record is in the remainder once, or in at least one cell. It is in several cells only under a multi-valued dimension,
once under each of its values; otherwise the total is the sum of counts and remainder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.conditions import conditions
from geo.serving.dimensions import REASONS, dimensions, records_statement
from geo.serving.filters import FeatureQuery
from geo.serving.regions import check_regions
from geo.serving.tables import feature


@dataclass(frozen=True)
class Count:
    """Records of one cell; `keys` are in the order of `Counts.by`."""

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


async def count_features(connection: AsyncConnection, query: FeatureQuery, by: tuple[str, ...]) -> Counts:
    """Count the records that match on all pages, by one or two of `dimensions(query.collection)`.

    Raises BadRequest when the query names a region that does not exist.
    """
    await check_regions(connection, query)
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
