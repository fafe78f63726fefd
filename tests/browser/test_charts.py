"""Charts of bars: what they count is what the API counts, and a click on a bar filters everything."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, OpenPage, follow, wait_until

pytestmark = pytest.mark.browser

READ_BARS = """[...document.querySelectorAll('.chart')].map((chart) => [chart.dataset.chart,
    [...chart.querySelectorAll('.bar')].map((bar) => [bar.querySelector('.bar-name').textContent,
        bar.querySelector('.bar-count').textContent, bar.getAttribute('href'), bar.getAttribute('aria-current'),
        bar.querySelector('rect').getAttribute('width')])])"""


def read_facets(site_address: str, query: str) -> Any:
    """Return the API's facets of a selection."""
    with urllib.request.urlopen(f"{site_address}/api/collections/records/facets?{query}") as answer:  # noqa: S310
        return json.load(answer)["facets"]


def read_counts(page: Page, chart: str) -> list[str]:
    """Return the counts of the bars of one chart, those that wait behind "show all" too."""
    return page.locator(f"[data-chart={chart}] .bar-count").all_text_contents()


def test_a_bar_filters_and_the_same_bar_brings_everything_back(open_page: OpenPage, site_address: str) -> None:
    """Address, total and every other chart follow; bars are those of the API; Back takes the step out."""
    page = open_page("/?layer=strikes,accidents,calls_for_help")
    bar = page.locator("[data-chart=industry] .bar", has_text="Construction")
    count = bar.locator(".bar-count").inner_text()
    bar.focus()
    page.keyboard.press("Enter")
    wait_until(lambda: page.inner_text("[data-total]") == count)
    assert "industry=construction" in page.url
    wait_until(lambda: bar.get_attribute("aria-current") == "true")
    assert page.evaluate("document.activeElement.querySelector('.bar-name').textContent") == "Construction"
    facets = read_facets(site_address, "layer=strikes,accidents,calls_for_help&industry=construction")
    for name in ("industry", "ownership", "demands"):
        found = facets[name]
        expected = sorted(
            [value["count"] for value in found["counts"]] + ([found["unknown"]] if found["unknown"] else [])
        )
        assert sorted(map(int, read_counts(page, name))) == expected, name
    bar.click()
    wait_until(lambda: page.inner_text("[data-total]") == "25")
    assert "industry" not in page.url
    page.go_back()
    wait_until(lambda: page.inner_text("[data-total]") == count)


def test_server_and_browser_draw_the_same_bars(open_page: OpenPage) -> None:
    """For one link the same charts, bars, lengths and addresses: as it was sent, and when Back comes to it again."""
    page = open_page("/?layer=strikes,calls_for_help,accountability&demands=wage_arrears")
    before = page.evaluate(READ_BARS)
    page.click("[data-chart=demands] .bar.unknown")
    wait_until(lambda: page.evaluate(READ_BARS) != before)
    page.go_back()
    wait_until(lambda: page.evaluate(READ_BARS) == before)


def test_what_is_unknown_is_a_bar_that_finds_what_it_counts(open_page: OpenPage) -> None:
    """Its number is the total that a click on it leads to."""
    page = open_page("/?layer=strikes,accidents,calls_for_help")
    bar = page.locator("[data-chart=demands] .bar.unknown")
    count = bar.locator(".bar-count").inner_text()
    bar.click()
    wait_until(lambda: "demands=unknown" in page.url and page.inner_text("[data-total]") == count)


def test_charts_fit_the_layers_that_are_on(open_page: OpenPage) -> None:
    """Accidents have types and deaths, cases have excuses; a chart that some layers lack shows whose it is."""
    page = open_page("/?layer=accidents")
    names = page.locator(".chart").evaluate_all("(charts) => charts.map((chart) => chart.dataset.chart)")
    assert {"industry", "accident_types", "severity"} <= set(names)
    assert not {"demands", "issues", "excuses"} & set(names)
    page.click("[data-layer=accountability]")
    wait_until(page.locator("[data-chart=excuses]").count)
    assert page.locator("[data-chart=severity] h2 .fill-accidents").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_and_time_have_no_accessibility_fault(open_page: OpenPage, theme: str) -> None:
    """With a filter and a range chosen, on a desktop and on a phone."""
    for viewport in ({"width": 1440, "height": 900}, PHONE):
        page = open_page(f"/?industry=construction&datetime=2020-01-01/2020-12-31&theme={theme}", viewport=viewport)
        page.locator("[data-time] summary").locator("visible=true").click()
        faults = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert faults.violations_count == 0, faults.generate_report()


def test_a_bar_is_a_link_without_javascript(open_page: OpenPage) -> None:
    """It leads to a page with the filter, on which it is marked."""
    page = open_page("/?layer=strikes", java_script_enabled=False)
    follow(page, "[data-chart=industry] .bar >> nth=0")
    assert "industry=" in page.url
    assert page.get_attribute("[data-chart=industry] .bar >> nth=0", "aria-current") == "true"
