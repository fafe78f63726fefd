"""The words of the API's own documents, and the JSON Schemas of what can be filtered, made from `geo.layers`."""

from __future__ import annotations

from typing import Any

from geo.layers import COLLECTIONS, LAYERS, Kind, Property
from geo.serving.cql2.fields import Field, Type
from geo.serving.filters import allowed_codes, filter_fields, filterable_properties
from geo.serving.order import sortable_properties
from geo.serving.region_items import BANDS, COLLECTION, region_fields
from geo.serving.regions import LEVELS
from geo.serving.union_items import COLLECTION as UNIONS
from geo.serving.union_items import UNION_LEVELS, union_fields

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
    UNIONS: ("Trade unions", "Unions that public cases of accountability name, at the point of their region."),
}
"""Title and description of every collection."""

TILED = (*COLLECTIONS, COLLECTION)
"""The collections that have tiles."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ROLES = {
    "id": "id",
    "geometry": "primary-geometry",
    "starts_on": "primary-interval-start",
    "ends_on": "primary-interval-end",
}
"""What some properties are for, by OGC API - Features, Part 5."""

_TITLES = {
    "id": "Public id",
    "region": "Code of a region of any level: it and everything inside it",
    "parent": "Code of the region directly above",
    "parent_code": "Code of the region directly above",
    "parent_level": "Level of the region directly above",
    "province": "Code of the province",
    "prefecture": "Code of the prefecture",
}

REGION_PARAMETERS: dict[str, dict[str, Any]] = {
    "level": {"title": "Level", "type": "string", "enum": list(LEVELS)},
    "code": {"title": "Code", "type": "string"},
    "parent": {"title": _TITLES["parent"], "type": "string"},
    "province": {"title": _TITLES["province"], "type": "string"},
    "region": {"title": _TITLES["region"], "type": "string"},
    "band": {"title": "Detail of the outlines", "type": "string", "enum": list(BANDS)},
}
"""What regions are asked for by, each by its own name, as JSON Schema."""

OWN_PARAMETERS: dict[str, dict[str, dict[str, Any]]] = {
    COLLECTION: REGION_PARAMETERS,
    UNIONS: {
        "level": {"title": "Level", "type": "string", "enum": list(UNION_LEVELS)},
        "region": {"title": _TITLES["region"], "type": "string"},
        "q": {"title": "Words of its names", "type": "string"},
    },
}
"""The same of every collection that holds no records."""

_FIELDS = {COLLECTION: region_fields, UNIONS: union_fields}
"""What CQL2 filters of these may name."""

_SCHEMAS: dict[Kind, dict[str, Any]] = {
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.INTEGER: {"type": "integer", "minimum": 0},
    Kind.MINIMUM: {"type": "integer", "minimum": 0},
    Kind.MAXIMUM: {"type": "integer", "minimum": 0},
    Kind.AMOUNT: {"type": "number", "minimum": 0},
    Kind.BOOLEAN: {"type": "boolean"},
}
_FIELD_SCHEMAS: dict[Type, dict[str, Any]] = {
    Type.NUMBER: {"type": "integer", "minimum": 0},
    Type.TRUTH: {"type": "boolean"},
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
    """Return the JSON Schema of what a collection can be sorted by; regions and unions have one order each."""
    declared = sortable_properties(collection) if collection in COLLECTIONS else {}
    return {
        "$schema": DIALECT,
        "$id": address,
        "type": "object",
        "title": COLLECTIONS_SHOWN[collection][0],
        "properties": {name: describe_property(prop, collection) for name, prop in declared.items()},
        "additionalProperties": False,
    }


def describe_queryables(collection: str, address: str) -> dict[str, Any]:
    """Return the JSON Schema of what a collection can be filtered by: whatever a CQL2 filter may name."""
    if collection in _FIELDS:
        properties = {name: describe_field(name, field) for name, field in _FIELDS[collection]().items()}
    else:
        declared = filterable_properties(collection)
        fields = filter_fields(collection)
        properties = {
            name: describe_property(declared[name], collection) if name in declared else describe_field(name, field)
            for name, field in fields.items()
        }
    shape = "geometry-multipolygon" if collection == COLLECTION else "geometry-point"
    properties["geometry"] = {"title": "Geometry", "format": shape}
    for name, role in ROLES.items():
        if name in properties:
            properties[name]["x-ogc-role"] = role
    return {
        "$schema": DIALECT,
        "$id": address,
        "type": "object",
        "title": COLLECTIONS_SHOWN[collection][0],
        "properties": properties,
        "additionalProperties": False,
    }


def describe_field(name: str, field: Field) -> dict[str, Any]:
    """Return the JSON Schema of what is filterable without being a property of `geo.layers`."""
    value = dict(_FIELD_SCHEMAS.get(field.type, {"type": "string"}))
    if field.type is Type.LIST:
        value = {"type": "array", "items": value}
    title = _TITLES.get(name, name.replace("_", " ").capitalize())
    return {"title": title, **value, **({"enum": list(field.codes)} if field.codes else {})}
