"""Which circles the legend shows. The twin of static/js/circle-sizes.js: tests/web/circle-cases.json holds for both."""

from __future__ import annotations

import math
from dataclasses import dataclass

from web.rings import LARGEST_RADIUS, LEAST_LARGEST, SMALLEST_RADIUS, ring_radius


@dataclass(frozen=True)
class Circle:
    """A circle of the legend; `is_most` says that smaller counts are drawn as large."""

    count: int
    radius: float
    is_most: bool


def choose_circles(largest: int) -> list[Circle]:
    """Return up to three circles as the map draws them, the largest first, for a map whose largest count is given."""
    if largest < 1:
        return []
    smallest = max(LEAST_LARGEST, largest) * (SMALLEST_RADIUS / LARGEST_RADIUS) ** 2
    top, bottom = floor_to_nice(largest), floor_to_nice(max(1.0, smallest))
    middle = floor_to_nice(math.sqrt(top * bottom))
    counts = sorted({top, middle, bottom}, reverse=True)
    return [Circle(count, ring_radius(count, largest), count == bottom and count > 1) for count in counts]


def floor_to_nice(number: float) -> int:
    """Return the largest whole number of one digit and zeros that is not above `number`."""
    digits = str(int(number))
    return int(digits[0] + "0" * (len(digits) - 1))
