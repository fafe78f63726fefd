"""What the API must reach at least, and what it aims at: ratios of answers a second, milliseconds, bytes."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.rows import ALONE

MEGABYTE = 1_000_000
PAGES = ("page-100", "page-1000", "bbox", "year", "bbox-new", "days-new")
"""Rows of pages. The last two, where the number of matches must be counted for each answer, have the same targets."""


@dataclass(frozen=True)
class Ratio:
    """Our answers a second divided by another's, in one row."""

    row: str
    against: str
    least: float
    aim: float


@dataclass(frozen=True)
class Limit:
    """Milliseconds of the 95th percentile of a row; `which` is "first" or "repeated"."""

    row: str
    which: str
    least: float
    aim: float


RATIOS = (
    *(Ratio(row, ALONE, 0.35, 0.6) for row in PAGES),
    Ratio("page-100", "tipg", 25, 40),
    *(Ratio(row, "tipg", 8, 12) for row in PAGES[1:]),
    Ratio("item", "bare", 0.35, 0.6),
    Ratio("repeated-10", "bare", 0.5, 0.9),
    Ratio("304", "bare", 0.8, 0.95),
    Ratio("tile-10", ALONE, 0.75, 0.9),
)
LIMITS = (
    Limit("tiles", "first", 20, 5),
    *(Limit(row, "first", 250, 50) for row in ("counts", "facets")),
    *(Limit(row, "repeated", 15, 2) for row in ("counts", "facets")),
    *(Limit(row, "first", 250, 100) for row in ("search", "search-count")),
)
MEMORY = (300 * MEGABYTE, 200 * MEGABYTE)
NAMES = {ALONE: "PostgreSQL alone", "tipg": "tipg", "pygeoapi": "pygeoapi", "bare": "a bare FastAPI route"}


def judge(value: float, least: float, aim: float, *, less_is_better: bool = False) -> str:
    """Say how a value stands to its target."""
    sign = -1 if less_is_better else 1
    if sign * value >= sign * aim:
        return "aim"
    return "at least" if sign * value >= sign * least else "**missed**"
