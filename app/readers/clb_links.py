"""What a link to China Labour Bulletin's maps asks for, in the words of our own page.

CLB's maps are gone, and reports, theses and news still link to them. A link names a record by `eventId`, or a view by
`map`, months, a GB/T 2260 code or name of a region, an industry and a keyword. What cannot be understood is left out
and named to the reader; nothing of a link's values is ever shown.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from geo.layers import ACCIDENTS, CALLS_FOR_HELP, STRIKES
from geo.serving.parameters import BadValue
from geo.serving.region_search import RegionIndex
from geo.serving.search import parse_search, write_search
from geo.vocabularies import vocabularies

CLB_NAMES = (
    *("i18n_language", "map", "startDate", "endDate", "eventId", "addressId", "address"),
    *("parentAddressId", "parentAddress", "parentIndustry", "industryName", "keyword"),
)
"""Parameters that only CLB's links have. `industry` is one of ours too, and is read as CLB's beside any of these."""
INDUSTRY = "industry"
NOT_HELD = "not_held"
NOTICES = (NOT_HELD, *CLB_NAMES, INDUSTRY)
"""What the page may be told to say: the record is not held, and which parameters could not be used."""

MAPS = {"1": STRIKES, "2": ACCIDENTS, "3": CALLS_FOR_HELP}
LANGUAGE_OF = {"en_us": "en", "en": "en", "zh_cn": "zh-Hans", "zh": "zh-Hans", "zh_tw": "zh-Hant", "zh_hk": "zh-Hant"}

_EVENT = re.compile(r"\d{1,30}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})(?:-\d{1,2})?", re.ASCII)
_CODE = re.compile(r"\d{6}", re.ASCII)


@dataclass
class ClbLink:
    """A link while it is read: what it asks for so far, and the names of parameters that could not be used."""

    layer: str | None = None
    language: str | None = None
    event: str | None = None
    filters: list[tuple[str, str]] = field(default_factory=list)
    region: str | None = None
    left_out: list[str] = field(default_factory=list)


def is_clb_link(pairs: Iterable[tuple[str, str]]) -> bool:
    """Say whether an address of the page has a parameter of CLB's."""
    return any(name in CLB_NAMES and value for name, value in pairs)


def read_clb_link(pairs: Iterable[tuple[str, str]], layer: str | None, language: str | None) -> ClbLink:
    """Read all of a link but its region. `layer` and `language` are those of its path; unknown parameters are ignored.

    Of a parameter that stands there twice the first is taken.
    """
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in {*CLB_NAMES, INDUSTRY} and value.strip():
            given.setdefault(name, value.strip())
    link = ClbLink(layer=layer, language=language)
    link.layer = read_known(link, given, "map", MAPS) or layer
    lower = {name: value.lower().replace("-", "_") for name, value in given.items()}
    link.language = read_known(link, lower, "i18n_language", LANGUAGE_OF) or language
    link.event = given.get("eventId")
    read_months(link, given)
    read_industry(link, given)
    if keyword := given.get("keyword"):
        try:
            link.filters.append(("q", write_search(parse_search(keyword))))
        except BadValue:
            link.left_out.append("keyword")
    return link


def read_known(link: ClbLink, given: Mapping[str, str], name: str, known: Mapping[str, str]) -> str | None:
    """Return what the value of a parameter means; leave out one that means nothing."""
    value = given.get(name)
    if value is not None and value not in known:
        link.left_out.append(name)
    return known.get(value or "")


def read_event(text: str) -> str | None:
    """Return the id of a record of CLB's, 19 digits as they stand; None when it cannot be one."""
    return text if _EVENT.fullmatch(text) else None


def read_months(link: ClbLink, given: Mapping[str, str]) -> None:
    """Read the closed range of months as days: from the first day of the first to the last day of the last."""
    days: dict[str, dt.date] = {}
    for name, at_end in (("startDate", False), ("endDate", True)):
        if name in given:
            day = read_month(given[name], at_end=at_end)
            if day is None:
                link.left_out.append(name)
            else:
                days[name] = day
    first, last = days.get("startDate"), days.get("endDate")
    if first is not None and last is not None and first > last:
        link.left_out += ["startDate", "endDate"]
    elif days:
        link.filters.append(("datetime", f"{first or '..'}/{last or '..'}"))


def read_month(text: str, *, at_end: bool) -> dt.date | None:
    """Return the first or last day of a month like 2020-07; None when there is no such month."""
    match = _MONTH.fullmatch(text)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    if year < dt.MINYEAR or not 1 <= month <= 12:  # noqa: PLR2004
        return None
    return dt.date(year, month, calendar.monthrange(year, month)[1] if at_end else 1)


def read_industry(link: ClbLink, given: Mapping[str, str]) -> None:
    """Read the industry by its label or code, the finer one first; CLB's numbers for industries are not known."""
    asked = [name for name in ("industryName", INDUSTRY, "parentIndustry") if name in given]
    for name in asked:
        for ours in ("sub_industry", INDUSTRY):
            code = vocabularies()[ours].find_code(given[name])
            if code is not None:
                link.filters.append((ours, code))
                return
    link.left_out += asked


def read_region(link: ClbLink, pairs: Iterable[tuple[str, str]], index: RegionIndex) -> None:
    """Read the region: the finest that is understood. A code may be of the past; a name must be of one region alone."""
    given = {name: value.strip() for name, value in reversed(list(pairs)) if value.strip()}
    for code, name in (("addressId", "address"), ("parentAddressId", "parentAddress")):
        link.region = find_region(index, given.get(code), given.get(name))
        if link.region is not None:
            return
        link.left_out += [one for one in (code, name) if one in given]


def find_region(index: RegionIndex, code: str | None, name: str | None) -> str | None:
    """Return today's code of a region by a code of today or of the past, else by a name that only one region has."""
    if code is not None and _CODE.fullmatch(code):
        place = index.find_today(code)
        if place is not None:
            return place.region.code
    named = index.find_same_name(name) if name is not None else []
    return named[0].region.code if len(named) == 1 else None
