"""What robots are told: every record but calls for help, in pages that are no larger than the protocol allows."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from xml.etree import ElementTree as ET

import httpx
import pytest

from app.main import public_app
from app.settings import ReaderSettings
from tests.app.conftest import open_client
from tests.published import RECORDS

pytestmark = pytest.mark.anyio

BASE = "https://map.example"
SIZE = 9


@pytest.fixture
async def reached(reader_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that has an address, and whose pages of the sitemap are small."""
    app = public_app(ReaderSettings(reader_url=reader_url, base_url=BASE))
    app.state.sitemap_size = SIZE
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened,
    ):
        yield opened


async def read_locations(client: httpx.AsyncClient, address: str) -> list[str]:
    """Return the addresses that a document names."""
    answer = await client.get(address.removeprefix(BASE))
    assert answer.status_code == 200, address
    assert answer.headers["content-type"] == "application/xml"
    named = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    return [str(found.text) for found in ET.fromstring(answer.content).iter(named)]  # noqa: S314  (our own)


async def test_the_sitemap_lists_every_record_but_calls_for_help(reached: httpx.AsyncClient) -> None:
    """Once each, under the address that the record's page names as its own; no page is larger than it may be."""
    pages = await read_locations(reached, "/sitemap.xml")
    assert pages == [f"{BASE}/sitemap/{name}.xml" for name in ("pages", "unions", 1, 2)]
    told = [await read_locations(reached, page) for page in pages[2:]]
    assert [len(page) for page in told] == [8, 4]
    listed = [address for page in told for address in page]
    assert sorted(listed) == sorted(
        f"{BASE}/records/{record['public_id']}" for record in RECORDS if record["layer"] != "calls_for_help"
    )
    page = (await reached.get(listed[0].removeprefix(BASE))).text
    assert f'<link rel="canonical" href="{listed[0]}">' in page


async def test_the_sitemap_lists_the_pages_of_unions(reached: httpx.AsyncClient) -> None:
    """Those that the collection has, under the addresses that their pages name as their own."""
    listed = await read_locations(reached, "/sitemap/unions.xml")
    assert listed == [f"{BASE}/unions/{number}" for number in (3, 7, 8)]
    page = (await reached.get(listed[0].removeprefix(BASE))).text
    assert f'<link rel="canonical" href="{listed[0]}">' in page


async def test_the_pages_beside_records_are_listed_in_every_language(reached: httpx.AsyncClient) -> None:
    """Each is there."""
    for address in await read_locations(reached, "/sitemap/pages.xml"):
        assert (await reached.get(address.removeprefix(BASE))).status_code == 200, address


@pytest.mark.parametrize("wrong", ["0", "3", "01", "-1", "x", "9" * 4000])
async def test_there_is_no_other_page(reached: httpx.AsyncClient, wrong: str) -> None:
    """Pages have numbers from one on."""
    assert (await reached.get(f"/sitemap/{wrong}.xml")).status_code == 404


async def test_an_unchanged_sitemap_is_not_sent_again(reached: httpx.AsyncClient) -> None:
    """The validator is that of the version of the data."""
    for address in ("/sitemap.xml", "/sitemap/1.xml"):
        first = await reached.get(address)
        again = await reached.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_the_sitemap_is_packed_for_whoever_takes_it(reached: httpx.AsyncClient) -> None:
    """Fifty thousand addresses are five megabytes as they are."""
    answer = await reached.get("/sitemap/1.xml", headers={"Accept-Encoding": "gzip"})
    assert answer.headers.get("content-encoding") == "gzip"


async def test_robots_learn_of_the_sitemap_where_we_know_our_address(
    reached: httpx.AsyncClient, reader_url: str
) -> None:
    """A sitemap under a host that somebody asked for by name would be anybody's."""
    assert f"\nSitemap: {BASE}/sitemap.xml\n" in (await reached.get("/robots.txt")).text
    async with open_client(ReaderSettings(reader_url=reader_url)) as unnamed:
        told = (await unnamed.get("/robots.txt")).text
    assert not re.search("sitemap", told, re.IGNORECASE)
    assert "Disallow: /api/" in told
