"""The small map on a record's page: its region in its province, and its province in the country.

It shows a place as exactly as it is public: a region is filled whole, and a point is drawn only where the record's own
place is public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from web.first_frame import HEIGHT, WIDTH, Land
from web.topology import OBJECT, Frame, draw_paths, home_box, mercator, polygons_of

PLATE_WIDTH = 420
FLATTEST, STEEPEST = 0.6, 1.2
"""Height of a plate, at least and at most, in parts of its width."""


@dataclass(frozen=True)
class Plate:
    """The regions of one level in one province: a path for each, in half units, and the code each lies in."""

    frame: Frame
    paths: Mapping[str, str]
    parents: Mapping[str, str | None]


@dataclass(frozen=True)
class Picture:
    """One drawing: its size, the outline of everything, that of what is marked, and a point if there is one."""

    label: str
    width: float
    height: float
    land: str
    chosen: str
    point: tuple[float, float] | None


def cut_topology(topology: dict[str, Any], codes: Iterable[str]) -> dict[str, Any]:
    """Return a topology with the regions of `codes` and the arcs they need."""
    wanted = set(codes)
    numbers: dict[int, int] = {}

    def renumber(arc: int) -> int:
        whole = arc if arc >= 0 else ~arc
        number = numbers.setdefault(whole, len(numbers))
        return number if arc >= 0 else ~number

    geometries = [
        geometry
        | {
            "type": "MultiPolygon",
            "arcs": [[[renumber(arc) for arc in ring] for ring in polygon] for polygon in polygons_of(geometry)],
        }
        for geometry in topology["objects"][OBJECT]["geometries"]
        if geometry["id"] in wanted
    ]
    arcs = [topology["arcs"][whole] for whole in numbers]
    return topology | {"arcs": arcs, "objects": {OBJECT: {"geometries": geometries}}}


def make_plate(topology: dict[str, Any], codes: Iterable[str]) -> Plate | None:
    """Draw the regions of `codes` once; every record there uses the answer. None when there are no such outlines."""
    cut = cut_topology(topology, codes)
    if not cut["objects"][OBJECT]["geometries"]:
        return None
    box = home_box(cut)
    left, top = mercator(box[0], box[3])
    right, bottom = mercator(box[2], box[1])
    steepness = min(max((bottom - top) / (right - left), FLATTEST), STEEPEST)
    frame = Frame(box, PLATE_WIDTH, round(PLATE_WIDTH * steepness))
    drawn = {geometry["id"]: (path, geometry["properties"].get("parent")) for geometry, path in draw_paths(cut, frame)}
    return Plate(frame, {code: path for code, (path, _) in drawn.items()}, {c: p for c, (_, p) in drawn.items()})


def draw_plate(plate: Plate, codes: Iterable[str], point: tuple[float, float] | None, label: str) -> Picture:
    """Draw a plate with the regions of `codes` marked, and the regions that lie in them."""
    marked = set(codes)
    chosen = "".join(path for code, path in plate.paths.items() if code in marked or plate.parents[code] in marked)
    return _picture(plate.frame, plate.paths, chosen, point, label)


def draw_country(land: Land, provinces: Iterable[str], point: tuple[float, float] | None, label: str) -> Picture:
    """Draw the country with `provinces` marked."""
    chosen = "".join(land.paths.get(code, "") for code in provinces)
    return _picture(Frame(land.box, WIDTH, HEIGHT), land.paths, chosen, point, label)


def _picture(
    frame: Frame, paths: Mapping[str, str], chosen: str, point: tuple[float, float] | None, label: str
) -> Picture:
    x, y = frame.place(*point) if point else (0, 0)
    placed = (round(x, 1), round(y, 1)) if point else None
    return Picture(label, frame.width, frame.height, "".join(paths.values()), chosen, placed)
