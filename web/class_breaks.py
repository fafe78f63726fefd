"""Where the shades change. The twin of static/js/class-breaks.js: tests/web/class-break-cases.json holds for both."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence

QUANTILES = (0.25, 0.5, 0.72, 0.9)
NICE = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
SHADES = {0: (2,), 1: (1, 3), 2: (0, 2, 4), 3: (0, 1, 3, 4), 4: (0, 1, 2, 3, 4)}
"""Which of the five shades the classes take, by the number of breaks."""


def round_to_nice(value: float, *, whole: bool) -> float:
    """Round a positive number to one a person would choose; to a `whole` one for counts."""
    scale = 10.0 ** math.floor(math.log10(value))
    steps = tuple(step for step in NICE if step == math.floor(step)) if whole and scale == 1.0 else NICE
    nearest = min(steps, key=lambda step: abs(step - value / scale))
    return float(f"{nearest * scale:.12g}")


def find_breaks(values: Iterable[float]) -> list[float]:
    """Return up to four rising lower bounds of the classes above the first; values of zero or less are left out.

    They stand at quantiles, weighted to the top because incidents pile up in few regions. Where two of them become the
    same round number, the second keeps two digits of its own.
    """
    positive = sorted(value for value in values if value > 0)
    whole = all(value == math.floor(value) for value in positive)
    breaks: list[float] = []
    for place in sorted({math.floor(quantile * (len(positive) - 1)) for quantile in QUANTILES if positive}):
        nice, exact = round_to_nice(positive[place], whole=whole), float(f"{positive[place]:.2g}")
        above = breaks[-1] if breaks else positive[0]
        if max(nice, exact) > above:
            breaks.append(nice if nice > above else exact)
    return breaks


def find_shade(value: float, breaks: Sequence[float]) -> int | None:
    """Return the shade, 0 (lightest) to 4, of a value; None where there is nothing to shade."""
    return SHADES[len(breaks)][bisect_right(breaks, value)] if value > 0 else None
