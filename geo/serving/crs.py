"""Coordinate reference systems that coordinates may be asked and given in (OGC API - Features, Part 2).

Inside, everything is longitude and latitude (CRS84). EPSG:4326 has the latitude first; EPSG:3857 is metres, eastward
first. The formulas of Web Mercator are those of EPSG Guidance Note 7-2, method 1024.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import Any

import orjson

from geo.serving.parameters import BadValue, Bbox, parse_box_numbers

EARTH_RADIUS = 6_378_137.0
HALF_WORLD = math.pi * EARTH_RADIUS
"""Metres from the middle of Web Mercator to each of its sides."""

_DIGITS = 7
"""Decimals of a degree that coordinates read from metres keep: a centimetre."""
_METRE_DIGITS = 2


class Crs(Enum):
    """One reference system; the value is its URI."""

    CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    EPSG_4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"
    EPSG_3857 = "http://www.opengis.net/def/crs/EPSG/0/3857"

    def __repr__(self) -> str:
        return self.value


_CURIES = {"[OGC:CRS84]": Crs.CRS84, "[EPSG:4326]": Crs.EPSG_4326, "[EPSG:3857]": Crs.EPSG_3857}


def parse_crs(text: str) -> Crs:
    """Read a URI, or a safe CURIE like `[EPSG:3857]`."""
    if text in _CURIES:
        return _CURIES[text]
    try:
        return Crs(text)
    except ValueError:
        raise BadValue(f"must be one of: {', '.join(crs.value for crs in Crs)}") from None


def write_crs(crs: Crs) -> list[tuple[str, str]]:
    """Return the parameter `crs`, or nothing for what coordinates are in anyway."""
    return [] if crs is Crs.CRS84 else [("crs", crs.value)]


def to_lon_lat(crs: Crs, first: float, second: float) -> tuple[float, float]:
    """Return longitude and latitude of a position in `crs`. Raises BadValue for one that is not on its map."""
    if crs is Crs.EPSG_3857:
        if max(abs(first), abs(second)) > HALF_WORLD + 1:
            raise BadValue("has a position outside EPSG:3857, whose metres lie within -20037508.34 and 20037508.34")
        lon = max(-180.0, min(180.0, math.degrees(first / EARTH_RADIUS)))
        return round(lon, _DIGITS), round(math.degrees(math.atan(math.sinh(second / EARTH_RADIUS))), _DIGITS)
    lon, lat = (second, first) if crs is Crs.EPSG_4326 else (first, second)
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004
        raise BadValue("has a position outside the degrees: longitude within -180 and 180, latitude within -90 and 90")
    return lon, lat


def from_lon_lat(crs: Crs, lon: float, lat: float) -> tuple[float, float]:
    """Return a position in `crs`, in the order of its axes. Near the poles Web Mercator ends."""
    if crs is Crs.EPSG_4326:
        return lat, lon
    if crs is Crs.CRS84:
        return lon, lat
    x = math.radians(lon) * EARTH_RADIUS
    y = math.asinh(math.tan(math.radians(max(-89.99, min(89.99, lat))))) * EARTH_RADIUS
    return round(x, _METRE_DIGITS), round(y, _METRE_DIGITS)


def parse_bbox_in(crs: Crs, text: str) -> Bbox:
    """Read `bbox` with its numbers in `crs`, in the order of its axes."""
    west, south, east, north = parse_box_numbers(text)
    west, south = to_lon_lat(crs, west, south)
    east, north = to_lon_lat(crs, east, north)
    if south > north:
        raise BadValue("south must not be greater than north")
    return Bbox(west, south, east, north)


def content_crs(crs: Crs) -> dict[str, str]:
    """Return the header that says in which reference system an answer's coordinates are."""
    return {"Content-Crs": f"<{crs.value}>"}


def reproject(features: bytes, crs: Crs) -> bytes:
    """Return GeoJSON Feature texts joined by commas with their coordinates in `crs`; CRS84 is what they are in."""
    if crs is Crs.CRS84 or not features:
        return features
    parsed = orjson.loads(b"[" + features + b"]")
    for feature in parsed:
        if feature["geometry"] is not None:
            feature["geometry"]["coordinates"] = _move(feature["geometry"]["coordinates"], crs)
    return orjson.dumps(parsed)[1:-1]


def _move(coordinates: list[Any], crs: Crs) -> list[Any]:
    """Return nested coordinates in `crs`. The depth is that of GeoJSON, four at most."""
    if coordinates and isinstance(coordinates[0], (int, float)):
        return list(from_lon_lat(crs, coordinates[0], coordinates[1]))
    return [_move(inner, crs) for inner in coordinates]
