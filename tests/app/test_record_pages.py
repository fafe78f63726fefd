"""A record's own page: what it says of itself, in which language, and what is said of a record that is gone."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.settings import ReaderSettings
from tests.app.conftest import open_client

pytestmark = pytest.mark.anyio

STRIKE = "S-2016-000001"
BASE = "https://map.example"


@pytest.fixture
async def reached(reader_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that has an address, and editors who can be written to."""
    settings = ReaderSettings(reader_url=reader_url, base_url=BASE, contact="editors@map.example")
    async with open_client(settings) as opened:
        yield opened


def read_data(page: str) -> dict[str, Any]:
    """Return the JSON-LD of a page."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


async def test_a_record_has_one_address_in_each_language(reached: httpx.AsyncClient) -> None:
    """Canonical and alternates are absolute, whatever else the address asks for; colours are no language."""
    page = (await reached.get(f"/records/{STRIKE}?lang=zh-Hans&theme=dark&utm_source=x")).text
    assert '<html lang="zh-Hans">' in page
    assert f'<link rel="canonical" href="{BASE}/records/{STRIKE}?lang=zh-Hans">' in page
    named = dict(re.findall(r'rel="alternate" hreflang="([^"]*)" href="([^"]*)"', page))
    assert named == {
        "en": f"{BASE}/records/{STRIKE}",
        "zh-Hans": f"{BASE}/records/{STRIKE}?lang=zh-Hans",
        "zh-Hant": f"{BASE}/records/{STRIKE}?lang=zh-Hant",
        "x-default": f"{BASE}/records/{STRIKE}",
    }


async def test_programs_read_what_the_page_says(reached: httpx.AsyncClient) -> None:
    """The JSON-LD names the record, its time as an interval, its public regions and the version of the data."""
    data = read_data((await reached.get(f"/records/{STRIKE}")).text)
    assert data["@id"] == f"{BASE}/records/{STRIKE}"
    assert data["temporalCoverage"] == "2016-05-01/2016-05-01"
    assert [place["identifier"] for place in data["spatialCoverage"]] == ["440306"]
    assert "geo" not in json.dumps(data)
    item = (await reached.get("/api/collections/strikes/items?limit=1")).json()
    assert data["version"] == str(item["datasetVersion"])


async def test_the_citation_names_record_version_and_address(reached: httpx.AsyncClient) -> None:
    """As text and for reference managers."""
    page = (await reached.get(f"/records/{STRIKE}")).text
    cited = re.search(r'<p class="citation">(.*?)</p>', page)
    assert cited
    assert all(part in cited[1] for part in (STRIKE, "Version", f"{BASE}/records/{STRIKE}", "CC BY 4.0"))
    assert f"@misc{{labourmap-{STRIKE}," in page
    assert "&#34;container-title&#34;" in page


async def test_the_public_history_is_on_the_page(client: httpx.AsyncClient) -> None:
    """Days and what was changed, the latest first."""
    page = (await client.get(f"/records/{STRIKE}")).text
    told = re.findall(r"<li><span>([^<]*)</span> ([^<]*)</li>", page)
    assert told == [("2 Jan 2026", "Changed: Demands, Point on the map"), ("1 Jan 2026", "Published")]


async def test_only_a_call_for_help_leads_to_its_worker_by_the_editors(reached: httpx.AsyncClient) -> None:
    """A mistake can be reported in any record; the subject names it, and the site says that it keeps nothing."""
    strike, call = [(await reached.get(f"/records/{one}")).text for one in (STRIKE, "H-2016-000001")]
    assert f"mailto:editors@map.example?subject=Report%20a%20mistake%20in%20{STRIKE}" in strike
    assert "stores nothing about you" in strike
    assert "Contact the editors" not in strike
    assert "mailto:editors@map.example?subject=Contact%20the%20editors%20about%20H-2016-000001" in call


async def test_without_an_address_there_is_no_way_to_the_editors(client: httpx.AsyncClient) -> None:
    """Nothing promises what nobody answers."""
    page = (await client.get(f"/records/{STRIKE}")).text
    assert "mailto:" not in page
    assert "Report a mistake" not in page


async def test_robots_leave_calls_for_help_alone(client: httpx.AsyncClient) -> None:
    """Their pages, and the map at one, are in no index and no archive; other records may be."""
    for address in ("/records/H-2016-000001", "/?record=H-2016-000001"):
        assert (await client.get(address)).headers["x-robots-tag"] == "noindex, noarchive", address
    assert "x-robots-tag" not in (await client.get(f"/records/{STRIKE}")).headers


async def test_a_retracted_record_says_so(client: httpx.AsyncClient) -> None:
    """410 with its number and the day, in the reader's language, on its page and on the map."""
    for address in ("/records/S-2014-000009?lang=zh-Hant", "/?record=S-2014-000009&lang=zh-Hant"):
        gone = await client.get(address)
        assert gone.status_code == 410, address
        assert "S-2014-000009 已於2026年1月1日撤回" in gone.text
        assert gone.headers["cache-control"] == "no-store"


async def test_a_retracted_call_for_help_never_was(client: httpx.AsyncClient) -> None:
    """Nobody learns that there was one: the page is that of a number nobody ever had."""
    gone, never = [await client.get(f"/records/{one}") for one in ("H-2014-000009", "H-2014-000010")]
    assert gone.status_code == never.status_code == 404
    assert gone.text == never.text


@pytest.mark.parametrize(
    "wrong", ["S-1900-000001", "x", "%00", "..%2f..%2fetc", "S-2016-000001'--", "a" * 5000, "%F0%9F%92%A9"]
)
async def test_what_is_no_record_is_a_404_page(client: httpx.AsyncClient, wrong: str) -> None:
    """Never an error of the server, and never an echo of what was asked."""
    answer = await client.get(f"/records/{wrong}")
    assert answer.status_code == 404
    assert len(answer.content) < 5000


async def test_an_unchanged_record_is_not_sent_again(client: httpx.AsyncClient) -> None:
    """The validator holds until the data changes, and is another for another language."""
    first, other = [await client.get(f"/records/{STRIKE}{query}") for query in ("", "?lang=zh-Hans")]
    again = await client.get(f"/records/{STRIKE}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["etag"] != other.headers["etag"]


async def test_the_map_at_a_record_leads_robots_to_the_records_page(china: httpx.AsyncClient) -> None:
    """One record has one address in an index."""
    page = (await china.get("/?record=S-2020-000001")).text
    assert '<link rel="canonical" href="/records/S-2020-000001">' in page
