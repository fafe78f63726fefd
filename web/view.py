"""What the page's template asks while it writes one page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import parse_qsl

from web.charts import Charts
from web.content import LayerWords, PageContent, RegionRow, Tally, Words
from web.filter_panel import FilterPanel
from web.first_frame import HEIGHT, WIDTH, Drawing, DrawnRing, FirstFrame, Land, draw_first_frame
from web.legend import Legend, make_legend
from web.links import NO_LAYER
from web.listing import is_known_no_finer, whole_list_address
from web.month_table import MonthTable
from web.opened_record import OpenedRecord
from web.records import RecordWords
from web.shades import find_rate
from web.sparkline import draw_changes, draw_line
from web.time_view import TimeView
from web.translations import LANGUAGES, Texts, format_rate

ROWS_IN_OVERVIEW = 8
LARGE_ROOM, MEDIUM_ROOM = 9.5, 7.2
"""Pixels inside a ring for each sign of its number, from which on it is written large or medium."""


class KnowsAddresses(Protocol):
    """What makes links: the site."""

    outside: frozenset[str]
    default_language: str
    editors: str | None

    def address_of(self, content: PageContent, **changes: Any) -> str:
        """Return the address of the same page with something changed."""


@dataclass(frozen=True)
class Segment:
    """A part of a bar: the layer, and where it begins and how long it is, in percent."""

    layer: str
    start: float
    length: float


class PageView:
    """One page while it is being written."""

    def __init__(self, words: Words, texts: Texts, content: PageContent, land: Land, site: KnowsAddresses) -> None:
        self.words = words
        self.texts = texts
        self.content = content
        self.selection = content.selection
        self.land = land
        self.records = RecordWords(texts, words, content.names)
        self._site = site

    def address(self, **changes: Any) -> str:
        """Return the address of this page with something changed."""
        return self._site.address_of(self.content, **changes)

    @cached_property
    def opened(self) -> OpenedRecord:
        """The record that is open."""
        return OpenedRecord(self.content, self.records, self.address, self._site)

    @property
    def whole_list(self) -> str:
        """The address of all records of the list."""
        return whole_list_address(self.selection, self._site.default_language)

    @property
    def is_known_no_finer(self) -> bool:
        """Say whether these are the records of a region whose place is known no more exactly."""
        return is_known_no_finer(self.selection)

    def language_address(self, language: str) -> str:
        """Return this page's address in another language."""
        return self.address(language=language)

    def region_address(self, code: str | None) -> str:
        """Return the address of a region with the same layers and filters."""
        kept = tuple(pair for pair in self.selection.filters if pair[0] not in {"prefecture", "county"})
        tab = "overview" if self.selection.record else self.selection.tab
        return self.address(region=code, record=None, filters=kept, tab=tab)

    @cached_property
    def filters(self) -> FilterPanel:
        """The filters beside the map, and what is set of them."""
        return FilterPanel(self.words, self.texts, self.content, self.address)

    def toggled(self, layer: str) -> str:
        """Return the value of `layer` after its switch was pressed."""
        on = self.selection.layers
        kept = [one.id for one in self.words.layers if (one.id in on) != (one.id == layer)]
        return ",".join(kept) or NO_LAYER

    @cached_property
    def incident_layers(self) -> tuple[str, ...]:
        """Layers whose records count in totals."""
        return tuple(layer.id for layer in self.words.layers if layer.is_incident)

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """Layers that are counted: incidents that are switched on; where none is, the cases."""
        incidents = tuple(layer for layer in self.incident_layers if layer in self.selection.layers)
        return incidents or self.selection.layers

    @cached_property
    def beside(self) -> tuple[str, ...]:
        """Layers of cases that are switched on beside incidents; they are not in the total."""
        return tuple(layer for layer in self.selection.layers if layer not in self.counted)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Names of the parameters of a link made to CLB's map that could not be used."""
        return tuple(name for name in self.selection.notices if name != "not_held")

    @property
    def noun(self) -> str:
        """The key of what is counted."""
        return "incidents" if not self.counted or self.counted[0] in self.incident_layers else "cases"

    @property
    def cases_all(self) -> tuple[str, ...]:
        """Layers of cases, on or off."""
        return tuple(layer.id for layer in self.words.layers if not layer.is_incident)

    @cached_property
    def frame(self) -> FirstFrame:
        """The first picture."""
        drawing = Drawing(
            shade=self.selection.shade,
            layers=self.selection.layers,
            incident_layers=self.incident_layers,
            outside=self._site.outside,
            names={row.region.code: self.name(row.region.code) for row in self.content.provinces},
        )
        return draw_first_frame(self.land, self.content.provinces, drawing)

    @property
    def frame_size(self) -> tuple[int, int]:
        """Width and height of the first picture."""
        return WIDTH, HEIGHT

    def text_size(self, ring: DrawnRing) -> str:
        """Return the class of a ring's number: three sizes, by what has room."""
        room = 2 * (ring.radius - ring.width) / max(len(self.texts.short_number(ring.count)), 2)
        return "large" if room > LARGE_ROOM else "medium" if room > MEDIUM_ROOM else "small"

    def ring_label(self, code: str) -> str:
        """Return what a ring says aloud."""
        row = next(row for row in self.content.provinces if row.region.code == code)
        return f"{self.name(code)}: {self.say(row.tally)}"

    def say(self, tally: Tally) -> str:
        """Return counts as words: incidents, and cases beside them."""
        said = [self.texts.count(f"{self.noun}.count", tally.of(self.counted))]
        if tally.of(self.beside):
            said.append(self.texts.count("cases.count", tally.of(self.beside)))
        return ", ".join(said)

    @property
    def layers_in_words(self) -> str:
        """The layers that are on, for the printed page."""
        return self.texts.list(self.layer(one).label.in_language(self.texts.language) for one in self.selection.layers)

    @property
    def filters_in_words(self) -> str:
        """The place and the filters that are set, for the printed page."""
        return self.texts.pairs((chip.label, chip.text) for chip, _address in self.filters.chips)

    @property
    def eyebrow(self) -> str:
        """Return where the selected region lies."""
        above = [self.name(region.code) for region in self.content.path[:-1]]
        return " › ".join([self.texts["country"], *above]) if self.content.path else self.texts["country.all"]

    @property
    def hidden_inputs(self) -> list[tuple[str, str]]:
        """Return the parameters that the layer switches keep."""
        return [pair for pair in parse_qsl(self.address().partition("?")[2]) if pair[0] != "layer"]

    def spark(self, layer: str) -> str:
        """Return the path of a layer's small line."""
        return draw_line(self.content.months, layer)

    @cached_property
    def spark_changes(self) -> str:
        """The path of the changes of method on the small lines."""
        return draw_changes(self.content.months)

    def layer(self, layer: str) -> LayerWords:
        """Return the words of a layer."""
        return next(one for one in self.words.layers if one.id == layer)

    def name(self, code: str) -> str:
        """Return a region's name."""
        return self.records.region_name(code)

    @property
    def place(self) -> str:
        """The name of the selected region, or the country's."""
        return self.name(self.selection.region) if self.selection.region else self.texts["country"]

    @property
    def title(self) -> str:
        """The title of the page: the record or the place, and the site."""
        shown = self.content.record
        subject = self.records.title(shown).text if shown else (self.place if self.selection.region else "")
        return f"{subject} – {self.texts['site.name']}" if subject else self.texts["site.name"]

    @property
    def languages(self) -> dict[str, str]:
        """Language tags and short names."""
        return LANGUAGES

    @cached_property
    def child_level(self) -> str | None:
        """The level of the rows."""
        return self.content.rows[0].region.level if self.content.rows else None

    @cached_property
    def ranked_rows(self) -> list[RegionRow]:
        """Rows with a record of the layers that are on, the most incidents first."""
        counted = [row for row in self.content.rows if row.tally.of(self.selection.layers)]
        return sorted(counted, key=lambda r: (-r.tally.of(self.counted), -r.tally.of(self.beside), r.region.code))

    @property
    def month_table(self) -> MonthTable:
        """The months of the range that is shown."""
        return MonthTable(self.content, self.counted)

    @cached_property
    def has_rates(self) -> bool:
        """Whether the residents of a row were read."""
        return any(row.region.code in self.land.residents for row in self.ranked_rows)

    def rate(self, row: RegionRow) -> str:
        """Return how many there are per million residents of a row."""
        rate = find_rate(row.tally.of(self.counted), self.land.residents.get(row.region.code))
        return "–" if rate is None else format_rate(rate)

    @cached_property
    def overview_rows(self) -> list[RegionRow]:
        """The first rows, for the overview."""
        return self.ranked_rows[:ROWS_IN_OVERVIEW]

    @cached_property
    def largest_row(self) -> int:
        """The most incidents in a row or remainder, for the length of bars."""
        tallies = [row.tally for row in self.content.rows] + [row.tally for row in self.content.remainder]
        return max((tally.of(self.counted) for tally in tallies), default=0)

    def counts_in_order(self, tally: Tally) -> list[int]:
        """Return the counts of all layers in their order."""
        return [tally.by_layer.get(layer.id, 0) for layer in self.words.layers]

    def segments(self, tally: Tally, whole: int | None = None) -> list[Segment]:
        """Return the parts of a bar, in percent of `whole` (of the tally itself, if not given)."""
        whole = tally.of(self.counted) if whole is None else whole
        parts, start = [], 0.0
        for layer in self.counted:
            length = 100 * tally.by_layer.get(layer, 0) / whole if whole else 0
            if length:
                parts.append(Segment(layer, round(start, 2), round(length, 2)))
            start += length
        return parts

    @property
    def charts(self) -> Charts:
        """The charts of bars."""
        return Charts(self.words, self.texts, self.content, self.address)

    @cached_property
    def time(self) -> TimeView:
        """The months and the range of time that is shown."""
        return TimeView(self.texts, self.content, self.counted, self.address)

    @cached_property
    def legend(self) -> Legend:
        """What shades and circles mean."""
        return make_legend(self.frame, self.noun, self.selection.shade, self.texts)
