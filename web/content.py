"""What a page is given: plain values, already counted and already public. Nothing here asks a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Language = str
"""A BCP 47 tag of `web.translations.LANGUAGES`: "en", "zh-Hans" or "zh-Hant"."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text in the three scripts the pages speak."""

    en: str
    zh_hans: str
    zh_hant: str

    def in_language(self, language: Language) -> str:
        """Return the text for a language tag; a language without labels of its own gets the English ones."""
        return str(getattr(self, language.replace("-", "_").lower(), self.en))


@dataclass(frozen=True, kw_only=True)
class LayerWords:
    """How a layer is drawn and called. `is_incident` says whether its records count in totals."""

    id: str
    shape: str
    label: Text
    short: Text
    is_incident: bool


@dataclass(frozen=True, kw_only=True)
class PropertyWords:
    """How a property of a record is shown on its card. `kind` is the kind of the layers' declaration.

    `layers` are those whose records have it. `chart` is its place among the charts of bars, None where it has none;
    bars that are `in_order` stay in the order of their vocabulary.
    """

    name: str
    kind: str
    label: Text
    vocabulary: str | None
    layers: tuple[str, ...] = ()
    chart: int | None = None
    in_order: bool = False


@dataclass(frozen=True, kw_only=True)
class Words:
    """Everything that has a label: layers, properties in the order they are shown, terms by vocabulary and code."""

    layers: tuple[LayerWords, ...]
    properties: tuple[PropertyWords, ...]
    terms: Mapping[str, Mapping[str, Text]]


@dataclass(frozen=True, kw_only=True)
class Region:
    """A region as the page shows it. `parent` is the code of the region it lies in; provinces have none."""

    code: str
    level: str
    name: Text
    parent: str | None


@dataclass(frozen=True)
class Tally:
    """Counts by layer id."""

    by_layer: Mapping[str, int]

    def of(self, layers: Sequence[str]) -> int:
        """Return the sum over `layers`."""
        return sum(self.by_layer.get(layer, 0) for layer in layers)


@dataclass(frozen=True, kw_only=True)
class RegionRow:
    """A region and its counts."""

    region: Region
    tally: Tally


@dataclass(frozen=True, kw_only=True)
class RemainderRow:
    """Records that no row may claim, and why (several_places, not_known_finer, not_shown_finer)."""

    reason: str
    tally: Tally


@dataclass(frozen=True, kw_only=True)
class Facet:
    """The records of one property's values, under all filters but its own.

    `counts` are (code, number) in the order of the vocabulary. Of `total` records `counted` different ones have a
    value, and `unknown` have none though their layer has the property. With `is_multi_valued` a record may be under
    several values.
    """

    counts: tuple[tuple[str, int], ...]
    total: int
    counted: int
    unknown: int
    is_multi_valued: bool


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """How current a layer is: the first day of its latest record, and the day its records last changed."""

    layer: str
    latest_on: dt.date | None
    changed_on: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Record:
    """One published record: its public id and the properties of its GeoJSON feature.

    `point` is its longitude and latitude where its own place is public, not only its region.
    """

    id: str
    properties: Mapping[str, Any]
    point: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """One public change of a record: "insert", "update" or "delete", and what an update changed, where that is told."""

    op: str
    changed_on: dt.date
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What the address asks for, in the API's own parameter names.

    `filters` holds the API's filters except `region` and `layer`, as written. `layers` are those switched on. `notices`
    say what of a link made to CLB's map could not be shown: "not_held", and names of its parameters.
    """

    language: Language
    layers: tuple[str, ...]
    region: str | None = None
    record: str | None = None
    tab: str = "overview"
    shade: str = "rate"
    theme: str | None = None
    filters: tuple[tuple[str, str], ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """Where the boundaries come from."""

    source: str
    licence: str
    vintage: str
    notice: str


@dataclass(frozen=True, kw_only=True)
class PageContent:
    """The answers a page shows.

    `total` counts the selected region; `rows` and `remainder` are its parts, and sum to it. `provinces` counts the
    whole country under the same filters, and `outside_provinces` what is in none of them. `months` are (year-month,
    counts) of the selected region under all filters but `datetime`, in order, without gaps; `range_months` are those
    under all filters, where the table is open. `facets` count the selected
    region and the layers that are on, by name of the property. `path` leads from the province down to the selected
    region. `linked` are the cases about the record, or the incidents of a case; `changes` are its public changes, in
    order.
    """

    selection: Selection
    total: Tally
    path: tuple[Region, ...]
    rows: tuple[RegionRow, ...]
    remainder: tuple[RemainderRow, ...]
    provinces: tuple[RegionRow, ...]
    outside_provinces: tuple[RemainderRow, ...]
    months: tuple[tuple[str, Tally], ...]
    facets: Mapping[str, Facet]
    range_months: tuple[tuple[str, Tally], ...] = ()
    latest: tuple[Record, ...]
    record: Record | None
    linked: tuple[Record, ...] = ()
    changes: tuple[Change, ...] = ()
    names: Mapping[str, Text]
    dataset_version: int
    changed_on: dt.date
    attribution: Attribution | None
    freshness: tuple[Freshness, ...] = ()
