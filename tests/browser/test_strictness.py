"""The page keeps its own rules: nothing foreign, nothing inline, everything there without JavaScript.

That no page asks another origin for anything or breaks the policy is checked for every test, by `open_page`.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import NASTY, OpenPage, follow, wait_until
from tests.browser.test_accessibility import RULES

pytestmark = pytest.mark.browser


def test_the_policy_is_there_and_kept(browser: Browser, site_address: str) -> None:
    """A style that the policy forbids is refused, so the silence that every other test demands means something."""
    page = browser.new_page(base_url=site_address)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/")
    page.evaluate(
        "() => { const sheet = document.createElement('style'); sheet.textContent = 'p { color: red }';"
        " document.head.append(sheet) }"
    )
    wait_until(lambda: [text for text in said if "Content Security Policy" in text])
    page.close()


def read_without_script(open_page: OpenPage, path: str) -> Page:
    """Open a page with JavaScript off."""
    return open_page(path, java_script_enabled=False)


def test_without_javascript_the_whole_is_there(open_page: OpenPage) -> None:
    """Total, picture with rings, table and latest records are in the page."""
    page = read_without_script(open_page, "/")
    assert page.inner_text("[data-total]") == "25"
    assert page.locator(".first-frame a .ring").count() == 14
    assert page.locator("#view-table tbody tr").count() == 16
    assert page.locator("#view-overview .entry").count() == 8


def test_without_javascript_a_region_is_a_link_away(open_page: OpenPage) -> None:
    """The table leads to a region, in the reader's language, and the region shows its parts."""
    page = read_without_script(open_page, "/?lang=zh-Hans")
    follow(page, "#view-table a:text-is('河北')")
    assert page.inner_text("h1") == "河北"
    assert "region=130000" in page.url
    assert page.locator("#view-table a:text-is('沧州')").count() == 1


def test_without_javascript_a_ring_is_a_link(open_page: OpenPage) -> None:
    """The picture is a map, not only a picture."""
    page = read_without_script(open_page, "/")
    follow(page, ".first-frame a[aria-label^='Hebei']")
    assert page.inner_text("h1") == "Hebei"


def test_without_javascript_a_layer_is_switched_off(open_page: OpenPage) -> None:
    """The switch is a form, and the counts follow."""
    page = read_without_script(open_page, "/?lang=zh-Hans")
    follow(page, "[data-layer=strikes]")
    assert page.get_attribute("[data-layer=strikes]", "aria-pressed") == "false"
    assert page.inner_text("[data-total]") == "17"
    assert page.inner_text("h1") == "中国"


def test_without_javascript_a_record_opens(open_page: OpenPage) -> None:
    """A record's card is a page of its own address."""
    page = read_without_script(open_page, "/?tab=list")
    follow(page, "#view-list .entry >> nth=0")
    assert "record=" in page.url
    assert page.locator(".card dl dt").count() > 4


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_title_stays_text(open_page: OpenPage, script: bool) -> None:  # noqa: FBT001
    """A title that is markup is shown as its letters, in list and card."""
    page = open_page("/?region=540000&tab=list", java_script_enabled=script)
    assert page.inner_text("#view-list .entry-title") == NASTY
    page.click("#view-list .entry")
    wait_until(lambda: page.locator(".card h2").count())
    assert page.inner_text(".card h2") == NASTY
    assert page.locator("img").count() == 0


def test_an_unknown_region_leads_back(open_page: OpenPage) -> None:
    """A broken link gets a page in the reader's language with the way to the whole map."""
    page = open_page("/?region=999999&lang=zh-Hant", forgiven="status of 400", has_map=False)
    assert Axe().run(page, options=RULES).violations_count == 0
    assert page.locator("[data-total]").count() == 0
    follow(page, "text=開啟完整地圖")
    assert page.inner_text("h1") == "中國"
