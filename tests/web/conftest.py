"""A small country of two provinces, and pages of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from web.content import (
    Attribution,
    Facet,
    LayerWords,
    PageContent,
    PropertyWords,
    Record,
    Region,
    RegionRow,
    RemainderRow,
    Selection,
    Tally,
    Text,
    Words,
)
from web.first_frame import Drawing, Land, prepare_land
from web.page import Addresses, Site

LAYERS = ("strikes", "accidents", "calls_for_help", "accountability")
SHAPES = ("circle", "triangle", "square", "diamond")
NASTY = "<img src=x onerror=alert(1)></script>{{7*7}}${7}"
ADDRESSES = Addresses(regions="/regions/index.0.json", first_topology="/topology/province.0.json")


def text(value: str) -> Text:
    """One text, the same in every script."""
    return Text(en=value, zh_hans=value, zh_hant=value)


WEST = Region(code="100000", level="province", name=Text(en="West", zh_hans="西", zh_hant="西"), parent=None)
EAST = Region(code="200000", level="province", name=Text(en="East", zh_hans="东", zh_hant="東"), parent=None)

TOPOLOGY: dict[str, Any] = {
    "type": "Topology",
    "transform": {"scale": [1, 1], "translate": [100, 30]},
    "arcs": [[[10, 0], [0, 10]], [[10, 10], [-10, 0], [0, -10], [10, 0]], [[10, 0], [10, 0], [0, 10], [-10, 0]]],
    "objects": {
        "regions": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "100000", "arcs": [[0, 1]], "properties": {"point": [105, 35]}},
                {"type": "Polygon", "id": "200000", "arcs": [[2, ~0]], "properties": {"point": [115, 35]}},
            ],
        }
    },
}


def make_drawing(shade: str) -> Drawing:
    """How to draw the small country, whose east lies outside the data."""
    return Drawing(shade=shade, layers=LAYERS, incident_layers=LAYERS[:3], outside=frozenset({EAST.code}), names={})


@pytest.fixture(scope="session")
def land() -> Land:
    """The land of the small country."""
    return prepare_land(TOPOLOGY, {"100000": 2_000_000})


@pytest.fixture(scope="session")
def site() -> Site:
    """The site, with the labels that the records of these tests need."""
    words = Words(
        layers=tuple(
            LayerWords(id=layer, shape=shape, label=text(layer), short=text(layer), is_incident=layer != LAYERS[3])
            for layer, shape in zip(LAYERS, SHAPES, strict=True)
        ),
        properties=(
            PropertyWords(name="employers", kind="texts", label=text("Employers"), vocabulary=None),
            PropertyWords(
                name="industry",
                kind="code",
                label=text("Industry"),
                vocabulary="industry",
                layers=LAYERS[:3],
                chart=1,
            ),
        ),
        terms={"industry": {"mining": text("Mining")}},
    )
    return Site(words, "en", frozenset({"200000"}), ("industry", "prefecture"))


def make_content(selection: Selection | None = None, **changes: Any) -> PageContent:
    """A page: three incidents in the west, two of them strikes, one record of several places, one case."""
    record = Record(
        id="S-2016-000001",
        properties={
            "layer": "strikes",
            "title_en": NASTY,
            "title_zh_hans": "罢工",
            "starts_on": "2016-03-05",
            "province": WEST.code,
            "industry": "mining",
            "employers": [NASTY],
            "sources": [{"url": "https://example.org/a", "title": NASTY}, {"url": "javascript:alert(1)", "title": "x"}],
        },
    )
    rows = (RegionRow(region=WEST, tally=Tally({"strikes": 2, "accidents": 1, "accountability": 1})),)
    remainder = (RemainderRow(reason="several_places", tally=Tally({"strikes": 1})),)
    content = PageContent(
        selection=selection or Selection(language="en", layers=LAYERS),
        total=Tally({"strikes": 3, "accidents": 1, "accountability": 1}),
        path=(),
        rows=rows,
        remainder=remainder,
        provinces=rows,
        outside_provinces=remainder,
        months=(("2016-01", Tally({})), ("2016-02", Tally({"accidents": 1})), ("2016-03", Tally({"strikes": 2}))),
        facets={"industry": Facet(counts=(("mining", 3),), total=4, counted=3, unknown=1, is_multi_valued=False)},
        latest=(record,),
        record=None,
        names={WEST.code: WEST.name, EAST.code: EAST.name},
        dataset_version=7,
        changed_on=dt.date(2026, 11, 22),
        attribution=Attribution(source="A survey", licence="none", vintage="2023", notice="As given"),
    )
    return replace(content, **changes)
