"""Ranges of time: one table of cases holds for server and browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from web.time_range import Days, Span, find_presets, find_span, is_whole_months, month_name, month_number, read_days

CASES: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parent / "time-cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["days"], ids=lambda case: case["why"])
def test_days_are_read_as_in_the_browser(case: dict[str, Any]) -> None:
    """An end that is left open has no day."""
    assert read_days(tuple((name, value) for name, value in case["filters"])) == Days(case["start"], case["end"])


@pytest.mark.parametrize("case", CASES["spans"], ids=lambda case: case["why"])
def test_months_of_a_range_are_those_of_the_browser(case: dict[str, Any]) -> None:
    """The brush stands where it will stand when the page comes alive."""
    first, count = case["months"]
    months = [month_name(month_number(first) + step) for step in range(count)]
    assert find_span(Days(case["start"], case["end"]), months) == Span(case["first"], case["span_end"])


def test_whole_months_are_told_from_parts_of_months() -> None:
    """A range that is not of whole months is written with its days."""
    assert [is_whole_months(Days(case["start"], case["end"])) for case in CASES["whole"]] == [
        case["whole"] for case in CASES["whole"]
    ]


def test_presets_count_back_from_the_last_month_with_a_record() -> None:
    """The same days as in the browser."""
    for case in CASES["presets"]:
        assert find_presets(case["last"]) == tuple((name, datetime) for name, datetime in case["presets"])
