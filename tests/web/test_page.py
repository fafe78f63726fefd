"""The page as the server writes it: complete without JavaScript, inert whatever a record says, strict by itself."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from tests.web.conftest import ADDRESSES, LAYERS, NASTY, WEST, make_content
from web.content import Selection
from web.first_frame import Land
from web.folium_shell import render_shell
from web.page import Site
from web.records import web_address
from web.shell import Shell


def render(site: Site, land: Land, selection: Selection | None = None, **changes: object) -> str:
    """Return a page of the small country."""
    return site.render_page(make_content(selection, **changes), land, ADDRESSES)


def test_the_shell_has_the_same_bytes_every_time(site: Site) -> None:
    """Folium's random ids are numbered, so that its script can be kept for ever."""
    addresses = (
        site.own.address("js/main.js"),
        site.leaflet.address("leaflet.js"),
        site.leaflet.address("leaflet.css"),
    )
    assert replace(Shell(**render_shell(*addresses)), library=site.shell.library) == site.shell
    assert not re.search(r"[0-9a-f]{32}", site.shell.script + site.shell.element)


def test_the_shell_mounts_our_module_on_the_map_it_makes(site: Site) -> None:
    """One call hands the map over."""
    assert f'import("{site.own.address("js/main.js")}").then((main) => main.mountMap(map_1));' in site.shell.script


def test_a_page_names_no_foreign_host(site: Site, land: Land) -> None:
    """Whatever a browser fetches for the page comes from us."""
    page = render(site, land)
    fetched = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]*)"', page)
    assert fetched
    assert [address for address in fetched if not re.match(r"/(?!/)|#", address)] == []
    assert "//" not in site.shell.script


def test_a_page_has_no_inline_script_or_style(site: Site, land: Land) -> None:
    """The Content-Security-Policy forbids them; the boot JSON is data."""
    page = render(site, land, record=make_content().latest[0])
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=\"", page) == []


def test_pinch_zoom_is_allowed(site: Site, land: Land) -> None:
    """Folium's own page forbids it."""
    viewport = re.search(r'<meta name="viewport" content="([^"]*)"', render(site, land))
    assert viewport is not None
    assert "maximum-scale" not in viewport[1]
    assert "user-scalable" not in viewport[1]


@pytest.mark.parametrize("tab", ["overview", "list"])
def test_what_a_record_says_stays_text(site: Site, land: Land, tab: str) -> None:
    """A title cannot open a tag, close the boot JSON or be run as a template."""
    record = make_content().latest[0]
    page = render(site, land, Selection(language="en", layers=LAYERS, tab=tab), record=record)
    assert "<img" not in page
    assert "{{7*7}}" in page
    assert NASTY.replace("<", "&lt;").replace(">", "&gt;") in page


def test_only_web_addresses_are_linked(site: Site, land: Land) -> None:
    """A source whose address is no web address is shown without a link."""
    page = render(site, land, Selection(language="en", layers=LAYERS, tab="list"), record=make_content().latest[0])
    assert "javascript:" not in page
    assert '<a href="https://example.org/a" rel="noopener noreferrer nofollow" target="_blank">' in page


@pytest.mark.parametrize(
    "address",
    ["ftp://a/b", "javascript:alert(1)", "//evil", "https://a@evil", "java\nscript:x", "data:x,y", None],
)
def test_an_address_of_another_kind_is_no_link(address: str | None) -> None:
    """Absolute http and https without credentials; nothing else."""
    assert web_address(address) is None


def test_the_boot_json_is_read_back(site: Site, land: Land) -> None:
    """The counts in the page are those of the first picture, with what is in no province."""
    found = re.search(r'<script type="application/json" id="map-config">(.*?)</script>', render(site, land))
    assert found is not None
    config = json.loads(found[1])
    assert config["provinces"] == [["100000", 2, 1, 0, 1]]
    assert config["outsideProvinces"] == [["several_places", 1, 0, 0, 0]]


def test_totals_count_incidents_and_cases_stand_beside(site: Site, land: Land) -> None:
    """Four incidents and one case are not five of anything."""
    page = render(site, land)
    assert "<strong data-total>4</strong>" in page
    assert "1 accountability case</b>" in page


def test_with_cases_alone_cases_are_counted(site: Site, land: Land) -> None:
    """Without incidents the cases are the subject."""
    page = render(site, land, Selection(language="en", layers=("accountability",)))
    assert "<strong data-total>1</strong> <span data-total-word>accountability case</span>" in page


def test_the_table_holds_rows_remainder_and_total(site: Site, land: Land) -> None:
    """The table is the whole, also what no row may claim."""
    table = re.search(r"<table class=\"regions\">.*?</table>", render(site, land), re.DOTALL)
    assert table is not None
    rows = [re.findall(r"<td>(\d+)</td>", row) for row in re.findall(r"<tr.*?</tr>", table[0], re.DOTALL)]
    west, several, total = [[int(cell) for cell in row] for row in rows if row]
    assert [a + b for a, b in zip(west, several, strict=True)] == total == [3, 1, 0, 4, 1]


def test_every_row_leads_to_its_region_in_the_same_language(site: Site, land: Land) -> None:
    """Without JavaScript a region is a link away, and the language stays."""
    page = render(site, land, Selection(language="zh-Hans", layers=LAYERS))
    assert page.count(f'href="/?region={WEST.code}&amp;lang=zh-Hans"') == 3


def test_a_switch_sends_the_layers_as_they_would_be(site: Site, land: Land) -> None:
    """Pressing a switch without JavaScript asks for the page with that layer off, or on again."""
    page = render(site, land, Selection(language="en", layers=("strikes",), region=WEST.code))
    values = re.findall(r'name="layer" value="([^"]*)" data-layer="(\w+)"', page)
    sent = {layer: value for value, layer in values}
    assert (sent["strikes"], sent["accidents"]) == ("none", "strikes,accidents")
    assert f'<input type="hidden" name="region" value="{WEST.code}">' in page


def test_what_lies_outside_the_data_is_hatched(site: Site, land: Land) -> None:
    """Outside the data's coverage is neither zero nor shaded."""
    assert re.search(r'<path class="land outside" fill="url\(#crosses\)"', render(site, land))


def test_a_record_outside_the_coverage_is_shown(site: Site, land: Land) -> None:
    """A record that lies there is not hidden by the hatch."""
    content = make_content()
    row = replace(content.provinces[0], region=replace(WEST, code="200000"))
    page = render(site, land, provinces=(row,))
    assert 'class="land outside"' not in page


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_texts_in_another_language_say_so(site: Site, land: Land, language: str) -> None:
    """The page has its language, and a title that differs has its own."""
    page = render(site, land, Selection(language=language, layers=LAYERS, tab="list"))
    assert f'<html lang="{language}">' in page
    own = "en" if language == "en" else "zh-Hans"
    assert f'<span class="entry-title" lang="{own}">' in page


def test_a_problem_page_leads_back_in_the_readers_language(site: Site) -> None:
    """Whoever follows a broken link is not lost."""
    page = site.render_problem("zh-Hant", "error.title", [("region", NASTY)])
    assert 'href="/?lang=zh-Hant"' in page
    assert "<img" not in page
