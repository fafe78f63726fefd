"""Tiles of admin regions: outlines as detailed as a zoom level shows, cut to the tile by the database."""

from __future__ import annotations

import math
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.region_items import RegionQuery, check_region_query, region_conditions
from geo.serving.regions import LEVEL_ORDER, LEVELS
from geo.serving.tables import published_region
from geo.serving.tile_matrix import EXTENT, HALF_WORLD_M, Tile

LAYER: Final = "regions"
PROPERTIES: Final = ("level", "code", "province", "name_en", "name_zh_hans", "name_zh_hant", "population")
FIRST_ZOOM: Final = dict(zip(LEVELS, (0, 5, 8), strict=True))
"""The zoom level from which the regions of a level are in tiles, unless `level` asks for others."""
MARGIN: Final = 64
"""Units beyond a tile's sides, so that the line along a cut lies outside of what is drawn."""


def levels_at(zoom: int) -> tuple[str, ...]:
    """Return the levels that are drawn at a zoom level, from coarse to fine."""
    return tuple(level for level in LEVELS if zoom >= FIRST_ZOOM[level])


def band_at(zoom: int) -> str:
    """Return the band of outlines that suits a zoom level."""
    return "national" if zoom < 6 else "z7" if zoom < 8 else "z8"  # noqa: PLR2004  (where more is to be seen)


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude of a place in EPSG:3857, on its sphere."""
    return x / HALF_WORLD_M * 180, math.degrees(math.atan(math.sinh(y / HALF_WORLD_M * math.pi)))


async def fetch_region_tile(connection: AsyncConnection, query: RegionQuery, tile: Tile) -> bytes:
    """Return the layer `regions` of a tile, empty without regions. Raises BadRequest for a region that is none."""
    await check_region_query(connection, query)
    return bytes(await connection.scalar(region_tile_statement(query, tile)) or b"")


def region_tile_statement(query: RegionQuery, tile: Tile) -> sa.Select[Any]:
    """Return the statement of a tile. The outline is transformed, by the number of its reference system."""
    columns = published_region.c
    outline = columns[f"outline_{query.band or band_at(tile.zoom)}"]
    margin = tile.size * MARGIN / EXTENT
    corners = (tile.west - margin, tile.south - margin), (tile.east + margin, tile.north + margin)
    near = sa.func.ST_MakeEnvelope(*to_degrees(*corners[0]), *to_degrees(*corners[1]), 4326)
    square = sa.func.ST_MakeEnvelope(tile.west, tile.south, tile.east, tile.north, 3857)
    drawn = sa.func.ST_AsMVTGeom(sa.func.ST_Transform(outline, 3857), square, EXTENT, MARGIN, True, type_=sa.Text)  # noqa: FBT003
    which = region_conditions(query)
    if not query.level:
        which.append(columns.level.in_(levels_at(tile.zoom)))
    chosen = (
        sa.select(*(columns[name] for name in PROPERTIES), drawn.label("geom"))
        .where(outline.bool_op("&&")(near), *which)
        .order_by(LEVEL_ORDER, columns.code)
        .subquery("regions")
    )
    row: sa.ColumnElement[Any] = sa.literal_column("regions")
    written = sa.func.ST_AsMVT(row, LAYER, EXTENT, "geom", type_=sa.LargeBinary)
    return sa.select(written).select_from(chosen).where(chosen.c.geom.is_not(None))
