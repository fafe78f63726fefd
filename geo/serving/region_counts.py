"""Counts by one region level as GeoJSON: each region's outline with its count."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.counts import Counts
from geo.serving.region_items import BANDS, region_statement, render_region
from geo.serving.regions import LEVELS
from geo.serving.tables import published_region

BAND = BANDS[0]
"""Outlines for a map of the whole country."""


def has_outlines(by: tuple[str, ...]) -> bool:
    """Say whether counts by these dimensions can be drawn: one region level, and nothing else."""
    return len(by) == 1 and by[0] in LEVELS


async def render_region_counts(connection: AsyncConnection, counts: Counts) -> bytes:
    """Return GeoJSON Feature texts joined by commas: the regions of the cells, by code, with the property `count`.

    `counts` must be by one region level. The sum of `count` is the sum of the cells.
    """
    tallies = {cell.keys[0]: cell.count for cell in counts.counts}
    columns = published_region.c
    wanted = region_statement(BAND).where(columns.level == counts.by[0], columns.code.in_(sorted(tallies)))
    rows = (await connection.execute(wanted.order_by(columns.code))).all()
    return b",".join(render_region(row, {"count": tallies[row.code]}) for row in rows)
