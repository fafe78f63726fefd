"""The formulas that the browser has too: one table of cases holds for both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from web.class_breaks import find_breaks, find_shade
from web.content import Selection
from web.links import NO_LAYER, join_lists, page_address
from web.rings import Ring, find_labelled, part_rings, ring_arcs, ring_radius
from web.translations import format_number, format_rate, load_texts

CASES = Path(__file__).parent
LAYERS = ("strikes", "accidents", "calls_for_help", "accountability")


def read(name: str) -> Any:
    """Return the cases of one file."""
    return json.loads((CASES / name).read_text(encoding="utf-8"))


RINGS = read("ring-cases.json")
FORMATS = read("format-cases.json")


@pytest.mark.parametrize("case", read("class-break-cases.json"), ids=lambda case: case["why"])
def test_shades_are_those_of_the_browser(case: dict[str, Any]) -> None:
    """The first picture and the live map have the same breaks and shades."""
    assert find_breaks(case["values"]) == case["breaks"]
    assert [[value, find_shade(value, case["breaks"])] for value, _shade in case["shades"]] == case["shades"]


@pytest.mark.parametrize("case", RINGS["radii"], ids=lambda case: case["why"])
def test_rings_have_the_size_of_the_browser(case: dict[str, Any]) -> None:
    """A ring does not change its size when the live map comes."""
    assert ring_radius(case["count"], case["largest"]) == case["radius"]


@pytest.mark.parametrize("case", RINGS["arcs"], ids=lambda case: case["why"])
def test_ring_arcs_are_those_of_the_browser(case: dict[str, Any]) -> None:
    """Arcs begin at twelve o'clock and go clockwise, in the order of the layers."""
    assert ring_arcs(case["counts"], case["radius"]) == case["paths"]


def test_rings_are_placed_where_the_browser_places_them() -> None:
    """Rings that cover each other are pushed apart by the same rounds; the same names have room."""
    case = RINGS["placed"]
    rings = [Ring(x, y, radius, x, y) for x, y, radius in case["rings"]]
    part_rings(rings)
    assert [[round(ring.x, 2), round(ring.y, 2)] for ring in rings] == case["places"]
    assert sorted(find_labelled(rings, case["names"])) == case["labelled"]


def test_numbers_and_dates_are_written_as_in_the_browser() -> None:
    """A number does not change its form when the page comes alive."""
    for case in FORMATS["short"]:
        assert load_texts(case["language"]).short_number(case["number"]) == case["text"]
    for case in FORMATS["full"]:
        assert format_number(case["number"]) == case["text"]
    for case in FORMATS["rates"]:
        assert format_rate(case["rate"]) == case["text"]
    for case in FORMATS["months"]:
        assert load_texts(case["language"]).month(case["month"]) == case["text"]
    for case in FORMATS["days"]:
        assert load_texts(case["language"]).date(case["day"]) == case["text"]


@pytest.mark.parametrize("case", read("address-cases.json"), ids=lambda case: case["why"])
def test_addresses_are_written_as_in_the_browser(case: dict[str, Any]) -> None:
    """Server and browser write one address for one selection."""
    pairs = parse_qsl(case["search"].removeprefix("?"))
    given = dict(pairs)
    on = given.get("layer", "").split(",") if "layer" in given else LAYERS
    selection = Selection(
        language=given.get("lang", "en"),
        layers=() if on == [NO_LAYER] else tuple(layer for layer in LAYERS if layer in on),
        region=given.get("region"),
        record=given.get("record"),
        tab=given.get("tab", "list" if "record" in given else "overview"),
        shade=given.get("shade", "rate"),
        theme=given.get("theme"),
        filters=join_lists(((name, value) for name, value in pairs if name in {"datetime", "industry"}), {"industry"}),
    )
    assert page_address(selection, LAYERS, "en") == case["address"]
