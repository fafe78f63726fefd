"""The change of a year against the year before. The twin of static/js/change.js, with cases for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.content import Tally
from web.histogram import METHOD_CHANGES
from web.time_range import Days, month_name, month_number

YEAR = 12


@dataclass(frozen=True)
class Change:
    """Records of the 12 months to `month` and of the 12 before, and the change in whole percent.

    `broken_on` is the month between them, or in them, from which on the method was another: then they do not compare.
    """

    month: str
    later: int
    earlier: int
    percent: int
    broken_on: str | None


def find_change(months: Sequence[tuple[str, Tally]], layers: Sequence[str], days: Days) -> Change | None:
    """Return the change of the year to the end of a range; None unless both years are there and have records."""
    if not months:
        return None
    first = month_number(months[0][0])
    last = min(month_number(days.end) if days.end else first + len(months) - 1, first + len(months) - 1)
    if last - first + 1 < 2 * YEAR:
        return None
    counts = [tally.of(layers) for _month, tally in months[: last - first + 1]]
    later, earlier = sum(counts[-YEAR:]), sum(counts[-2 * YEAR : -YEAR])
    if not later or not earlier:
        return None
    inside = [month for month in METHOD_CHANGES if last - 2 * YEAR + 1 < month_number(month) <= last]
    percent = (200 * later + earlier) // (2 * earlier) - 100
    return Change(month_name(last), later, earlier, percent, inside[0] if inside else None)
