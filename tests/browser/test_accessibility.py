"""What axe finds at WCAG 2.2 AA: nothing, in any state; and stillness for those who ask for it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE, OpenPage, wait_for_level, wait_until

pytestmark = pytest.mark.browser

STATES = {
    "whole country": "/",
    "list": "/?tab=list&lang=zh-Hans",
    "table": "/?tab=table&lang=zh-Hant",
    "region": "/?region=440300",
    "cases alone": "/?layer=accountability",
    "no layer": "/?layer=none",
}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.mark.parametrize(
    ("screen", "colours"), [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")], ids=["desktop", "dark", "phone"]
)
@pytest.mark.parametrize("path", STATES.values(), ids=STATES.keys())
def test_axe_finds_nothing(open_page: OpenPage, path: str, screen: dict[str, int], colours: str) -> None:
    """No violation in any state, on any screen, in any colours."""
    page = open_page(path, viewport=screen, color_scheme=colours)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []


def test_axe_finds_nothing_on_a_card(open_page: OpenPage) -> None:
    """An open record is as good as the rest."""
    page = open_page("/?layer=accountability&tab=list")
    page.click("#view-list .entry >> nth=0")
    wait_until(lambda: page.locator(".card .contact").count())
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []


def test_who_asks_for_stillness_gets_it(open_page: OpenPage) -> None:
    """With reduced motion the map jumps and nothing is animated."""
    page = open_page("/", reduced_motion="reduce")
    page.evaluate("window.moved = 0; document.addEventListener('transitionrun', () => (window.moved += 1), true)")
    page.click(".ring-marker[data-code='130000']")
    wait_for_level(page, "prefecture")
    assert page.evaluate("window.moved") == 0
    assert page.locator(".leaflet-zoom-anim").count() == 0


def test_what_changed_is_said_aloud(open_page: OpenPage) -> None:
    """A screen reader hears the place and its counts after each step."""
    page = open_page()
    page.click(".ring-marker[data-code='130000']")
    wait_until(lambda: page.inner_text("#announcement") == "Hebei, 3 incidents, 1 accountability case")


def test_text_of_twice_the_size_is_not_lost(open_page: OpenPage) -> None:
    """At 200 % the head and the rows of the panel can still be read and reached."""
    page = open_page("/", viewport={"width": 720, "height": 450})
    page.click("#grab")
    assert page.locator("#view-overview .bar").first.is_visible()
