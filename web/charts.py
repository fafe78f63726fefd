"""Charts of bars: how many records each value of a property has. A bar is a link that filters, or takes its filter out.

The twin of static/js/chart-bars.js: tests/web/chart-cases.json holds for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from web.content import Facet, LayerWords, PageContent, PropertyWords, Words
from web.translations import Texts

Filters = tuple[tuple[str, str], ...]

UNKNOWN = "unknown"
BARS_AT_ONCE = 7


class WritesAddress(Protocol):
    """The address of the page with something changed."""

    def __call__(self, **changes: Any) -> str:
        """Return the address."""


@dataclass(frozen=True)
class Bar:
    """A value, how many records have it, how long its bar is in percent, and where a click on it leads."""

    label: str
    count: int
    length: int
    address: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The bars of one property. `marks` are the layers that have it, where others are on too; `unknown` has no value.

    `counted` is the number of different records in the bars where it is less than their sum.
    """

    name: str
    label: str
    marks: tuple[LayerWords, ...]
    first: tuple[Bar, ...]
    rest: tuple[Bar, ...]
    unknown: Bar | None
    counted: int | None

    @property
    def is_open(self) -> bool:
        """Whether a bar is chosen among those that "show all" opens."""
        return any(bar.is_chosen for bar in self.rest)


def rank_values(facet: Facet, chosen: Sequence[str], *, in_order: bool) -> list[tuple[str, int]]:
    """Return the values that have a bar: those with a record or chosen, longest first unless they stay in order."""
    counts = dict(facet.counts)
    values = [*facet.counts, *((code, 0) for code in chosen if code not in counts and code != UNKNOWN)]
    return values if in_order else sorted(values, key=lambda pair: -pair[1])


def bar_length(count: int, whole: int) -> int:
    """Return the length of a bar in percent: a record is never without a bar."""
    return max((200 * count + whole) // (2 * whole), 1 if count else 0)


def codes_of(filters: Filters, name: str) -> list[str]:
    """Return the codes that are chosen in one filter."""
    return [code for key, value in filters if key == name for code in value.split(",")]


def with_code(filters: Filters, name: str, code: str, *, is_chosen: bool) -> Filters:
    """Return the filters with one code more, or one less."""
    codes = sorted({*codes_of(filters, name), code} if is_chosen else {*codes_of(filters, name)} - {code})
    kept = tuple(pair for pair in filters if pair[0] != name)
    return (*kept, (name, ",".join(codes))) if codes else kept


class Charts:
    """The charts of one page while it is being written."""

    def __init__(self, words: Words, texts: Texts, content: PageContent, address: WritesAddress) -> None:
        self._words = words
        self._texts = texts
        self._content = content
        self._selection = content.selection
        self._address = address

    def __iter__(self) -> Iterator[Chart]:
        """Go through the charts that fit the layers that are on and have something to show, in their order."""
        charted = [prop for prop in self._words.properties if prop.chart is not None]
        for prop in sorted(charted, key=lambda prop: prop.chart or 0):
            facet = self._content.facets.get(prop.name)
            chosen = codes_of(self._selection.filters, prop.name)
            if facet and set(prop.layers) & set(self._selection.layers) and (facet.counted or chosen):
                yield self._chart(prop, facet, chosen)

    def _chart(self, prop: PropertyWords, facet: Facet, chosen: list[str]) -> Chart:
        values = rank_values(facet, chosen, in_order=prop.in_order)
        whole = max([count for _code, count in values] + [facet.unknown, 1])
        bars = tuple(self._bar(prop, code, count, whole) for code, count in values)
        at_once = BARS_AT_ONCE if len(bars) > BARS_AT_ONCE + 1 else len(bars)
        is_several = sum(count for _code, count in facet.counts) > facet.counted
        has_unknown = facet.unknown or UNKNOWN in chosen
        on = [layer for layer in self._words.layers if layer.id in self._selection.layers]
        marks = tuple(layer for layer in on if layer.id in prop.layers)
        return Chart(
            name=prop.name,
            label=prop.label.in_language(self._texts.language),
            marks=marks if len(marks) < len(on) else (),
            first=bars[:at_once],
            rest=bars[at_once:],
            unknown=self._bar(prop, UNKNOWN, facet.unknown, whole) if has_unknown else None,
            counted=facet.counted if is_several else None,
        )

    def _bar(self, prop: PropertyWords, code: str, count: int, whole: int) -> Bar:
        filters, on = self._selection.filters, self._selection.layers
        is_chosen = code in codes_of(filters, prop.name)
        changes: dict[str, Any] = {"filters": with_code(filters, prop.name, code, is_chosen=not is_chosen)}
        if code == UNKNOWN and not is_chosen:
            # Records of other layers have no value either: what the bar counts are those of its own.
            changes["layers"] = tuple(layer for layer in on if layer in prop.layers)
        term = self._words.terms.get(prop.vocabulary or "", {}).get(code)
        label = term.in_language(self._texts.language) if term else code
        return Bar(
            label=self._texts["filter.unknown"] if code == UNKNOWN else label,
            count=count,
            length=bar_length(count, whole),
            address=self._address(record=None, **changes),
            is_chosen=is_chosen,
        )
