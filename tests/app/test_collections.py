"""What there is, and what each collection can be asked: all of it read from the declarations."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from app.main import ROUTERS
from app.readers.descriptions import COLLECTIONS_SHOWN, TILED
from app.readers.exports import NAMES
from geo.layers import COLLECTIONS
from geo.serving.dimensions import dimensions
from geo.serving.filters import PAGE_NAMES, filter_names, filterable_properties

pytestmark = pytest.mark.anyio


async def read(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    """Return a JSON document."""
    answer = await client.get(url)
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


async def find_links(client: httpx.AsyncClient, start: str) -> set[str]:
    """Return every address that links lead to from a document on; templates of addresses are none."""
    met: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here not in met:
            met.add(here)
            answer = await client.get(here)
            assert answer.status_code == 200, here
            waiting += re.findall(r'"href":"([^"{]+)"', answer.text)
    return met


async def test_every_link_leads_somewhere(client: httpx.AsyncClient) -> None:
    """From the landing page, links reach everything and none is broken."""
    met = await find_links(client, "http://localhost/api")
    for name in COLLECTIONS_SHOWN:
        assert f"http://localhost/api/collections/{name}/items" in met
        assert (f"http://localhost/api/collections/{name}/tiles/WebMercatorQuad" in met) == (name in TILED)


@pytest.mark.parametrize("path", ["/api", "/api/"])
async def test_the_landing_page_has_what_the_standard_asks(client: httpx.AsyncClient, path: str) -> None:
    """OGC API - Common: links to the API's definition, its conformance and the data."""
    links = (await read(client, path))["links"]
    assert {"self", "service-desc", "conformance", "data"} <= {link["rel"] for link in links}


async def test_conformance_names_what_holds(client: httpx.AsyncClient) -> None:
    """Core, GeoJSON, HTML and OpenAPI 3.0 of Part 1; no class that does not hold."""
    classes = (await read(client, "/api/conformance"))["conformsTo"]
    assert {name.rpartition("/")[2] for name in classes if "features-1/" in name} == {
        "core",
        "geojson",
        "html",
        "oas30",
    }
    listed = {"core", "tileset", "tilesets-list", "geodata-tilesets", "dataset-tilesets", "mvt", "oas30"}
    assert {name.rpartition("/")[2] for name in classes if "/ogcapi-tiles-1/" in name} == listed
    assert not {"queryables-query-parameters", "spatial-functions"} & {name.rpartition("/")[2] for name in classes}


async def test_all_collections_are_listed_with_their_extent(client: httpx.AsyncClient) -> None:
    """The four layers, incidents, records and regions."""
    found = {item["id"]: item for item in (await read(client, "/api/collections"))["collections"]}
    assert set(found) == {*COLLECTIONS, "regions", "unions"}
    extent = found["strikes"]["extent"]
    assert extent["spatial"]["bbox"] == [[113.88, 22.55, 116.48, 39.92]]
    assert extent["temporal"]["interval"] == [["2015-12-31T00:00:00Z", "2017-01-02T23:59:59Z"]]
    assert "spatial" not in found["accountability"]["extent"]


@pytest.mark.parametrize("collection", COLLECTIONS_SHOWN)
async def test_a_collection_describes_itself_as_in_the_list(client: httpx.AsyncClient, collection: str) -> None:
    """One description, wherever it stands."""
    listed = (await read(client, "/api/collections"))["collections"]
    assert await read(client, f"/api/collections/{collection}") in listed


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_queryables_are_the_filters(client: httpx.AsyncClient, collection: str) -> None:
    """What is said to be filterable is, and nothing else."""
    answer = await client.get(f"/api/collections/{collection}/queryables")
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    assert set(schema["properties"]) == {*filterable_properties(collection), "id", "region", "geometry"}
    assert "mining" in str(schema["properties"].get("industry", "mining"))


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_every_declared_filter_works(client: httpx.AsyncClient, collection: str) -> None:
    """Each queryable takes `unknown`, so each is at least a column and a parameter."""
    for name in filterable_properties(collection):
        answer = await client.get(f"/api/collections/{collection}/items?{name}=unknown")
        assert answer.status_code == 200, name


async def test_the_openapi_document_is_of_version_3_0(client: httpx.AsyncClient) -> None:
    """What OGC's conformance suite and older clients read."""
    answer = await client.get("/api/openapi.json")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert answer.json()["openapi"] == "3.0.3"
    assert answer.json()["servers"] == [{"url": "http://localhost/api"}]


async def test_the_openapi_document_has_every_route(client: httpx.AsyncClient) -> None:
    """A route that is not documented does not exist for a client."""
    paths = (await read(client, "/api/openapi.json"))["paths"]
    for router in ROUTERS:
        for route in router.routes:
            address = str(getattr(route, "path", ""))
            path = address.removeprefix("/api").replace("{collection_id}", "strikes")
            assert not address.startswith("/api") or (path or "/") in paths


async def test_the_openapi_document_has_every_parameter(client: httpx.AsyncClient) -> None:
    """Parameters are documented from the declarations that also read them."""
    paths = (await read(client, "/api/openapi.json"))["paths"]
    for collection in COLLECTIONS:
        base = f"/collections/{collection}"
        items = [parameter["name"] for parameter in paths[f"{base}/items"]["get"]["parameters"]]
        assert sorted(items) == sorted([*filter_names(collection), *PAGE_NAMES, *NAMES, "lang"])
        counts = {parameter["name"]: parameter for parameter in paths[f"{base}/counts"]["get"]["parameters"]}
        assert set(counts) == {*filter_names(collection), "by", "f", "labels", "lang"}
        assert counts["by"]["schema"]["items"]["enum"] == list(dimensions(collection))
        facets = {parameter["name"] for parameter in paths[f"{base}/facets"]["get"]["parameters"]}
        assert facets == {*filter_names(collection), "f", "labels", "lang"}


async def test_the_references_of_the_openapi_document_resolve(client: httpx.AsyncClient) -> None:
    """Every $ref names something that is there, and operation ids are unique."""
    answer = await client.get("/api/openapi.json")
    document = answer.json()
    for reference in set(re.findall(r'"#/components/(\w+)/(\w+)"', answer.text)):
        assert reference[1] in document["components"][reference[0]]
    names = [path["get"]["operationId"] for path in document["paths"].values()]
    assert len(set(names)) == len(names)


async def test_status_tells_how_fresh_each_layer_is(client: httpx.AsyncClient) -> None:
    """Numbers and days of each layer, and the version of the data."""
    status = await read(client, "/api/status")
    assert status["datasetVersion"] == 1
    assert status["layers"]["strikes"] == {
        "count": 8,
        "firstStartsOn": "2015-12-31",
        "latestStartsOn": "2017-01-01",
        "latestEndsOn": "2017-01-02",
        "updatedOn": "2026-01-02",
    }


@pytest.mark.parametrize(
    "path",
    [
        "/collections",
        "/collections/strikes",
        "/collections/strikes/counts?by=year",
        "/collections/strikes/facets",
        "/status",
    ],
)
async def test_what_is_unchanged_is_not_sent_again(client: httpx.AsyncClient, path: str) -> None:
    """Every answer made from the data has a validator."""
    etag = (await client.get(f"/api{path}")).headers["etag"]
    assert (await client.get(f"/api{path}", headers={"If-None-Match": etag})).status_code == 304
