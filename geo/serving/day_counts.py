"""How many records have a day in common with a range of days, without a look at each record.

A record ends no earlier than it begins. So those with a day in common are those that begin by the last day of the
range, without those that end before its first: two looks into tables of what begins and ends by each day.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from geo.layers import RECORDS
from geo.serving.columns import Columns
from geo.serving.parameters import Interval

_NAME = "by day"


@dataclass(frozen=True)
class ByDay:
    """By layer: the days that occur, ascending, and how many records have each of them or an earlier one."""

    days: list[dt.date]
    until: dict[str, list[int]]

    def count_until(self, layer: str, day: dt.date | None) -> int:
        """Return how many records of a layer have this day or an earlier one; all of them for None."""
        number = len(self.days) if day is None else bisect_right(self.days, day)
        return self.until[layer][number]

    def count_before(self, layer: str, day: dt.date | None) -> int:
        """Return how many records of a layer have an earlier day; none for None."""
        return 0 if day is None else self.until[layer][bisect_left(self.days, day)]


def count_days(columns: Columns, layers: Iterable[str], interval: Interval) -> int:
    """Return how many records of some layers have a day in common with the range."""
    begin, end = by_day(columns, "starts_on"), by_day(columns, "ends_on")
    return sum(begin.count_until(layer, interval.end) - end.count_before(layer, interval.start) for layer in layers)


def by_day(columns: Columns, name: str) -> ByDay:
    """Return how many records have each day as their `starts_on` or `ends_on`, worked out once."""
    column = columns.column(name)
    known: ByDay | None = column.worked_out.get(_NAME)
    if known is None:
        days = column.values(name)
        order = sorted(range(len(days)), key=days.__getitem__)
        until = {}
        for number, layer in enumerate(RECORDS):
            counted = np.bincount(column.codes[columns.layer == number], minlength=len(days))
            until[layer] = [0, *accumulate(counted[order].tolist())]
        known = column.worked_out[_NAME] = ByDay([days[at] for at in order], until)
    return known
