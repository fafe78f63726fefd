"""The rows of a file: finished Feature texts, walked through in one snapshot by a cursor of the database.

A chunk is fetched by a statement of its own, so that the reader's time limit holds for a chunk and not for the walk.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.conditions import conditions, page_conditions
from geo.serving.filters import FeatureQuery
from geo.serving.order import sort_by
from geo.serving.region_items import RegionQuery, region_conditions, region_statement, render_region
from geo.serving.regions import LEVEL_ORDER, check_codes, check_regions
from geo.serving.search import find_few, row_conditions, search_condition
from geo.serving.tables import feature, feature_text, published_region, published_union
from geo.serving.union_items import UnionQuery, check_union_query, render_union, union_conditions, union_statement

CHUNK = 1_000
"""Rows of a chunk."""
REGION_CHUNK = 100
"""Outlines are large."""

Chunk = list[bytes]
"""GeoJSON texts, one for each feature."""


async def walk_records(
    connection: AsyncConnection, query: FeatureQuery, *, is_page: bool = False
) -> AsyncGenerator[Chunk]:
    """Yield the records that match, in the order of the query: all of them, or one page.

    Raises BadRequest for a region that does not exist.
    """
    await check_regions(connection, query)
    among = await find_few(connection, query.q)
    if is_page and query.before is not None:
        rows = (await connection.execute(records_statement(query, among, is_page=True))).all()
        yield [row[0].encode() for row in reversed(rows)]
        return
    async for rows in _fetch_chunks(connection, records_statement(query, among, is_page=is_page), CHUNK):
        yield [row[0].encode() for row in rows]


def records_statement(query: FeatureQuery, among: list[int] | None, *, is_page: bool) -> sa.Select[Any]:
    """Return the statement of the walk; `among` holds the keys in which the query's words occur, if they are few.

    A page before a token is walked backwards from it.
    """
    wanted = conditions(replace(query, q=()))
    if among is not None:
        wanted.append(feature.c.id == sa.any_(sa.bindparam("among", among, ARRAY(sa.BigInteger))))
    elif is_page:
        wanted += row_conditions(query.q)
    elif query.q:
        wanted.append(search_condition(query.q))
    backwards = is_page and query.before is not None
    walk = sort_by(query.order, (feature.c[query.order.name], feature.c.id), backwards=backwards)
    joined = feature.join(feature_text, feature_text.c.id == feature.c.id)
    statement = sa.select(feature_text.c.geojson).select_from(joined).order_by(*walk)
    if is_page:
        return statement.where(*wanted, *page_conditions(query)).limit(query.limit)
    return statement.where(*wanted)


async def exceeds(connection: AsyncConnection, query: FeatureQuery, most: int) -> bool:
    """Say whether more than `most` records match."""
    some = sa.select(feature.c.id).where(*conditions(query)).limit(most + 1).subquery()
    found = await connection.scalar(sa.select(sa.func.count()).select_from(some))
    return bool(found and found > most)


async def walk_regions(
    connection: AsyncConnection, query: RegionQuery, *, is_page: bool = False
) -> AsyncGenerator[Chunk]:
    """Yield the regions that match, from coarse to fine: all of them, or one page.

    Raises BadRequest for a region that does not exist.
    """
    names = ("code", "parent", "province", "region")
    await check_codes(connection, {name: list(getattr(query, name)) for name in names})
    statement = region_statement(query.band).where(*region_conditions(query))
    if is_page and query.after is not None:
        here = sa.tuple_(LEVEL_ORDER, published_region.c.code)
        statement = statement.where(here > sa.tuple_(*(sa.literal(key) for key in query.after)))
    walk = statement.order_by(LEVEL_ORDER, published_region.c.code)
    async for rows in _fetch_chunks(connection, walk.limit(query.limit) if is_page else walk, REGION_CHUNK):
        yield [render_region(row) for row in rows]


async def walk_unions(
    connection: AsyncConnection, query: UnionQuery, *, is_page: bool = False
) -> AsyncGenerator[Chunk]:
    """Yield the unions that match, by id: all of them, or one page.

    Raises BadRequest for a region that does not exist.
    """
    await check_union_query(connection, query)
    walk = union_statement().where(*union_conditions(query)).order_by(published_union.c.id)
    if is_page:
        walk = walk.where(published_union.c.id > (query.after or 0)).limit(query.limit)
    async for rows in _fetch_chunks(connection, walk, CHUNK):
        yield [render_union(row) for row in rows]


async def _fetch_chunks(
    connection: AsyncConnection, statement: sa.Select[Any], size: int
) -> AsyncIterator[list[sa.Row[Any]]]:
    result = await connection.stream(statement, execution_options={"yield_per": size})
    try:
        async with aclosing(result.partitions(size)) as parts:
            async for rows in parts:
                yield list(rows)
    finally:
        await result.close()
