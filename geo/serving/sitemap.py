"""Which records robots are told of, page by page: all but calls for help, in the order of their keys.

New records have the highest keys, so the pages that are full keep their records.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.layers import CALLS_FOR_HELP
from geo.serving.tables import feature

MOST_ON_A_PAGE = 50_000
"""As the protocol of sitemaps allows."""

_IS_LISTED = feature.c.layer != CALLS_FOR_HELP


async def fetch_page_starts(connection: AsyncConnection, size: int = MOST_ON_A_PAGE) -> tuple[int, ...]:
    """Return the key of the first record of each page. Reads every record: remember it by version."""
    place = (sa.func.row_number().over(order_by=feature.c.id) - 1).label("place")
    listed = sa.select(feature.c.id, place).where(_IS_LISTED).subquery("listed")
    starts = sa.select(listed.c.id).where(listed.c.place % size == 0).order_by(listed.c.id)
    return tuple((await connection.scalars(starts)).all())


async def fetch_entries(connection: AsyncConnection, start: int, base: str, size: int = MOST_ON_A_PAGE) -> bytes:
    """Return the `url` elements of the page that begins with the key `start`, joined by the database.

    `base` is what addresses begin with, escaped for XML. The text is some hundred bytes a record at most, never more
    than a page.
    """
    columns = (feature.c.id, feature.c.public_id, feature.c.updated_on)
    page = sa.select(*columns).where(feature.c.id >= start, _IS_LISTED).order_by(feature.c.id).limit(size)
    rows = page.subquery("page")
    text = sa.func.concat(
        f"<url><loc>{base}/records/",
        rows.c.public_id,
        "</loc><lastmod>",
        sa.cast(rows.c.updated_on, sa.Text),
        "</lastmod></url>",
    )
    joined = sa.func.string_agg(text, sa.literal_column("E'\\n'")).aggregate_order_by(rows.c.id)
    found = await connection.scalar(sa.select(sa.func.convert_to(joined, "UTF8", type_=sa.LargeBinary)))
    return bytes(found or b"")
