"""What the first picture takes from a TopoJSON topology: arcs on the plane of the screen, and the box to show."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

OBJECT = "regions"


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """Return x, y on the square world of web maps: 0 to 1, x to the east, y to the south."""
    return (lon + 180) / 360, 0.5 - math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)


@dataclass(frozen=True)
class Frame:
    """Turns degrees into units of a picture of `width` by `height` that holds `box` as Leaflet's fitBounds would."""

    box: Box
    width: float
    height: float

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return x, y in the picture."""
        west, south, east, north = self.box
        left, top = mercator(west, north)
        right, bottom = mercator(east, south)
        scale = min(self.width / (right - left), self.height / (bottom - top))
        x, y = mercator(lon, lat)
        return (
            (x - (left + right) / 2) * scale + self.width / 2,
            (y - (top + bottom) / 2) * scale + self.height / 2,
        )


def decode_arcs(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Return the arcs of a quantised topology in degrees."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    return [
        [(x * kx + dx, y * ky + dy) for x, y in np.cumsum(np.asarray(arc), axis=0).tolist()] for arc in topology["arcs"]
    ]


def polygons_of(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return the polygons of a geometry, each a list of rings, each a list of arc numbers (~n: backwards)."""
    arcs: list[Any] = geometry.get("arcs") or []
    return [arcs] if geometry["type"] == "Polygon" else list(arcs)


def trace(ring: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Return the points of a closed ring."""
    points: list[tuple[float, float]] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def home_box(topology: dict[str, Any]) -> Box:
    """Return the box of the whole country, around the largest part of each region: far islets do not shrink it."""
    arcs = decode_arcs(topology)
    boxes = []
    for geometry in topology["objects"][OBJECT]["geometries"]:
        parts = [shapely.Polygon(trace(polygon[0], arcs)) for polygon in polygons_of(geometry)]
        if parts:
            boxes.append(max(parts, key=lambda part: part.area).bounds)
    west, south, east, north = np.asarray(boxes).T
    return float(west.min()), float(south.min()), float(east.max()), float(north.max())


def draw_paths(topology: dict[str, Any], frame: Frame, tolerance: float = 1.2) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each geometry with its SVG path in half units of `frame`, thinned to `tolerance` units.

    Arcs are thinned, not polygons, so that neighbours keep a common border. Parts that vanish are left out.
    """
    arcs = [
        shapely.simplify(shapely.LineString([frame.place(*point) for point in arc]), tolerance, preserve_topology=False)
        for arc in decode_arcs(topology)
    ]
    halves = [[(round(x * 2), round(y * 2)) for x, y in arc.coords] for arc in arcs]
    for geometry in topology["objects"][OBJECT]["geometries"]:
        rings = (ring for polygon in polygons_of(geometry) for ring in polygon)
        yield geometry, "".join(_write_path(trace(ring, halves)) for ring in rings)  # type: ignore[arg-type]


def _write_path(points: list[tuple[int, int]]) -> str:
    steps = [points[0], *((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))]
    moves = [step for step in steps[1:] if step != (0, 0)]
    if len(moves) < 3:  # noqa: PLR2004  (a line is no area)
        return ""
    lines = " ".join(f"{x} {y}" for x, y in moves[:-1]).replace(" -", "-")
    return f"M{steps[0][0]} {steps[0][1]}l{lines}z"
