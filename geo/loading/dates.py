"""Dates as people write them, read as a closed range of days with its precision.

What can be read in two ways is refused; nothing is completed that is not written.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from geo.loading.cells import fold_width
from geo.loading.messages import Problem


@dataclass(frozen=True)
class ParsedDate:
    """A closed range of days. `precision` is a code of the vocabulary date_precision."""

    first: dt.date
    last: dt.date
    precision: str


DateAnswer = tuple[ParsedDate | None, tuple[Problem, ...]]

_OLD_BEFORE: Final = dt.date(2000, 1, 1)
_SERIALS: Final = range(20_000, 80_000)  # 1954 to 2119
_EXCEL_EPOCH: Final = dt.date(1899, 12, 30)
_CHINA: Final = dt.timezone(dt.timedelta(hours=8))
_MONTHS_IN_YEAR: Final = 12
_EMPTY_EXCEL_DATES: Final = frozenset({"1900-01-00", "1900/1/0", "1900/01/00"})

_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:\s*(?:星期|周|礼拜).)?")
_COMPACT_DAY: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_TIMED: Final = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?")
_MONTH: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_COMPACT_MONTH: Final = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"(\d{4})\s*年?")
_PART_OF_MONTH: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?\s*(上旬|中旬|下旬|初|中|底|末)")
_CIRCA: Final = re.compile(
    r"(?:circa|ca\.?|c\.|about|around|约|大约)\s*(.+)|(.+?)\s*(?:左右|前后|\?|？)", re.IGNORECASE
)
_EITHER_ORDER: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_NO_YEAR: Final = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?|\d{1,2}[-/]\d{1,2}")
_REPUBLIC: Final = re.compile(r"(?:民國|民国)\s*(\d{1,3})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_LUNAR: Final = re.compile(r"正月|腊月|臘月|冬月|农历|農曆|初[一二三四五六七八九十]|廿|闰|閏")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_PARTS: Final = {
    "上旬": (1, 10),
    "初": (1, 10),
    "中旬": (11, 20),
    "中": (11, 20),
    "下旬": (21, 31),
    "底": (21, 31),
    "末": (21, 31),
}


def parse_date(cell: str, today: dt.date) -> DateAnswer:
    """Read one cell; `today` is the day after which dates lie in the future."""
    text = fold_width(cell).strip()
    if text in _EMPTY_EXCEL_DATES:
        return None, (Problem("DATE_OLD"), _impossible(text))
    try:
        found, problems = _read(text)
    except ValueError:
        return None, (_impossible(text),)
    if found is None:
        return None, problems
    if found.first > today:
        return None, (*problems, Problem("DATE_FUTURE"))
    if found.first < _OLD_BEFORE:
        problems = (*problems, Problem("DATE_OLD"))
    return found, problems


def _read(text: str) -> DateAnswer:
    matched = _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    if matched:
        day = dt.date(int(matched[1]), int(matched[2]), int(matched[3]))
        return ParsedDate(day, day, "day"), ()
    timed = _TIMED.fullmatch(text)
    if timed:
        return _read_timed(timed[1], timed[2], timed[3])
    matched = _MONTH.fullmatch(text) or _COMPACT_MONTH.fullmatch(text)
    if matched:
        return _say(month_of(int(matched[1]), int(matched[2])), "DATE_MONTH")
    matched = _YEAR.fullmatch(text)
    if matched:
        year = int(matched[1])
        return _say(ParsedDate(dt.date(year, 1, 1), dt.date(year, _MONTHS_IN_YEAR, 31), "year"), "DATE_YEAR")
    return _read_rarer(text)


def _read_rarer(text: str) -> DateAnswer:
    if _SERIAL.fullmatch(text) and int(float(text)) in _SERIALS:
        day = _EXCEL_EPOCH + dt.timedelta(days=int(float(text)))
        return ParsedDate(day, day, "day"), (Problem("DATE_SERIAL", {"date": day.isoformat()}),)
    part = _PART_OF_MONTH.fullmatch(text)
    if part:
        month = month_of(int(part[1]), int(part[2]))
        first, last = _PARTS[part[3]]
        return _say(
            ParsedDate(month.first.replace(day=first), month.last.replace(day=min(last, month.last.day)), "range"),
            "DATE_APPROX",
        )
    circa = _CIRCA.fullmatch(text)
    if circa:
        inner, problems = _read((circa[1] or circa[2]).strip())
        if inner is None:
            return None, problems
        return _say(ParsedDate(inner.first, inner.last, "range"), "DATE_APPROX")
    return _read_refused(text)


def _read_refused(text: str) -> DateAnswer:
    """What is no date, or cannot be told: say which, and what to write instead."""
    either = _EITHER_ORDER.fullmatch(text)
    if either:
        return _read_either_order(int(either[1]), int(either[2]), int(either[3]))
    republic = _REPUBLIC.fullmatch(text)
    if republic:
        day = dt.date(int(republic[1]) + 1911, int(republic[2]), int(republic[3])).isoformat()
        return None, (Problem("DATE_CALENDAR", {"hint": f"Did you mean {day}?", "hint_zh": f"是否为 {day}？"}),)
    if _LUNAR.search(text):
        hint = {"hint": "Write the Gregorian date, as 2024-03-05.", "hint_zh": "请写公历日期，如 2024-03-05。"}
        return None, (Problem("DATE_CALENDAR", hint),)
    if _NO_YEAR.fullmatch(text):
        return None, (Problem("DATE_NOYEAR"),)
    return None, (Problem("DATE_BAD"),)


def _read_timed(day: str, time: str, zone: str | None) -> DateAnswer:
    written = dt.date(*(int(part) for part in day.split("-")))
    moment = dt.datetime.combine(written, dt.time.fromisoformat(time.split(".", maxsplit=1)[0].rjust(5, "0")))
    if zone is None:
        return ParsedDate(written, written, "day"), ()
    moment = moment.replace(tzinfo=dt.datetime.strptime(zone.replace("Z", "+0000"), "%z").tzinfo)
    there = moment.astimezone(_CHINA).date()
    told = () if there == written else (Problem("DATE_TZ", {"date": there.isoformat()}),)
    return ParsedDate(there, there, "day"), told


def _read_either_order(one: int, other: int, year: int) -> DateAnswer:
    """Accept 25/06/2024, which has one reading; refuse 05/06/2024, which has two."""
    if one > _MONTHS_IN_YEAR or other > _MONTHS_IN_YEAR or one == other:
        month, day = (other, one) if one > _MONTHS_IN_YEAR else (one, other)
        found = dt.date(year, month, day)
        return ParsedDate(found, found, "day"), ()
    readings = {"one": dt.date(year, other, one).isoformat(), "other": dt.date(year, one, other).isoformat()}
    return None, (Problem("DATE_AMBIG", readings),)


def month_of(year: int, month: int) -> ParsedDate:
    """The whole of a month. Raises ValueError where there is none of that number."""
    first = dt.date(year, month, 1)
    return ParsedDate(first, first.replace(day=calendar.monthrange(year, month)[1]), "month")


def _say(found: ParsedDate, code: str) -> DateAnswer:
    return found, (Problem(code, {"first": found.first.isoformat(), "last": found.last.isoformat()}),)


def _impossible(text: str) -> Problem:
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if len(numbers) >= 3 and numbers[0] >= 1000 and 1 <= numbers[1] <= _MONTHS_IN_YEAR:  # noqa: PLR2004
        year, month, day = numbers[:3]
        said = {"wrong": f"{day} {calendar.month_name[month]} {year}", "wrong_zh": f"{year} 年 {month} 月 {day} 日"}
        return Problem("DATE_IMPOSSIBLE", said)
    return Problem("DATE_IMPOSSIBLE", {"wrong": f"date {text[:30]}", "wrong_zh": f"日期 {text[:30]}"})
