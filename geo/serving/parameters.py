"""Single values of a request, read strictly: boxes, dates, numbers, codes and the tokens that walk pages.

Every function takes the text of one value and returns what it means, or raises BadValue with a reason for a person.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import Decimal

UNKNOWN = "unknown"
"""The value of any property filter that means "not known" (NULL)."""

DEFAULT_LIMIT = 10
MAXIMUM_LIMIT = 10_000
LONGEST_TEXT = 200
LARGEST_INTEGER = 2**31 - 1
LARGEST_KEY = 2**63 - 1

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(?:\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}))?)?", re.ASCII)
"""A day, a date-time, or `2016-05-01T`: so GDAL writes a day when it hands a filter on to the server."""
_NUMBER = re.compile(r"[+-]?(?:\d{1,20}\.?\d{0,20}|\.\d{1,20})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,2})?", re.ASCII)
_DIGITS = re.compile(r"\d{1,10}", re.ASCII)
_LIMIT = re.compile(r"0*([1-9]\d*)", re.ASCII)
_REGION = re.compile(r"[0-9A-Za-z_-]{1,32}", re.ASCII)


class BadValue(ValueError):  # noqa: N818  (named after what it says of the value)
    """A value that cannot be used; the text is the reason."""


@dataclass(frozen=True)
class Bbox:
    """A box in degrees of longitude and latitude (CRS84). `west > east` means that it crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Interval:
    """A closed range of days; None leaves that end open."""

    start: dt.date | None
    end: dt.date | None

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start or '..'}/{self.end or '..'}"


def parse_box_numbers(text: str) -> tuple[float, float, float, float]:
    """Read 4 numbers, or 6 with heights that are ignored: least of both axes, then greatest of both."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in {4, 6} or not all(_NUMBER.fullmatch(part) for part in parts):
        raise BadValue("must be 4 numbers (west,south,east,north), or 6 with heights")
    numbers = [float(part) for part in parts]
    if not all(math.isfinite(number) for number in numbers):
        raise BadValue("must be finite numbers")
    heights = len(parts) == 6  # noqa: PLR2004
    return (numbers[0], numbers[1], *(numbers[3:5] if heights else numbers[2:4]))  # type: ignore[return-value]


def parse_bbox(text: str) -> Bbox:
    """Read `west,south,east,north` or, with heights that are ignored, `west,south,low,east,north,high`."""
    west, south, east, north = parse_box_numbers(text)
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:  # noqa: PLR2004
        raise BadValue("longitudes lie within -180 and 180, latitudes within -90 and 90")
    if south > north:
        raise BadValue("south must not be greater than north")
    return Bbox(west, south, east, north)


def parse_day(text: str) -> dt.date:
    """Read an RFC 3339 full date, or a date-time, of which the day as written is taken."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise BadValue("must be a date like 2016-05-01")
    try:
        return dt.date.fromisoformat(match[1])
    except ValueError:
        raise BadValue("is not a day of the calendar") from None


def parse_interval(text: str) -> Interval:
    """Read a day, or `start/end` where one end may be `..` or empty. Both ends belong to the interval."""
    if "/" not in text:
        day = parse_day(text)
        return Interval(day, day)
    ends = text.split("/")
    if len(ends) != 2:  # noqa: PLR2004
        raise BadValue("an interval has two ends: start/end")
    start, end = (None if part in {"", ".."} else parse_day(part) for part in ends)
    if start is None and end is None:
        raise BadValue("an interval needs at least one end")
    if start is not None and end is not None and start > end:
        raise BadValue("the start must not be after the end")
    return Interval(start, end)


def parse_limit(text: str) -> int:
    """Read the size of a page. Above the maximum it is clipped, as OGC API - Features has it."""
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise BadValue(f"must be a whole number from 1 to {MAXIMUM_LIMIT}")
    return MAXIMUM_LIMIT if len(match[1]) > 5 else min(int(match[1]), MAXIMUM_LIMIT)  # noqa: PLR2004


def parse_integer(text: str) -> int:
    """Read a whole number that fits the database's integer."""
    if not _DIGITS.fullmatch(text) or int(text) > LARGEST_INTEGER:
        raise BadValue(f"must be a whole number from 0 to {LARGEST_INTEGER}, or unknown")
    return int(text)


def parse_amount(text: str) -> Decimal:
    """Read an amount of yuan."""
    if not _AMOUNT.fullmatch(text):
        raise BadValue("must be an amount like 1500 or 1500.50, or unknown")
    return Decimal(text)


def parse_boolean(text: str) -> bool:
    """Read `true` or `false`."""
    if text not in {"true", "false"}:
        raise BadValue("must be true, false or unknown")
    return text == "true"


def parse_flag(text: str) -> bool:
    """Read `true` or `false`, where nothing is unknown."""
    if text not in {"true", "false"}:
        raise BadValue("must be true or false")
    return text == "true"


def parse_text(text: str) -> str:
    """Read a text that is compared as a whole."""
    if len(text) > LONGEST_TEXT:
        raise BadValue(f"must not be longer than {LONGEST_TEXT} characters")
    if any(character < " " or "\x7f" <= character <= "\x9f" for character in text):
        raise BadValue("must not hold control characters")
    return text


def parse_region(text: str) -> str:
    """Read a region's code. Whether there is such a region is asked of the database."""
    if not _REGION.fullmatch(text):
        raise BadValue("must be the code of a region, like 440000")
    return text


def write_token(order: str, *keys: object) -> str:
    """Write the opaque token that continues a walk in `order` after the row with `keys`."""
    return base64.urlsafe_b64encode("~".join((order, *map(str, keys))).encode()).decode().rstrip("=")


def read_token(order: str, text: str, count: int) -> list[str]:
    """Return the `count` keys of a token of `write_token`. Raises BadValue for any other text or order."""
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        found = ""
    name, *keys = found.split("~")
    if name != order or len(keys) != count or write_token(order, *keys) != text:
        raise BadValue("is not a token of this list: follow its link with rel=next")
    return keys
