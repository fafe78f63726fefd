"""The filters beside the map and the chips of what is set, as the server writes them."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import ADDRESSES, LAYERS, make_content
from web.content import Facet, Freshness, Selection
from web.filter_chips import Chip, ChipWords
from web.filter_panel import FilterPanel, count_options
from web.first_frame import Land
from web.page import Site

CHIPS = json.loads((Path(__file__).parent / "chip-cases.json").read_text(encoding="utf-8"))


def make_chips(site: Site) -> ChipWords:
    """The chips of the small country."""
    return ChipWords(site.texts["en"], site.words, make_content().names)


def make_panel(site: Site, selection: Selection) -> FilterPanel:
    """The filters of the small country."""
    content = make_content(selection)
    return FilterPanel(site.words, site.texts["en"], content, lambda **changes: site.address_of(content, **changes))


@pytest.mark.parametrize("case", CHIPS, ids=lambda case: case["why"])
def test_chips_are_worded_as_in_the_browser(site: Site, case: dict[str, Any]) -> None:
    """Server and browser call what is set by the same words, in the same order."""
    chips = make_chips(site).list_chips(case["region"], tuple(map(tuple, case["filters"])))
    assert [[chip.name, chip.value, chip.label, chip.text] for chip in chips] == case["chips"]


def test_taking_a_chip_away_leaves_the_others(site: Site) -> None:
    """One code of several goes, a text goes as a whole, and what says how it is read goes with it."""
    chips = make_chips(site)
    filters = (("industry", "construction,mining"), ("employers", "A, mining"), ("filter", "x"), ("filter-lang", "y"))
    assert chips.without(filters, Chip("industry", "mining", "", ""))[0] == ("industry", "construction")
    assert ("employers", "A, mining") in chips.without(filters, Chip("employers", "mining", "", ""))
    assert [name for name, _ in chips.without(filters, Chip("filter", "x", "", ""))] == ["industry", "employers"]


def test_the_option_for_what_is_not_known_counts_all_it_would_find() -> None:
    """The filter finds records of layers without the property too; the number says so."""
    facet = Facet(counts=(("mining", 3),), total=9, counted=3, unknown=2, is_multi_valued=False)
    assert count_options(facet) == {"mining": 3, "unknown": 6}


def test_a_filter_of_layers_that_are_off_is_hidden_unless_it_is_set(site: Site) -> None:
    """Cases have no industry: with cases alone there is no filter by it, but one that is set can be taken out."""
    cases = Selection(language="en", layers=("accountability",))
    assert [section.is_shown for section in make_panel(site, cases).sections] == [False]
    chosen = Selection(language="en", layers=("accountability",), filters=(("industry", "mining"),))
    assert [section.is_shown for section in make_panel(site, chosen).sections] == [True]


def test_the_form_asks_for_what_it_shows_and_keeps_the_rest(site: Site, land: Land) -> None:
    """Without JavaScript the form sends checked options, and hidden fields for everything else."""
    selection = Selection(
        language="zh-Hans", layers=("strikes",), region="100000", filters=(("industry", "mining"), ("q", "pay"))
    )
    page = site.render_page(make_content(selection), land, ADDRESSES)
    form = re.search(r'<form action="/" method="get" id="filters-form".*?</form>', page, re.DOTALL)
    assert form is not None
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
    assert hidden == {"layer": "strikes", "region": "100000", "q": "pay", "lang": "zh-Hans"}
    assert '<input type="checkbox" name="industry" value="mining" checked>' in form[0]
    assert "<button" in form[0]


def test_the_search_keeps_everything_but_the_words(site: Site, land: Land) -> None:
    """Searching without JavaScript does not lose the place or the filters."""
    selection = Selection(language="en", layers=LAYERS, filters=(("industry", "mining"), ("q", "a<b")))
    page = site.render_page(make_content(selection), land, ADDRESSES)
    form = re.search(r'<form class="search".*?</form>', page, re.DOTALL)
    assert form is not None
    assert re.findall(r'type="hidden" name="([^"]+)"', form[0]) == ["industry"]
    assert 'value="a&lt;b"' in form[0]


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        ({"filters": (("industry", "mining"),)}, ("clear", "/?region=100000")),
        ({"layers": ()}, ("layers", "/?region=100000")),
        ({}, ("country", "/")),
    ],
)
def test_where_nothing_is_found_there_is_a_way_out(site: Site, changes: dict[str, Any], way: tuple[str, str]) -> None:
    """The filters first, then the layers, then the place."""
    selection = Selection(**{"language": "en", "layers": LAYERS, "region": "100000", **changes})
    found = make_panel(site, selection).way_out
    assert (found.name, found.address) == way


def test_the_page_says_how_current_each_layer_is(site: Site, land: Land) -> None:
    """The latest event and the last change, or that there is none."""
    fresh = (
        Freshness(layer="strikes", latest_on=dt.date(2017, 12, 31), changed_on=dt.date(2026, 11, 22)),
        Freshness(layer="accidents", latest_on=None, changed_on=None),
    )
    page = site.render_page(make_content(freshness=fresh), land, ADDRESSES)
    table = re.search(r'<table class="fresh">.*?</table>', page, re.DOTALL)
    assert table is not None
    assert '<time datetime="2017-12-31">31 Dec 2017</time>' in table[0]
    assert table[0].count("<td>none</td>") == 2
