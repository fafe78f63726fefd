"""Dates as people write them, and the period of a row. No database."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.loading.dates import parse_date
from geo.loading.periods import read_period
from tests.geo.loading.conftest import TODAY


@pytest.mark.parametrize(
    "cell", ["2024-03-05", "2024/3/5", "2024年3月5日", "20240305", "２０２４-03-05", "2024.3.5", "2024-03-05T08:00"]
)
def test_a_day_has_many_spellings(cell: str) -> None:
    """Every usual form of a day is read as that day."""
    found, problems = parse_date(cell, TODAY)
    assert found is not None
    assert (found.first, found.last, found.precision, problems) == (dt.date(2024, 3, 5), dt.date(2024, 3, 5), "day", ())


@pytest.mark.parametrize(
    ("cell", "first", "last", "precision", "code"),
    [
        ("2024-03", "2024-03-01", "2024-03-31", "month", "DATE_MONTH"),
        ("2024年2月", "2024-02-01", "2024-02-29", "month", "DATE_MONTH"),
        ("2024", "2024-01-01", "2024-12-31", "year", "DATE_YEAR"),
        ("2024年3月上旬", "2024-03-01", "2024-03-10", "range", "DATE_APPROX"),
        ("2024年3月初", "2024-03-01", "2024-03-10", "range", "DATE_APPROX"),
        ("2024年2月下旬", "2024-02-21", "2024-02-29", "range", "DATE_APPROX"),
        ("circa 2024-03", "2024-03-01", "2024-03-31", "range", "DATE_APPROX"),
        ("45356", "2024-03-05", "2024-03-05", "day", "DATE_SERIAL"),
        ("2024-03-05T23:30Z", "2024-03-06", "2024-03-06", "day", "DATE_TZ"),
        ("1904-01-01", "1904-01-01", "1904-01-01", "day", "DATE_OLD"),
        ("25/06/2024", "2024-06-25", "2024-06-25", "day", None),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(
    cell: str, first: str, last: str, precision: str, code: str | None
) -> None:
    """What was not written is not filled in: the range and its precision say so, and a message says what was read."""
    found, problems = parse_date(cell, TODAY)
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat(), found.precision) == (first, last, precision)
    assert [problem.code for problem in problems] == ([code] if code else [])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("05/06/2024", "DATE_AMBIG"),
        ("2024-02-30", "DATE_IMPOSSIBLE"),
        ("2024-13-01", "DATE_IMPOSSIBLE"),
        ("3月5日", "DATE_NOYEAR"),
        ("2027-01-01", "DATE_FUTURE"),
        ("民國113年3月5日", "DATE_CALENDAR"),
        ("正月初五", "DATE_CALENDAR"),
        ("soon", "DATE_BAD"),
    ],
)
def test_a_date_that_cannot_be_told_is_refused(cell: str, code: str) -> None:
    """Two readings, no reading, or a day that is none: refused with the reason."""
    found, problems = parse_date(cell, TODAY)
    assert found is None
    assert [problem.code for problem in problems] == [code]


def test_a_republican_year_is_offered_in_the_gregorian_calendar() -> None:
    """The hint gives the day to write."""
    assert parse_date("民國113年3月5日", TODAY)[1][0].facts["hint"] == "Did you mean 2024-03-05?"


@given(st.dates(dt.date(2000, 1, 1), TODAY))
def test_every_day_is_read_as_itself(day: dt.date) -> None:
    """ISO 8601 goes through unchanged."""
    found, problems = parse_date(day.isoformat(), TODAY)
    assert found is not None
    assert (found.first, found.last, problems) == (day, day, ())


@pytest.mark.parametrize(
    ("cells", "period"),
    [
        (("2020-05-01", "", "month"), ("2020-05-01", "2020-05-31", "month")),
        (("2020-05-06", "", "week"), ("2020-05-04", "2020-05-10", "week")),
        (("2020-05-06", "", "season"), ("2020-04-01", "2020-06-30", "season")),
        (("2020-05-06", "", "year"), ("2020-01-01", "2020-12-31", "year")),
        (("2020-05-01", "2020-05-31", ""), ("2020-05-01", "2020-05-31", "month")),
        (("2020-05-01", "2020-06-02", ""), ("2020-05-01", "2020-06-02", "range")),
        (("2020-05-01", "", "day_reported"), ("2020-05-01", "2020-05-01", "day_reported")),
        (("2020-05", "2020-07", ""), ("2020-05-01", "2020-07-31", "range")),
    ],
)
def test_three_cells_make_one_period(cells: tuple[str, str, str], period: tuple[str, str, str]) -> None:
    """A lone day is widened to the precision that is declared; two days are a range."""
    values, said = read_period(*cells, TODAY)
    assert (str(values["starts_on"]), str(values["ends_on"]), values["date_precision"]) == period
    assert [problem for _, problem in said if problem.rejects] == []


def test_a_period_does_not_end_before_it_begins() -> None:
    """The two days are named."""
    _, said = read_period("2024-03-05", "2024-03-01", "", TODAY)
    assert [problem.code for _, problem in said] == ["DATE_ORDER"]
