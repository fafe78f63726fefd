"""The rows of a batch on a map: provinces and marks as one SVG, drawn by the server.

A row whose place is known exactly, or to a street, is a mark; all others are rings at the point of their region, with
their number: a place is never drawn finer than it is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from web.first_frame import HEIGHT, WIDTH, Land
from web.rings import Ring, part_rings
from web.topology import Frame

FINE = frozenset({"exact", "street"})
_SMALLEST = 90.0
_MARGIN = 36.0
_RADIUS, _LARGEST, _MARK = 11.0, 24.0, 5.5
_NEAR = 30.0
"""Rings nearer to each other than this, on the screen, are drawn as one."""


@dataclass
class Place:
    """Rows at one point of the picture. `radius` is in units of a picture that is shown as wide as it is drawn."""

    x: float
    y: float
    is_ring: bool
    layer: str
    rows: list[int] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    radius: float = _MARK


@dataclass(frozen=True)
class BatchMap:
    """The picture: its box, how much smaller than the whole country it is, what stands in it, and what does not."""

    view_box: str
    scale: float
    paths: Mapping[str, str]
    places: tuple[Place, ...]
    unplaced: tuple[tuple[int, str | None], ...]
    """Rows without a place in the picture, each with the day from which it is public, if that lies ahead."""


def draw_batch(land: Land, features: Iterable[Mapping[str, Any]], layer: str) -> BatchMap:
    """Draw features as `geo.loading.map_preview` gives them."""
    frame = Frame(land.box, WIDTH, HEIGHT)
    places: dict[tuple[Any, ...], Place] = {}
    unplaced: list[tuple[int, str | None]] = []
    for feature in features:
        found, geometry = feature["properties"], feature["geometry"]
        if geometry is None:
            unplaced.append((found["row"], found.get("public_from")))
            continue
        x, y = frame.place(*geometry["coordinates"][:2])
        is_ring = found.get("location_precision") not in FINE
        key = (round(x, 2), round(y, 2)) if is_ring else (found["row"],)
        place = places.setdefault(key, Place(round(x, 2), round(y, 2), is_ring, layer))
        place.rows.append(found["row"])
        place.titles.append(found.get("title_zh_hans") or found.get("title_en") or found.get("title") or "")
    left, top, width, height = _find_box(list(places.values()))
    scale = width / WIDTH
    drawn = _gather(places.values(), _NEAR * scale)
    _size_rings(drawn, scale)
    ordered = sorted(drawn, key=lambda place: (not place.is_ring, -place.radius))
    box = f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}"
    return BatchMap(box, scale, land.paths, tuple(ordered), tuple(unplaced))


def _find_box(places: list[Place]) -> tuple[float, float, float, float]:
    """Return left, top, width and height around all places, in the shape of the whole picture."""
    if not places:
        return 0, 0, WIDTH, HEIGHT
    left, right = min(place.x for place in places), max(place.x for place in places)
    top, bottom = min(place.y for place in places), max(place.y for place in places)
    wide, high = right - left + 2 * _MARGIN, bottom - top + 2 * _MARGIN
    width = min(max(wide, high * WIDTH / HEIGHT, _SMALLEST), float(WIDTH))
    height = width * HEIGHT / WIDTH
    return (left + right - width) / 2, (top + bottom - height) / 2, width, height


def _gather(places: Iterable[Place], near: float) -> list[Place]:
    """Put rings that would cover each other into one, at the place of the largest. Marks stay by themselves."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda one: -len(one.rows)):
        close = (one for one in kept if one.is_ring and math.hypot(one.x - place.x, one.y - place.y) < near)
        found = next(close, None) if place.is_ring else None
        if found is None:
            kept.append(place)
        else:
            found.rows += place.rows
            found.titles += place.titles
    return kept


def _size_rings(places: list[Place], scale: float) -> None:
    rings = [place for place in places if place.is_ring]
    most = max((len(place.rows) for place in rings), default=1)
    for place in places:
        size = max(_RADIUS, _LARGEST * math.sqrt(len(place.rows) / most)) if place.is_ring and most > 1 else _RADIUS
        place.radius = round((size if place.is_ring else _MARK) * scale, 2)
    drawn = [
        Ring(place.x / scale, place.y / scale, place.radius / scale, place.x / scale, place.y / scale)
        for place in rings
    ]
    part_rings(drawn)
    for place, ring in zip(rings, drawn, strict=True):
        place.x, place.y = round(ring.x * scale, 2), round(ring.y * scale, 2)
