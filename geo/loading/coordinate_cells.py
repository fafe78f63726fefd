"""Longitude and latitude as people write them: decimals, degrees and minutes, both in one cell."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from geo.coordinates import DATUMS
from geo.loading.cells import fold_width
from geo.loading.messages import Problem

_DECIMAL: Final = re.compile(r"[-+]?\d+(?:\.\d*)?")
_COMMA: Final = re.compile(r"([-+]?\d{1,3}),(\d+)")
_DMS: Final = re.compile(
    r"([-+]?\d{1,3})\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’分]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"″”秒]|'')\s*)?([NSEW北南东西])?",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(r"\s*[(\[]?\s*([^,，;；\s]+)\s*[,，;；\s]\s*([^,，;；\s]+)\s*[)\]]?\s*")
_DEGREES_AT_MOST: Final = 180
_LATITUDE_AT_MOST: Final = 90
_SIXTY: Final = 60
_SYNONYMS: Final = {
    **dict.fromkeys(("wgs-84", "wgs 84", "epsg:4326", "4326", "cgcs2000", "epsg:4490", "gps"), "wgs84"),
    **dict.fromkeys(("gcj-02", "gcj 02", "火星坐标", "高德", "amap", "腾讯"), "gcj02"),
    **dict.fromkeys(("bd-09", "bd 09", "bd09ll", "百度", "baidu"), "bd09"),
}

Said = tuple[tuple[str, Problem], ...]


@dataclass(frozen=True)
class WrittenPosition:
    """A position in degrees as the row gives it. `decimals` is how many the coarser of its numbers was written with."""

    lon: float
    lat: float
    decimals: int
    datum: str


def read_position(lon: str, lat: str, coords: str, datum: str | None) -> tuple[WrittenPosition | None, Said]:
    """Read the cells of one row; `datum` is the row's own or the file's, None where neither says it.

    Nothing about the numbers decides the datum, and nothing is exchanged or moved: what looks wrong is refused. A
    position without a datum is held, and still looked at (as WGS-84), so that its other faults are told at once.
    """
    said: Said = ()
    if coords.strip() and not (lon.strip() or lat.strip()):
        lon, lat, said = _split_pair(coords)
    if not lon.strip() or not lat.strip():
        if lon.strip() or lat.strip():
            said = (*said, ("lat" if lon.strip() else "lon", Problem("GEO_HALF")))
        return None, said
    x, x_decimals, x_said = _read_degrees(lon)
    y, y_decimals, y_said = _read_degrees(lat)
    said = (*said, *(("lon", problem) for problem in x_said), *(("lat", problem) for problem in y_said))
    if x is None or y is None:
        return None, said
    wrong = _check_range(x, y)
    if wrong:
        return None, (*said, ("lon", wrong))
    if datum is None:
        said = (*said, ("lon", Problem("GEO_CRS_UNKNOWN")))
    return WrittenPosition(x, y, min(x_decimals, y_decimals), datum or "wgs84"), said


def _split_pair(coords: str) -> tuple[str, str, Said]:
    pair = _PAIR.fullmatch(fold_width(coords))
    if pair is None:
        return "", "", (("coords", Problem("GEO_NAN")),)
    lat, lon = pair[1], pair[2]
    if _latitude_comes_second(lat, lon):
        lat, lon = lon, lat
    return lon, lat, (("coords", Problem("GEO_COMBINED", {"lat": lat, "lon": lon})),)


def read_datum(cell: str) -> tuple[str | None, Said]:
    """Read a cell that names the datum."""
    text = fold_width(cell).strip().casefold()
    name = _SYNONYMS.get(text, text)
    if not text:
        return None, ()
    return (name, ()) if name in DATUMS else (None, (("datum", Problem("GEO_DATUM")),))


def _check_range(x: float, y: float) -> Problem | None:
    largest = max(abs(x), abs(y))
    if largest == 0:
        return Problem("GEO_ZERO")
    if largest > _DEGREES_AT_MOST:
        return Problem("GEO_PROJECTED" if largest > _DEGREES_AT_MOST * 2 else "GEO_RANGE")
    # With the latitude out of range and a longitude that could be one, the two may be exchanged: the regions decide.
    return Problem("GEO_RANGE") if abs(y) > _LATITUDE_AT_MOST and abs(x) > _LATITUDE_AT_MOST else None


def _latitude_comes_second(first: str, second: str) -> bool:
    """Order of a pair in one cell: letters decide, else a number that can be no latitude comes first."""
    if re.search(r"[EW东西]", first, re.IGNORECASE) or re.search(r"[NS北南]", second, re.IGNORECASE):
        return True
    number, _, _ = _read_degrees(first)
    return number is not None and abs(number) > _LATITUDE_AT_MOST


def _read_degrees(cell: str) -> tuple[float | None, int, tuple[Problem, ...]]:
    text = fold_width(cell).strip()
    if _DECIMAL.fullmatch(text):
        return float(text), len(text.partition(".")[2]), ()
    comma = _COMMA.fullmatch(text)
    if comma:
        read = f"{comma[1]}.{comma[2]}"
        return float(read), len(comma[2]), (Problem("GEO_COMMA", {"read": read}),)
    written = _DMS.fullmatch(text)
    if written:
        return _read_dms(written)
    return None, 0, (Problem("GEO_NAN"),)


def _read_dms(written: re.Match[str]) -> tuple[float | None, int, tuple[Problem, ...]]:
    minutes, seconds = float(written[2] or 0), float(written[3] or 0)
    if minutes >= _SIXTY or seconds >= _SIXTY:
        return None, 0, (Problem("GEO_DMS_BAD"),)
    degrees = abs(float(written[1])) + minutes / 60 + seconds / 3600
    negative = written[1].startswith("-") or (written[4] or "").upper() in {"S", "W", "南", "西"}
    value = math.copysign(degrees, -1 if negative else 1)
    decimals = 4 if written[3] else (2 if written[2] else 0)
    return value, decimals, (Problem("GEO_DMS", {"read": f"{value:.6f}"}),)
