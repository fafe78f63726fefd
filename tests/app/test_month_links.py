"""The form of two months without JavaScript."""

from __future__ import annotations

import pytest

from app.readers.month_links import find_months_address


def test_two_months_become_a_range_of_days() -> None:
    """From the first day of the first month to the last day of the last; everything else stays."""
    asked = [
        ("layer", "strikes,accidents"),
        ("datetime", "2011-01-01/2011-12-31"),
        ("from", "2015-03"),
        ("to", "2016-02"),
    ]
    assert find_months_address("/", asked) == "/?layer=strikes,accidents&datetime=2015-03-01/2016-02-29"


def test_months_the_wrong_way_round_are_turned() -> None:
    """Whoever writes the later month first is understood."""
    asked = [("from", "2016-02"), ("to", "2015-03")]
    assert find_months_address("/", asked) == "/?datetime=2015-03-01/2016-02-29"


@pytest.mark.parametrize(
    "text", ["", "2015", "2015-13", "2015-00", "2015-1", "2015-01-07", "0000-01", "２０１５-01", "-015-01"]
)
def test_what_is_no_month_is_left_alone(text: str) -> None:
    """The page is shown as if it had not been asked."""
    assert find_months_address("/", [("from", text), ("to", "2016-02")]) is None
