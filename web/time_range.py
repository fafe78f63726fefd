"""A range of time among the months that have data.

The twin of static/js/time-range.js: tests/web/time-cases.json holds for both.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

Filters = tuple[tuple[str, str], ...]

PRESET_YEARS, PRESET_YEAR = 60, 12
PRESET_DAYS = 90
LENGTH_OF_A_DAY = 10
"""Signs of a day as ISO 8601 writes it."""


@dataclass(frozen=True)
class Days:
    """The first and last day of a range; None leaves that end open."""

    start: str | None
    end: str | None


@dataclass(frozen=True)
class Span:
    """Months from `first` up to, but without, `end`."""

    first: int
    end: int


def without_time(filters: Filters) -> Filters:
    """Return the filters without their range of time."""
    return tuple(pair for pair in filters if pair[0] != "datetime")


def with_time(filters: Filters, datetime: str | None) -> Filters:
    """Return the filters with another range of time; None asks for all times."""
    return (*without_time(filters), ("datetime", datetime)) if datetime else without_time(filters)


def read_days(filters: Filters) -> Days:
    """Return the days that a filter asks for. A single day is a range of that day."""
    parts = [part[:LENGTH_OF_A_DAY] for part in dict(filters).get("datetime", "../..").split("/")]
    start, end = (part if len(part) == LENGTH_OF_A_DAY else None for part in (parts[0], parts[-1]))
    return Days(start, end)


def month_number(month: str) -> int:
    """Return a month, of which days are left out, as months from the year 0."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def month_name(number: int) -> str:
    """Return a month from the year 0 as "2016-05"."""
    return f"{number // 12:04}-{number % 12 + 1:02}"


def last_day(month: str) -> str:
    """Return the last day of a month."""
    return f"{month}-{calendar.monthrange(int(month[:4]), int(month[5:7]))[1]:02}"


def find_span(days: Days, months: Sequence[str]) -> Span:
    """Return which of some months, without gaps, days lie in; an empty span where they lie elsewhere."""
    zero, count = month_number(months[0]), len(months)
    first = min(max(month_number(days.start) - zero, 0), count) if days.start else 0
    end = min(max(month_number(days.end) + 1 - zero, 0), count) if days.end else count
    return Span(first, max(first, end))


def is_whole_months(days: Days) -> bool:
    """Say whether days are whole months."""
    starts = days.start is None or days.start.endswith("-01")
    return starts and (days.end is None or days.end == last_day(days.end[:7]))


def find_presets(last: str) -> tuple[tuple[str, str | None], ...]:
    """Return the values of `datetime` that the presets stand for, counted back from the last month with a record."""
    end = last_day(last)
    years, year = (f"{month_name(month_number(last) + 1 - count)}-01/{end}" for count in (PRESET_YEARS, PRESET_YEAR))
    start = dt.date.fromisoformat(end) - dt.timedelta(days=PRESET_DAYS - 1)
    return (("all", None), ("years", years), ("year", year), ("days", f"{start}/{end}"))
