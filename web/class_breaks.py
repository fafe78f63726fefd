"""Where the shades change. The twin of static/js/class-breaks.js: tests/web/class-break-cases.json holds for both."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence

QUANTILES = (0.25, 0.5, 0.72, 0.9)
NICE = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
SHADES = {0: (2,), 1: (1, 3), 2: (0, 2, 4), 3: (0, 1, 3, 4), 4: (0, 1, 2, 3, 4)}
"""Which of the five shades the classes take, by the number of breaks."""


def round_to_nice(value: float) -> float:
    """Round a positive number to one a person would choose; whole below ten, so that counts stay whole."""
    scale = 10.0 ** math.floor(math.log10(value))
    steps = NICE if scale != 1.0 else tuple(step for step in NICE if step == math.floor(step))
    nearest = min(steps, key=lambda step: abs(step - value / scale))
    return float(f"{nearest * scale:.12g}")


def find_breaks(values: Iterable[float]) -> list[float]:
    """Return up to four rising lower bounds of the classes above the first; values of zero or less are left out.

    They stand at quantiles, weighted to the top because incidents pile up in few regions.
    """
    positive = sorted(value for value in values if value > 0)
    breaks: list[float] = []
    for quantile in QUANTILES if positive else ():
        nice = round_to_nice(positive[math.floor(quantile * (len(positive) - 1))])
        if nice > (breaks[-1] if breaks else positive[0]):
            breaks.append(nice)
    return breaks


def find_shade(value: float, breaks: Sequence[float]) -> int | None:
    """Return the shade, 0 (lightest) to 4, of a value; None where there is nothing to shade."""
    return SHADES[len(breaks)][bisect_right(breaks, value)] if value > 0 else None
