"""Positions: WGS-84, the two shifted datums used in mainland China, and distances.

Longitude comes first everywhere; degrees in, degrees out; every function takes numbers or arrays and works on whole
arrays at once. A datum is always said by the caller, never guessed from the numbers.

GCJ-02 ("Mars coordinates") is used by AMap, Tencent and every licensed map of mainland China; BD-09 is Baidu's shift
on top of it. Neither has a published specification: the formulas are the reverse-engineered ones in general use,
which agree with each other to nanometres.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import DataError

Datum = Literal["wgs84", "gcj02", "bd09"]
Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

DATUMS: Final[tuple[str, ...]] = get_args(Datum)

MAINLAND_BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)
"""[west, south, east, north] outside of which the shift is never applied; the same in every implementation."""

_KRASOVSKY_RADIUS_M: Final = 6_378_245.0
"""Semi-major axis of the Krasovsky 1940 ellipsoid, on which the shift is computed."""
_KRASOVSKY_ECCENTRICITY_SQUARED: Final = 0.006_693_421_622_965_943
_ORIGIN_LON: Final = 105.0
_ORIGIN_LAT: Final = 35.0
_BAIDU_TURN: Final = np.pi * 3000.0 / 180.0
_BAIDU_SHIFT_LON: Final = 0.0065
_BAIDU_SHIFT_LAT: Final = 0.006
_MEAN_RADIUS_M: Final = 6_371_008.8
"""Mean radius of WGS-84 (IUGG R1)."""
_INVERSE_STEPS: Final = 6
"""Each step of the inverse gains two digits; six reach the rounding of a double anywhere in the box."""


def is_outside_mainland_box(lon: ArrayLike, lat: ArrayLike) -> Mask:
    """True where neither GCJ-02 nor BD-09 is defined. A coarse box: Hong Kong and Taiwan need the caller's mask."""
    west, south, east, north = MAINLAND_BOX
    x, y = _floats(lon), _floats(lat)
    return np.asarray((x < west) | (x > east) | (y < south) | (y > north))


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike, *, unshifted: ArrayLike = False) -> tuple[Floats, Floats]:
    """Shift WGS-84 degrees to GCJ-02 degrees.

    `unshifted` is true where maps show plain WGS-84 (Hong Kong, Macau, Taiwan, abroad): those positions are returned
    as they are, as is everything outside `MAINLAND_BOX`.
    """
    x, y = _floats(lon), _floats(lat)
    keep = np.asarray(unshifted, dtype=bool) | is_outside_mainland_box(x, y)
    offset_lon, offset_lat = _gcj02_offset(x, y)
    return np.where(keep, x, x + offset_lon), np.where(keep, y, y + offset_lat)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike, *, unshifted: ArrayLike = False) -> tuple[Floats, Floats]:
    """Undo `wgs84_to_gcj02` by fixed-point iteration, exact to less than a micrometre; `unshifted` as there."""
    x, y = _floats(lon), _floats(lat)
    keep = np.asarray(unshifted, dtype=bool) | is_outside_mainland_box(x, y)
    true_lon, true_lat = x, y
    for _ in range(_INVERSE_STEPS):
        offset_lon, offset_lat = _gcj02_offset(true_lon, true_lat)
        true_lon, true_lat = x - offset_lon, y - offset_lat
    return np.where(keep, x, true_lon), np.where(keep, y, true_lat)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike, *, unshifted: ArrayLike = False) -> tuple[Floats, Floats]:
    """Shift GCJ-02 degrees to Baidu's BD-09: a small ripple in polar form, then a constant; `unshifted` as above."""
    x, y = _floats(lon), _floats(lat)
    keep = np.asarray(unshifted, dtype=bool) | is_outside_mainland_box(x, y)
    baidu_lon, baidu_lat = _baidu_forward(x, y)
    return np.where(keep, x, baidu_lon), np.where(keep, y, baidu_lat)


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike, *, unshifted: ArrayLike = False) -> tuple[Floats, Floats]:
    """Undo `gcj02_to_bd09` by fixed-point iteration, exact to less than a micrometre; `unshifted` as above."""
    x, y = _floats(lon), _floats(lat)
    keep = np.asarray(unshifted, dtype=bool) | is_outside_mainland_box(x, y)
    gcj_lon, gcj_lat = x - _BAIDU_SHIFT_LON, y - _BAIDU_SHIFT_LAT
    for _ in range(_INVERSE_STEPS):
        baidu_lon, baidu_lat = _baidu_forward(gcj_lon, gcj_lat)
        gcj_lon, gcj_lat = gcj_lon + x - baidu_lon, gcj_lat + y - baidu_lat
    return np.where(keep, x, gcj_lon), np.where(keep, y, gcj_lat)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike, *, unshifted: ArrayLike = False) -> tuple[Floats, Floats]:
    """Shift WGS-84 degrees to BD-09 degrees; `unshifted` as above."""
    keep = np.asarray(unshifted, dtype=bool) | is_outside_mainland_box(lon, lat)
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat, unshifted=keep), unshifted=keep)


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike, *, unshifted: ArrayLike = False) -> tuple[Floats, Floats]:
    """Undo `wgs84_to_bd09`; `unshifted` as above."""
    keep = np.asarray(unshifted, dtype=bool) | is_outside_mainland_box(lon, lat)
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat, unshifted=keep), unshifted=keep)


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str, *, unshifted: ArrayLike = False) -> tuple[Floats, Floats]:
    """Bring degrees in `datum` ("wgs84", "gcj02" or "bd09") to WGS-84.

    `unshifted` is true where the shift is never applied; see `geo.regions.region_index` for the test by polygons.

    Raises:
        DataError: `datum` is none of the three; a datum is declared, never guessed.
    """
    if datum == "wgs84":
        return _floats(lon), _floats(lat)
    if datum == "gcj02":
        return gcj02_to_wgs84(lon, lat, unshifted=unshifted)
    if datum == "bd09":
        return bd09_to_wgs84(lon, lat, unshifted=unshifted)
    raise DataError(f"Unknown datum {datum!r}: say one of {', '.join(DATUMS)}.")


