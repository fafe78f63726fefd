"""Months as stacked columns: one path a layer. The twin of static/js/histogram.js, which draws them anew."""

from __future__ import annotations

from collections.abc import Sequence

from web.content import Tally

MOST_YEARS = 14
METHOD_CHANGES = ("2017-01", "2020-01")
"""Months from which on China Labour Bulletin recorded in another way: numbers before and after do not compare."""


def stack_months(tallies: Sequence[Tally], layers: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return one path a layer, one unit a month wide; the fullest month is 100 units high."""
    largest = max((tally.of(layers) for tally in tallies), default=0)
    paths: dict[str, list[str]] = {layer: [] for layer in layers}
    for index, tally in enumerate(tallies):
        top = 100.0
        for layer in layers:
            height = 100 * tally.by_layer.get(layer, 0) / largest if largest else 0
            if height:
                top -= height
                paths[layer].append(f"M{index} {top:.1f}h.85v{height:.1f}h-.85z")
    return tuple((layer, "".join(parts)) for layer, parts in paths.items() if parts)


def place_years(months: Sequence[str], most: int = MOST_YEARS) -> list[tuple[str, float]]:
    """Return the years that are written below the months, at most `most`, and where: in percent of the width."""
    years = [(month[:4], place_month(index, months)) for index, month in enumerate(months) if month.endswith("-01")]
    return years[:: -(-len(years) // most) or 1]


def place_changes(months: Sequence[str]) -> list[tuple[str, float]]:
    """Return the changes of method among some months, and where each begins: in percent of the width."""
    return [(month, place_month(index, months)) for index, month in enumerate(months) if month in METHOD_CHANGES]


def place_month(index: int, months: Sequence[str]) -> float:
    """Return where a month begins, in percent of the width."""
    return round(100 * index / len(months), 2)
