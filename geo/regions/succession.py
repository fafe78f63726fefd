"""From any code that was ever in force to the code of today under which a record of it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.regions.region_set import FULL_BAND, Hierarchy, RegionSet, find_lowest_common

if TYPE_CHECKING:
    from geo.regions.region_set import Key, RegionPath

PROVINCE_TAIL = "0000"
PREFECTURE_TAIL = "00"


@dataclass(frozen=True)
class DrawCode:
    """Under which code of today a reported code is drawn, and its successors (itself, if it is in force)."""

    reported_code: str
    code: str
    successors: tuple[str, ...]


def work_out_draw_codes(region_set: RegionSet) -> dict[str, DrawCode]:
    """The draw code of every code in force or retired.

    Several successors are drawn at their lowest common region, a retired code without a known successor at its own
    parent, and a region in force that the boundary set does not draw at the next region above that it does draw.
    """
    hierarchy = Hierarchy(region_set.regions)
    paths = hierarchy.paths()
    drawn: dict[str, DrawCode] = {}
    for code, key in hierarchy.bare_keys().items():
        target = region_set.drawn_under.get(code) or _find_drawn(hierarchy, region_set, key)
        drawn[code] = DrawCode(code, target, (code,))
    successors: dict[str, list[str]] = {}
    for change in region_set.changes:
        successors.setdefault(change.old_code, []).append(change.new_code)
    for retired in region_set.retired:
        if retired.kind != "renamed" and retired.code not in drawn:
            drawn[retired.code] = _draw_retired(retired.code, successors.get(retired.code, []), drawn, paths)
    return drawn


def _find_drawn(hierarchy: Hierarchy, region_set: RegionSet, key: Key) -> str:
    outlines = region_set.outlines[FULL_BAND]
    above: Key | None = key
    while above is not None:
        if above in outlines:
            return above[1]
        above = hierarchy.regions[above].parent
    return key[1]  # nothing above is drawn either: say where it is, draw nothing


def _draw_retired(
    code: str, successors: list[str], drawn: dict[str, DrawCode], paths: dict[str, RegionPath]
) -> DrawCode:
    if successors:
        common = find_lowest_common(paths, [drawn[successor].code for successor in successors])
        return DrawCode(code, common or code, tuple(successors))
    for parent in (code[:4] + PREFECTURE_TAIL, code[:2] + PROVINCE_TAIL):
        if parent in paths:
            return DrawCode(code, drawn[parent].code, ())
    return DrawCode(code, code, ())
