"""What the map page shows, asked of the published data and given to `web` as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from app.readers.clb_links import NOTICES
from app.readers.dossiers import fetch_dossier, make_record
from app.readers.page_facets import count_page_facets
from app.readers.page_regions import RegionTree
from geo.errors import InvalidParameter
from geo.layers import INCIDENTS, LAYERS, PROPERTIES, RECORDS, Kind, Labels
from geo.serving.allow_list import refuse
from geo.serving.column_counts import count_features
from geo.serving.columns import Columns
from geo.serving.counts import Counts
from geo.serving.dataset import Dataset
from geo.serving.features import fetch_page
from geo.serving.filters import FeatureQuery, filter_names, parse_query
from geo.serving.matched import Matched
from geo.serving.regions import Boundaries
from geo.vocabularies import vocabularies
from web.content import (
    Attribution,
    LayerWords,
    PageContent,
    PropertyWords,
    Record,
    RegionRow,
    RemainderRow,
    Selection,
    Tally,
    Text,
    Words,
)
from web.links import NO_LAYER, join_lists
from web.translations import LANGUAGES

COLLECTION = "records"
LATEST = 20
NOTICE = "notice"
"""The parameter by which a link made to CLB's map leaves word of what could not be shown."""
TABS = ("overview", "list", "table", "filters")
SHADES = ("rate", "count", "none")
THEMES = ("light", "dark")
PAGE_FILTERS = tuple(name for name in filter_names(COLLECTION) if name not in {"region", "layer"})
"""The API's filters that the page's address may hold beside region and layer."""

CODED = frozenset(prop.name for prop in PROPERTIES if prop.kind in {Kind.CODE, Kind.CODES})
"""Filters whose values are codes, which may stand side by side in one parameter."""

OUTSIDE_COVERAGE = frozenset({"710000", "810000", "820000"})
"""Provinces that the data does not cover; drawn as such unless a record lies there."""


def make_words() -> Words:
    """Return the labels of layers, properties and terms."""
    return Words(
        layers=tuple(
            LayerWords(
                id=layer.id,
                shape=layer.shape,
                label=_text(layer.labels),
                short=_text(layer.short),
                is_incident=layer.id in INCIDENTS,
            )
            for layer in LAYERS.values()
        ),
        properties=tuple(
            PropertyWords(
                name=prop.name,
                kind=prop.kind.value,
                label=_text(prop.labels),
                vocabulary=prop.vocabulary,
                layers=prop.layers,
                chart=prop.chart.place if prop.chart else None,
                in_order=prop.chart is not None and prop.chart.in_order,
            )
            for prop in PROPERTIES
        ),
        terms={
            name: {
                term.code: Text(en=term.label_en, zh_hans=term.label_zh_hans, zh_hant=term.label_zh_hant)
                for term in vocabulary.terms
            }
            for name, vocabulary in vocabularies().items()
        },
    )


def _text(labels: Labels) -> Text:
    return Text(en=labels.en, zh_hans=labels.zh_hans, zh_hant=labels.zh_hant)


def read_selection(parameters: Iterable[tuple[str, str]], language: str) -> tuple[Selection, FeatureQuery]:
    """Read the page's parameters; those that nobody knows (trackers') are left out.

    Raises BadRequest that names every parameter whose value cannot be used.
    """
    known = [
        pair for pair in parameters if pair[0] in {*filter_names(COLLECTION), *_CHOICES, "record", NOTICE} and pair[1]
    ]
    given = dict(known)
    refuse(
        [
            InvalidParameter(name, f"must be one of: {', '.join(allowed)}")
            for name, allowed in _CHOICES.items()
            if given.get(name, allowed[0]) not in allowed
        ]
    )
    filters = [pair for pair in known if pair[0] in filter_names(COLLECTION) and pair != ("layer", NO_LAYER)]
    query = parse_query(COLLECTION, filters, paged=False)
    if len(query.region) > 1 or None in query.region:
        refuse([InvalidParameter("region", "the page shows one region at a time")])
    layers = dict(query.properties).get("layer", RECORDS) if given.get("layer") != NO_LAYER else ()
    selection = Selection(
        language=language,
        layers=tuple(layer for layer in RECORDS if layer in layers),
        region=query.region[0] if query.region else None,
        record=given.get("record"),
        tab=given.get("tab", "list" if "record" in given else "overview"),
        shade=given.get("shade", SHADES[0]),
        theme=given.get("theme"),
        filters=tuple(sorted(join_lists((pair for pair in filters if pair[0] in PAGE_FILTERS), CODED))),
        notices=tuple(name for name in NOTICES if name in given.get(NOTICE, "").split(",")),
    )
    kept = tuple((name, values) for name, values in query.properties if name != "layer")
    return selection, replace(query, region=(), properties=kept)


_CHOICES = {"lang": tuple(LANGUAGES), "tab": TABS, "shade": SHADES, "theme": THEMES}


