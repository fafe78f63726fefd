"""The panel: switches, figures, list, card, languages, colours."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, read_rings, wait_for_place, wait_until

pytestmark = pytest.mark.browser


def wait_for_total(page: Page, total: str) -> None:
    """Wait until the head shows a total."""
    wait_until(lambda: page.inner_text("[data-total]") == total)


def test_a_switch_takes_its_layer_out_of_everything(open_page: OpenPage) -> None:
    """Map, total, table and address follow; the switch keeps its own count."""
    page = open_page()
    page.click("[data-layer=strikes]")
    wait_for_total(page, "17")
    assert page.get_attribute("[data-layer=strikes]", "aria-pressed") == "false"
    assert page.inner_text("[data-layer=strikes] .layer-count") == "8"
    assert "layer=accidents,calls_for_help,accountability" in page.url
    wait_until(lambda: "540000" not in read_rings(page))


def test_without_any_layer_the_page_says_so(open_page: OpenPage) -> None:
    """All off is no error: one button shows everything again."""
    page = open_page("/?layer=accidents")
    page.click("[data-layer=accidents]")
    wait_until(page.locator(".empty").first.is_visible)
    assert page.inner_text("#view-overview .empty b") == "Choose a layer"
    assert read_rings(page) == {}
    page.click("#view-overview .empty .button")
    wait_for_total(page, "25")


def test_opening_a_record_changes_no_figure(open_page: OpenPage) -> None:
    """The totals of the page are those of the API, before and after the first answer came."""
    page = open_page("/?tab=list")
    before = page.locator(".layer-count").all_inner_texts()
    page.click("#view-list .entry >> nth=0")
    wait_until(lambda: page.locator(".card").count())
    assert page.locator(".layer-count").all_inner_texts() == before == ["8", "9", "8", "11"]
    assert page.inner_text("[data-total]") == "25"


def test_a_card_shows_the_record_and_its_sources(open_page: OpenPage) -> None:
    """Every source with an address is a link that tells nobody where the reader comes from."""
    page = open_page("/?layer=strikes&region=130000&tab=list")
    page.click("#view-list .entry >> text=Renqiu")
    wait_until(lambda: page.locator(".card").count())
    card = page.inner_text(".card")
    assert "Renqiu, Cangzhou, Hebei" in card
    assert re.search(r"Place shown to\s+County or district centroid, within \d+ km", card)
    assert "Single source" in card
    links = page.locator(".card .source a[target=_blank]")
    assert links.count() >= 1
    for link in links.all():
        assert link.get_attribute("rel") == "noopener noreferrer nofollow"
        assert (link.get_attribute("href") or "").startswith("https://")


def test_an_accountability_card_shows_every_union_and_leads_to_its_incidents(open_page: OpenPage) -> None:
    """The unions contacted stand in order, and the case and its incidents are linked both ways."""
    page = open_page("/?layer=accountability&region=130000&tab=list")
    page.click("#view-list .entry >> nth=0")
    wait_until(lambda: page.locator(".card .contact").count())
    assert "Cangzhou Municipal Federation of Trade Unions" in page.inner_text(".contact >> nth=0")
    page.click(".card .linked a >> nth=0")
    wait_until(lambda: "S-2020" in page.inner_text(".card .number"))
    assert page.locator(".card .answer[href*='record=U-']").count() == 1


def test_back_closes_a_card(open_page: OpenPage) -> None:
    """A card is a step of its own."""
    page = open_page("/?tab=list")
    page.click("#view-list .entry >> nth=0")
    wait_until(lambda: page.locator(".card").count())
    page.go_back()
    wait_until(lambda: page.locator("#view-list .entry").count() == 20)
    assert "record=" not in page.url


def test_the_keyboard_opens_a_record_and_comes_to_it(open_page: OpenPage) -> None:
    """Who opens a record by keyboard stands at its title, not at the top of the page."""
    page = open_page("/?tab=list")
    page.focus("#view-list .entry >> nth=0")
    page.keyboard.press("Enter")
    wait_until(lambda: page.evaluate("document.activeElement.matches('.card h2')"))


def test_a_long_list_goes_on(open_page: OpenPage) -> None:
    """More records come after the first twenty, until all are there."""
    page = open_page("/?tab=list")
    wait_until(lambda: page.locator("#view-list button.more").count())
    page.click("#view-list button.more")
    wait_until(lambda: page.locator("#view-list .entry").count() == 36)
    assert page.inner_text("#view-list .list-end span") == "36 of 36 shown"
    assert page.locator("#view-list button.more").is_hidden()


def test_parts_and_remainder_make_the_whole(open_page: OpenPage) -> None:
    """What the rows cannot claim is a row of its own, so that the table sums to its total."""
    page = open_page("/?tab=table")
    wait_until(lambda: page.locator("#view-table .months").count())
    cells = page.locator("#view-table .regions tbody tr td:nth-of-type(4)").all_inner_texts()
    assert sum(map(int, cells)) == int(page.inner_text("#view-table .regions tfoot td >> nth=3")) == 25
    assert "Place not known more exactly" in page.inner_text("#view-table .regions")


@pytest.mark.parametrize(
    ("language", "place", "word", "other"),
    [
        ("en", "Guangdong", "incidents", "zh-Hans"),
        ("zh-Hans", "广东", "起事件", "zh-Hant"),
        ("zh-Hant", "廣東", "起事件", "en"),
    ],
)
def test_every_language_has_the_whole_page(
    open_page: OpenPage, language: str, place: str, word: str, other: str
) -> None:
    """Names, words and numbers are the language's; switching keeps the selection, and Back comes home."""
    page = open_page(f"/?region=440000&layer=strikes,calls_for_help&lang={language}")
    wait_for_place(page, place)
    assert page.inner_text("[data-total-word]") == word
    assert page.get_attribute("html", "lang") == language
    page.click(f".languages [data-language='{other}']")
    wait_until(lambda: page.get_attribute("html", "lang") == other)
    assert "region=440000" in page.url
    assert "layer=strikes,calls_for_help" in page.url
    page.go_back()
    wait_for_place(page, place)


def test_dark_and_light_follow_the_reader(open_page: OpenPage) -> None:
    """The system's wish first, then the button's, which stays in the address."""
    page = open_page("/", color_scheme="dark")
    ground = "getComputedStyle(document.querySelector('.panel')).backgroundColor"
    assert page.evaluate(ground) == "rgb(21, 27, 33)"
    page.click("#theme")
    wait_until(lambda: page.evaluate(ground) == "rgb(255, 255, 255)")
    assert "theme=light" in page.url


def test_shading_can_be_switched_off(open_page: OpenPage) -> None:
    """Without shades the rings stay."""
    page = open_page()
    page.click("[data-shade=none]")
    wait_until(lambda: page.evaluate("document.querySelectorAll('.leaflet-land-pane .k4').length") == 0)
    assert read_rings(page)
