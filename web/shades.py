"""What a region's shade stands for: incidents per million residents, or their number where residents were not read.

The twin of static/js/shades.js: tests/web/shade-cases.json holds for both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from web.class_breaks import find_breaks, find_shade

MILLION = 1_000_000


@dataclass(frozen=True)
class Shading:
    """How the regions of one level are shaded. `measure` is rate, count or none; `values` are by code."""

    measure: str
    values: Mapping[str, float]
    breaks: tuple[float, ...]

    def fill(self, code: str, count: int, *, is_outside: bool) -> str:
        """Return the class of a region's fill: k0 to k4, plain (a record, but no shade), none or outside."""
        if not count:
            return "outside" if is_outside else "none"
        shade = find_shade(self.values.get(code, 0), self.breaks)
        return "plain" if shade is None else f"k{shade}"


def find_rate(count: int, residents: int | None) -> float | None:
    """Return how many there are per million residents; None where residents were not read."""
    return count * MILLION / residents if residents else None


def shade_regions(
    wanted: str, counts: Mapping[str, int], residents: Mapping[str, int], outside: Collection[str]
) -> Shading:
    """Return the shading of a level: `counts` has every region that is drawn, and what is counted there.

    A level is shaded by rate only where the residents of all its regions inside the data's coverage were read: a map
    that mixes rates with numbers compares nothing.
    """
    measure = wanted
    if wanted == "rate" and any(code not in residents for code in counts if code not in outside):
        measure = "count"
    values: dict[str, float] = {}
    for code, count in counts.items():
        value = find_rate(count, residents.get(code)) if measure == "rate" else count
        if value and measure != "none":
            values[code] = value
    return Shading(measure, values, tuple(find_breaks(values.values())))
