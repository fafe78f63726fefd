"""The page of a union: whose it is, in which language, and of whom nothing is said."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from app.settings import ReaderSettings
from tests.app.conftest import open_client

pytestmark = pytest.mark.anyio

BASE = "https://map.example"


@pytest.fixture
async def reached(reader_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that has an address."""
    async with open_client(ReaderSettings(reader_url=reader_url, base_url=BASE)) as opened:
        yield opened


async def test_a_union_has_one_address_in_each_language(reached: httpx.AsyncClient) -> None:
    """Canonical and alternates are absolute, whatever else the address asks for."""
    page = (await reached.get("/unions/3?lang=zh-Hant&theme=dark&utm_source=x")).text
    assert '<html lang="zh-Hant">' in page
    named = dict(re.findall(r'rel="alternate" hreflang="([^"]*)" href="([^"]*)"', page))
    assert named["en"] == named["x-default"] == f"{BASE}/unions/3"
    assert f'<link rel="canonical" href="{named["zh-Hant"]}">' in page


async def test_a_union_is_named_in_every_script(reached: httpx.AsyncClient) -> None:
    """The reader's own is the title; the others stand below with their languages."""
    page = (await reached.get("/unions/3?lang=zh-Hant")).text
    assert '<h1 lang="zh-Hant">深圳市總工會</h1>' in page
    others = re.findall(r'class="other-title" lang="([^"]*)">([^<]*)<', page)
    assert others == [("en", "Shenzhen Federation of Trade Unions"), ("zh-Hans", "深圳市总工会")]


async def test_programs_read_who_the_union_is(reached: httpx.AsyncClient) -> None:
    """The JSON-LD names it, its region and the pages of its cases."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', (await reached.get("/unions/3")).text)
    assert found
    data = json.loads(found[1])
    assert (data["@type"], data["name"]) == ("Organization", "Shenzhen Federation of Trade Unions")
    assert data["areaServed"][0]["identifier"] == "440300"
    assert [one["url"] for one in data["subjectOf"]] == [f"{BASE}/records/U-2016-00000{n}" for n in (1, 2)]


@pytest.mark.parametrize("wrong", ["1", "0", "03", "-3", "x", "9" * 4000, "%00", "3'--"])
async def test_of_any_other_union_nothing_is_said(client: httpx.AsyncClient, wrong: str) -> None:
    """One that no public case names is as one that never was."""
    answer = await client.get(f"/unions/{wrong}")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


async def test_an_unchanged_page_is_not_sent_again(client: httpx.AsyncClient) -> None:
    """The validator is that of the version of the data, the language and the colours."""
    first = await client.get("/unions/3")
    known = {"If-None-Match": first.headers["etag"]}
    assert (await client.get("/unions/3", headers=known)).status_code == 304
    assert (await client.get("/unions/3?lang=zh-Hans", headers=known)).status_code == 200