def distance_m(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> Floats:
    """Great-circle distance in metres on the mean sphere (haversine); within 0.6 % of the ellipsoid's."""
    lam_a, phi_a, lam_b, phi_b = (np.radians(_floats(value)) for value in (lon_a, lat_a, lon_b, lat_b))
    half_chord = np.sin((phi_b - phi_a) / 2) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin((lam_b - lam_a) / 2) ** 2
    return np.asarray(2 * _MEAN_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0))))


def _floats(value: ArrayLike) -> Floats:
    return np.asarray(value, dtype=np.float64)


def _gcj02_offset(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees that GCJ-02 adds to a WGS-84 position.

    The published reverse engineering: two polynomials with sine ripples around 105 E 35 N give metres, which the
    radii of curvature of the Krasovsky ellipsoid turn into degrees.
    """
    x, y = lon - _ORIGIN_LON, lat - _ORIGIN_LAT
    root = np.sqrt(np.abs(x))
    shared = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    east_m = (
        (300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared)
        + (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
        + (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    )
    north_m = (
        (-100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared)
        + (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
        + (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    )
    latitude = np.radians(lat)
    curvature = 1 - _KRASOVSKY_ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    prime_vertical_m = _KRASOVSKY_RADIUS_M / np.sqrt(curvature)
    meridian_m = _KRASOVSKY_RADIUS_M * (1 - _KRASOVSKY_ECCENTRICITY_SQUARED) / (curvature * np.sqrt(curvature))
    return np.degrees(east_m / (prime_vertical_m * np.cos(latitude))), np.degrees(north_m / meridian_m)


def _baidu_forward(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Baidu's published-by-use formula: ripple the radius and the angle of (lon, lat), then add a constant."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_TURN)
    return radius * np.cos(angle) + _BAIDU_SHIFT_LON, radius * np.sin(angle) + _BAIDU_SHIFT_LAT
