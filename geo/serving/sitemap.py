"""Which records robots are told of, page by page: all but calls for help; and the unions that public cases name.

A page holds the records whose keys lie in its range, so a record stays on its page for ever, no page is larger than its
range, and none has to be counted.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.layers import CALLS_FOR_HELP
from geo.serving.tables import feature, published_union

MOST_ON_A_PAGE = 50_000
"""As the protocol of sitemaps allows."""

_IS_LISTED = feature.c.layer != CALLS_FOR_HELP


async def fetch_pages(connection: AsyncConnection, size: int = MOST_ON_A_PAGE) -> tuple[int, ...]:
    """Return the numbers, from 0 on, of the pages that have a record. One look into the index for each."""
    listed = sa.select(feature.c.id).where(_IS_LISTED).order_by(feature.c.id).limit(1)
    walk = sa.select(listed.scalar_subquery().label("id")).cte("walk", recursive=True)
    further = listed.where(feature.c.id >= (walk.c.id // size + 1) * size).scalar_subquery()
    walk = walk.union_all(sa.select(further).where(walk.c.id.is_not(None)))
    keys = await connection.scalars(sa.select(walk.c.id).where(walk.c.id.is_not(None)))
    return tuple(key // size for key in keys)


async def fetch_entries(connection: AsyncConnection, page: int, base: str, size: int = MOST_ON_A_PAGE) -> bytes:
    """Return the `url` elements of a page, joined by the database: some hundred bytes a record.

    `base` is what addresses begin with, escaped for XML.
    """
    columns = feature.c
    is_on_page = (columns.id >= page * size, columns.id < (page + 1) * size, _IS_LISTED)
    text = sa.func.concat(
        f"<url><loc>{base}/records/",
        columns.public_id,
        "</loc><lastmod>",
        sa.cast(columns.updated_on, sa.Text),
        "</lastmod></url>",
    )
    joined = sa.func.string_agg(text, sa.literal_column("E'\\n'")).aggregate_order_by(columns.id)
    whole = sa.select(sa.func.convert_to(joined, "UTF8", type_=sa.LargeBinary)).where(*is_on_page)
    return bytes(await connection.scalar(whole) or b"")


async def fetch_union_entries(connection: AsyncConnection, base: str) -> bytes:
    """Return the `url` elements of the unions, of which there are some thousands at the most."""
    ids = await connection.scalars(sa.select(published_union.c.id).order_by(published_union.c.id))
    return "\n".join(f"<url><loc>{base}/unions/{union_id}</loc></url>" for union_id in ids).encode()
