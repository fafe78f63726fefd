"""The words of the API's own documents, and the JSON Schemas of what can be filtered, made from `geo.layers`."""

from __future__ import annotations

from typing import Any

from geo.layers import COLLECTIONS, LAYERS, Kind, Property
from geo.serving.filters import allowed_codes, filterable_properties
from geo.serving.order import sortable_properties
from geo.serving.region_items import BANDS, COLLECTION
from geo.serving.regions import LEVELS

TITLE = "Labour Map"
WHAT = (
    "Strikes, workplace accidents, workers' calls for help and trade union accountability in China, "
    "as far as they were reported: no record of a place or time does not mean that nothing happened there."
)

COLLECTIONS_SHOWN: dict[str, tuple[str, str]] = {
    **{layer.id: (layer.labels.en, f"Records of the layer {layer.labels.en}.") for layer in LAYERS.values()},
    "incidents": ("Incidents", "Strikes, accidents and calls for help together; what totals and headlines count."),
    "records": ("Records", "All four layers together."),
    COLLECTION: ("Admin regions", "Provinces, prefectures and counties of today, with simplified outlines."),
}
"""Title and description of every collection."""

_FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
CONFORMANCE = [f"{_FEATURES}/core", f"{_FEATURES}/geojson", f"{_FEATURES}/html", f"{_FEATURES}/oas30"]
"""Only the classes that hold."""

_SCHEMAS: dict[Kind, dict[str, Any]] = {
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.INTEGER: {"type": "integer", "minimum": 0},
    Kind.MINIMUM: {"type": "integer", "minimum": 0},
    Kind.MAXIMUM: {"type": "integer", "minimum": 0},
    Kind.AMOUNT: {"type": "number", "minimum": 0},
    Kind.BOOLEAN: {"type": "boolean"},
}
LISTS = frozenset({Kind.CODES, Kind.TEXTS, Kind.REGIONS})
"""Kinds with several values."""


def describe_value(prop: Property, collection: str) -> dict[str, Any]:
    """Return the JSON Schema of one value of a property."""
    codes = allowed_codes(prop, collection)
    return {"type": "string", "enum": list(codes)} if codes else dict(_SCHEMAS.get(prop.kind, {"type": "string"}))


def describe_property(prop: Property, collection: str) -> dict[str, Any]:
    """Return the JSON Schema of a property, with its label."""
    value = describe_value(prop, collection)
    schema = {"type": "array", "items": value} if prop.kind in LISTS else value
    return {"title": prop.labels.en, **schema}


def describe_sortables(collection: str, address: str) -> dict[str, Any]:
    """Return the JSON Schema of what a collection can be sorted by; regions come in the order of their codes only."""
    declared = sortable_properties(collection) if collection in COLLECTIONS else {}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": COLLECTIONS_SHOWN[collection][0],
        "properties": {name: describe_property(prop, collection) for name, prop in declared.items()},
        "additionalProperties": False,
    }


def describe_queryables(collection: str, address: str) -> dict[str, Any]:
    """Return the JSON Schema of what a collection can be filtered by."""
    if collection == COLLECTION:
        properties: dict[str, Any] = {
            "level": {"title": "Level", "type": "string", "enum": list(LEVELS)},
            "code": {"title": "Code", "type": "string"},
            "parent": {"title": "Code of the region directly above", "type": "string"},
            "province": {"title": "Code of the province", "type": "string"},
            "region": {"title": "Code of a region: it and all inside it", "type": "string"},
            "band": {"title": "Detail of the outlines", "type": "string", "enum": list(BANDS)},
        }
        shape = "geometry-multipolygon"
    else:
        declared = filterable_properties(collection)
        properties = {name: describe_property(prop, collection) for name, prop in declared.items()}
        properties["region"] = {"title": "Code of a region of any level: everything inside it", "type": "string"}
        shape = "geometry-point"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": COLLECTIONS_SHOWN[collection][0],
        "properties": {**properties, "geometry": {"title": "Geometry", "format": shape}},
        "additionalProperties": False,
    }
