"""What makes a geometry of a filter usable: enough positions, closed rings, no ring that crosses itself."""

from __future__ import annotations

import shapely
from shapely.geometry import shape

from geo.serving.cql2.nodes import COLLECTION, Geometry
from geo.serving.crs import Crs, to_lon_lat
from geo.serving.parameters import BadValue, Bbox

NAMES = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
    COLLECTION: "GeometryCollection",
}
"""What GeoJSON calls each kind."""

SHORTEST_RING = 4


def make_shape(geometry: Geometry | Bbox) -> shapely.Geometry:
    """Return a geometry in longitude and latitude; a box that crosses the antimeridian becomes two.

    A box without area becomes the line or point that it is: as a polygon it would be invalid and touch nothing.
    """
    if isinstance(geometry, Geometry):
        if geometry.kind == COLLECTION:
            return shapely.geometrycollections([make_shape(member) for member in geometry.coordinates])
        return shape({"type": NAMES[geometry.kind], "coordinates": geometry.coordinates})
    west, east = geometry.west, geometry.east
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    boxes = [shapely.envelope(shapely.multipoints([(w, geometry.south), (e, geometry.north)])) for w, e in spans]
    return boxes[0] if len(boxes) == 1 else shapely.union_all(boxes)


def check_geometry(geometry: Geometry) -> Geometry:
    """Return the geometry. Raises BadValue when it is not valid by OGC's Simple Features."""
    if geometry.kind != COLLECTION:
        for line in _lines(geometry):
            _check_line(line, ring="POLYGON" in geometry.kind)
        made = make_shape(geometry)
        if not shapely.is_valid(made):
            raise BadValue(f"has a {NAMES[geometry.kind]} that is not valid: {shapely.is_valid_reason(made)[:80]}")
    else:
        for member in geometry.coordinates:
            check_geometry(member)
    return geometry


def _lines(geometry: Geometry) -> list[tuple[tuple[float, float], ...]]:
    """Return the lines or rings of a geometry."""
    if geometry.kind == "LINESTRING":
        return [geometry.coordinates]
    if geometry.kind in {"POLYGON", "MULTILINESTRING"}:
        return list(geometry.coordinates)
    return [ring for polygon in geometry.coordinates for ring in polygon] if geometry.kind == "MULTIPOLYGON" else []


def _check_line(line: tuple[tuple[float, float], ...], *, ring: bool) -> None:
    if ring and (len(line) < SHORTEST_RING or line[0] != line[-1]):
        raise BadValue("has a ring that is not closed: four positions at least, the last equal to the first")
    if len(line) < 2:  # noqa: PLR2004
        raise BadValue("has a line of one position")


def make_bbox(numbers: list[float], crs: Crs) -> Bbox:
    """Return a box of 4 numbers in `crs`, or of 6 with heights that are left out."""
    if len(numbers) not in {4, 6}:
        raise BadValue("a box has 4 numbers, or 6 with heights")
    upper = numbers[3:5] if len(numbers) == 6 else numbers[2:4]  # noqa: PLR2004
    west, south = to_lon_lat(crs, *numbers[:2])
    east, north = to_lon_lat(crs, *upper)
    if south > north:
        raise BadValue("has a box whose south is greater than its north")
    return Bbox(west, south, east, north)
