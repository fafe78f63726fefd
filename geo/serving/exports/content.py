"""What a file of a collection holds: its columns, how its features are shown, and the walk through them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadRequest, InvalidParameter
from geo.serving.exports.labels import fetch_code_names, label_features
from geo.serving.exports.rows import Chunk, exceeds, walk_records, walk_regions, walk_unions
from geo.serving.exports.table import Table, record_table, region_table, union_table
from geo.serving.exports.texts import Shown
from geo.serving.filters import FeatureQuery
from geo.serving.region_items import COLLECTION as REGIONS
from geo.serving.region_items import RegionQuery
from geo.serving.regions import fetch_boundaries
from geo.serving.union_items import COLLECTION as UNIONS
from geo.serving.union_items import UnionQuery


@dataclass(frozen=True, kw_only=True)
class Part:
    """Which part of what matches: all of it, or a page; `most` rows at most; labels in `scripts` beside codes."""

    scripts: tuple[str, ...] = ()
    is_page: bool = False
    most: int | None = None


@dataclass(frozen=True, kw_only=True)
class Content:
    """The first rows are fetched, so that what is wrong with the question is known. `licence`: one of its own."""

    table: Table
    shown: Shown
    chunks: AsyncGenerator[Chunk]
    licence: str | None = None


async def open_records(connection: AsyncConnection, query: FeatureQuery, part: Part) -> Content:
    """Begin a file of records. Raises BadRequest when there are more than it may hold."""
    if part.most is not None and not part.is_page and await exceeds(connection, query, part.most):
        fault = InvalidParameter("f", f"holds {part.most:,} records at most: use csv")
        raise BadRequest("More records match than a workbook can hold.", fault)
    codes = await fetch_code_names(connection, part.scripts)
    has_geometry = not query.skip_geometry
    return Content(
        table=record_table(query.collection, query.selected, codes, has_geometry=has_geometry),
        shown=Shown(query.collection, query.selected, has_geometry, codes),
        chunks=await begin(walk_records(connection, query, is_page=part.is_page)),
    )


async def label_records(
    connection: AsyncConnection, query: FeatureQuery, features: bytes, scripts: tuple[str, ...]
) -> bytes:
    """Return the features of a page, joined by commas, with labels beside codes."""
    return label_features(features, query.collection, query.selected, await fetch_code_names(connection, scripts))


async def open_regions(connection: AsyncConnection, query: RegionQuery, part: Part) -> Content:
    """Begin a file of regions. Outlines have the licence of their own source."""
    source = await fetch_boundaries(connection)
    return Content(
        table=region_table(),
        shown=Shown(REGIONS),
        chunks=await begin(walk_regions(connection, query, is_page=part.is_page)),
        licence=f"{source.licence} ({source.attribution}, {source.vintage})" if source else None,
    )


async def open_unions(connection: AsyncConnection, query: UnionQuery, part: Part) -> Content:
    """Begin a file of unions."""
    chunks = await begin(walk_unions(connection, query, is_page=part.is_page))
    return Content(table=union_table(), shown=Shown(UNIONS), chunks=chunks)


async def begin(chunks: AsyncGenerator[Chunk]) -> AsyncGenerator[Chunk]:
    """Fetch the first chunk, and return all of them."""
    first = await anext(chunks, None)

    async def follow() -> AsyncGenerator[Chunk]:
        async with aclosing(chunks):
            if first is not None:
                yield first
            async for chunk in chunks:
                yield chunk

    return follow()
