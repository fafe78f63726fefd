"""OGC API - Features - Part 1: Core 1.0.1 (17-069r4), Annex A.2: class Core, but for what `items` answers.

Each test is named by its requirement; the identifier of the abstract test stands in its docstring.
"""

from __future__ import annotations

import re

import httpx
import pytest

from app.readers.conformance import CONFORMANCE
from tests.ogc.documents import API, COLLECTIONS, PROBLEM, get_link, read

pytestmark = pytest.mark.anyio

RESOURCES = ["", "/conformance", "/collections", "/openapi.json"]


@pytest.mark.parametrize("path", ["/api", "/api/"])
async def test_root_op_and_success(client: httpx.AsyncClient, path: str) -> None:
    """/conf/core/root-op, root-success: the landing page leads to the definition, the conformance and the data."""
    page = await read(client, path)
    assert get_link(page, "service-desc")["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert get_link(page, "service-doc")["type"] == "text/html"
    assert get_link(page, "conformance")["href"] == f"{API}/conformance"
    assert get_link(page, "data")["href"] == f"{API}/collections"
    for link in page["links"]:
        assert (await client.get(link["href"], headers={"Accept": link["type"]})).status_code == 200


async def test_api_definition_op_and_success(client: httpx.AsyncClient) -> None:
    """/conf/core/api-definition-op, api-definition-success: each definition answers with the type its link says."""
    page = await read(client, "/api")
    for rel in ("service-desc", "service-doc"):
        link = get_link(page, rel)
        answer = await client.get(link["href"], headers={"Accept": link["type"]})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(link["type"])


async def test_conformance_op_and_success(client: httpx.AsyncClient) -> None:
    """/conf/core/conformance-op, conformance-success: the classes are listed, and these tests are of those declared."""
    declared = (await read(client, "/api/conformance"))["conformsTo"]
    assert declared == CONFORMANCE
    classes = {name.rpartition("/")[2] for name in declared if "ogcapi-features-1/1.0/conf/" in name}
    assert classes == {"core", "geojson", "html", "oas30"}


@pytest.mark.parametrize("path", RESOURCES)
async def test_http(client: httpx.AsyncClient, path: str) -> None:
    """/conf/core/http: HTTP/1.1; GET is answered, what the server does not do is refused with the right status."""
    assert (await client.get(f"/api{path}")).http_version == "HTTP/1.1"
    assert (await client.post(f"/api{path}")).status_code == 405
    assert (await client.get(f"/api{path}/nothing-here")).status_code == 404


async def test_crs84(client: httpx.AsyncClient) -> None:
    """/conf/core/crs84: unless asked otherwise, coordinates are WGS 84 longitude and latitude, and boxes too."""
    for collection in (await read(client, "/api/collections"))["collections"]:
        assert "http://www.opengis.net/def/crs/OGC/1.3/CRS84" in collection["crs"]
        spatial = collection.get("extent", {}).get("spatial")
        assert spatial is None or spatial["crs"] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    feature = await read(client, "/api/collections/strikes/items/S-2016-000001")
    assert feature["geometry"]["coordinates"] == [113.88, 22.55]


async def test_fc_md_op_and_success(client: httpx.AsyncClient) -> None:
    """/conf/core/fc-md-op, fc-md-success: all collections, and links to the document in every format."""
    document = await read(client, "/api/collections")
    assert {collection["id"] for collection in document["collections"]} == set(COLLECTIONS)
    assert get_link(document, "self")["href"] == f"{API}/collections"
    assert get_link(document, "alternate", "text/html")
    assert all({"rel", "type"} <= set(link) for link in document["links"])


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_fc_md_items(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/core/fc-md-items, fc-md-items-links: each description links to its items with rel and type."""
    described = next(c for c in (await read(client, "/api/collections"))["collections"] if c["id"] == collection)
    link = get_link(described, "items", "application/geo+json")
    assert link["href"] == f"{API}/collections/{collection}/items"
    answer = await client.get(link["href"])
    assert answer.headers["content-type"] == link["type"]


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_fc_md_extent(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/core/fc-md-extent: the box holds every geometry of the collection, the interval every record."""
    extent = (await read(client, f"/api/collections/{collection}")).get("extent", {})
    page = await read(client, f"/api/collections/{collection}/items?limit=10000")
    boxes = extent.get("spatial", {}).get("bbox")
    for feature in page["features"]:
        geometry = feature["geometry"]
        if boxes and geometry and geometry["type"] == "Point":
            (west, south, east, north), (lon, lat) = boxes[0], geometry["coordinates"]
            assert west <= lon <= east
            assert south <= lat <= north
        if "temporal" in extent:
            first, last = (end[:10] for end in extent["temporal"]["interval"][0])
            assert first <= feature["properties"]["starts_on"] <= feature["properties"]["ends_on"] <= last


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_sfc_md_op_and_success(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/core/sfc-md-op, sfc-md-success: a collection by its id, with the content it has in the list."""
    listed = next(c for c in (await read(client, "/api/collections"))["collections"] if c["id"] == collection)
    document = await read(client, f"/api/collections/{collection}")
    assert document == listed
    assert isinstance(document["title"], str)
    assert isinstance(document["description"], str)
    assert document.get("itemType", "feature") == "feature"


async def test_a_collection_that_is_not_there(client: httpx.AsyncClient) -> None:
    """/conf/core/sfc-md-op: only the collections of the list exist."""
    for path in ("", "/items", "/items/1", "/queryables"):
        answer = await client.get(f"/api/collections/nothing{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


@pytest.mark.parametrize("path", ["", "/conformance", "/collections", "/collections/strikes", "/openapi.json"])
@pytest.mark.parametrize("query", ["unknown=1", "f=nothing", "bbox=1,2,3,4"])
async def test_query_param_unknown_and_invalid(client: httpx.AsyncClient, path: str, query: str) -> None:
    """/conf/core/query-param-unknown, query-param-invalid: 400, and the answer names the parameter."""
    answer = await client.get(f"/api{path}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.json()["invalid_params"][0]["name"] == query.partition("=")[0]


async def test_every_link_of_every_document_has_rel_and_type(client: httpx.AsyncClient) -> None:
    """/rec/core/link-header and the requirements on links: `rel` and `type` everywhere, absolute addresses."""
    urls = ["/api", "/api/collections"]
    urls += [f"/api/collections/{name}{path}" for name in COLLECTIONS for path in ("", "/items")]
    for url in urls:
        answer = await client.get(url)
        for link in answer.json()["links"]:
            assert {"href", "rel", "type", "title"} <= set(link), url
            assert re.match(r"http://localhost/", link["href"])
