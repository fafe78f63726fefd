"""A record in the panel and on its own page: reached by keyboard, without JavaScript, alike from both sides."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, OpenPage, follow, wait_until
from tests.browser.test_accessibility import RULES

pytestmark = pytest.mark.browser

STRIKE, CASE, CALL = "S-2020-000001", "U-2020-000002", "H-2020-000004"


def press_until(page: Page, key: str, selector: str, most: int = 120) -> None:
    """Press a key until an element has the focus."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"The keyboard does not reach {selector}")


def test_the_keyboard_goes_from_the_skip_link_to_a_source_and_back(open_page: OpenPage) -> None:
    """Skip link, figures, list, record, source; then back to the record's line in the list."""
    page = open_page("/?layer=strikes")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    press_until(page, "Tab", "#tab-list")
    page.keyboard.press("Enter")
    wait_until(page.locator("#view-list .entry").count)
    press_until(page, "Tab", "#view-list .entry[href*='S-2020']")
    opened = page.evaluate("new URL(document.activeElement.href).searchParams.get('record')")
    page.keyboard.press("Enter")
    wait_until(lambda: page.evaluate("document.activeElement.matches('.card h2')"))
    press_until(page, "Tab", ".card .source a[href^='https://']")
    press_until(page, "Shift+Tab", ".card .back")
    page.keyboard.press("Enter")
    wait_until(lambda: page.evaluate("document.activeElement.matches('#view-list .entry')"))
    assert opened in page.evaluate("document.activeElement.href")


def test_the_list_is_as_it_was_when_a_record_is_closed(open_page: OpenPage) -> None:
    """As long and as far down; the records before and after are a click away."""
    page = open_page("/?tab=list")
    wait_until(page.locator("#view-list button.more").count)
    page.click("#view-list button.more")
    wait_until(lambda: page.locator("#view-list .entry").count() == 36)
    page.locator("#view-list .entry").nth(30).scroll_into_view_if_needed()
    scrolled = page.evaluate("document.querySelector('.panel-body').scrollTop")
    names = page.locator("#view-list .entry-title").all_text_contents()
    page.locator("#view-list .entry").nth(30).click()
    wait_until(page.locator(".card h2").count)
    assert page.evaluate("document.querySelector('.panel-body').scrollTop") == 0
    page.click(".card .next")
    wait_until(lambda: page.inner_text(".card h2") == names[31])
    page.click(".card .previous")
    wait_until(lambda: page.inner_text(".card h2") == names[30])
    page.click(".card .back")
    wait_until(lambda: page.locator("#view-list .entry").count() == 36)
    assert abs(page.evaluate("document.querySelector('.panel-body').scrollTop") - scrolled) <= 1


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
@pytest.mark.parametrize("record", [STRIKE, CASE, CALL])
def test_server_and_browser_draw_one_card(open_page: OpenPage, record: str, language: str) -> None:
    """Word for word and link by link."""
    address = f"/?record={record}&tab=list&lang={language}"
    written = open_page(address, java_script_enabled=False)
    drawn = open_page(f"/?q={record[:1]}xyz&tab=list&lang={language}")
    drawn.evaluate("(path) => history.pushState(null, '', path)", address)
    drawn.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    wait_until(drawn.locator(".card h2").count)
    read = "document.querySelector('.card').innerText.split('\\n').map((line) => line.trim()).filter(Boolean)"
    links = "[...document.querySelectorAll('.card a')].map((link) => link.getAttribute('href'))"
    assert drawn.evaluate(read) == written.evaluate(read)
    assert drawn.evaluate(links) == written.evaluate(links)


def test_a_list_that_cannot_be_had_says_so_in_its_place(open_page: OpenPage) -> None:
    """And tries again at a click."""
    page = open_page("/", forgiven="Failed to load resource")
    page.route("**/collections/records/items?*", lambda route: route.abort())
    page.click("#tab-list")
    wait_until(page.locator("#view-list .list-state button").count)
    assert "No connection." in page.inner_text("#view-list .list-state")
    page.unroute("**/collections/records/items?*")
    page.click("#view-list .list-state button")
    wait_until(lambda: page.locator("#view-list .entry").count() == 20)


def test_without_javascript_everything_about_a_record_is_there(open_page: OpenPage) -> None:
    """From the list to the card, to the record's page, to the case about it and to the map at the record."""
    page = open_page("/?tab=list", java_script_enabled=False)
    assert page.inner_text("#view-list .list-end span") == "20 of 36 shown"
    follow(page, "#view-list .list-end a")
    assert page.locator("main a[href*='/items/']").count() >= 36
    page.goto("/?layer=strikes&region=130000&tab=list")
    follow(page, "#view-list .entry >> text=Renqiu")
    assert page.locator(".card .source").count() >= 2
    follow(page, ".card-end a[href^='/records/']")
    assert page.url.endswith(f"/records/{STRIKE}")
    assert page.locator(".locator svg path.chosen").first.get_attribute("d")
    assert "Published" in page.inner_text(".changes")
    follow(page, "a.answer")
    assert page.inner_text(".kind .number") == CASE
    assert page.locator(".contact").count() >= 3
    follow(page, f".linked a[href$='{STRIKE}']")
    follow(page, ".record-actions a")
    assert f"record={STRIKE}" in page.url
    assert page.inner_text(".card .number") == STRIKE


def find_faults(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe finds."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize(
    ("screen", "colours"), [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "dark")], ids=["desktop", "dark", "phone"]
)
def test_axe_finds_nothing(open_page: OpenPage, screen: dict[str, int], colours: str, language: str) -> None:
    """On the pages of a strike, a case and a call for help, and on their cards."""
    page = open_page(f"/?record={CASE}&tab=list&lang={language}", viewport=screen, color_scheme=colours)
    assert find_faults(page) == []
    for record in (STRIKE, CASE, CALL):
        page.goto(f"/records/{record}?lang={language}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert find_faults(page) == [], record


def test_a_page_fits_a_phone_and_prints(open_page: OpenPage) -> None:
    """Nothing is cut off at the side of the narrowest screen; on paper the addresses of sources are written out."""
    page = open_page(f"/records/{STRIKE}", viewport={"width": 320, "height": 640}, has_map=False)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.emulate_media(media="print")
    wait_until(page.locator(".record-actions").is_hidden)
    assert page.evaluate("getComputedStyle(document.querySelector('.source a'), '::after').content") != "none"


def test_a_chosen_case_has_lines_to_its_incidents(open_page: OpenPage) -> None:
    """A mark for the case and each of its two strikes, and a line between; they go when the card is closed."""
    page = open_page(f"/?record={CASE}")
    wait_until(lambda: page.locator(".case-end").count() == 3)
    assert page.locator("path.case-line").count() == 1
    assert (page.locator("path.case-line").get_attribute("d") or "").count("M") == 2
    page.click(".card .back")
    wait_until(lambda: page.locator(".case-end").count() == 0)
    assert page.locator("path.case-line").count() == 0
