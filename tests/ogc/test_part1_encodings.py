"""OGC API - Features - Part 1: Core 1.0.1 (17-069r4), Annex A.3 to A.6: classes GeoJSON, HTML and OpenAPI 3.0.

Each test is named by its requirement; the identifier of the abstract test stands in its docstring. The document is
validated against the OpenAPI Initiative's schema of 3.0, as schemathesis brings it.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
import shapely.geometry
from schemathesis.specs.openapi.definitions import OPENAPI_30_VALIDATOR

from tests.ogc.documents import COLLECTIONS, read

pytestmark = pytest.mark.anyio

VOID = {"meta", "link", "input", "br", "img"}
RESOURCES = ["/api", "/api/conformance", "/api/collections"] + [
    f"/api/collections/{name}{path}" for name in COLLECTIONS for path in ("", "/items")
]


class Page(HTMLParser):
    """Reads a page: its text, its links, and whether elements are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: set[str] = set()
        self.opened: list[str] = []
        self.faults: list[str] = []
        self.feed(text)
        self.faults += self.opened

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, and where it leads."""
        if tag == "a":
            self.links.add(dict(attrs).get("href") or "")
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over an element that closes itself, as those of SVG do."""

    def handle_endtag(self, tag: str) -> None:
        """Note an element that closes another than the last one opened."""
        if not self.opened or self.opened.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """All text."""
        return " ".join(self.words)


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_geojson_content(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/geojson/definition, content: application/geo+json; RFC 7946, with valid geometries."""
    answer = await client.get(f"/api/collections/{collection}/items?limit=100")
    assert answer.headers["content-type"] == "application/geo+json"
    for feature in answer.json()["features"]:
        assert {"type", "id", "geometry", "properties"} <= set(feature)
        if feature["geometry"] is not None:
            geometry = shapely.geometry.shape(feature["geometry"])
            assert geometry.is_valid
            west, south, east, north = geometry.bounds
            assert -180 <= west <= east <= 180
            assert -90 <= south <= north <= 90


@pytest.mark.parametrize("url", RESOURCES)
async def test_html_definition_and_content(client: httpx.AsyncClient, url: str) -> None:
    """/conf/html/definition, content: text/html with all links of the JSON document, in elements well nested."""
    document = await read(client, url)
    answer = await client.get(url, headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!doctype html>")
    page = Page(answer.text)
    assert page.faults == []
    assert {link["href"] for link in document.get("links", [])} <= page.links


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_html_content_of_features(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/html/content: every property with a value is in the page of the list and in the page of the feature."""
    feature = (await read(client, f"/api/collections/{collection}/items?limit=1"))["features"][0]
    for path in ("?limit=1", f"/{feature['id']}"):
        url = f"/api/collections/{collection}/items{path}"
        page = Page((await client.get(url, headers={"Accept": "text/html"})).text)
        assert page.faults == []
        assert feature["id"] in page.text
        for name, value in feature["properties"].items():
            assert name in page.text or value in (None, [])
            for text in find_texts(value):
                assert text in html.unescape(page.text), (name, text)


def find_texts(value: Any) -> list[str]:
    """Return the texts of a property's value."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in find_texts(part)]


async def test_oas30_definition(client: httpx.AsyncClient) -> None:
    """/conf/oas30/oas-definition-1, -2: the document is valid OpenAPI 3.0, under the media type that says so."""
    answer = await client.get("/api/openapi.json")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    document = answer.json()
    assert document["openapi"].startswith("3.0")
    assert [
        f"{list(fault.instance_path)}: {fault.message[:200]}" for fault in OPENAPI_30_VALIDATOR.iter_errors(document)
    ] == []


async def test_oas30_schemas_are_of_3_0(client: httpx.AsyncClient) -> None:
    """/conf/oas30/oas-definition-2: no member that only JSON Schema after 3.0 knows, such as a list of types."""
    text = (await client.get("/api/openapi.json")).text
    assert not re.search(r'"type":\[|"const":|"\$schema":|"examples":\[|"prefixItems":', text)


async def test_oas30_impl(client: httpx.AsyncClient) -> None:
    """/conf/oas30/oas-impl: every operation that needs nothing answers 200, with a media type that it declares."""
    paths = (await read(client, "/api/openapi.json"))["paths"]
    for path, operations in paths.items():
        needed = [parameter for parameter in operations["get"]["parameters"] if parameter["required"]]
        if not needed and "{" not in path:
            answer = await client.get(f"/api{path}{'?q=guang' if path == '/regions' else ''}")
            assert answer.status_code == 200, path
            declared = operations["get"]["responses"]["200"]["content"]
            assert answer.headers["content-type"].removesuffix("; charset=utf-8") in declared, path


async def test_oas30_completeness(client: httpx.AsyncClient) -> None:
    """/conf/oas30/completeness: every operation has its good answer, in JSON and as a page, and its errors."""
    document = await read(client, "/api/openapi.json")
    for name in COLLECTIONS:
        for path in ("", "/items", "/items/{feature_id}"):
            responses = document["paths"][f"/collections/{name}{path}"]["get"]["responses"]
            assert "text/html" in responses["200"]["content"]
            assert {"200", "304", "400", "404", "500", "503"} <= set(responses)


async def test_oas30_exceptions(client: httpx.AsyncClient) -> None:
    """/conf/oas30/exceptions-codes: an error has the status and the media type that the document gives it."""
    document = await read(client, "/api/openapi.json")
    for url, status in (("/api/collections/strikes/items?limit=x", "400"), ("/api/collections/strikes/items/x", "404")):
        answer = await client.get(url)
        named = document["paths"]["/collections/strikes/items"]["get"]["responses"][status]["$ref"].rpartition("/")[2]
        assert str(answer.status_code) == status
        assert answer.headers["content-type"] in document["components"]["responses"][named]["content"]


async def test_oas30_security(client: httpx.AsyncClient) -> None:
    """/conf/oas30/security: the document asks for no credential, and none is needed."""
    document = await read(client, "/api/openapi.json")
    assert "securitySchemes" not in document["components"]
    assert "security" not in document
