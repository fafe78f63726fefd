"""What a reader is told when something cannot be had, and that nothing lies over what is to be read."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

from tests.browser.conftest import DESKTOP, OpenPage, wait_for_level, wait_for_place, wait_until
from tests.browser.test_accessibility import RULES

pytestmark = pytest.mark.browser

COVERED = """(card) => {
    const over = document.querySelector(card).getBoundingClientRect();
    const meets = (box) => box.width && box.left < over.right && box.right > over.left
        && box.top < over.bottom && box.bottom > over.top;
    return [...document.querySelectorAll('.ring-marker .disc, .ring-marker .ring-name')]
        .filter((drawn) => meets(drawn.getBoundingClientRect()))
        .map((drawn) => drawn.closest('.ring-marker').getAttribute('aria-label'));
}"""


def break_answers(page: Page, status: int) -> list[Route]:
    """Let every count be answered with a status; return what was asked."""
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        route.fulfill(status=status, content_type="application/problem+json", body='{"title": "No", "detail": "No"}')

    page.route("**/counts?*", answer)
    return asked


@pytest.mark.parametrize(
    ("status", "said"),
    [(503, "The server is busy. Please try again in a few seconds."), (500, "Could not load this.")],
    ids=["busy", "failed"],
)
def test_why_an_answer_is_missing_is_said(open_page: OpenPage, status: int, said: str) -> None:
    """A busy server and a failure are told apart, what is shown stays, and Retry goes on where it stopped."""
    page = open_page(forgiven="Failed to load resource")
    asked = break_answers(page, status)
    page.click(".ring-marker[data-code='130000']")
    wait_until(page.locator("#toast.shown").count)
    assert asked
    assert (page.text_content("#toast") or "").startswith(said)
    assert page.inner_text("h1") == "China"
    page.unroute("**/counts?*")
    page.click("#toast button")
    wait_for_place(page, "Hebei")


def test_no_connection_is_said_as_that(open_page: OpenPage) -> None:
    """In the banner at once, and in the toast of what was asked for; axe finds nothing wrong with either."""
    page = open_page("/?lang=zh-Hans", forgiven="ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(offline=True)
    wait_until(page.locator("#offline").is_visible)
    page.click(".ring-marker[data-code='130000']")
    wait_until(page.locator("#toast.shown").count)
    assert (page.text_content("#toast") or "").startswith("网络已断开")
    assert [fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]] == []
    page.context.set_offline(offline=False)
    wait_for_place(page, "河北")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("screen", [DESKTOP, {"width": 1366, "height": 768}, {"width": 1280, "height": 720}], ids=str)
def test_legend_and_time_cover_no_ring(open_page: OpenPage, screen: dict[str, int], language: str) -> None:
    """Every province and its name can be read beside the legend, and the circles are explained somewhere."""
    page = open_page(f"/?lang={language}", viewport=screen)
    assert page.evaluate(COVERED, ".legend-card") == page.evaluate(COVERED, ".stage .time-card") == []
    assert page.locator(".legend .circles:visible").count() == 1


def test_the_legend_of_a_frame_covers_no_ring(open_page: OpenPage) -> None:
    """In the size that the code of the share dialog asks for."""
    page = open_page("/embed", viewport={"width": 900, "height": 560})
    assert page.evaluate(COVERED, ".legend-card") == []


def test_a_region_is_seen_whole_beside_the_legend(open_page: OpenPage) -> None:
    """Guangdong fills the corner where the legend stands: it is drawn smaller, and none of its corners is covered."""
    page = open_page("/?region=440000")
    wait_for_level(page, "prefecture")
    legend = page.locator(".stage .legend-card").bounding_box()
    outline = page.locator("path.outline").bounding_box()
    assert legend
    assert outline
    assert outline["x"] > legend["x"] + legend["width"]
