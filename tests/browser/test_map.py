"""The map: what is drawn where, and the ways in and out by mouse, keyboard and Back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, read_rings, wait_for_level, wait_for_place, wait_until

pytestmark = pytest.mark.browser


def read_table(page: Page) -> dict[str, int]:
    """Return the total of each region in the table, by code."""
    script = """[...document.querySelectorAll('#view-table tbody tr')].filter((row) => row.querySelector('a'))
        .map((row) => [new URL(row.querySelector('a').href).searchParams.get('region'),
                       Number(row.querySelectorAll('td')[3].textContent.replaceAll(',', ''))])"""
    return dict(page.evaluate(script))


def read_counts(page: Page, by: str, region: str | None = None) -> dict[str, int]:
    """Return what the API counts of incidents."""
    query = f"by={by}" + (f"&region={region}" if region else "")
    answer = page.request.get(f"/api/collections/incidents/counts?{query}").json()
    return {cell[by]: cell["count"] for cell in answer["counts"]}


def test_rings_table_and_api_say_the_same(open_page: OpenPage) -> None:
    """Every province has the same count on the map, in the table and in the API."""
    page = open_page()
    assert read_rings(page) == read_table(page) == read_counts(page, "province")


def test_the_live_map_takes_the_place_of_the_first_picture(open_page: OpenPage) -> None:
    """The same shades stand in the same places: the hand-over moves nothing by more than a few pixels."""
    still = open_page("/", java_script_enabled=False)
    live = open_page("/")
    before = still.locator(".first-frame a[aria-label^='Guangdong'] .disc").bounding_box()
    after = live.locator(".ring-marker[data-code='440000'] .disc").bounding_box()
    assert before is not None
    assert after is not None
    moved = [abs(after[key] - before[key]) for key in ("x", "y", "width", "height")]
    assert max(moved) <= 3


def test_a_click_leads_from_province_to_county(open_page: OpenPage) -> None:
    """Province, prefecture, county: the map draws the inside, the crumbs grow, the panel follows."""
    page = open_page()
    page.click(".ring-marker[data-code='130000']")
    wait_for_level(page, "prefecture")
    wait_for_place(page, "Hebei")
    page.click(".ring-marker[data-code='130900']")
    wait_for_level(page, "county")
    wait_for_place(page, "Cangzhou")
    assert page.inner_text("#crumbs").split() == ["China", "Hebei", "Cangzhou"]
    wait_until(lambda: "130982" in read_rings(page))
    assert read_rings(page)["130982"] == read_counts(page, "county", "130900")["130982"] == 1


def test_the_keyboard_leads_from_province_to_county_and_up_again(open_page: OpenPage) -> None:
    """Tab reaches the rings, Enter opens, Escape goes up a level."""
    page = open_page()
    page.focus(".ring-marker[data-code='130000']")
    page.keyboard.press("Enter")
    wait_for_place(page, "Hebei")
    wait_for_level(page, "prefecture")
    page.focus(".ring-marker[data-code='130900']")
    page.keyboard.press("Space")
    wait_for_place(page, "Cangzhou")
    wait_for_level(page, "county")
    assert page.evaluate("document.activeElement.classList.contains('leaflet-container')")
    page.keyboard.press("Escape")
    wait_for_place(page, "Hebei")


def test_the_first_tab_leads_to_the_figures(open_page: OpenPage) -> None:
    """The skip link is first, and what it names can take the focus."""
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "figures"


def test_rings_are_reached_largest_first(open_page: OpenPage) -> None:
    """The order of Tab is the order of counts."""
    counts = list(read_rings(open_page()).values())
    assert counts == sorted(counts, reverse=True)


def test_back_and_forward_walk_the_steps(open_page: OpenPage) -> None:
    """Each step in is a step that Back takes out again, with its view."""
    page = open_page()
    page.click(".ring-marker[data-code='130000']")
    wait_for_place(page, "Hebei")
    page.go_back()
    wait_for_place(page, "China")
    wait_for_level(page, "province")
    page.go_forward()
    wait_for_place(page, "Hebei")
    wait_for_level(page, "prefecture")


def test_records_known_no_finer_are_a_ring_whose_click_lists_them(open_page: OpenPage) -> None:
    """A record known to Tibet alone is in no prefecture: its dashed ring stands for the province and opens the list."""
    page = open_page("/?region=540000")
    ring = page.locator(".ring-marker[data-remainder='province'][data-code='540000']")
    assert ring.get_attribute("aria-label") == "Tibet, place known no more exactly: 1 incident"
    ring.click()
    wait_until(lambda: page.locator("#view-list .known-to").count())
    assert page.locator("#view-list .entry").count() == 1
    assert "prefecture=unknown" in page.url


def test_what_lies_outside_the_data_is_hatched(open_page: OpenPage) -> None:
    """Hong Kong, Macau and Taiwan are neither zero nor shaded."""
    page = open_page()
    assert page.evaluate("document.querySelectorAll('.leaflet-land-pane .outside[fill=\"url(#crosses)\"]').length") == 3


def test_the_whole_country_is_one_button_away(open_page: OpenPage) -> None:
    """From anywhere back to the whole."""
    page = open_page("/?region=440300")
    page.click("[data-zoom=whole]")
    wait_for_place(page, "China")
    wait_for_level(page, "province")


def test_moving_the_map_is_kept_in_the_address(open_page: OpenPage) -> None:
    """A copied address shows the same view."""
    page = open_page()
    page.click("[data-zoom=in]")
    page.click("[data-zoom=in]")
    wait_until(lambda: "#" in page.url)
    wait_for_level(page, "prefecture")
    copied = open_page(page.url)
    wait_for_level(copied, "prefecture")
    assert sorted(read_rings(copied)) == sorted(read_rings(page))


def test_a_failed_answer_is_said_and_can_be_asked_again(open_page: OpenPage) -> None:
    """What is shown stays; the reader is told, and Retry asks anew."""
    page = open_page(forgiven="ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(offline=True)
    page.click(".ring-marker[data-code='130000']")
    wait_until(lambda: page.locator("#toast.shown").count())
    assert page.inner_text("h1") == "China"
    page.context.set_offline(offline=False)
    page.click("#toast button")
    wait_for_place(page, "Hebei")
