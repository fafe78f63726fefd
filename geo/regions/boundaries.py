"""Outlines: one clean coverage of the finest regions, simplified in bands, dissolved upward so that levels nest.

Everything here is in degrees of WGS-84, longitude first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coordinates import distance_m
from geo.regions.region_set import FULL_BAND, Hierarchy, Key
from geo.regions.tables import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

Outlines = dict[Key, BaseGeometry]

BANDS: Final = {"national": 0.02, "z7": 0.01, "z8": 0.005}
"""Tolerance of each zoom band in degrees: the size of the smallest triangles that are taken away."""

_LABEL_TOLERANCE: Final = 0.01
"""A label's place is found to this share of the region's width."""


def build_outlines(
    hierarchy: Hierarchy, given: Mapping[Key, BaseGeometry], report: Callable[[str], None]
) -> dict[str, Outlines]:
    """Outlines of every region in every band and unsimplified ("full"), from `given` outlines of the finest regions.

    Of the given outlines only those of regions without a drawn child are used; all above is dissolved from them, so
    that a region is exactly the sum of its children. Regions without any outline are left out.
    """
    leaves = _find_leaves(hierarchy, given)
    coverage = _clean([given[key] for key in leaves])
    made = {FULL_BAND: _dissolve(hierarchy, leaves, coverage)}
    for band, tolerance in BANDS.items():
        report(band)
        simplified = cast("NDArray[Any]", shapely.coverage_simplify(coverage, tolerance))
        made[band] = _dissolve(hierarchy, leaves, simplified)
    return made


def place_label(outline: BaseGeometry) -> tuple[float, float]:
    """Longitude and latitude of the place for a label: the middle of the widest spot of the largest part.

    The same outline always gives the same place, and the place is always inside.
    """
    parts = shapely.get_parts(outline)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    west, south, east, north = shapely.bounds(largest)
    tolerance = max(min(east - west, north - south) * _LABEL_TOLERANCE, 1e-6)
    radius = shapely.maximum_inscribed_circle(largest, tolerance=tolerance)
    lon, lat = (round(float(value), 5) for value in shapely.get_coordinates(radius)[0])
    if shapely.contains_xy(outline, lon, lat):
        return lon, lat
    inside = shapely.point_on_surface(largest)
    return float(shapely.get_x(inside)), float(shapely.get_y(inside))


def measure_uncertainty(outline: BaseGeometry, lon: float, lat: float) -> int:
    """Metres from a position to the farthest vertex of an outline, rounded up."""
    vertices = shapely.get_coordinates(outline)
    return int(np.ceil(distance_m(lon, lat, vertices[:, 0], vertices[:, 1]).max()))


def _find_leaves(hierarchy: Hierarchy, given: Mapping[Key, BaseGeometry]) -> list[Key]:
    drawn = set(given)
    for key in sorted(given, key=lambda key: LEVELS.index(key[0]), reverse=True):
        above = hierarchy.regions[key].parent
        while above is not None:
            drawn.discard(above)
            above = hierarchy.regions[above].parent
    return sorted(drawn)


def _clean(outlines: list[BaseGeometry]) -> NDArray[Any]:
    """Make outlines a coverage: no overlaps, no slivers between neighbours, every one valid."""
    valid = shapely.make_valid(np.asarray(outlines, dtype=object), method="structure", keep_collapsed=False)
    return cast("NDArray[Any]", shapely.coverage_clean(valid))  # type: ignore[attr-defined]  # newer than the published types


def _dissolve(hierarchy: Hierarchy, leaves: list[Key], coverage: NDArray[Any]) -> Outlines:
    made: Outlines = {key: _as_multipolygon(outline) for key, outline in zip(leaves, coverage, strict=True)}
    for level in reversed(LEVELS):
        for key, children in hierarchy.children.items():
            drawn = [made[child] for child in children if child in made]
            if key[0] == level and drawn:
                made[key] = _as_multipolygon(shapely.coverage_union_all(drawn))
    return made


def _as_multipolygon(outline: BaseGeometry) -> BaseGeometry:
    polygons = [part for part in shapely.get_parts(outline) if part.geom_type == "Polygon"]
    return cast("BaseGeometry", shapely.multipolygons(polygons))
