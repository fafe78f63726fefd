"""Tiles, tile matrix sets and styles in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.readers.answers import JSON
from app.readers.descriptions import COLLECTIONS_SHOWN, TILED
from app.readers.styles import STYLE, THEMES
from app.readers.tiles import ALL_RECORDS
from app.readers.tiles import FORMATS as TILE_FORMATS
from app.readers.tilesets import FORMATS as TILESET_FORMATS
from geo.serving.tile_matrix import MAXIMUM_ZOOM, TILE_MATRIX_SET
from geo.serving.vector_tile import MEDIA_TYPE

Document = dict[str, Any]
Operation = Callable[[str, str, str, str, list[Document]], Document]
"""Makes a path with its GET: operation id, summary, media type, name of the schema, parameters."""

_SET = "tileMatrixSetId"


def tile_paths(make: Operation, filters_of: Callable[[str], list[Document]]) -> Document:
    """Return the paths of tiles and styles; `filters_of` has the parameters that choose what of a collection."""
    names: Document = {"type": "string", "enum": [TILE_MATRIX_SET]}
    which = _in_path(_SET, "The tile matrix set.", names)
    style_id = _in_path("style_id", "The style.", {"type": "string", "enum": list(THEMES)})
    style = make("read_style", "A style for MapLibre and QGIS", STYLE, "Document", [style_id, *filters_of(ALL_RECORDS)])
    paths = {
        "/tileMatrixSets": make("read_tile_matrix_sets", "The tile matrix sets", JSON, "Document", []),
        f"/tileMatrixSets/{{{_SET}}}": make("read_tile_matrix_set", "A tile matrix set", JSON, "Document", [which]),
        "/styles": make("read_styles", "The styles", JSON, "Document", []),
        "/styles/{style_id}": style,
        **_paths_below(make, "", "All collections", "dataset", filters_of(ALL_RECORDS)),
    }
    for collection in TILED:
        title = COLLECTIONS_SHOWN[collection][0]
        paths |= _paths_below(make, f"/collections/{collection}", title, collection, filters_of(collection))
    return paths


def _paths_below(make: Operation, base: str, title: str, name: str, filters: list[Document]) -> Document:
    """Return the paths of the tiles of a collection, or of the whole data set."""
    names: Document = {"type": "string", "enum": [TILE_MATRIX_SET]}
    which = _in_path(_SET, "The tile matrix set.", names)
    number: Document = {"type": "integer", "minimum": 0}
    address = [
        which,
        _in_path("tileMatrix", f"Zoom level, from 0 to {MAXIMUM_ZOOM}.", {"type": "string"}),
        _in_path("tileRow", "Row, from the north.", number),
        _in_path("tileCol", "Column, from the west.", number),
    ]
    tile = make(
        f"read_{name}_tile", f"{title}: a tile", MEDIA_TYPE, "Document", [*address, _form(TILE_FORMATS), *filters]
    )
    tile["get"]["responses"]["200"]["content"][MEDIA_TYPE] = {"schema": {"type": "string", "format": "binary"}}
    described = [which, _form(TILESET_FORMATS), *filters]
    return {
        f"{base}/tiles": make(f"read_{name}_tilesets", f"{title}: the tilesets", JSON, "Document", []),
        f"{base}/tiles/{{{_SET}}}": make(f"read_{name}_tileset", f"{title}: a tileset", JSON, "Document", described),
        f"{base}/tiles/{{{_SET}}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": tile,
    }


def _form(offered: dict[str, str]) -> Document:
    """Return the parameter `f`."""
    schema = {"type": "string", "enum": list(offered)}
    return {"name": "f", "in": "query", "required": False, "description": "Format.", "schema": schema}


def _in_path(name: str, description: str, schema: Document) -> Document:
    """Return a part of the path."""
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}
