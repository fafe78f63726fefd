"""The first picture: the provinces with shades and rings as SVG, drawn by the server.

It is what a reader without JavaScript sees, and the first paint for all others; the live map then takes its place
with the same breaks, the same box and the same fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from web.content import RegionRow
from web.rings import Ring, find_labelled, part_rings, ring_arcs, ring_radius, ring_width
from web.shades import Shading, shade_regions
from web.topology import OBJECT, Box, Frame, draw_paths, home_box

WIDTH, HEIGHT = 760, 558
"""Size in pixels of the box on a screen of 1440 by 900, so that rings have their live size there; see `map.css`."""


@dataclass(frozen=True)
class Land:
    """The provinces of one topology, thinned for the picture: a path and the point of each by code.

    `residents` are how many people live in each, where that was read.
    """

    box: Box
    paths: Mapping[str, str]
    points: Mapping[str, tuple[float, float]]
    residents: Mapping[str, int]


@dataclass(frozen=True)
class DrawnRing:
    """A ring as the template writes it. `arcs` are (layer, path); `badge` says that cases stand beside."""

    code: str
    x: float
    y: float
    radius: float
    width: float
    arcs: tuple[tuple[str, str], ...]
    count: int
    badge: bool = False
    label: str = ""


@dataclass(frozen=True)
class FirstFrame:
    """The picture: fills by code (see `web.shades`), rings, and the shading for the legend."""

    land: Land
    fills: Mapping[str, str]
    rings: tuple[DrawnRing, ...]
    shading: Shading
    largest: int


def prepare_land(topology: dict[str, Any], residents: Mapping[str, int]) -> Land:
    """Thin a topology once; every page of the same topology uses the answer."""
    box = home_box(topology)
    frame = Frame(box, WIDTH, HEIGHT)
    geometries = topology["objects"][OBJECT]["geometries"]
    points = {g["id"]: frame.place(*g["properties"]["point"]) for g in geometries if g["properties"].get("point")}
    return Land(box, {geometry["id"]: path for geometry, path in draw_paths(topology, frame)}, points, residents)


def shown_layers(row: RegionRow, layers: Sequence[str], incident_layers: Sequence[str]) -> tuple[str, ...]:
    """Return the layers a ring counts: incidents that are switched on, else the cases alone."""
    incidents = tuple(layer for layer in layers if layer in incident_layers)
    return incidents if row.tally.of(incidents) else tuple(layer for layer in layers if layer not in incident_layers)


def counted_layers(layers: Sequence[str], incident_layers: Sequence[str]) -> tuple[str, ...]:
    """Return the layers that shades count: incidents that are switched on; where none is, the cases."""
    return tuple(layer for layer in layers if layer in incident_layers) or tuple(layers)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """How to draw: the layers that are on, which layers are incidents, what lies outside the data, and names.

    `shade` is what shades are to stand for: rate, count or none.
    """

    shade: str
    layers: Sequence[str]
    incident_layers: Sequence[str]
    outside: frozenset[str]
    names: Mapping[str, str]


def draw_first_frame(land: Land, rows: Sequence[RegionRow], drawing: Drawing) -> FirstFrame:
    """Draw the picture of `rows`, one a province."""
    layers, incident_layers = drawing.layers, drawing.incident_layers
    counted_on = counted_layers(layers, incident_layers)
    numbers = dict.fromkeys(land.paths, 0) | {row.region.code: row.tally.of(counted_on) for row in rows}
    shading = shade_regions(drawing.shade, numbers, land.residents, drawing.outside)
    fills = {code: shading.fill(code, numbers[code], is_outside=code in drawing.outside) for code in land.paths}
    counted = [(row, shown_layers(row, layers, incident_layers)) for row in rows if row.region.code in land.points]
    counted = sorted(
        ((row, shown) for row, shown in counted if row.tally.of(shown)),
        key=lambda pair: (-pair[0].tally.of(pair[1]), pair[0].region.code),
    )
    largest = max((row.tally.of(shown) for row, shown in counted), default=0)
    placed = [
        Ring(x, y, ring_radius(row.tally.of(shown), largest), x, y)
        for row, shown in counted
        for x, y in [land.points[row.region.code]]
    ]
    part_rings(placed)
    names = [drawing.names.get(row.region.code, "") for row, _shown in counted]
    labelled = find_labelled(placed, names)
    rings = tuple(
        replace(
            _draw(row, shown, ring),
            badge=row.tally.of(layers) > row.tally.of(shown),
            label=name if index in labelled else "",
        )
        for index, ((row, shown), ring, name) in enumerate(zip(counted, placed, names, strict=True))
    )
    return FirstFrame(land, fills, rings, shading, largest)


def _draw(row: RegionRow, shown: Sequence[str], ring: Ring) -> DrawnRing:
    counts = [row.tally.by_layer.get(layer, 0) for layer in shown]
    arcs = tuple((layer, path) for layer, path in zip(shown, ring_arcs(counts, ring.radius), strict=True) if path)
    x, y = round(ring.x, 1), round(ring.y, 1)
    width = round(ring_width(ring.radius), 1)
    return DrawnRing(row.region.code, x, y, round(ring.radius, 1), width, arcs, sum(counts))
