"""The change of a year against the year before: one table of cases holds for server and browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from web.change import Change, find_change
from web.content import Tally
from web.time_range import Days, month_name, month_number

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "change-cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_the_change_is_that_of_the_browser(case: dict[str, Any]) -> None:
    """Both years must have records, and a change of method between them is told."""
    first = month_number(case["first"])
    months = [
        (month_name(first + step), Tally({"strikes": count, "accidents": 9}))
        for step, count in enumerate(case["counts"])
    ]
    expected = Change(*case["change"]) if case["change"] else None
    assert find_change(months, ("strikes",), Days(None, case["end"])) == expected
