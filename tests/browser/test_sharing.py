"""A view goes elsewhere: as a link, in another site's frame, as files, as a picture; and what its pages look like."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import quote
from xml.etree.ElementTree import Element

import pytest
from axe_playwright_python.sync_playwright import Axe
from defusedxml.ElementTree import fromstring
from playwright.sync_api import Page

from tests.browser.conftest import (
    NASTY,
    PHONE,
    OpenPage,
    follow,
    read_rings,
    wait_for_place,
    wait_until,
    wait_until_ready,
)
from tests.browser.test_accessibility import RULES

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"


def open_dialog(page: Page, name: str) -> None:
    """Open a dialog from the top bar."""
    page.click(f".top .ways a[data-way={name}]")
    wait_until(lambda: page.locator("dialog[open]").count())


def test_a_shared_link_restores_the_view(open_page: OpenPage) -> None:
    """Place, layers, filter, shade, language, colours and the map's own position survive the copy of the link."""
    page = open_page("/?layer=strikes,accountability&region=130000&tab=table&shade=count&lang=zh-Hans&theme=dark")
    page.click("[data-zoom=in]")
    wait_until(lambda: "#" in page.url)
    option = page.locator(".left .option").first
    before = option.bounding_box()
    open_dialog(page, "share")
    assert option.bounding_box() == before, "the dialog's style sheet changes the page behind it"
    link = page.input_value("#share-link")
    assert link == page.url
    page.keyboard.press("Escape")
    wait_until(lambda: not page.locator("dialog").count())
    assert page.evaluate("document.activeElement.dataset.way") == "share"
    other = open_page(link)
    wait_until(lambda: read_rings(other) == read_rings(page))
    for script in (
        "document.title",
        "getComputedStyle(document.body).color",
        "document.querySelector('.panel').innerText",
    ):
        assert other.evaluate(script) == page.evaluate(script)


def test_what_is_copied_is_said_and_what_cannot_be_is_selected(open_page: OpenPage) -> None:
    """With the clipboard the text is on it; where the browser refuses, the text is selected for the reader."""
    page = open_page("/", permissions=["clipboard-read", "clipboard-write"])
    open_dialog(page, "share")
    page.click("#share-link + .copy")
    wait_until(lambda: page.inner_text(".dialog-toast") == "Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
    )
    page.click("#share-code + .copy")
    wait_until(lambda: page.inner_text(".dialog-toast").startswith("The text is selected"))
    assert page.evaluate("getSelection().toString()").startswith("<iframe")


