"""What the template asks of the time card: the months, the range that is shown, and the links that change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import parse_qsl

from web.change import Change, find_change
from web.content import PageContent
from web.histogram import place_changes, place_month, place_years, stack_months
from web.links import EMBED
from web.time_range import (
    Days,
    Span,
    find_presets,
    find_span,
    is_whole_months,
    month_name,
    month_number,
    read_days,
    with_time,
    without_time,
)
from web.translations import Texts, format_number


class WritesAddress(Protocol):
    """The address of the page with something changed."""

    def __call__(self, **changes: Any) -> str:
        """Return the address."""


@dataclass(frozen=True)
class Preset:
    """A range that is a link away, and whether it is the one that is shown."""

    name: str
    address: str
    datetime: str
    is_current: bool


class TimeView:
    """The time card of one page while it is being written. Without a known month it has neither bars nor a brush."""

    def __init__(self, texts: Texts, content: PageContent, counted: Sequence[str], address: WritesAddress) -> None:
        self._texts = texts
        self._months = [month for month, _tally in content.months]
        self._tallies = [tally for _month, tally in content.months]
        self._filters = content.selection.filters
        self._counted = counted
        self._address = address

    @property
    def has_months(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self._months)

    @property
    def first(self) -> str:
        """The first month that is drawn."""
        return self._months[0] if self._months else ""

    @property
    def last(self) -> str:
        """The last month with a record."""
        return self._months[-1] if self._months else ""

    @property
    def number(self) -> int:
        """How many months are drawn."""
        return len(self._months)

    @property
    def is_framed(self) -> bool:
        """Whether the page is framed by another site, where no form may stand."""
        return self._address().startswith(EMBED)

    @cached_property
    def days(self) -> Days:
        """The days that are asked for."""
        return read_days(self._filters)

    @cached_property
    def span(self) -> Span:
        """The months of those days."""
        return find_span(self.days, self._months) if self._months else Span(0, 0)

    @cached_property
    def change(self) -> Change | None:
        """The change of a year against the year before, where both have records."""
        return find_change(list(zip(self._months, self._tallies, strict=True)), self._counted, self.days)

    @property
    def paths(self) -> tuple[tuple[str, str], ...]:
        """The columns, one path a layer."""
        return stack_months(self._tallies, self._counted)

    @property
    def years(self) -> list[tuple[str, float]]:
        """The years below the columns."""
        return place_years(self._months)

    @property
    def changes(self) -> list[tuple[str, float]]:
        """Changes of method among the months."""
        return place_changes(self._months)

    def place(self, index: int) -> float:
        """Return where a month begins, in percent of the width."""
        return place_month(index, self._months) if self._months else 0

    def month(self, index: int) -> str:
        """Return a month of the axis as "2016-05"."""
        return month_name(month_number(self.first) + index) if self._months else ""

    def month_in_words(self, index: int) -> str:
        """Return a month of the axis as readers write it."""
        return self._texts.month(self.month(index)) if self._months else ""

    @property
    def range_in_words(self) -> str:
        """The range that is shown: months where it is made of whole ones, else days."""
        if not self._months:
            return self._texts["time.none"]
        write = self._texts.month if is_whole_months(self.days) else self._texts.date
        first = write(self.days.start) if self.days.start else self._texts.month(self.first)
        last = write(self.days.end) if self.days.end else self._texts.month(self.last)
        return first if first == last else self._texts.fill("time.range", first=first, last=last)

    @property
    def picture(self) -> str:
        """What the columns show, in words."""
        totals = [tally.of(self._counted) for tally in self._tallies]
        if not any(totals):
            return self._texts["time.none"]
        peak = totals.index(max(totals))
        return self._texts.fill(
            "time.picture",
            first=self._texts.month(self.first),
            last=self._texts.month(self.last),
            peak=self.month_in_words(peak),
            count=format_number(totals[peak]),
        )

    @property
    def presets(self) -> list[Preset]:
        """Ranges that are a link away."""
        asked = dict(self._filters).get("datetime")
        presets = find_presets(self.last) if self._months else (("all", None),)
        return [
            Preset(name, self._address(filters=with_time(self._filters, datetime)), datetime or "", datetime == asked)
            for name, datetime in presets
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The parameters that the form of months keeps."""
        query = self._address(filters=without_time(self._filters)).partition("?")[2]
        return parse_qsl(query)
