"""Time: the brush by mouse and keyboard, presets, two months, play, and a table that says what map and API say."""

from __future__ import annotations

import json
import urllib.request
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, follow, read_rings, wait_until

pytestmark = pytest.mark.browser

CARD = ".time-card [data-time]"


def read_json(address: str) -> Any:
    """Return what the API answers."""
    with urllib.request.urlopen(address) as answer:  # noqa: S310
        return json.load(answer)


def asked_time(page: Page) -> str | None:
    """Return the range of time in the address of a page."""
    query = str(page.evaluate("location.search")).removeprefix("?")
    return parse_qs(query).get("datetime", [None])[0]


def wait_for_time(page: Page, datetime: str | None) -> None:
    """Wait until the address asks for a range."""
    wait_until(lambda: asked_time(page) == datetime)


def total_of(page: Page, site_address: str) -> str:
    """Return how many incidents the API counts in the range that the page's address asks for."""
    query = f"datetime={asked_time(page)}&limit=1"
    return str(read_json(f"{site_address}/api/collections/incidents/items?{query}")["numberMatched"])


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press, move and release the mouse."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def test_the_keyboard_moves_the_ends_of_the_range(open_page: OpenPage, site_address: str) -> None:
    """Arrows by a month, page keys by a year; address, words, total and API agree, and Back does not undo steps."""
    page = open_page()
    handle = page.locator(f"{CARD} [data-handle=first]")
    handle.focus()
    wait_until(lambda: handle.get_attribute("aria-valuetext") == "Jan 2018")
    for _ in range(2):
        page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    wait_for_time(page, "2020-02-01/2021-12-31")
    assert handle.get_attribute("aria-valuetext") == "Feb 2020"
    assert page.inner_text(f"{CARD} [data-range]") == "Feb 2020 – Dec 2021"
    page.focus(f"{CARD} [data-handle=last]")
    page.keyboard.press("PageDown")
    wait_for_time(page, "2020-02-01/2020-12-31")
    wait_until(lambda: page.inner_text("[data-total]") == total_of(page, site_address))
    assert sum(read_rings(page).values()) > 0
    page.keyboard.press("End")
    page.focus(f"{CARD} [data-handle=first]")
    page.keyboard.press("Home")
    wait_for_time(page, None)
    assert page.get_attribute(f"{CARD} [data-preset=all]", "aria-current") == "true"


def test_the_mouse_drags_the_window_and_chooses_months(open_page: OpenPage, site_address: str) -> None:
    """A click is one month, a drag over free months is a range, a drag of the window moves it."""
    page = open_page()
    brush = page.locator(f"{CARD} .brush")
    box = brush.bounding_box()
    number = int(page.get_attribute(CARD, "data-number") or 0)
    assert box is not None
    assert number == len(range(2018, 2022)) * 12
    month = box["width"] / number
    middle = box["y"] + box["height"] * 0.9

    def at(index: float) -> float:
        return float(box["x"] + (index + 0.5) * month)

    page.mouse.click(at(26), middle)
    wait_for_time(page, "2020-03-01/2020-03-31")
    drag(page, (at(3), middle), (at(34), middle))
    wait_for_time(page, "2018-04-01/2020-11-30")
    drag(page, (at(10), middle), (at(13), middle))
    wait_for_time(page, "2018-07-01/2021-02-28")
    wait_until(lambda: page.inner_text("[data-total]") == total_of(page, site_address))
    handle = page.locator(f"{CARD} [data-handle=first] .grip").bounding_box()
    assert handle is not None
    grip = (handle["x"] + 4, handle["y"] + 4)
    drag(page, grip, (grip[0] + 6 * month, grip[1]))
    wait_for_time(page, "2019-01-01/2021-02-28")


def test_presets_and_months_need_no_drag(open_page: OpenPage) -> None:
    """Presets count back from the last month with a record, and say so; two months are a range, either way round."""
    page = open_page()
    assert page.inner_text(f"{CARD} [data-back-short]") == "back from Dec 2021"
    page.click(f"{CARD} [data-preset=year]")
    wait_for_time(page, "2021-01-01/2021-12-31")
    page.click(f"{CARD} [data-preset=days]")
    wait_for_time(page, "2021-10-03/2021-12-31")
    assert page.inner_text(f"{CARD} [data-range]") == "3 Oct 2021 – 31 Dec 2021"
    page.click(f"{CARD} summary")
    page.fill(f"{CARD} [name=from]", "2020-12")
    page.fill(f"{CARD} [name=to]", "2020-05")
    page.keyboard.press("Enter")
    wait_for_time(page, "2020-05-01/2020-12-31")


def test_time_works_without_javascript(open_page: OpenPage) -> None:
    """Presets are links and two months are a form; both keep what else is asked for."""
    page = open_page("/?layer=strikes,accidents", java_script_enabled=False)
    follow(page, f"{CARD} [data-preset=years]")
    assert asked_time(page) == "2017-01-01/2021-12-31"
    page.click(f"{CARD} summary")
    page.fill(f"{CARD} [name=from]", "2020-05")
    page.fill(f"{CARD} [name=to]", "2020-12")
    follow(page, f"{CARD} form button")
    assert asked_time(page) == "2020-05-01/2020-12-31"
    assert "layer=strikes,accidents" in page.url
    assert page.inner_text(f"{CARD} [data-range]") == "May 2020 – Dec 2020"
    assert page.locator(f"{CARD} [data-play]").is_hidden()


