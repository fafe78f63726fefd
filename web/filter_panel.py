"""The filters beside the map: which there are for the layers that are on, what could be chosen, what is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import parse_qsl

from web.content import Facet, LayerWords, PageContent, PropertyWords, Words
from web.filter_chips import CODED, UNKNOWN, Chip, ChipWords
from web.translations import Texts

FIRST = ("industry", "sub_industry", "demands", "participants", "ownership")
LAST = ("verification", "location_precision", "date_precision")
"""Which filters stand above and below all others; the rest stand in the order of their declaration."""

LAYER = "layer"
"""The one coded property that has switches of its own."""

OPTIONS_AT_ONCE = 8
TAB = "filters"


@dataclass(frozen=True)
class Option:
    """A value that could be chosen: how many records it would find, and whether it is chosen."""

    code: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Section:
    """One property's filter. `mark` is the only layer that has it; without `options` they are a link away."""

    name: str
    label: str
    layers: tuple[str, ...]
    mark: LayerWords | None
    is_shown: bool
    is_open: bool
    chosen: int
    options: tuple[Option, ...]

    @property
    def first(self) -> tuple[Option, ...]:
        """The options that are seen at once."""
        return self.options[:OPTIONS_AT_ONCE]

    @property
    def rest(self) -> tuple[Option, ...]:
        """The options that "show all" opens."""
        return self.options[OPTIONS_AT_ONCE:]


@dataclass(frozen=True)
class WayOut:
    """What leads on from a page that shows nothing: `clear` the filters, all `layers`, or the `country`."""

    name: str
    address: str


class WritesAddress(Protocol):
    """The address of the page with something changed."""

    def __call__(self, **changes: Any) -> str:
        """Return the address."""


class FilterPanel:
    """The filters of one page while it is being written."""

    def __init__(self, words: Words, texts: Texts, content: PageContent, address: WritesAddress) -> None:
        self._words = words
        self._texts = texts
        self._content = content
        self._selection = content.selection
        self._address = address
        self._chips = ChipWords(texts, words, content.names)

    @cached_property
    def is_in_tab(self) -> bool:
        """Whether the filters stand in their tab, all of them with all options."""
        return self._selection.tab == TAB

    @cached_property
    def sections(self) -> list[Section]:
        """The filters in their order, those of layers that are off too."""
        return [self._section(prop) for prop in order_properties(self._words.properties)]

    @cached_property
    def chips(self) -> list[tuple[Chip, str]]:
        """What is set, each with the address of the page without it."""
        filters = self._selection.filters
        return [
            (
                chip,
                self._address(region=None)
                if chip.name == "region"
                else self._address(filters=self._chips.without(filters, chip)),
            )
            for chip in self._chips.list_chips(self._selection.region, filters)
        ]

    @property
    def clear_address(self) -> str:
        """The address of the page without any filter; the place stays."""
        return self._address(filters=())

    @property
    def way_out(self) -> WayOut:
        """What leads on from here where nothing is found. The twin is in static/js/empty-state.js."""
        every = tuple(layer.id for layer in self._words.layers)
        if self._selection.layers and self._selection.filters:
            return WayOut("clear", self._address(filters=()))
        if set(self._selection.layers) != set(every):
            return WayOut("layers", self._address(layers=every))
        return WayOut("country", self._address(region=None))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The parameters that the form of the filters keeps: all that are not asked in it."""
        asked = {section.name for section in self.sections if section.options}
        return [pair for pair in parse_qsl(self._address(record=None).partition("?")[2]) if pair[0] not in asked]

    @property
    def searched(self) -> str:
        """The words that are searched for."""
        return dict(self._selection.filters).get("q", "")

    @property
    def kept_by_search(self) -> list[tuple[str, str]]:
        """The parameters that the search keeps."""
        return [pair for pair in parse_qsl(self._address(record=None).partition("?")[2]) if pair[0] != "q"]

    def _section(self, prop: PropertyWords) -> Section:
        on = self._selection.layers
        chosen = [value for name, value in self._selection.filters if name == prop.name]
        codes = [code for value in chosen for code in value.split(",")]
        is_shown = bool(set(prop.layers) & set(on)) or bool(codes)
        is_open = bool(codes) or prop.name == FIRST[0]
        marks = [layer for layer in self._words.layers if prop.layers == (layer.id,)]
        return Section(
            name=prop.name,
            label=prop.label.in_language(self._texts.language),
            layers=prop.layers,
            mark=marks[0] if marks else None,
            is_shown=is_shown,
            is_open=is_open,
            chosen=len(codes),
            options=self._options(prop, codes) if is_shown and (is_open or self.is_in_tab) else (),
        )

    def _options(self, prop: PropertyWords, chosen: list[str]) -> tuple[Option, ...]:
        facet = self._content.facets.get(prop.name)
        counts = count_options(facet)
        terms = self._words.terms[prop.vocabulary or ""]
        language = self._texts.language
        options = [
            Option(code, label.in_language(language), counts.get(code, 0), code in chosen)
            for code, label in terms.items()
        ]
        if counts.get(UNKNOWN) or UNKNOWN in chosen:
            unknown = self._texts["filter.unknown"]
            options.append(Option(UNKNOWN, unknown, counts.get(UNKNOWN, 0), UNKNOWN in chosen))
        return tuple(options)


def order_properties(properties: tuple[PropertyWords, ...]) -> list[PropertyWords]:
    """Return the properties that have a filter of options, in their order."""
    coded = [prop for prop in properties if prop.kind in CODED and prop.vocabulary and prop.name != LAYER]
    places = {name: place - len(FIRST) for place, name in enumerate(FIRST)}
    places |= {name: place + 1 for place, name in enumerate(LAST)}
    return sorted(coded, key=lambda prop: places.get(prop.name, 0))


def count_options(facet: Facet | None) -> Mapping[str, int]:
    """Return how many records each option of a filter would find; `unknown` finds all that have no value."""
    if facet is None:
        return {}
    return {**dict(facet.counts), UNKNOWN: facet.total - facet.counted}
