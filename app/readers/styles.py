"""How our tiles may be drawn: styles as MapLibre reads them, which QGIS reads too. No fonts, pictures or other hosts.

A point of a region is drawn as a circle that says how many records there are, in `CLASSES`, and never as a mark of an
incident. Where a filter leaves one layer only, the circles have its colour; else they have none of the four. QGIS reads
filters of layers and constant sizes, not expressions; so each class and each layer of records is a layer of the style.
"""

from __future__ import annotations

import html
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import (
    JSON,
    NO_PARAMETERS,
    find_unchanged,
    make_address,
    make_etag,
    make_link,
    open_snapshot,
    send_json,
)
from app.readers.descriptions import TITLE
from app.readers.representations import link_self
from app.readers.tiles import ALL_RECORDS, GROUPED_ZOOM
from app.readers.tilesets import CENTER, CENTER_ZOOM, Tileset
from geo.errors import NotFound
from geo.layers import LAYERS, RECORDS
from geo.serving.filters import FeatureQuery, parse_query, write_query
from geo.serving.region_tiles import FIRST_ZOOM
from geo.serving.regions import fetch_boundaries
from geo.serving.tile_matrix import MAXIMUM_ZOOM
from geo.serving.tile_places import OWN_PLACES
from web.palette import read_colours

STYLE: Final = "application/vnd.mapbox.style+json"
SOURCE: Final = "labour_map"
CLASSES: Final = ((1, 4), (10, 7), (100, 11), (1_000, 16), (10_000, 22))
"""From how many records on a circle has which radius, in pixels."""

Paint = dict[str, Any]
Colours = dict[str, str]

router = APIRouter(prefix="/api")


THEMES: Final = {"light": "Light", "dark": "Dark"}
"""The styles, with what they are called."""


@router.get("/styles", dependencies=NO_PARAMETERS)
async def read_styles(request: Request) -> Response:
    """List the styles."""
    address = make_address(request, "/styles")
    listed = [
        {
            "id": name,
            "title": title,
            "links": [make_link("stylesheet", f"{address}/{name}", STYLE, f"{title}, for MapLibre and QGIS")],
        }
        for name, title in THEMES.items()
    ]
    return send_json({"links": link_self(address, JSON, "Styles"), "default": next(iter(THEMES)), "styles": listed})


@router.get("/styles/{style_id}")
async def read_style(request: Request, style_id: str) -> Response:
    """Return a style; a filter of records goes into the addresses of its tiles."""
    if style_id not in THEMES:
        raise NotFound("There is no such style. /api/styles lists them.")
    query = parse_query(ALL_RECORDS, request.query_params.multi_items(), paged=False)
    address = make_address(request, f"/styles/{style_id}", write_query(query))
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        boundaries = await fetch_boundaries(connection)
    tileset = Tileset(collection=None, filters=tuple(write_query(query)))
    source = {
        "type": "vector",
        "tiles": [make_address(request, f"{tileset.path}/{{z}}/{{y}}/{{x}}", tileset.query)],
        "minzoom": 0,
        "maxzoom": MAXIMUM_ZOOM,
        "attribution": html.escape("" if boundaries is None else boundaries.attribution),
    }
    return send_json(make_style(style_id, source, find_only_layer(query)), STYLE, etag)


def find_only_layer(query: FeatureQuery) -> str | None:
    """Return the layer that a query asks for when it is one."""
    asked = dict(query.properties).get("layer", ())
    return str(asked[0]) if len(asked) == 1 and asked[0] is not None else None


def make_style(theme: str, source: dict[str, Any], only_layer: str | None) -> dict[str, Any]:
    """Return a style (MapLibre Style Specification, version 8)."""
    colours = read_colours(theme)
    of_counts = colours[only_layer or "ink2"]
    return {
        "version": 8,
        "name": f"{TITLE}: {THEMES[theme]}",
        "center": list(CENTER),
        "zoom": CENTER_ZOOM,
        "sources": {SOURCE: source},
        "layers": [
            {"id": "sea", "type": "background", "paint": {"background-color": colours["sea"]}},
            draw("land", "fill", "regions", {"fill-color": colours["no-record"]}, filter=equals("level", "province")),
            *(draw_edges(level, colours) for level in reversed(FIRST_ZOOM)),
            *draw_counts("cells", colours, of_counts),
            *draw_counts("places", colours, of_counts),
            *(draw_marks(layer, colours) for layer in RECORDS),
        ],
    }


def draw(name: str, kind: str, layer: str, paint: Paint, **more: Any) -> dict[str, Any]:
    """Return a layer of the style over a layer of the tiles."""
    return {"id": name, "type": kind, "source": SOURCE, "source-layer": layer, **more, "paint": paint}


def equals(name: str, value: str) -> list[Any]:
    """Return the filter that a property has a value."""
    return ["==", ["get", name], value]


def draw_edges(level: str, colours: Colours) -> dict[str, Any]:
    """Return the borders of the regions of a level."""
    first = FIRST_ZOOM[level]
    color = colours["parent-edge"] if first == 0 else colours["line2"]
    paint = {"line-color": color, "line-width": 1.2 if first == 0 else 0.8}
    return draw(f"{level}-edges", "line", "regions", paint, minzoom=first, filter=equals("level", level))


def draw_counts(tile_layer: str, colours: Colours, color: str) -> list[dict[str, Any]]:
    """Return the circles of counted records, a layer for each class."""
    ends = [least for least, _ in CLASSES[1:]]
    made = []
    for (least, radius), end in zip(CLASSES, [*ends, None], strict=True):
        bounds: list[Any] = [[">=", ["get", "count"], least]]
        bounds += [] if end is None else [["<", ["get", "count"], end]]
        paint = {
            "circle-radius": radius,
            "circle-color": color,
            "circle-opacity": 0.7,
            "circle-stroke-color": colours["disc"],
            "circle-stroke-width": 1.5,
        }
        made.append(draw(f"{tile_layer}-from-{least}", "circle", tile_layer, paint, filter=["all", *bounds]))
    return made


def draw_marks(layer: str, colours: Colours) -> dict[str, Any]:
    """Return the marks of the records of a layer that are at a place of their own."""
    own: list[Any] = ["any", *(equals("location_precision", precision) for precision in OWN_PLACES)]
    paint = {
        "circle-radius": 5,
        "circle-color": colours[layer],
        "circle-stroke-color": colours["disc"],
        "circle-stroke-width": 1.5,
    }
    shown = {"minzoom": GROUPED_ZOOM + 1, "filter": ["all", equals("layer", layer), own]}
    return draw(f"{layer}-marks", "circle", "records", paint, metadata={"label": LAYERS[layer].labels.en}, **shown)
