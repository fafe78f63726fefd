"""The columns of the months: one table of cases holds for server and browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from web.content import Tally
from web.histogram import place_changes, place_years, stack_months
from web.sparkline import draw_changes, draw_line
from web.time_range import month_name, month_number

CASES: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parent / "histogram-cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["stacks"], ids=lambda case: case["why"])
def test_columns_are_those_of_the_browser(case: dict[str, Any]) -> None:
    """The bars do not move when the page comes alive."""
    found = stack_months([Tally(month) for month in case["months"]], case["layers"])
    assert [list(path) for path in found] == case["paths"]


@pytest.mark.parametrize("case", CASES["axes"], ids=lambda case: case["why"])
def test_years_and_changes_of_method_stand_where_the_browser_puts_them(case: dict[str, Any]) -> None:
    """Years are thinned out where there are many; both changes of method are drawn."""
    months = [month_name(month_number(case["first"]) + step) for step in range(case["count"])]
    assert [list(year) for year in place_years(months)] == case["years"]
    assert [list(change) for change in place_changes(months)] == case["changes"]


@pytest.mark.parametrize("case", CASES["lines"], ids=lambda case: case["why"])
def test_small_lines_are_those_of_the_browser(case: dict[str, Any]) -> None:
    """The line of a layer has a mark where the method changed, as every chart of time has."""
    months = [(month, Tally({"a": count})) for month, count in case["months"].items()]
    assert draw_line(months, "a") == case["line"]
    assert draw_changes(months) == case["changes"]
