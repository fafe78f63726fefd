"""A layer's small line, by year, in a box of 100 by 14. The twin of static/js/sparkline.js."""

from __future__ import annotations

import math
from collections.abc import Sequence

from web.content import Tally
from web.histogram import METHOD_CHANGES

EMPTY = "M0 13H100"


def draw_line(months: Sequence[tuple[str, Tally]], layer: str) -> str:
    """Return the path of a layer's records by year."""
    years = dict.fromkeys(list_years(months), 0)
    for month, tally in months:
        years[month[:4]] += tally.by_layer.get(layer, 0)
    largest, last = max(years.values(), default=0), max(len(years) - 1, 1)
    points = (
        f"{math.floor(100 * i / last + 0.5)} {13 - 12 * value / max(largest, 1):.1f}"
        for i, value in enumerate(years.values())
    )
    return "M" + "L".join(points) if years else EMPTY


def draw_changes(months: Sequence[tuple[str, Tally]]) -> str:
    """Return the path of upright lines where the method changed: between the years that do not compare."""
    years = list_years(months)
    places = (years.index(month[:4]) for month in METHOD_CHANGES if month[:4] in years[1:])
    return "".join(f"M{math.floor(1000 * (place - 0.5) / (len(years) - 1) + 0.5) / 10:g} 0V14" for place in places)


def list_years(months: Sequence[tuple[str, Tally]]) -> list[str]:
    """Return the years of some months, in order."""
    return list(dict.fromkeys(month[:4] for month, _tally in months))