@dataclass(frozen=True)
class PageSource:
    """One snapshot of the published data, from which pages are filled, and the columns they are counted from."""

    connection: AsyncConnection
    dataset: Dataset
    columns: Columns
    tree: RegionTree
    boundaries: Boundaries | None
    matched: Matched

    async def fill(self, selection: Selection, query: FeatureQuery) -> PageContent:
        """Return what a page shows. `query` holds the filters but neither region nor layers.

        Raises NotFound for a record that is not there, BadRequest for a region that is not.
        """
        here = replace(query, region=(selection.region,) if selection.region else ())
        wide = without_known_to(query)
        level = self.tree.child_level(selection.region)
        parts = await self._count(here, (level, "layer") if level else ("layer",))
        provinces = parts if here == wide else await self._count(wide, ("province", "layer"))
        months = await self._count(replace(here, datetime=None), ("month", "layer"))
        dossier = await fetch_dossier(self.connection, selection.record) if selection.record else None
        return PageContent(
            selection=selection,
            total=total_of(parts),
            path=self.tree.path(selection.region),
            rows=self._rows(parts) if level else (),
            remainder=remainder_of(parts),
            provinces=self._rows(provinces),
            outside_provinces=remainder_of(provinces),
            months=months_of(months),
            range_months=await self._range_months(here) if selection.tab == "table" else (),
            facets=await count_page_facets(self.columns, self.connection, here, selection.layers),
            latest=await self._latest(here, selection),
            record=dossier.record if dossier else None,
            linked=dossier.linked if dossier else (),
            changes=dossier.changes if dossier else (),
            names=self.tree.names,
            dataset_version=self.columns.dataset.version,
            changed_on=self.columns.dataset.changed_at.date(),
            attribution=describe_boundaries(self.boundaries),
        )

    async def _range_months(self, here: FeatureQuery) -> tuple[tuple[str, Tally], ...]:
        return months_of(await self._count(here, ("month", "layer")))

    async def _count(self, query: FeatureQuery, by: tuple[str, ...]) -> Counts:
        return await count_features(self.columns, self.connection, query, by)

    def _rows(self, counts: Counts) -> tuple[RegionRow, ...]:
        tallies: dict[str, dict[str, int]] = {}
        for cell in counts.counts:
            code, layer = cell.keys
            tallies.setdefault(code, {})[layer] = cell.count
        known = self.tree.regions
        return tuple(
            RegionRow(region=known[code], tally=Tally(tally)) for code, tally in tallies.items() if code in known
        )

    async def _latest(self, query: FeatureQuery, selection: Selection) -> tuple[Record, ...]:
        if not selection.layers:
            return ()
        layered = replace(query, limit=LATEST, properties=(("layer", selection.layers), *query.properties))
        page = await fetch_page(self.connection, layered, self.matched, self.dataset.version)
        return tuple(make_record(feature) for feature in orjson.loads(b"[" + page.features + b"]"))


def describe_boundaries(given: Boundaries | None) -> Attribution | None:
    """Return where the boundaries come from, as pages say it."""
    if given is None:
        return None
    return Attribution(source=given.source, licence=given.licence, vintage=given.vintage, notice=given.attribution)


def without_known_to(query: FeatureQuery) -> FeatureQuery:
    """Return the filters without "place known no more exactly": the map goes on showing every region."""
    kept = tuple((name, values) for name, values in query.properties if name not in {"prefecture", "county"})
    return replace(query, properties=kept)


def total_of(counts: Counts) -> Tally:
    """Return all records of an answer that is counted by layer, the remainder too."""
    totals: dict[str, int] = {}
    layer_key = counts.by.index("layer")
    for cell in counts.counts:
        totals[cell.keys[layer_key]] = totals.get(cell.keys[layer_key], 0) + cell.count
    for rest in counts.remainder:
        totals[rest.layer or ""] = totals.get(rest.layer or "", 0) + rest.count
    return Tally(totals)


def remainder_of(counts: Counts) -> tuple[RemainderRow, ...]:
    """Return the remainder by reason."""
    reasons: dict[str, dict[str, int]] = {}
    for rest in counts.remainder:
        reasons.setdefault(rest.reason, {})[rest.layer or ""] = rest.count
    return tuple(RemainderRow(reason=reason, tally=Tally(tally)) for reason, tally in reasons.items())


def months_of(counts: Counts) -> tuple[tuple[str, Tally], ...]:
    """Return counts by month from the January of the first year to the last month, months without a record too."""
    tallies: dict[str, dict[str, int]] = {}
    for cell in counts.counts:
        month, layer = cell.keys
        tallies.setdefault(month, {})[layer] = cell.count
    if not tallies:
        return ()
    first, last = min(tallies), max(tallies)
    numbers = range(int(first[:4]) * 12, int(last[:4]) * 12 + int(last[5:]))
    names = [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]
    return tuple((name, Tally(tallies.get(name, {}))) for name in names)
