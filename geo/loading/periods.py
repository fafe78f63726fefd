"""The dates of a row: first day, last day and precision put together."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from geo.loading.dates import ParsedDate, month_of, parse_date
from geo.loading.messages import Problem
from geo.vocabularies import vocabularies

Period: TypeAlias = tuple[dict[str, Any], tuple[tuple[str, Problem], ...]]
"""(values, what is to be said as (column, problem))."""

_MONTHS_IN_QUARTER: Final = 3
_DAYS_TO_SUNDAY: Final = 6
_KEPT: Final = 50_000


def make_period_reader(today: dt.date) -> Callable[[str, str, str], Period]:
    """Make the function that reads (starts_on, ends_on, date_precision) cells; it remembers what it has read."""
    known: dict[tuple[str, str, str], Period] = {}

    def read(starts_on: str, ends_on: str, precision: str) -> Period:
        key = (starts_on, ends_on, precision)
        answer = known.get(key)
        if answer is None:
            if len(known) >= _KEPT:
                known.clear()
            answer = known[key] = read_period(starts_on, ends_on, precision, today)
        return answer

    return read


def read_period(starts_on: str, ends_on: str, precision: str, today: dt.date) -> Period:
    """Read the three cells as they stand; `ends_on` and `precision` may be empty."""
    if not starts_on.strip():
        return {}, (("starts_on", Problem("DATE_MISSING")),)
    start, told = parse_date(starts_on, today)
    said = [("starts_on", problem) for problem in told]
    end: ParsedDate | None = None
    if ends_on.strip():
        end, told = parse_date(ends_on, today)
        said += [("ends_on", problem) for problem in told]
        if end is None:
            start = None
    code = vocabularies()["date_precision"].find_code(precision) if precision.strip() else None
    if precision.strip() and code is None:
        listed = ", ".join(term.code for term in vocabularies()["date_precision"].terms)
        said.append(("date_precision", Problem("VOC_UNKNOWN", {"codes": listed})))
    if start is None:
        return {}, tuple(said)
    whole = _join(start, end, code)
    if whole.last < whole.first:
        facts = {"first": whole.first.isoformat(), "last": whole.last.isoformat()}
        return {}, (*said, ("ends_on", Problem("DATE_ORDER", facts)))
    return {"starts_on": whole.first, "ends_on": whole.last, "date_precision": whole.precision}, tuple(said)


def _join(start: ParsedDate, end: ParsedDate | None, precision: str | None) -> ParsedDate:
    """One range out of two cells. A precision that is given holds; a lone first day is widened to it."""
    if end is None:
        whole = _widen(start, precision)
        return ParsedDate(whole.first, whole.last, precision or whole.precision)
    same = start.first == end.first and start.last == end.last
    return ParsedDate(
        start.first, end.last, precision or (start.precision if same else _name_range(start.first, end.last))
    )


def _widen(start: ParsedDate, precision: str | None) -> ParsedDate:
    day = start.first
    if precision == "month":
        return month_of(day.year, day.month)
    if precision == "year":
        return ParsedDate(dt.date(day.year, 1, 1), dt.date(day.year, 12, 31), "year")
    if precision == "season":
        first = (day.month - 1) // _MONTHS_IN_QUARTER * _MONTHS_IN_QUARTER + 1
        return ParsedDate(
            dt.date(day.year, first, 1), month_of(day.year, first + _MONTHS_IN_QUARTER - 1).last, "season"
        )
    if precision == "week":
        monday = day - dt.timedelta(days=day.weekday())
        return ParsedDate(monday, monday + dt.timedelta(days=_DAYS_TO_SUNDAY), "week")
    return start


def _name_range(first: dt.date, last: dt.date) -> str:
    if first == last:
        return "day"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return "year"
    whole_month = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    return "month" if whole_month and (first.year, first.month) == (last.year, last.month) else "range"
