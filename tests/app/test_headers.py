"""What every answer carries."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest

from app.main import public_app
from app.settings import ReaderSettings
from tests.app.conftest import open_client

pytestmark = pytest.mark.anyio

PLACES = ["/api", "/api/collections/strikes/items", "/api/nothing", "/nothing", "/api/collections/strikes/items?x=1"]


@pytest.mark.parametrize("path", PLACES)
async def test_every_answer_is_safe_to_show(client: httpx.AsyncClient, path: str) -> None:
    """Good answers and problems alike: no sniffing, no referrer, no framing, nothing loaded from elsewhere."""
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "cross-origin-resource-policy" in headers
    assert "geolocation=()" in headers["permissions-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert not {"server", "x-powered-by", "set-cookie"} & set(headers)


async def test_the_parts_of_a_page_say_what_means_something_there(client: httpx.AsyncClient) -> None:
    """A page has fifty scripts and styles; a picture can be opened as a document and has a document's headers."""
    page = (await client.get("/")).text
    for name in ("js/main.js", "css/page.css", "icon.svg"):
        found = re.search(rf'"(/static/[^"]*/{name})"', page)
        assert found is not None
        headers = (await client.get(found[1])).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        for of_documents in ("content-security-policy", "permissions-policy"):
            assert (of_documents in headers) == name.endswith(".svg")


async def test_pages_may_use_what_we_serve_and_nothing_else(client: httpx.AsyncClient) -> None:
    """The policy of pages, word for word."""
    policy = (await client.get("/nothing")).headers["content-security-policy"]
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


async def test_the_api_may_be_read_from_any_site_without_credentials(client: httpx.AsyncClient) -> None:
    """The data is public, and no cookie exists."""
    headers = (await client.get("/api/collections", headers={"Origin": "https://evil.example"})).headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers


async def test_pages_are_not_read_by_other_sites(client: httpx.AsyncClient) -> None:
    """No CORS header outside the API."""
    headers = (await client.get("/nothing", headers={"Origin": "https://evil.example"})).headers
    assert "access-control-allow-origin" not in headers
    assert headers["cross-origin-resource-policy"] == "same-origin"


async def test_a_browser_may_ask_what_it_may_do(client: httpx.AsyncClient) -> None:
    """The preflight of a conditional request from another site."""
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    answer = await client.options("/api/collections/strikes/items", headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]


async def test_a_cache_keeps_apart_what_differs(client: httpx.AsyncClient) -> None:
    """The API may come to answer by Accept; all answers differ by encoding."""
    compressed = await client.get("/api", headers={"Accept-Encoding": "gzip"})
    assert compressed.headers["content-encoding"] == "gzip"
    for answer in (compressed, await client.get("/api")):
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert (await client.get("/nothing")).headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "Forwarded"])
async def test_headers_of_a_visitor_do_not_reach_links(client: httpx.AsyncClient, name: str) -> None:
    """A visitor could otherwise poison a cache with links to a host of their own."""
    answer = await client.get("/api", headers={name: "evil.example"})
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:80", "[::1]:8000", "192.168.1.5", "LOCALHOST"])
async def test_hosts_of_this_machine_are_served(client: httpx.AsyncClient, host: str) -> None:
    """Its names, and addresses as numbers, which nobody can point elsewhere."""
    answer = await client.get("/api", headers={"Host": host})
    assert answer.json()["links"][0]["href"] == f"http://{host}/api"


async def test_named_hosts_alone_are_served_when_they_are_named(reader_url: str) -> None:
    """An operator's list is the whole list."""
    settings = ReaderSettings(reader_url=reader_url, allowed_hosts=("map.example",))
    async with open_client(settings) as client:
        assert (await client.get("/api", headers={"Host": "map.example"})).status_code == 200
        assert (await client.get("/api", headers={"Host": "127.0.0.1"})).status_code == 400


async def test_links_begin_with_the_base_url(reader_url: str) -> None:
    """Behind a proxy, the address that readers know; over https, browsers are told to stay there."""
    settings = ReaderSettings(reader_url=reader_url, base_url="https://map.example")
    async with open_client(settings) as client:
        answer = await client.get("/api", headers={"Host": "map.example"})
    assert answer.json()["links"][0]["href"] == "https://map.example/api"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def test_plain_http_makes_no_promise_of_https(client: httpx.AsyncClient) -> None:
    """A promise that the server cannot keep locks readers out."""
    assert "strict-transport-security" not in (await client.get("/api")).headers


async def test_the_server_still_knows_that_it_was_asked_for_the_head(reader_url: str) -> None:
    """A server that were told GET would wait for the body that its headers promise."""
    app = public_app(ReaderSettings(reader_url=reader_url))
    scope: dict[str, Any] = {"type": "http", "method": "HEAD", "scheme": "http", "path": "/api"}
    scope |= {"query_string": b"", "headers": [(b"host", b"localhost")]}
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    assert scope["method"] == "HEAD"
    assert sent[0]["status"] == 200
    assert b"".join(message.get("body", b"") for message in sent) == b""
