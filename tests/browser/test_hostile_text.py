"""What a record says is text, wherever it is shown: nothing in it is run, parsed or filled in.

That nothing ran is seen by `open_page`: a dialog, an error or a request to another host fails the test.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NASTY, NASTY_EMPLOYER, NASTY_TEXT, OpenPage, wait_until

pytestmark = pytest.mark.browser

ID = "S-2021-000008"
LIST, CARD, PAGE = "/?region=540000&tab=list", f"/?record={ID}&tab=list", f"/records/{ID}"
API_PAGE = f"/api/collections/strikes/items/{ID}?f=html"
SURFACES = {
    "list": (LIST, "#view-list .entry-title", True),
    "list without JavaScript": (LIST, "#view-list .entry-title", False),
    "overview": ("/?region=540000", "#view-overview .entry-title", True),
    "card": (CARD, ".card h2", True),
    "card without JavaScript": (CARD, ".card h2", False),
    "record's page": (PAGE, "h1", False),
    "record's page in Chinese": (f"{PAGE}?lang=zh-Hant", "h1", False),
    "page of the API": (API_PAGE, "h1", False),
}
"""Where the title stands: the address, the element, and whether JavaScript draws it."""
WITHOUT_TITLE = {
    "frame": "/embed?region=540000",
    "search": f"/?q={quote(NASTY)}",
    "export": f"/export?q={quote(NASTY)}",
    "share": f"/share?q={quote(NASTY)}",
}
"""Pages that say something of the record, or of what was asked, without its title."""


def check_inert(page: Page) -> None:
    """See that no element came out of a text, and that the JSON in the page is JSON."""
    assert page.locator("img, [onerror], [onload], a[href^='javascript:' i]").count() == 0
    for text in page.locator("script[type$=json]").all_text_contents():
        json.loads(text)
    assert "49" not in page.inner_text("body").replace(NASTY_TEXT, "").replace(NASTY_EMPLOYER, "").split()


@pytest.mark.parametrize(("path", "shown_in", "script"), SURFACES.values(), ids=SURFACES.keys())
def test_a_title_stays_its_letters(open_page: OpenPage, path: str, shown_in: str, script: bool) -> None:  # noqa: FBT001
    """Letter by letter, in every list, card and page."""
    page = open_page(path, java_script_enabled=script, has_map=script)
    wait_until(page.locator(shown_in).count)
    assert page.locator(shown_in).first.text_content() == NASTY
    check_inert(page)


@pytest.mark.parametrize("path", WITHOUT_TITLE.values(), ids=WITHOUT_TITLE.keys())
def test_other_pages_stay_inert(open_page: OpenPage, path: str) -> None:
    """Neither a record nor a question writes markup into a page."""
    check_inert(open_page(path, has_map=path.startswith(("/?", "/embed"))))


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("path", [CARD, PAGE], ids=["card", "record's page"])
def test_an_employer_and_a_description_stay_their_letters(
    open_page: OpenPage,
    path: str,
    script: bool,  # noqa: FBT001
) -> None:
    """No template is filled in, and an override of direction ends where the value ends."""
    page = open_page(path, java_script_enabled=script, has_map=path == CARD)
    employer = page.locator("dd span", has_text="مرحبا").first
    assert employer.text_content() == NASTY_EMPLOYER
    assert page.locator(".description").first.text_content() == NASTY_TEXT
    assert employer.evaluate("e => getComputedStyle(e).display") == "block", "a paragraph of its own for direction"


def test_a_card_that_is_opened_stays_inert(open_page: OpenPage) -> None:
    """What JavaScript draws after a click is as safe as what the server wrote; the title of the page too."""
    page = open_page(LIST)
    wait_until(page.locator("#view-list .entry").count)
    page.click("#view-list .entry")
    wait_until(page.locator(".card h2").count)
    assert page.locator(".card h2").text_content() == NASTY
    assert page.locator("dd span", has_text="مرحبا").first.text_content() == NASTY_EMPLOYER
    check_inert(page)


def test_programs_read_the_letters(open_page: OpenPage) -> None:
    """The page's title, what it says to other sites, its JSON-LD and its citations hold the text and nothing else."""
    page = open_page(PAGE, has_map=False)
    assert page.title().startswith(NASTY)
    assert page.get_attribute("meta[property='og:title']", "content") == NASTY
    assert json.loads(page.text_content("script[type='application/ld+json']") or "")["name"] == NASTY
    assert json.loads(page.locator("pre").nth(1).text_content() or "")[0]["title"] == NASTY


def test_a_tooltip_and_a_drawing_stay_inert(open_page: OpenPage) -> None:
    """The modules that write names over the map and into pictures make text nodes of them."""
    page = open_page("/")
    page.evaluate(
        """async (nasty) => {
            const address = [...document.querySelectorAll('link[rel=modulepreload]')].map((link) => link.href)
                .find((href) => href.endsWith('/js/dom.js'));
            const [{ Tooltip }, { element, graphic }] = await Promise.all(
                [import(address.replace('dom.js', 'tooltip.js')), import(address)]);
            new Tooltip({ get: () => nasty }).fill(nasty, null, []);
            const parts = [graphic('title', {}, nasty), graphic('text', {}, nasty)];
            document.body.append(graphic('svg', { 'aria-label': nasty }, ...parts));
        }""",
        NASTY,
    )
    assert page.locator("#tooltip strong").text_content() == NASTY
    assert page.locator("body > svg > title").text_content() == NASTY
    check_inert(page)
