"""Which tiles there are: the tile matrix set WebMercatorQuad of OGC's Two Dimensional Tile Matrix Set 2.0 (17-083r4).

Rows count from the north, columns from the west. Coordinates are metres in EPSG:3857, east and north. A point on the
border of two tiles belongs to the eastern or southern one, so that every place lies in one tile of each matrix.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from geo.errors import NotFound

TILE_MATRIX_SET: Final = "WebMercatorQuad"
TILE_MATRIX_SET_URI: Final = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{TILE_MATRIX_SET}"
EPSG_3857: Final = "http://www.opengis.net/def/crs/EPSG/0/3857"
HALF_WORLD_M: Final = 20_037_508.342789244
"""Half the length of the equator of EPSG:3857: half a side of the square that is cut into tiles."""

MAXIMUM_ZOOM: Final = 14
"""The last matrix with tiles of ours. A unit of such a tile is 0.6 m; clients draw it larger where they zoom in."""
MATRICES: Final = 25
"""How many matrices the set has."""
EXTENT: Final = 4096
"""Units to a tile's side in Mapbox Vector Tiles."""
BORDER_M: Final = 0.001
"""Metres by which borders are moved west and north: meridians of whole degrees are borders, and a place that lies on
one must not fall to another side by the last digit of its projection."""

PIXEL_M: Final = 0.00028
"""Metres of a pixel of OGC's standardised rendering, from which scale denominators are made."""
PIXELS: Final = 256

_NUMBER = re.compile(r"0|[1-9]\d{0,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: the zoom level, which is the number of its matrix, then row and column."""

    zoom: int
    row: int
    col: int

    @property
    def size(self) -> float:
        """Metres to a side."""
        return 2 * HALF_WORLD_M / (1 << self.zoom)

    @property
    def west(self) -> float:
        """Metres to the western side."""
        return self.col * self.size - HALF_WORLD_M

    @property
    def north(self) -> float:
        """Metres to the northern side."""
        return HALF_WORLD_M - self.row * self.size

    @property
    def east(self) -> float:
        """Metres to the eastern side."""
        return (self.col + 1) * self.size - HALF_WORLD_M

    @property
    def south(self) -> float:
        """Metres to the southern side."""
        return HALF_WORLD_M - (self.row + 1) * self.size


def get_tile(matrix_set: str, matrix: str, row: str, col: str) -> Tile:
    """Return the tile at an address. Raises NotFound when there is none: no such set or matrix, or out of its range."""
    check_matrix_set(matrix_set)
    if not all(_NUMBER.fullmatch(text) for text in (matrix, row, col)):
        raise NotFound("There is no such tile: matrix, row and column are whole numbers.")
    tile = Tile(int(matrix), int(row), int(col))
    if tile.zoom > MAXIMUM_ZOOM or max(tile.row, tile.col) >= 2**tile.zoom:
        raise NotFound(f"There is no such tile. Matrices go from 0 to {MAXIMUM_ZOOM}, rows and columns of z below 2^z.")
    return tile


def check_matrix_set(matrix_set: str) -> None:
    """Raise NotFound when there is no such tile matrix set."""
    if matrix_set != TILE_MATRIX_SET:
        raise NotFound("There is no such tile matrix set. /api/tileMatrixSets lists them.")


def describe_matrix_set() -> dict[str, Any]:
    """Return the definition of the set, with all of its matrices."""
    return {
        "id": TILE_MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": TILE_MATRIX_SET_URI,
        "crs": EPSG_3857,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [describe_matrix(zoom) for zoom in range(MATRICES)],
    }


def describe_matrix(zoom: int) -> dict[str, Any]:
    """Return the definition of one matrix; `cellSize` is metres of a pixel."""
    cell_size = 2 * HALF_WORLD_M / PIXELS / 2**zoom
    return {
        "id": str(zoom),
        "scaleDenominator": cell_size / PIXEL_M,
        "cellSize": cell_size,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-HALF_WORLD_M, HALF_WORLD_M],
        "tileWidth": PIXELS,
        "tileHeight": PIXELS,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }


def describe_limits() -> list[dict[str, Any]]:
    """Return which tiles of the set are served: all of the matrices up to `MAXIMUM_ZOOM`."""
    return [
        {
            "tileMatrix": str(zoom),
            "minTileRow": 0,
            "maxTileRow": 2**zoom - 1,
            "minTileCol": 0,
            "maxTileCol": 2**zoom - 1,
        }
        for zoom in range(MAXIMUM_ZOOM + 1)
    ]