def test_files_hold_what_the_dialog_promises(open_page: OpenPage) -> None:
    """The count before the download is numberMatched and the rows of the file, for each choice; the filter is in it."""
    page = open_page("/?datetime=2020-01-01/..&layer=strikes,accidents")
    open_dialog(page, "export")
    for choice in ("all", "strikes"):
        page.check(f"input[value={choice}]")
        promised = int(page.get_attribute("[data-rows]", "data-rows") or 0)
        links = dict(
            page.eval_on_selector_all(
                "[data-format]", "(links) => links.map((a) => [a.dataset.format, a.getAttribute('href')])"
            )
        )
        assert len(links) == 8
        matched = page.request.get(links["geojson"].replace("download=true", "limit=1")).json()["numberMatched"]
        rows = list(csv.DictReader(io.StringIO(page.request.get(links["csv"]).text())))
        assert promised == matched == len(rows) > 0
        assert page.inner_text(".terms code") in rows[0]["_about"]
    page.check("#export-bom")
    with page.expect_download() as taken:
        page.click("[data-format=csv]")
    assert taken.value.suggested_filename.startswith("strikes-v")
    assert Path(taken.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")


def take_picture(page: Page, form: str) -> bytes:
    """Return the picture of the map as a file."""
    with page.expect_download() as taken:
        page.click(f"[data-picture={form}]")
    assert taken.value.suggested_filename.endswith(f".{form}")
    return Path(taken.value.path()).read_bytes()


def texts_of(picture: Element) -> str:
    """Return all words in a picture."""
    return "\n".join("".join(text.itertext()) for text in picture.iter(f"{SVG}text"))


def test_the_picture_shows_what_the_map_shows(open_page: OpenPage) -> None:
    """SVG: rings, names, legend, filters as text whatever they say, licence, source. PNG: pixels of the layers."""
    page = open_page(f"/?q={quote('工 ' + NASTY)}&theme=light&lang=en")
    wait_until(lambda: page.locator(".ring-marker").count() or page.locator(".empty").count())
    open_dialog(page, "export")
    hostile = fromstring(take_picture(page, "svg").decode())
    assert NASTY in texts_of(hostile).replace("\n", " ")
    assert {element.tag.removeprefix(SVG) for element in hostile.iter()} <= ALLOWED
    plain = open_page("/?theme=light")
    open_dialog(plain, "export")
    picture = fromstring(take_picture(plain, "svg").decode())
    words = texts_of(picture)
    for word in ("China – Labour Map", "25 incidents", "No record", "CC BY 4.0", plain.url, "no endorsement"):
        assert word in words, word
    numbers = [int(word) for word in words.split("\n") if re.fullmatch(r"\d+", word)]
    assert set(read_rings(plain).values()) <= set(numbers)
    strokes = {element.get("stroke") for element in picture.iter(f"{SVG}path")}
    assert {"rgb(151, 10, 13)", "rgb(190, 124, 28)", "rgb(49, 119, 220)"} <= strokes
    image = take_picture(plain, "png")
    assert image.startswith(b"\x89PNG\r\n")
    seen = count_pixels(plain, image, ["151,10,13", "190,124,28", "49,119,220"])
    assert min(seen) > 100


ALLOWED = {"svg", "title", "desc", "defs", "pattern", "g", "path", "rect", "circle", "text", "line"}


def count_pixels(page: Page, image: bytes, colours: list[str]) -> list[int]:
    """Return how many pixels of a picture have each colour."""
    script = """async ([bytes, colours]) => {
        const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
        const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
        pen.drawImage(picture, 0, 0);
        const { data } = pen.getImageData(0, 0, picture.width, picture.height);
        const seen = {};
        for (let at = 0; at < data.length; at += 4) {
            const colour = `${data[at]},${data[at + 1]},${data[at + 2]}`;
            seen[colour] = (seen[colour] ?? 0) + 1;
        }
        return colours.map((colour) => seen[colour] ?? 0);
    }"""
    counted: list[int] = page.evaluate(script, [list(image), colours])
    return counted


def test_chosen_colours_stay(open_page: OpenPage) -> None:
    """After the button they are kept by Back, by the switch of language and by the next visit; a link has its way."""
    page = open_page()
    page.click("#theme")
    wait_until(lambda: "theme=dark" in page.url)
    page.click(".ring-marker[data-code='130000']")
    wait_for_place(page, "Hebei")
    page.click("#theme")
    page.go_back()
    wait_for_place(page, "China")
    assert "theme=light" in page.url
    follow(page, "[data-language=zh-Hans]")
    wait_until(lambda: page.inner_text("h1") == "中国")
    assert "theme=light" in page.url
    page.goto("/")
    dark = "document.getElementById('dark-colours').media"
    wait_until(lambda: page.evaluate(dark) == "not all")
    page.goto("/?theme=dark")
    wait_until_ready(page)
    assert page.evaluate(dark) == "all"
    page.goto("/")
    wait_until(lambda: page.evaluate(dark) == "not all")


@pytest.mark.parametrize("name", ["share", "export"])
def test_without_javascript_each_way_is_a_page(open_page: OpenPage, name: str) -> None:
    """The links of the top bar lead to pages that know the selection, and back."""
    page = open_page("/?region=130000&lang=zh-Hant", java_script_enabled=False)
    follow(page, f".top .ways a[data-way={name}]")
    assert page.url.endswith(f"/{name}?region=130000&lang=zh-Hant")
    if name == "export":
        page.check("input[value=accountability]")
        follow(page, "form.choices button")
        assert "which=accountability" in page.url
        assert page.inner_text("[data-rows]") == "1 筆記錄"
    follow(page, ".back-to-map")
    assert page.inner_text("h1") == "河北"


def test_on_a_phone_the_ways_are_in_a_menu(open_page: OpenPage) -> None:
    """Three links, large enough to tap; a dialog fits the screen."""
    page = open_page("/", viewport=PHONE, has_touch=True, is_mobile=True)
    page.tap(".more-ways summary")
    page.tap(".more-ways a[data-way=export]")
    wait_until(lambda: page.locator("dialog[open]").count())
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    box = page.locator("dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


PAGES = ["/method", "/method?lang=zh-Hant", "/share?lang=zh-Hans", "/export", "/embed"]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_on_pages_and_dialogs(open_page: OpenPage, colours: str) -> None:
    """No violation on any page beside the map, nor in the dialogs over it."""
    for path in PAGES:
        page = open_page(path, color_scheme=colours, has_map=path == "/embed")
        assert find_faults(page) == [], path
        page.close()
    page = open_page("/", color_scheme=colours)
    for name in ("share", "export"):
        open_dialog(page, name)
        assert find_faults(page) == [], name
        page.keyboard.press("Escape")
        wait_until(lambda: not page.locator("dialog").count())


def find_faults(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe finds."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]
