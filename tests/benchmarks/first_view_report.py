"""The table of the first view, as Markdown, and its place in the document."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.benchmark_database import Opened
from tests.benchmarks.first_views import Visit, median
from tests.benchmarks.report import DOCUMENT
from tests.benchmarks.targets import MEGABYTE

BEGIN, END = "<!-- first view: begin -->", "<!-- first view: end -->"
MOST_KILOBYTES, MOST_PICTURE, MOST_LIVE, MOST_FRAME, MOST_HEAP = 140, 1.0, 1.5, 400, 30


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line: our figure, the bare page's if it has one, and what must not be passed, as a ratio or by itself."""

    what: str
    ours: float
    bare: float | None = None
    most: float | None = None
    most_ratio: float | None = None

    def write(self) -> str:
        """Return the line."""
        ratio = self.ours / self.bare if self.bare else None
        kept = (self.most is None or self.ours <= self.most) and (
            self.most_ratio is None or ratio is None or ratio <= self.most_ratio
        )
        limit = f"{self.most_ratio} times" if self.most_ratio else f"{self.most:.0f}" if self.most else ""
        verdict = "" if not limit else "yes" if kept else "**no**"
        cells = (self.what, f"{self.ours:.0f}", show(self.bare, 0), show(ratio, 2), limit, verdict)
        return f"| {' | '.join(cells)} |"


def show(figure: float | None, digits: int) -> str:
    """Write a figure, or nothing."""
    return "" if figure is None else f"{figure:.{digits}f}"


def render_first_views(opened: Opened, visits: dict[str, list[Visit]]) -> str:
    """Return what was measured beside what it must not pass."""
    ours, bare = visits["ours"], visits["bare"]

    def both(what: Callable[[Visit], float]) -> dict[str, float]:
        return {"ours": median(ours, what), "bare": median(bare, what)}

    rows = [
        Row(what="First view, kB on the wire with headers", **both(lambda one: one.bytes / 1000), most=MOST_KILOBYTES),
        Row(what="Afterwards, when nothing else is to do, kB", **both(lambda one: one.later / 1000)),
        Row(what="First picture: provinces seen, ms", **both(lambda one: one.picture), most_ratio=MOST_PICTURE),
        Row(what="First contentful paint (bare page: only buttons), ms", **both(lambda one: one.paint)),
        Row(what="Live map, ms", **both(lambda one: one.live), most_ratio=MOST_LIVE),
        *(
            Row(what=f"Longest frame, {level} first drawn, ms", ours=median(ours, longest(level)), most=MOST_FRAME)
            for level in ours[0].frames
        ),
        Row(what="JS heap after all, MB", **both(lambda one: one.heap / MEGABYTE), most=MOST_HEAP),
    ]
    head = ("| What | Ours | Bare page | Ours : bare | At most | Kept |", "|---|---|---|---|---|---|")
    return "\n".join((describe(opened, len(ours)), "", *head, *(row.write() for row in rows))) + "\n"


def longest(level: str) -> Callable[[Visit], float]:
    """Return what reads the longest frame of a level."""
    return lambda visit: visit.frames[level]


def describe(opened: Opened, rounds: int) -> str:
    """Say when, on what, how often, and how busy the machine was."""
    return (
        f"Measured on {dt.datetime.now(dt.UTC).date()}: {opened.rows:,} incidents; Chromium at 390x844, processor "
        f"slowed 4 times, 10 Mbit/s, 40 ms; medians of {rounds} visits with an empty cache, taking turns; "
        f"{os.cpu_count()} cores, load average {os.getloadavg()[1]:.1f} (above the number of cores: the machine had "
        "other work, and only ratios mean something)."
    )


def write_first_views(text: str, path: Path = DOCUMENT) -> None:
    """Put the table between its two marks in the document."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
