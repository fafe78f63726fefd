"""What is handed to others: links and code that nobody's text can break out of."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import ADDRESSES, LAYERS, NASTY, make_content
from web.content import Selection, Tally
from web.documents import render_share
from web.embed import render_embed
from web.export_links import FileWish, Layered, file_address, list_choices, table_address
from web.export_page import Asked, Terms, render_export
from web.first_frame import Land
from web.page import Site
from web.share_links import write_iframe

HERE = Path(__file__).parent
CASES = json.loads((HERE / "share-cases.json").read_text(encoding="utf-8"))
EXPORTS = json.loads((HERE / "export-cases.json").read_text(encoding="utf-8"))
TERMS = Terms(licence="CC BY 4.0", describe=lambda collection, pairs: f"{collection} {pairs}")
SELECTION = Selection(language="zh-Hans", layers=LAYERS[:1], theme="dark", filters=(("q", NASTY),))


class Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_the_code_of_a_frame_is_the_browsers(case: dict[str, str]) -> None:
    """Server and browser write the same code, in which a quoted text ends nothing."""
    code = write_iframe(case["address"], case["title"])
    assert code == case["code"]
    ((tag, attributes),) = Tags(code).found
    assert (tag, attributes["src"], attributes["title"]) == ("iframe", case["address"], case["title"])


def test_the_shared_page_keeps_hostile_words_inside_its_fields(site: Site, land: Land) -> None:
    """What a reader was searching for stands in the address, encoded, and nowhere as markup."""
    page = render_share(site, make_content(SELECTION), land, "https://map.example")
    fields = {given["id"]: given for tag, given in Tags(page).found if tag in {"input", "textarea"}}
    assert str(fields["share-link"]["value"]).startswith("https://map.example/?layer=strikes&q=%3Cimg")
    assert not [tag for tag, _ in Tags(page).found if tag in {"img", "iframe", "script"}]


def test_the_embedded_map_has_no_form_no_panel_and_no_search(site: Site, land: Land) -> None:
    """Map, way, zoom, legend and time, and one link out."""
    page = render_embed(site, make_content(SELECTION), land, ADDRESSES)
    tags = Tags(page).found
    assert not [tag for tag, _ in tags if tag in {"form", "input", "select", "img"}]
    ids = {given.get("id") for _, given in tags}
    assert {"first-frame", "crumbs", "zoom", "whole", "map-config"} <= ids
    assert not {"panel", "layers-form", "theme"} & ids


def test_the_embedded_map_follows_the_colours_of_its_address(site: Site, land: Land) -> None:
    """A framing page in dark asks for dark; without a word the reader's system decides."""
    media = {}
    for theme in (None, "light", "dark"):
        page = render_embed(site, make_content(replace(SELECTION, theme=theme)), land, ADDRESSES)
        (media[theme],) = [given["media"] for tag, given in Tags(page).found if "dark.css" in (given.get("href") or "")]
    assert media == {None: "(prefers-color-scheme: dark)", "light": "not all", "dark": "all"}


@pytest.mark.parametrize("case", EXPORTS["cases"], ids=lambda case: case["csv"])
def test_files_of_a_selection_are_the_browsers(case: dict[str, Any]) -> None:
    """Server and browser offer the same choices, in the smallest collection that knows the filters."""
    given = EXPORTS["layered"]
    layered = Layered(all=given["all"], incidents=given["incidents"], of_property=given["ofProperty"])
    filters = tuple((name, value) for name, value in case["filters"])
    selection = Selection(language="en", layers=tuple(case["layers"]), region=case["region"], filters=filters)
    choices = list_choices(selection, layered)
    assert [[choice.name, choice.collection] for choice in choices] == case["choices"]
    assert file_address(choices[0], "csv", FileWish(labels="en", bom=True)) == case["csv"]
    assert table_address(choices[0], "month", "en") == case["months"]


def test_the_page_of_files_says_how_many_rows_each_has(site: Site, land: Land) -> None:
    """All five records together, and each layer by itself."""
    page = render_export(site, make_content(), land, Asked(which="strikes", labels=""), TERMS)
    assert "5 records" in page
    assert "<b data-rows>3 records</b>" in page
    assert 'href="/api/collections/strikes/items?f=csv"' in page
    assert "CC BY 4.0" in page


def test_a_workbook_that_would_be_too_large_is_not_offered(site: Site, land: Land) -> None:
    """The API would refuse it after the click; the page says it before."""
    many = make_content(total=Tally({"strikes": 100_001}))
    page = render_export(site, many, land, Asked(), TERMS)
    assert "f=xlsx" not in page
    assert "At most 100,000 records" in page
    assert "f=parquet" in page


def test_with_every_layer_off_there_is_nothing_to_take(site: Site, land: Land) -> None:
    """The page says so in place of files."""
    page = render_export(site, make_content(Selection(language="en", layers=())), land, Asked(), TERMS)
    assert "/api/collections" not in page
    assert "nothing to take" in page
