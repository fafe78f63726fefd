"""What shades and the legend's circles stand for, with the cases that hold for the browser too."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import EAST, WEST, make_drawing
from tests.web.test_shared_cases import read
from web.circle_sizes import choose_circles
from web.content import RegionRow, Tally
from web.first_frame import Land, draw_first_frame
from web.legend import make_legend
from web.shades import shade_regions
from web.translations import load_texts


@pytest.mark.parametrize("case", read("shade-cases.json"), ids=lambda case: case["why"])
def test_shades_stand_for_what_they_do_in_the_browser(case: dict[str, Any]) -> None:
    """A rate only where the residents of every region were read."""
    shading = shade_regions(case["wanted"], case["counts"], case["residents"], case["outside"])
    assert (shading.measure, dict(shading.values), list(shading.breaks)) == (
        case["measure"],
        case["values"],
        case["breaks"],
    )
    fills = {code: shading.fill(code, n, is_outside=code in case["outside"]) for code, n in case["counts"].items()}
    assert fills == case["fills"]


@pytest.mark.parametrize("case", read("circle-cases.json"), ids=lambda case: case["why"])
def test_circles_are_those_of_the_browser(case: dict[str, Any]) -> None:
    """The legend shows circles as large as the map draws them."""
    circles = [[one.count, round(one.radius, 1), one.is_most] for one in choose_circles(case["largest"])]
    assert circles == case["circles"]


def test_the_legend_says_what_shades_stand_for(land: Land) -> None:
    """Rates begin at zero, numbers at one; without shades no heading."""
    texts = load_texts("en")
    rows = [RegionRow(region=WEST, tally=Tally({"strikes": 9})), RegionRow(region=EAST, tally=Tally({"strikes": 2}))]
    legends = {
        wanted: make_legend(draw_first_frame(land, rows, make_drawing(wanted)), "incidents", wanted, texts)
        for wanted in ("rate", "count", "none")
    }
    assert legends["rate"].heading == "legend.rate.incidents"
    assert legends["rate"].ramp[0][1] == "0"
    assert legends["rate"].has_unrated
    assert legends["count"].heading == "legend.incidents"
    assert legends["count"].ramp[0][1] == "1"
    assert legends["none"].heading is None
    assert not legends["rate"].is_number_instead


def test_the_legend_says_that_numbers_stand_instead_of_rates(land: Land) -> None:
    """Where residents were not read, a reader who asked for rates is told."""
    rows = [RegionRow(region=WEST, tally=Tally({"strikes": 9}))]
    unread = Land(land.box, land.paths, land.points, {})
    legend = make_legend(draw_first_frame(unread, rows, make_drawing("rate")), "incidents", "rate", load_texts("en"))
    assert legend.heading == "legend.incidents"
    assert legend.is_number_instead