def test_time_plays_one_step_a_second_and_stops_at_the_end(open_page: OpenPage) -> None:
    """From the first year to the last; who asks for stillness has no button."""
    page = open_page("/?layer=strikes", reduced_motion="no-preference")
    page.wait_for_load_state("networkidle")
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    play = page.locator(f"{CARD} [data-play]")
    play.click()
    wait_for_time(page, "2018-01-01/2018-12-31")
    assert play.get_attribute("aria-label") == "Pause"
    page.clock.run_for(1000)
    wait_for_time(page, "2019-01-01/2019-12-31")
    play.click()
    page.clock.run_for(5000)
    assert asked_time(page) == "2019-01-01/2019-12-31"
    play.click()
    wait_for_time(page, "2020-01-01/2020-12-31")
    page.clock.run_for(20000)
    wait_for_time(page, "2021-01-01/2021-12-31")
    assert play.get_attribute("aria-label") == "Play"
    still = open_page("/", reduced_motion="reduce")
    assert still.locator(f"{CARD} [data-play]").is_hidden()


def test_changes_of_method_are_drawn_and_said(open_page: OpenPage) -> None:
    """A line stands on the histogram with what it means, and the years that it parts do not compare."""
    page = open_page("/?datetime=2019-01-01/2020-12-31")
    titles = page.locator(f"{CARD} .method title").all_text_contents()
    assert titles == ["2020: events were found by automated search."]
    assert "Not comparable: new method in 2020" in page.inner_text("[data-change]")
    page.click(f"{CARD} [data-preset=year]")
    wait_until(lambda: "Not comparable" not in page.inner_text("[data-change]"))
    assert page.locator("[data-change]").inner_text().startswith(("▲", "▼", "As many"))


def test_the_table_says_what_map_and_api_say(open_page: OpenPage, site_address: str) -> None:
    """By region and by month, with what neither can claim; any column orders it."""
    page = open_page("/?tab=table&datetime=2020-01-01/2020-12-31&layer=strikes,accidents,calls_for_help")
    question = f"{site_address}/api/collections/incidents/counts?datetime=2020-01-01/2020-12-31"
    cells = page.locator("#view-table .regions tbody tr").evaluate_all(
        """(rows) => rows.map((row) => [row.querySelector('a')?.href.match(/region=(\\d+)/)[1] ?? 'rest',
            row.cells[4].textContent])"""
    )
    counts = read_json(f"{question}&by=province")
    in_table = {code: int(count) for code, count in cells if code != "rest"}
    assert in_table == {cell["province"]: cell["count"] for cell in counts["counts"]} == read_rings(page)
    assert sum(int(count) for _code, count in cells) == counts["total"] == int(page.inner_text("[data-total]"))
    months = read_json(f"{question}&by=month")
    rows = page.locator(".months tbody tr").evaluate_all(
        "(rows) => rows.map((row) => Number(row.cells[4].textContent))"
    )
    assert sum(rows) == months["counted"]
    assert page.inner_text(".months > p span") == str(months["total"] - months["counted"])
    first = page.locator("#view-table .regions tbody th >> nth=0")
    heading = page.locator("#view-table .regions thead th", has_text="Per million")
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    rates = page.locator("#view-table .regions tbody tr:not(.remainder) td:nth-of-type(5)").all_inner_texts()
    assert [float(rate) for rate in rates] == sorted((float(rate) for rate in rates), reverse=True)
    page.click("#view-table .regions thead th >> nth=0 >> button")
    assert first.inner_text() == min(page.locator("#view-table .regions tbody a").all_inner_texts())
    page.click("[data-layer=accidents]")
    wait_until(lambda: page.locator("#view-table .regions thead th").count() == 5)
    assert page.get_attribute("#view-table .regions thead th >> nth=0", "aria-sort") == "ascending"


def test_a_printed_page_says_what_it_shows(open_page: OpenPage) -> None:
    """Map, legend, table, filters, address and date; no control. It follows the selection, and needs no script."""
    page = open_page("/?industry=construction&theme=dark")
    page.click(f"{CARD} [data-preset=years]")
    wait_for_time(page, "2016-07-01/2021-06-30")
    page.emulate_media(media="print")
    for shown in (".stage .legend", "#view-table .regions", f"{CARD} .columns", "#print", "[data-print=day]"):
        assert page.locator(shown).first.is_visible(), shown
    for hidden in (".top", ".left", ".tabs", ".zoom", ".presets"):
        assert page.locator(hidden).first.is_hidden(), hidden
    wait_until(lambda: page.inner_text("[data-print=filters]") == "Time: Jul 2016 – Jun 2021; Industry: Construction")
    assert page.inner_text("[data-print=address]").endswith("/?datetime=2016-07-01%2F2021-06-30&industry=construction")
    height = page.evaluate("document.querySelector('.fit-box').getBoundingClientRect().height")
    assert height == pytest.approx(150 * 96 / 25.4, abs=1)
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(21, 27, 33)"
    sent = open_page(page.url, java_script_enabled=False, viewport={"width": 680, "height": 1000})
    sent.emulate_media(media="print")
    picture = sent.locator(".first-frame").bounding_box()
    assert picture is not None
    assert picture["width"] == 680, "all of it stands on the paper"
    assert sent.locator("#view-overview").is_hidden()
    legend = sent.locator(".stage .legend").bounding_box()
    assert legend is not None
    assert legend["y"] >= picture["y"] + picture["height"], "and the legend below it"
    assert sent.inner_text("[data-print=filters]") == "Time: Jul 2016 – Jun 2021; Industry: Construction"
    assert sent.inner_text("[data-print=layers]").startswith("Strikes & protests, Workplace accidents")
    assert sent.locator("#view-table .regions").is_visible()
