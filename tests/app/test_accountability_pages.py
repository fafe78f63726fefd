"""The figures of accountability and the report, asked as a reader asks for them."""

from __future__ import annotations

import re

import httpx
import pytest

from app.readers.accountability_pages import first_day, last_day

pytestmark = pytest.mark.anyio

PATHS = ("/accountability", "/accountability/report")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
async def test_the_pages_are_whole_in_every_language(client: httpx.AsyncClient, path: str, language: str) -> None:
    """Without scripts, with the figures and the published table in them."""
    page = (await client.get(f"{path}?lang={language}")).text
    assert f'<html lang="{language}">' in page
    assert "<script" not in page
    assert re.search(r"47(?: of |/)127", page)
    assert "32%" in page


async def test_every_percentage_stands_with_its_numerator_and_denominator(client: httpx.AsyncClient) -> None:
    """Of two cases none says whether a union knew; that is a line of its own."""
    page = (await client.get("/accountability")).text
    cells = re.findall(r'<td class="figure">([^<]*%[^<]*)</td>', page)
    own = [cell for cell in cells if not re.fullmatch(r"\d+%", cell.strip())]
    assert len(own) > 20
    assert all(re.search(r"\d+ of \d+ \(\d+\.\d%\)", cell) for cell in own)
    assert re.search(r'class="unknown">\s*<th scope="row">Not known</th>.*?2 of 2 \(100\.0%\)', page, re.DOTALL)
    assert "Only 2 cases" in page


async def test_a_period_and_a_place_choose_the_cases(client: httpx.AsyncClient) -> None:
    """The form keeps them, the switch of language and the report too."""
    page = (await client.get("/accountability?region=440000&from=2016&to=2016-05&utm_source=x")).text
    assert "<b>1 case.</b> Guangdong" in page
    assert '<option value="440000" selected>' in page
    assert 'href="/accountability/report?region=440000&amp;from=2016&amp;to=2016-05"' in page
    assert 'href="/accountability?region=440000&amp;from=2016&amp;to=2016-05&amp;lang=zh-Hans"' in page
    assert "utm_source" not in page
    none = (await client.get("/accountability/report?to=2015")).text
    assert "No public case lies in this period and place." in none


async def test_the_report_tells_the_cases(client: httpx.AsyncClient) -> None:
    """Each by its number, with the way to its page."""
    page = (await client.get("/accountability/report?from=2016")).text
    assert re.findall(r'href="(/records/U-[^"]*)"', page) == ["/records/U-2016-000001", "/records/U-2016-000002"]
    assert page.count('<ol class="recommendations">') == 1
    assert "Version " in page


@pytest.mark.parametrize("wrong", ["from=x", "to=2016-13", "from=2016-02-31", "region=nowhere", "region=999999"])
async def test_what_cannot_be_asked_is_refused(client: httpx.AsyncClient, wrong: str) -> None:
    """With a page that says so."""
    for path in PATHS:
        assert (await client.get(f"{path}?{wrong}")).status_code == 400


def test_years_months_and_days_have_first_and_last_days() -> None:
    """The last of February depends on the year; nothing is open."""
    assert [first_day(text) for text in ("2020", "2020-06", "2020-06-05", None)] == [
        *("2020-01-01", "2020-06-01", "2020-06-05", "..")
    ]
    assert [last_day(text) for text in ("2020", "2020-06", "2020-06-05", None)] == [
        *("2020-12-31", "2020-06-30", "2020-06-05", "..")
    ]
    assert [last_day(text) for text in ("2020-02", "2021-02", "1900-02")] == ["2020-02-29", "2021-02-28", "1900-02-28"]
