"""The pages of the API in a browser: nothing foreign, no script of anybody's, readable for everybody.

That no page asks another origin for anything or breaks its policy is checked for every test, by `open_page`.
"""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, NASTY, NASTY_TEXT, PHONE, OpenPage
from tests.browser.test_accessibility import RULES

pytestmark = pytest.mark.browser

PAGES = {
    "landing": "/api",
    "conformance": "/api/conformance",
    "collections": "/api/collections?lang=zh-Hans",
    "collection": "/api/collections/strikes",
    "queryables": "/api/collections/strikes/queryables?lang=zh-Hant",
    "items": "/api/collections/records/items",
    "regions": "/api/collections/regions/items?level=province&lang=zh-Hans",
    "item": "/api/collections/accidents/items/{first}",
    "counts": "/api/collections/incidents/counts?by=province",
    "counts of two": "/api/collections/incidents/counts?by=year,industry&lang=zh-Hans",
    "facets": "/api/collections/incidents/facets?industry=construction",
    "status": "/api/status",
    "reference": "/api/docs",
}
NASTY_PAGES = [
    "items?region=540000",
    "items?region=540000&lang=zh-Hant",
    "items?employers=<img src=x onerror=alert(1)>",
]


def open_api(open_page: OpenPage, path: str, **options: object) -> Page:
    """Open a page of the API; `{first}` is the id of the first accident."""
    if "{first}" in path:
        listed = open_page("/api/collections/accidents/items", has_map=False)
        found = re.search(r"A-\d{4}-\d{6}", listed.content())
        assert found
        path = path.replace("{first}", found[0])
    return open_page(path, has_map=False, **options)


def follow(page: Page, selector: str) -> None:
    """Click what leads to another page, and wait until that page is whole."""
    with page.expect_navigation():
        page.click(selector)


@pytest.mark.parametrize(("screen", "colours"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "dark phone"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_axe_finds_nothing(open_page: OpenPage, path: str, screen: dict[str, int], colours: str) -> None:
    """No violation of WCAG 2.2 AA; no page is wider than its screen."""
    page = open_api(open_page, path, viewport=screen, color_scheme=colours)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]


@pytest.mark.parametrize("path", NASTY_PAGES)
def test_what_editors_write_stays_text_in_lists(open_page: OpenPage, path: str) -> None:
    """Markup, template signs and text from right to left are shown as their letters."""
    page = open_api(open_page, f"/api/collections/strikes/{path}")
    assert page.inner_text(".record-title") == NASTY
    page.click("details summary")
    assert NASTY_TEXT in page.inner_text("td details")
    assert page.locator("main img, main script, main svg[onload]").count() == 0


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_what_editors_write_stays_text_on_a_record(open_page: OpenPage, language: str) -> None:
    """The same on the page of the record, reached by the link of the list."""
    page = open_api(open_page, f"/api/collections/incidents/items?region=540000&lang={language}")
    follow(page, ".record-title")
    assert page.inner_text("h1") == NASTY
    assert NASTY_TEXT in page.inner_text("main")
    assert page.locator("main img, main script").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0


def test_what_a_reader_writes_stays_text(open_page: OpenPage) -> None:
    """A value of the query comes back in the form and beside it, a wrong one on the page of the problem."""
    page = open_api(open_page, f"/api/collections/strikes/items?q={NASTY}")
    assert page.input_value("input[name=q]") == NASTY
    wrong = open_api(open_page, f"/api/collections/strikes/items?{NASTY}=1", forgiven="status of 400")
    assert wrong.inner_text("dt code") == NASTY.partition("=")[0]
    assert page.locator("main img").count() == wrong.locator("main img").count() == 0


def test_a_reader_walks_and_searches_without_javascript(open_page: OpenPage) -> None:
    """From the first page of the API to a page of records, on to the next, and by the form to fewer."""
    page = open_api(open_page, "/api?lang=zh-Hans", java_script_enabled=False)
    follow(page, "text=数据集")
    follow(page, "h2 >> text=工作场所事故")
    follow(page, ".links a:has-text('记录')")
    assert "lang=zh-Hans" in page.url
    shown = page.locator(".record-title").all_inner_texts()
    page.fill("input[name=region]", "110000")
    follow(page, "button")
    fewer = page.locator(".record-title").all_inner_texts()
    assert 0 < len(fewer) < len(shown)
    assert page.get_attribute("html", "lang") == "zh-Hans"
    follow(page, ".chosen a")
    assert page.locator(".record-title").all_inner_texts() == shown


def test_the_next_page_is_a_link_away(open_page: OpenPage) -> None:
    """Forward and back lead to the same records."""
    page = open_api(open_page, "/api/collections/records/items", java_script_enabled=False)
    first = page.locator(".record-title").all_inner_texts()
    follow(page, "a[rel=next] >> nth=0")
    second = page.locator(".record-title").all_inner_texts()
    assert not set(first) & set(second)
    follow(page, "a[rel=prev] >> nth=0")
    assert page.locator(".record-title").all_inner_texts() == first


def test_a_facet_leads_to_its_records(open_page: OpenPage) -> None:
    """The number beside a value is that of the records it leads to."""
    page = open_api(open_page, "/api/collections/incidents/facets", java_script_enabled=False)
    row = page.locator(".facet tbody tr", has_text="Beijing").first
    count = row.locator(".figure").inner_text()
    with page.expect_navigation():
        row.locator("a").click()
    assert "province=110000" in page.url
    assert page.locator(".pages .number").first.inner_text().endswith(f"of {count} shown")
