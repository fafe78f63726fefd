"""Charts of bars as the server draws them: links that filter, for the layers that are on."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import ADDRESSES, LAYERS, make_content
from web.charts import bar_length, rank_values, with_code
from web.content import Facet, Selection
from web.first_frame import Land
from web.page import Site

CASES: dict[str, list[Any]] = json.loads((Path(__file__).parent / "chart-cases.json").read_text("utf-8"))
BAR = re.compile(
    r'<a class="bar( unknown)?" href="([^"]*)" data-page( aria-current="true")?><span class="bar-name">([^<]*)'
)


def draw(site: Site, land: Land, layers: tuple[str, ...] = LAYERS, **changes: Any) -> list[tuple[str, str, bool]]:
    """Return label, address and whether it is chosen of each bar of the chart of industries."""
    facet = Facet(counts=(("mining", 3),), total=6, counted=3, unknown=1, is_multi_valued=False)
    selection = Selection(language="en", layers=layers, **changes)
    page = site.render_page(make_content(selection, facets={"industry": facet}), land, ADDRESSES)
    chart = re.search(r'<section class="block chart" data-chart="industry">.*?</section>', page, re.DOTALL)
    bars = BAR.findall(chart[0]) if chart else []
    return [(label, unescape(address), bool(chosen)) for _unknown, address, chosen, label in bars]


@pytest.mark.parametrize("case", CASES["ranks"], ids=lambda case: case["why"])
def test_bars_are_in_the_order_of_the_browser(case: dict[str, Any]) -> None:
    """A bar does not change its place when the page comes alive."""
    counts = tuple((code, count) for code, count in case["counts"])
    facet = Facet(counts=counts, total=0, counted=0, unknown=0, is_multi_valued=False)
    ranked = rank_values(facet, case["chosen"], in_order=case["in_order"])
    assert [list(value) for value in ranked] == case["ranked"]


def test_bars_have_the_length_of_the_browser() -> None:
    """A share in whole percent, and no record without a bar."""
    assert [bar_length(count, whole) for count, whole, _length in CASES["lengths"]] == [
        length for _count, _whole, length in CASES["lengths"]
    ]


def test_a_bar_filters_and_what_is_unknown_is_a_bar(site: Site, land: Land) -> None:
    """Records of other layers have no value either: the bar of the unknown asks for its own layers only."""
    assert draw(site, land) == [
        ("Mining", "/?industry=mining", False),
        ("Not recorded", "/?layer=strikes,accidents,calls_for_help&industry=unknown", False),
    ]


def test_a_chosen_bar_is_marked_and_takes_its_filter_out(site: Site, land: Land) -> None:
    """The same link that filtered brings everything back; other filters stay."""
    filters = (("industry", "mining,retail"), ("q", "pay"))
    bars = draw(site, land, filters=filters)
    assert bars[0] == ("Mining", "/?industry=retail&q=pay", True)
    assert bars[1] == ("retail", "/?industry=mining&q=pay", True)


def test_a_chart_of_other_layers_is_left_out(site: Site, land: Land) -> None:
    """Cases have no industry."""
    assert draw(site, land, layers=("accountability",)) == []


def test_codes_stand_side_by_side_in_order() -> None:
    """One parameter a filter, and none when its last code goes."""
    assert with_code((("a", "y"), ("b", "1")), "a", "x", is_chosen=True) == (("b", "1"), ("a", "x,y"))
    assert with_code((("a", "y"), ("b", "1")), "a", "y", is_chosen=False) == (("b", "1"),)
