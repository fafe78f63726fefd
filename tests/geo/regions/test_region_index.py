"""Positions to regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import sqlalchemy as sa

from geo.coordinates import distance_m, to_wgs84, wgs84_to_gcj02
from geo.errors import UnknownPlace

if TYPE_CHECKING:
    from geo.regions.region_index import RegionIndex

LON = [114.06, 116.40, 2.35, 114.17, 113.55, 121.52, 113.75]
LAT = [22.54, 39.90, 48.86, 22.32, 22.19, 25.04, 23.02]
CODES = ["440304", "110101", None, "810109", "820000", "710009", "441900"]


def test_positions_find_their_county(region_index: RegionIndex) -> None:
    """Futian, Dongcheng, Paris, Yau Tsim Mong, Macau, Taipei, Dongguan."""
    assert region_index.region_at(LON, LAT).tolist() == CODES


def test_every_regions_own_point_finds_it(region_index: RegionIndex, connection: sa.Connection) -> None:
    """The fixed point of each of 2,891 counties lies in that county and no other."""
    rows = connection.execute(
        sa.text("SELECT code, ST_X(point), ST_Y(point) FROM editorial.region WHERE level = 'county' AND point NOTNULL")
    ).all()
    codes, lon, lat = zip(*rows, strict=True)
    assert region_index.region_at(lon, lat).tolist() == list(codes)


def test_the_mainlands_shift_stops_at_hong_kong_macau_taiwan_and_abroad(region_index: RegionIndex) -> None:
    """The mask for datum shifts is true there and on the open sea, and false on the mainland and its shores."""
    assert region_index.is_unshifted(LON, LAT).tolist() == [False, False, True, True, True, True, False]
    assert region_index.is_unshifted([122.05, 125.0], [31.2, 28.0]).tolist() == [False, True]


def test_a_shifted_position_comes_back_with_the_mask(region_index: RegionIndex) -> None:
    """What AMap gives for Futian is moved back by some 500 m; what it gives for Kowloon stays."""
    lon, lat = np.array([114.06, 114.17]), np.array([22.54, 22.32])
    given = wgs84_to_gcj02(lon, lat, unshifted=np.array([False, True]))
    back = to_wgs84(*given, "gcj02", unshifted=region_index.is_unshifted(*given))
    assert distance_m(lon, lat, *back).max() < 1e-6
    assert distance_m(lon, lat, *given)[0] > 400


def test_distance_to_a_region_is_zero_inside(region_index: RegionIndex) -> None:
    """At every level a position inside is at no distance."""
    for code in ("440304", "440300", "440000"):
        assert region_index.distance_to_region_m(114.06, 22.54, code) == 0


def test_distance_to_a_region_is_that_to_its_border(region_index: RegionIndex) -> None:
    """From Futian, Bao'an begins 14.7 km away and Hong Kong a few; the nearer is never farther."""
    assert region_index.distance_to_region_m(114.06, 22.54, "440306") == pytest.approx(14_700, abs=200)
    assert 1_000 < region_index.distance_to_region_m(114.06, 22.54, "810000") < 5_000


def test_distance_to_no_region_is_an_error(region_index: RegionIndex) -> None:
    """A code that nothing is drawn under has no distance."""
    with pytest.raises(UnknownPlace, match="999999"):
        region_index.distance_to_region_m(114.06, 22.54, "999999")
