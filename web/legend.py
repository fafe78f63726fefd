"""What shades, circles and signs of the first picture mean. The twin of static/js/legend.js."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.circle_sizes import Circle, choose_circles
from web.class_breaks import SHADES
from web.first_frame import FirstFrame
from web.translations import Texts

SHORT_FROM = 1000


@dataclass(frozen=True)
class Legend:
    """The parts of the legend. `heading` is the key of what is shaded; `ramp` is (class, lower bound)."""

    heading: str | None
    ramp: Sequence[tuple[str, str]]
    circles: Sequence[Circle]
    circles_heading: str
    is_number_instead: bool
    has_unrated: bool
    has_badge: bool


def make_legend(frame: FirstFrame, noun: str, wanted: str, texts: Texts) -> Legend:
    """Return the legend of a picture. `noun` is the key of what is counted."""
    measure, breaks = frame.shading.measure, frame.shading.breaks
    lowest = "0" if measure == "rate" else "1"
    bounds = [lowest, *(write_bound(bound, texts) for bound in breaks)]
    is_shaded = measure != "none" and bool(frame.largest)
    return Legend(
        heading=(f"legend.rate.{noun}" if measure == "rate" else f"legend.{noun}") if is_shaded else None,
        ramp=[(f"k{shade}", bound) for shade, bound in zip(SHADES[len(breaks)], bounds, strict=True)],
        circles=choose_circles(frame.largest),
        circles_heading=f"legend.circles.{noun}",
        is_number_instead=is_shaded and wanted == "rate" and measure == "count",
        has_badge=any(ring.badge for ring in frame.rings),
        has_unrated=measure == "rate" and "plain" in frame.fills.values(),
    )


def write_bound(bound: float, texts: Texts) -> str:
    """Write where a class begins."""
    return texts.short_number(int(bound)) if bound >= SHORT_FROM else f"{bound:g}"
