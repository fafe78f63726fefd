"""The page on a phone of 390 by 844."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, OpenPage, wait_for_level, wait_for_place, wait_until

pytestmark = pytest.mark.browser


def open_on_phone(open_page: OpenPage, path: str = "/") -> Page:
    """Open a page as a phone does."""
    return open_page(path, viewport=PHONE, has_touch=True, is_mobile=True)


def sheet_top(page: Page) -> float:
    """Return how far down the sheet begins."""
    box = page.locator("#panel").bounding_box()
    assert box is not None
    return box["y"]


def test_the_sheet_has_three_stops_by_one_button(open_page: OpenPage) -> None:
    """Peek, half, full and back, and the button says whether more is shown."""
    page = open_on_phone(open_page)
    tops = [sheet_top(page)]
    for _press in range(3):
        page.tap("#grab")
        tops.append(sheet_top(page))
    peek, half, full, again = tops
    assert peek == again == 844 - 236
    assert peek > half > full == 120
    assert page.get_attribute("#grab", "aria-expanded") == "false"


def test_nothing_is_wider_than_the_screen(open_page: OpenPage) -> None:
    """The page never scrolls sideways."""
    page = open_on_phone(open_page, "/?tab=table")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_tap_opens_a_region_and_a_record(open_page: OpenPage) -> None:
    """Rings are large enough to tap, and a record opens the sheet."""
    page = open_on_phone(open_page)
    page.tap(".ring-marker[data-code='130000']")
    wait_for_place(page, "Hebei")
    wait_for_level(page, "prefecture")
    page.tap("#tab-list")
    wait_until(lambda: page.get_attribute("#panel", "data-stop") == "half")
    page.tap("#view-list .entry >> nth=0")
    wait_until(lambda: page.locator(".card").count())


def test_every_ring_is_large_enough_to_tap(open_page: OpenPage) -> None:
    """No target is smaller than 24 by 24 pixels."""
    page = open_on_phone(open_page)
    sizes = page.evaluate(
        "[...document.querySelectorAll('.ring-marker .target')].map((circle) => circle.getBoundingClientRect().width)"
    )
    assert sizes
    assert round(min(sizes), 1) >= 24


def test_pinch_zoom_stays_allowed(open_page: OpenPage) -> None:
    """Folium's own page forbids it."""
    content = open_on_phone(open_page).get_attribute("meta[name=viewport]", "content") or ""
    assert "user-scalable" not in content
    assert "maximum-scale" not in content


def test_the_colours_are_a_tap_away(open_page: OpenPage) -> None:
    """The button is in the pill above the map, large enough to tap, and the whole page follows."""
    page = open_on_phone(open_page)
    box = page.locator("#theme").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    page.tap("#theme")
    wait_until(lambda: page.evaluate("getComputedStyle(document.body).color") == "rgb(234, 239, 243)")
    assert "theme=dark" in page.url


def test_chips_switch_layers(open_page: OpenPage) -> None:
    """The chips above the map are the switches."""
    page = open_on_phone(open_page)
    page.tap("[data-layer=accidents]")
    wait_until(lambda: page.get_attribute("[data-layer=accidents]", "aria-pressed") == "false")
    wait_until(lambda: page.inner_text("[data-total]") == "16")
