"""The geometry of a feature as cells: `lon`, `lat` and `datum`, as a table of text would have them.

What a feature has in the place of a point that can be read goes into the cell `_geometry`, as a message's code and its
fact ("GEO_TYPE Polygon"). The report file keeps that column, so that a report loaded again says the same, in whatever
format it is; a row whose `lon` and `lat` were filled by hand is past it.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from geo.loading.messages import Problem, refuse
from geo.loading.table_file import MAX_COLUMNS, CellProblem, Row

POSITION: Final = ("lon", "lat", "datum")
FAULT: Final = "_geometry"
GEOMETRY_HEADERS: Final = (*POSITION, FAULT)
"""The columns that a file of features has after its own."""

_SAME_MEANING: Final = frozenset(
    {
        *("lon", "longitude", "lng", "long", "x", "经度", "东经", "經度"),
        *("lat", "latitude", "y", "纬度", "北纬", "緯度", "coords", "coordinates", "latlng", "坐标", "经纬度"),
    }
)
_NAMES_DATUM: Final = frozenset({"datum", "crs", "坐标系"})
_SET_ASIDE: Final = _SAME_MEANING | _NAMES_DATUM
_FAULTS: Final = {"GEO_TYPE": "found", "GEO_SRS": "srs", "GJ_CRS": "srs", "GEO_WKB": ""}
"""Codes that stand in `_geometry`, and the name of their fact."""

_WGS84_NAME: Final = re.compile(
    r"WGS[_ ]?(?:19)?84|CGCS[_ ]?2000|China_(?:Geodetic_Coordinate_System_)?2000|CRS84", re.IGNORECASE
)
WGS84_SRS: Final = frozenset({4326, 4490})
"""EPSG codes read as WGS 84: CGCS2000 agrees with it to decimetres."""
_UNDEFINED_SRS: Final = frozenset({0, -1})

_TYPES: Final = (
    *("Geometry", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"),
    *("GeometryCollection", "CircularString", "CompoundCurve", "CurvePolygon", "MultiCurve", "MultiSurface"),
    *("Curve", "Surface", "PolyhedralSurface", "Tin", "Triangle"),
)
_POINT: Final = 1
_MULTI_POINT: Final = 4
_ENVELOPES: Final = (0, 32, 48, 48, 64)
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000


@dataclass(frozen=True)
class GeometryCells:
    """The four cells. `fault` is "" or "CODE fact"."""

    lon: str = ""
    lat: str = ""
    datum: str = ""
    fault: str = ""


NO_GEOMETRY: Final = GeometryCells()


class GeometryColumns:
    """The headings of a file of features: its own names, then GEOMETRY_HEADERS if any feature has a geometry.

    A name that means a position gets a _ before it: the geometry outranks it, and that is said. One that names the
    datum is believed where it is filled: whoever wrote it knew more than the format, which can only say WGS 84.
    """

    def __init__(self, names: Sequence[str], *, has_geometry: bool = True) -> None:
        self._has_geometry = has_geometry
        folded = [name.strip().casefold() for name in names]
        self._datum = next((at for at, name in enumerate(folded) if name in _NAMES_DATUM), None)
        aside = [has_geometry and name in _SET_ASIDE for name in folded]
        own = [f"_{name}" if outranked else name for name, outranked in zip(names, aside, strict=True)]
        self._fault = names.index(FAULT) if FAULT in names else None  # a report that is loaded again
        added = POSITION if self._fault is not None else GEOMETRY_HEADERS
        self.headers = [*own, *(added if has_geometry else ())]
        self.problems = [
            Problem("HDR_GEOMETRY", {"header": name})
            for name, outranked in zip(names, aside, strict=True)
            if outranked and name.strip().casefold() not in _NAMES_DATUM
        ]
        if len(self.headers) > MAX_COLUMNS:
            raise refuse("HDR_TOO_MANY", limit=MAX_COLUMNS)

    def join(self, cells: list[str], geometry: GeometryCells) -> list[str]:
        """All cells of a row."""
        if not self._has_geometry:
            return cells
        datum = geometry.datum if self._datum is None or not geometry.lon else cells[self._datum] or geometry.datum
        position = (geometry.lon, geometry.lat, datum)
        if self._fault is None:
            return [*cells, *position, geometry.fault]
        cells[self._fault] = geometry.fault or cells[self._fault]
        return [*cells, *position]


def name_as_written(header: str) -> str:
    """A heading without the _ that `GeometryColumns` gave it."""
    return header[1:] if header.startswith("_") and header[1:].strip().casefold() in _SET_ASIDE else header


def at_point(lon: str, lat: str, datum: str = "wgs84") -> GeometryCells:
    """The cells of a point."""
    return GeometryCells(lon, lat, datum)


def other_type(found: str) -> GeometryCells:
    """The cells of what is no point."""
    return GeometryCells(fault=f"GEO_TYPE {found[:40]}")


def other_srs(code: str, srs: str) -> GeometryCells:
    """The cells of a point in another reference system."""
    return GeometryCells(fault=f"{code} {srs[:60]}")


DAMAGED: Final = GeometryCells(fault="GEO_WKB")


def tell_faults(headers: Sequence[str], rows: Iterator[Row]) -> Iterator[Row]:
    """Turn what stands in `_geometry` into problems of the rows, where neither `lon` nor `lat` is filled."""
    if FAULT not in headers:
        return rows
    fault = headers.index(FAULT)
    lon, lat = (headers.index(name) if name in headers else fault for name in POSITION[:2])
    return _tell(rows, fault, (lon, lat))


def _tell(rows: Iterator[Row], fault: int, position: tuple[int, int]) -> Iterator[Row]:
    for row in rows:
        row_no, cells, problems = row
        code, _, fact = cells[fault].partition(" ")
        filled = any(cells[at] for at in position if at != fault)
        if code not in _FAULTS or filled or (problems and problems[0][0] < 0):
            yield row
            continue
        said: CellProblem = (position[0], Problem(code, {_FAULTS[code]: fact} if _FAULTS[code] else {}, part=fact))
        yield row_no, cells, (*problems, said)


def read_geopackage_blob(blob: bytes, wgs84: frozenset[int]) -> GeometryCells:
    """Read a GeoPackage geometry: its header, then WKB. `wgs84` are the numbers that the file gives to WGS 84."""
    if len(blob) < 8 or blob[:2] != b"GP":  # noqa: PLR2004  (the fixed part of the header)
        return DAMAGED
    flags = blob[3]
    order = "<" if flags & 1 else ">"
    envelope = flags >> 1 & 7
    srs = struct.unpack_from(f"{order}i", blob, 4)[0]
    if envelope >= len(_ENVELOPES):
        return DAMAGED
    if srs not in wgs84 | _UNDEFINED_SRS:
        return other_srs("GEO_SRS", f"EPSG:{srs}")
    if flags >> 4 & 1:  # empty
        return NO_GEOMETRY
    return read_wkb(blob[8 + _ENVELOPES[envelope] :])


def describes_wgs84(wkt: str) -> bool:
    """Whether a reference system in well-known text is longitude and latitude of WGS 84 or CGCS2000."""
    return wkt.lstrip().upper().startswith("GEOG") and _WGS84_NAME.search(wkt) is not None


def read_wkb(wkb: bytes) -> GeometryCells:
    """Read the point, or the only point of a multipoint, that well-known binary holds."""
    try:
        order, kind, at = _read_wkb_head(wkb)
        if kind == _MULTI_POINT and struct.unpack_from(f"{order}I", wkb, at)[0] == 1:
            order, kind, inner = _read_wkb_head(wkb[at + 4 :])
            at += 4 + inner
        if kind != _POINT:
            return other_type(_TYPES[kind] if kind < len(_TYPES) else f"type {kind}")
        lon, lat = struct.unpack_from(f"{order}2d", wkb, at)
    except (struct.error, IndexError):
        return DAMAGED
    return NO_GEOMETRY if math.isnan(lon) and math.isnan(lat) else at_point(write_degrees(lon), write_degrees(lat))


def _read_wkb_head(wkb: bytes) -> tuple[str, int, int]:
    """Return (byte order, type without dimensions, where the content begins)."""
    order = "<" if wkb[0] == 1 else ">"
    code = int(struct.unpack_from(f"{order}I", wkb, 1)[0])
    at = 9 if code & _EWKB_SRID else 5
    code &= ~(_EWKB_Z | _EWKB_M | _EWKB_SRID)
    return order, code % 1000, at


def write_degrees(value: float) -> str:
    """Write a number with the digits it was written with, never with an exponent."""
    text = repr(value)
    return f"{value:.12f}".rstrip("0").rstrip(".") if "e" in text else text
