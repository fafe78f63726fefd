"""What axe finds at WCAG 2.2 AA: nothing, in any state; and stillness for those who ask for it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, OpenPage, wait_for_level, wait_until

pytestmark = pytest.mark.browser

STATES = {
    "whole country": "/",
    "list": "/?tab=list&lang=zh-Hans",
    "table": "/?tab=table&lang=zh-Hant",
    "region": "/?region=440300",
    "cases alone": "/?layer=accountability",
    "no layer": "/?layer=none",
    "no result": "/?industry=mining&datetime=2011-01-01/2011-01-31&lang=zh-Hant",
    "notice": "/clb?map=1&eventId=2020101312203812345",
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


COUNT_MOVES = """() => {
    window.moved = 0;
    document.addEventListener('transitionrun', () => (window.moved += 1), true);
    new MutationObserver((changes) => changes.forEach(({ target }) => {
        if (target.matches('.leaflet-pan-anim, .leaflet-zoom-anim')) window.moved += 1;
    })).observe(document.querySelector('.leaflet-map-pane'), { attributeFilter: ['class'] });
}"""


@pytest.mark.parametrize("wish", ["reduce", "no-preference"])
def test_who_asks_for_stillness_gets_it(open_page: OpenPage, wish: str) -> None:
    """With reduced motion the map jumps, by click and by key, and nothing is animated or plays; else it flies."""
    page = open_page("/", reduced_motion=wish)
    page.evaluate(COUNT_MOVES)
    page.focus(".leaflet-container")
    hashes = [page.evaluate("location.hash")]
    for key in ("+", "ArrowRight", "-"):
        page.keyboard.press(key)
        wait_until(lambda: page.evaluate("location.hash") != hashes[-1])
        hashes.append(page.evaluate("location.hash"))
    page.click("[data-zoom=whole]")
    page.click(".ring-marker[data-code='130000']")
    wait_for_level(page, "prefecture")
    assert (page.evaluate("window.moved") == 0) == (wish == "reduce")
    assert page.locator(".time-card [data-play]").is_visible() == (wish == "no-preference")


def test_keys_move_the_map(open_page: OpenPage) -> None:
    """Arrows pan, plus and minus zoom, Escape in the whole country leaves everything as it is."""
    page = open_page()
    page.focus(".leaflet-container")
    page.keyboard.press("+")
    zoom, lat, lon = wait_until(lambda: read_view(page))
    page.keyboard.press("ArrowUp")
    wait_until(lambda: read_view(page)[1] > lat)
    page.keyboard.press("ArrowLeft")
    wait_until(lambda: read_view(page)[2] < lon)
    page.keyboard.press("-")
    wait_until(lambda: read_view(page)[0] < zoom)
    page.keyboard.press("Escape")
    assert page.evaluate("location.search") == ""
    assert page.inner_text("h1") == "China"


def read_view(page: Page) -> list[float]:
    """Return zoom, latitude and longitude of the address; nothing before the map was moved."""
    return [float(part) for part in page.evaluate("location.hash").removeprefix("#").split("/") if part]


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
