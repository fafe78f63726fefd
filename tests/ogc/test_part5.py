"""OGC API - Features Part 5: schemas, by the names of their requirements."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from geo.layers import COLLECTIONS as DATED
from tests.ogc.documents import COLLECTIONS, get_link, read

pytestmark = pytest.mark.anyio

TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("name", ["schema", "queryables", "sortables"])
async def test_req_schema_link_and_response(client: httpx.AsyncClient, collection: str, name: str) -> None:
    """/req/schemas, returnables-and-receivables, queryables, sortables: linked from the collection, a JSON Schema."""
    document = await read(client, f"/api/collections/{collection}")
    link = get_link(document, f"http://www.opengis.net/def/rel/ogc/1.0/{name}")
    assert link["type"] == "application/schema+json"
    answer = await client.get(link["href"])
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == link["href"]
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("name", ["schema", "queryables"])
async def test_req_schemas_properties(client: httpx.AsyncClient, collection: str, name: str) -> None:
    """/req/schemas/properties: each has a title, and a type or, if it is a geometry, a format."""
    for schema in (await read(client, f"/api/collections/{collection}/{name}"))["properties"].values():
        assert schema["title"]
        assert schema.get("type") in TYPES or schema["format"].startswith("geometry-")


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_req_core_roles_features(client: httpx.AsyncClient, collection: str) -> None:
    """/req/core-roles-features: one id, one primary geometry, and the ends of the primary interval."""
    properties = (await read(client, f"/api/collections/{collection}/schema"))["properties"]
    roles = {schema["x-ogc-role"]: name for name, schema in properties.items() if "x-ogc-role" in schema}
    dated = {"primary-interval-start": "starts_on", "primary-interval-end": "ends_on"} if collection in DATED else {}
    assert roles == {"id": "id", "primary-geometry": "geometry", **dated}


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_features_are_as_their_schema_says(client: httpx.AsyncClient, collection: str) -> None:
    """/req/returnables-and-receivables: every property is declared, with its type; null is not known."""
    schema = (await read(client, f"/api/collections/{collection}/schema"))["properties"]
    places = [declared["x-ogc-propertySeq"] for declared in schema.values()]
    assert places == sorted(places)
    for feature in (await read(client, f"/api/collections/{collection}/items?limit=100"))["features"]:
        assert isinstance(feature["id"], TYPES[schema["id"]["type"]])
        for name, value in feature["properties"].items():
            declared = schema[name]
            if value is None:
                continue
            assert isinstance(value, TYPES[declared["type"]]), name
            for item in value if isinstance(value, list) else [value]:
                inner = declared.get("items", declared)
                assert isinstance(item, TYPES[inner["type"]]), name
                assert item in inner.get("enum", [item]), name
        if feature["geometry"] is not None:
            assert schema["geometry"]["format"] == f"geometry-{feature['geometry']['type'].lower()}"
