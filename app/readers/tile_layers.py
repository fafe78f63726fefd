"""What is in a tile: its layers, the zoom levels that have them, and their properties, from the declarations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from app.readers.descriptions import describe_property
from app.readers.tiles import ALL_RECORDS, GROUPED_ZOOM
from geo.layers import COLLECTIONS, LAYERS
from geo.serving.record_tiles import MOST_RECORDS, tile_properties
from geo.serving.region_tiles import LAYER as REGIONS
from geo.serving.region_tiles import PROPERTIES
from geo.serving.regions import LEVELS
from geo.serving.tile_matrix import MAXIMUM_ZOOM

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_POINT, _AREA = 0, 2


@dataclass(frozen=True, kw_only=True)
class TileLayer:
    """One layer of a tile. `dimension` is that of its geometries; `properties` are JSON Schemas by name."""

    id: str
    title: str
    description: str
    dimension: int
    first_zoom: int
    properties: dict[str, Schema]


CELLS: Final = "Up to zoom {zoom}, and where a tile has more than {most} records: how many there are in each 32nd."
RECORDS: Final = "From zoom {zoom}: single records, at the point that is shown of them."
PLACES: Final = (
    "From zoom {zoom}: how many of the records stand at the point of a region, not at a place of their own: draw "
    "these, and of `records` only those whose location_precision is exact or street."
)


@cache
def layers_of(collection: str | None) -> tuple[TileLayer, ...]:
    """Return the layers of the tiles of a collection; None is the whole data set."""
    if collection is None:
        return (*layers_of(REGIONS), *layers_of(ALL_RECORDS))
    return (region_layer(),) if collection not in COLLECTIONS else record_layers(collection)


def record_layers(collection: str) -> tuple[TileLayer, ...]:
    """Return the layers of the tiles of a collection of records."""
    declared = {prop.name: describe_property(prop, collection) for prop in tile_properties(collection)}
    counts = {"count": {"title": "Records", **_NUMBER}}
    counts |= {layer: {"title": LAYERS[layer].labels.en, **_NUMBER} for layer in COLLECTIONS[collection]}
    where = {"location_precision": declared["location_precision"], "region": {"title": "Region", **_TEXT}}
    found = (
        ("cells", "Counts", CELLS, 0, counts),
        ("records", "Records", RECORDS, GROUPED_ZOOM + 1, {"id": {"title": "Id", **_TEXT}, **declared}),
        ("places", "Counts by region", PLACES, GROUPED_ZOOM + 1, {**where, **counts}),
    )
    return tuple(
        TileLayer(
            id=name,
            title=title,
            description=text.format(zoom=first or GROUPED_ZOOM, most=MOST_RECORDS),
            dimension=_POINT,
            first_zoom=first,
            properties=properties,
        )
        for name, title, text, first, properties in found
    )


def region_layer() -> TileLayer:
    """Return the layer of the tiles of regions."""
    properties = {name: {"title": name, **_TEXT} for name in PROPERTIES}
    properties["level"] = {"title": "Level", **_TEXT, "enum": list(LEVELS)}
    properties["population"] = {"title": "Residents on 1 November 2020", **_NUMBER}
    return TileLayer(
        id=REGIONS,
        title="Admin regions",
        description="Provinces, from zoom 5 prefectures, from zoom 8 counties, with outlines as detailed as shows.",
        dimension=_AREA,
        first_zoom=0,
        properties=properties,
    )


def describe_ogc_layer(layer: TileLayer) -> Schema:
    """Return a layer as a tileset's metadata has it."""
    return {
        "id": layer.id,
        "title": layer.title,
        "description": layer.description,
        "dataType": "vector",
        "geometryDimension": layer.dimension,
        "minTileMatrix": str(layer.first_zoom),
        "maxTileMatrix": str(MAXIMUM_ZOOM),
        "propertiesSchema": {"type": "object", "properties": layer.properties},
    }


def describe_tilejson_layer(layer: TileLayer) -> Schema:
    """Return a layer as TileJSON has it."""
    return {
        "id": layer.id,
        "description": layer.description,
        "minzoom": layer.first_zoom,
        "maxzoom": MAXIMUM_ZOOM,
        "fields": {name: schema["title"] for name, schema in layer.properties.items()},
    }
