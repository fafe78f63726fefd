"""The months below the table of regions: a fold for each year. The twin of static/js/month-table.js."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.content import PageContent, Tally
from web.histogram import METHOD_CHANGES
from web.time_range import find_span, read_days


@dataclass(frozen=True)
class YearOfMonths:
    """A year, how many records are in its months, and the month in which the method changed, if it did."""

    year: str
    count: int
    months: tuple[tuple[str, Tally], ...]
    changed_on: str | None


class MonthTable:
    """The months of the range that is shown. `rest` is how many records are known to none of them."""

    def __init__(self, content: PageContent, counted: Sequence[str]) -> None:
        months = content.range_months
        if months:
            span = find_span(read_days(content.selection.filters), [month for month, _tally in months])
            months = months[span.first : span.end]
        self._counted = counted
        self._months = months
        self.rest = content.total.of(counted) - sum(tally.of(counted) for _month, tally in months)

    @property
    def years(self) -> list[YearOfMonths]:
        """The years that have a month in the range, in order."""
        years: dict[str, list[tuple[str, Tally]]] = {}
        for month, tally in self._months:
            years.setdefault(month[:4], []).append((month, tally))
        changes = {month[:4]: month for month in METHOD_CHANGES}
        return [
            YearOfMonths(
                year, sum(tally.of(self._counted) for _month, tally in months), tuple(months), changes.get(year)
            )
            for year, months in years.items()
        ]
