"""The form of a record in a real browser: place from map and gazetteer, what looks alike, who was faster, the past."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESKTOP, PHONE, follow, wait_until
from tests.browser.test_accessibility import RULES
from tests.browser.test_batches import Newsroom, newsroom

__all__ = ["newsroom"]

pytestmark = pytest.mark.browser

TITLE = "Dockers of the eastern port stop work"
NEW = "/editor/records/new/strikes"
MOST_PROVINCES = 30


def save(page: Page) -> None:
    """Press the button of the form."""
    follow(page, "form.record button.button")


def make_strike(page: Page, day: str) -> str:
    """Type a strike and save it; return the address of its form."""
    page.goto(NEW)
    page.fill("#starts_on", day)
    page.fill("#title_en", TITLE)
    page.fill("#region", "440300")
    page.fill("#sources", "A newspaper https://news.example/port")
    save(page)
    assert "was made and published" in page.inner_text("main .note")
    return page.url.partition("?")[0]


def test_the_place_is_taken_from_the_map_and_the_gazetteer(newsroom: Newsroom, browser: Browser) -> None:
    """The provinces are its ground; a click writes longitude and latitude, and a name offers its region."""
    page = newsroom.open(browser)
    page.goto(NEW)
    page.locator("#region").press_sequentially("Shenzhen")
    wait_until(page.locator("#region-names option[value='440300']").count)
    wait_until(lambda: page.locator(".picker .land").count() > MOST_PROVINCES)
    page.locator(".picker").scroll_into_view_if_needed()
    box = page.locator(".picker").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_until(page.locator(".picker .point").count)
    lon, lat = float(page.input_value("#lon")), float(page.input_value("#lat"))
    assert (73 < lon < 135, 18 < lat < 54, page.input_value("#datum")) == (True, True, "wgs84")
    page.context.close()


def test_a_record_that_looks_alike_is_shown_while_typing(newsroom: Newsroom, browser: Browser) -> None:
    """Before anything is sent; and no more once the day is another."""
    page = newsroom.open(browser)
    make_strike(page, "2019-05-06")
    page.goto(NEW)
    page.fill("#starts_on", "2019-05-07")
    page.fill("#title_en", "Dockers of eastern port stop working")
    page.fill("#region", "440300")
    wait_until(page.locator(".near a").count)
    assert TITLE in page.inner_text(".near")
    page.fill("#starts_on", "2019-05-17")
    wait_until(page.locator(".near").is_hidden)
    page.context.close()


def test_who_is_slower_keeps_what_was_typed(newsroom: Newsroom, browser: Browser) -> None:
    """And the history says who changed what, and why."""
    page = newsroom.open(browser)
    address = make_strike(page, "2018-05-06")
    other = page.context.new_page()
    other.goto(address)
    other.fill("#title_en", f"{TITLE} for a day")
    other.fill("#reason", "the paper of Tuesday")
    save(other)
    other.close()
    page.goto(address)
    page.evaluate("document.querySelector('input[name=version]').value = '1'")
    page.fill("#title_en", f"{TITLE} for a week")
    save(page)
    assert "Somebody else changed this record" in page.inner_text("main [role=alert]")
    assert page.input_value("#title_en") == f"{TITLE} for a week"
    page.goto(f"{address}/history")
    assert "the paper of Tuesday" in page.inner_text("main")
    assert page.locator(".differences del").first.inner_text() == TITLE
    follow(page, "form[action$='/restore'] button")
    assert page.input_value("#title_en") == TITLE
    page.context.close()


def test_a_record_is_taken_back_and_taken_down(newsroom: Newsroom, browser: Browser) -> None:
    """With a reason; for good only by a reviewer who types its name."""
    page = newsroom.open(browser)
    address = make_strike(page, "2017-05-06")
    page.goto(f"{address}/history")
    page.fill("#retract-reason", "it was another port")
    follow(page, "form[action$='/retract'] button")
    assert "it was another port" in page.locator(".versions li").first.inner_text()
    reviewer = newsroom.open(browser, role="reviewer")
    reviewer.goto(f"{address}/takedown")
    reviewer.fill("#confirm", reviewer.inner_text("main h1 small"))
    follow(reviewer, "main form button.danger")
    assert "was taken down" in reviewer.inner_text("main .note")
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404
    reviewer.context.close()
    page.context.close()


def test_a_call_for_help_goes_to_review_without_javascript(newsroom: Newsroom, browser: Browser) -> None:
    """What is typed is shown to a second person with what readers would see, and published when they agree."""
    page = newsroom.open(browser, java_script_enabled=False)
    page.goto("/editor/records/new/calls_for_help")
    assert page.locator(".picker").is_hidden()
    page.fill("#starts_on", "2019-03-04")
    page.fill("#title_en", "A sweeper asks for three months of wages")
    page.fill("#region", "440300")
    page.fill("#sources", "A letter")
    save(page)
    assert "somebody else must approve it" in page.inner_text(".decide")
    reviewer = newsroom.open(browser, role="reviewer", java_script_enabled=False)
    reviewer.goto("/editor/review")
    follow(reviewer, ".queue .button")
    assert "What readers would see" in reviewer.inner_text(".edit")
    assert "prefecture" in reviewer.inner_text(".edit .pairs")
    follow(reviewer, "form[action$='/approve'] button")
    assert "Loaded" in reviewer.inner_text("main")
    reviewer.context.close()
    page.context.close()


@pytest.mark.parametrize(
    ("screen", "colours", "language"),
    [(DESKTOP, "light", "zh-Hans"), (PHONE, "dark", "en")],
    ids=["desktop", "phone"],
)
def test_axe_finds_nothing(
    newsroom: Newsroom, browser: Browser, screen: dict[str, int], colours: str, language: str
) -> None:
    """On the forms and the search; and no page is wider than the screen."""
    page = newsroom.open(browser, language=language, viewport=screen, color_scheme=colours)
    for address in (NEW, "/editor/records/new/calls_for_help", "/editor/records"):
        page.goto(address)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.context.close()
