"""Rings that count: their size, their arcs, and places where they do not cover each other.

The twin of static/js/rings.js: tests/web/ring-cases.json holds for both. Lengths are in pixels of the screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST_RADIUS = 12.5
LARGEST_RADIUS = 31.0
LEAST_LARGEST = 12
"""Where the largest count is smaller than this no ring is drawn at full size: three incidents are not many."""

GAP = 1.5
"""Free pixels between two rings."""

LAST_LATIN = 255
"""Signs after this code point are counted as broad as Chinese ones."""

MANY = 60
"""With more rings than this fewer rounds are made, so that a frame is not missed."""


@dataclass
class Ring:
    """A ring of `radius` at x, y; `anchor_x`, `anchor_y` is the point of its region, which it stays tied to."""

    x: float
    y: float
    radius: float
    anchor_x: float
    anchor_y: float


def ring_radius(count: int, largest: int) -> float:
    """Return the radius that gives the ring an area in proportion to its count, but never one too small to hit."""
    return max(SMALLEST_RADIUS, LARGEST_RADIUS * math.sqrt(count / max(largest, LEAST_LARGEST)))


def ring_width(radius: float) -> float:
    """Return how broad the coloured band is."""
    return max(3.2, min(5.5, radius * 0.2))


def ring_arcs(counts: Sequence[int], radius: float) -> list[str]:
    """Return one SVG path for each count, clockwise from twelve o'clock; empty for a count of zero."""
    total = sum(counts)
    middle = radius - ring_width(radius) / 2
    paths, start = [], -math.pi / 2
    for count in counts:
        turn = 2 * math.pi * count / total if total else 0.0
        if count == total:
            paths.append(_circle(middle) if count else "")
        else:
            paths.append(_arc(middle, start, start + max(0.02, turn - 0.05)) if count else "")
        start += turn
    return paths


def _circle(radius: float) -> str:
    half = f"A{radius:.1f} {radius:.1f} 0 0 1 0 "
    return f"M0 -{radius:.1f}{half}{radius:.1f}{half}-{radius:.1f}"


def _arc(radius: float, start: float, end: float) -> str:
    x0, y0, x1, y1 = (
        f"{radius * part:.1f}" for part in (math.cos(start), math.sin(start), math.cos(end), math.sin(end))
    )
    return f"M{x0} {y0}A{radius:.1f} {radius:.1f} 0 {int(end - start > math.pi)} 1 {x1} {y1}"


def part_rings(rings: list[Ring]) -> None:
    """Push rings apart until they no longer cover each other, each tied to its anchor. Small ones give way to big."""
    for _round in range(16 if len(rings) > MANY else 40):
        for index, one in enumerate(rings):
            for other in rings[index + 1 :]:
                _part(one, other)
        for ring in rings:
            ring.x += (ring.anchor_x - ring.x) * 0.04
            ring.y += (ring.anchor_y - ring.y) * 0.04


def _part(one: Ring, other: Ring) -> None:
    dx, dy = other.x - one.x, other.y - one.y
    distance = math.hypot(dx, dy)
    covered = one.radius + other.radius + GAP - distance
    if covered <= 0:
        return
    if distance == 0:
        dx, dy, distance = 0.0, 1.0, 1.0
    weight = other.radius**2 / (one.radius**2 + other.radius**2)
    push_x, push_y = dx / distance * covered * 0.8, dy / distance * covered * 0.8
    one.x -= push_x * weight
    one.y -= push_y * weight
    other.x += push_x * (1 - weight)
    other.y += push_y * (1 - weight)


def find_labelled(rings: Sequence[Ring], names: Sequence[str]) -> set[int]:
    """Return which rings have room for their name below: it covers no other ring and no other name."""
    labelled: set[int] = set()
    boxes: list[tuple[float, float, float, float]] = []
    for index, (ring, name) in enumerate(zip(rings, names, strict=True)):
        half = sum(11.5 if ord(sign) > LAST_LATIN else 6.2 for sign in name) / 2 + 2
        left, right, top = ring.x - half, ring.x + half, ring.y + ring.radius + 2
        bottom = top + 13
        covers_ring = any(
            other is not ring
            and left < other.x + other.radius
            and right > other.x - other.radius
            and top < other.y + other.radius
            and bottom > other.y - other.radius
            for other in rings
        )
        covers_name = any(left < b[2] and right > b[0] and top < b[3] and bottom > b[1] for b in boxes)
        if name and not covers_ring and not covers_name:
            labelled.add(index)
            boxes.append((left, top, right, bottom))
    return labelled
