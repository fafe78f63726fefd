"""What the features of a collection look like: the JSON Schema of OGC API - Features, Part 5.

It is the logical schema: `null`, which stands for what is not known, is not one of its types.
"""

from __future__ import annotations

from typing import Any

from app.readers.descriptions import COLLECTIONS_SHOWN, DIALECT, ROLES, describe_property, describe_queryables
from geo.layers import COLLECTIONS, Kind, Property, properties_of
from geo.serving.region_items import COLLECTION as REGIONS
from geo.serving.region_items import region_property_names
from geo.serving.union_items import COLLECTION as UNIONS
from geo.serving.union_items import UNION_PROPERTIES

_LISTS_OF: dict[Kind, dict[str, Any]] = {Kind.OBJECTS: {"type": "object"}, Kind.IDS: {"type": "string"}}
_PROPERTY_NAMES = {REGIONS: region_property_names(), UNIONS: UNION_PROPERTIES}
_WHAT = "Not known where it is null."


def describe_schema(collection: str, address: str) -> dict[str, Any]:
    """Return the JSON Schema of a collection's features: id, geometry and every public property, in their order."""
    queryables = describe_queryables(collection, address)["properties"]
    if collection in COLLECTIONS:
        described = {prop.name: _describe(prop, collection) for prop in properties_of(*COLLECTIONS[collection])}
    else:
        described = {name: queryables[name] for name in _PROPERTY_NAMES[collection]}
    properties: dict[str, Any] = {
        "id": {"title": "Public id", "type": "string", "readOnly": True},
        "geometry": queryables["geometry"],
        **described,
    }
    for place, (name, schema) in enumerate(properties.items(), start=1):
        role = {"x-ogc-role": ROLES[name]} if name in ROLES else {}
        properties[name] = {**schema, **role, "x-ogc-propertySeq": place}
    return {
        "$schema": DIALECT,
        "$id": address,
        "type": "object",
        "title": COLLECTIONS_SHOWN[collection][0],
        "description": _WHAT,
        "properties": properties,
        "additionalProperties": False,
    }


def _describe(prop: Property, collection: str) -> dict[str, Any]:
    """Return the JSON Schema of one property."""
    items = _LISTS_OF.get(prop.kind)
    return describe_property(prop, collection) if items is None else _list_of(prop, items)


def _list_of(prop: Property, items: dict[str, Any]) -> dict[str, Any]:
    return {"title": prop.labels.en, "type": "array", "items": items}
