"""Datum shifts and distances."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates import (
    Floats,
    bd09_to_gcj02,
    bd09_to_wgs84,
    distance_m,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    is_outside_mainland_box,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from geo.errors import DataError

Shift = Callable[..., tuple[Floats, Floats]]

MAINLAND_LON = st.floats(73.5, 134.8)
MAINLAND_LAT = st.floats(18.2, 53.5)


def _positions(count: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(20_000)
    return random.uniform(73.5, 134.8, count), random.uniform(18.2, 53.5, count)


@pytest.mark.parametrize(
    ("forward", "back"),
    [(wgs84_to_gcj02, gcj02_to_wgs84), (gcj02_to_bd09, bd09_to_gcj02), (wgs84_to_bd09, bd09_to_wgs84)],
)
def test_twenty_thousand_positions_come_back_within_a_micrometre(forward: Shift, back: Shift) -> None:
    """Every inverse undoes its shift to 1e-6 m, the worst of 20,000 positions."""
    lon, lat = _positions(20_000)
    assert distance_m(lon, lat, *back(*forward(lon, lat))).max() <= 1e-6


def test_the_shift_has_the_known_size() -> None:
    """GCJ-02 moves a mainland position by some 430 m, never by more than about 720 m."""
    lon, lat = _positions(20_000)
    moved = distance_m(lon, lat, *wgs84_to_gcj02(lon, lat))
    assert 400 < np.median(moved) < 450
    assert 650 < moved.max() < 720


def test_known_positions_are_shifted_as_everybody_shifts_them() -> None:
    """Tiananmen's pairs as the widely used converters give them (116.404, 39.915)."""
    assert np.allclose(wgs84_to_gcj02(116.404, 39.915), (116.41024449916938, 39.91640428150164), atol=1e-11)
    assert np.allclose(gcj02_to_bd09(116.404, 39.915), (116.41036949371029, 39.92133699351021), atol=1e-11)


def test_what_lies_outside_the_box_is_never_moved() -> None:
    """Abroad there is no shift in any direction."""
    lon, lat = np.array([2.35, -74.0, 151.2, 139.7]), np.array([48.85, 40.7, -33.9, 35.7])
    assert is_outside_mainland_box(lon, lat).all()
    for shift in (wgs84_to_gcj02, gcj02_to_wgs84, gcj02_to_bd09, bd09_to_gcj02, wgs84_to_bd09, bd09_to_wgs84):
        assert np.array_equal(np.stack(shift(lon, lat)), np.stack([lon, lat]))


def test_masked_positions_are_never_moved_and_their_neighbours_are() -> None:
    """Hong Kong lies inside the box: the caller's mask keeps it, Shenzhen beside it moves."""
    lon, lat = np.array([114.17, 114.06]), np.array([22.32, 22.54])
    for datum in ("gcj02", "bd09"):
        moved = distance_m(lon, lat, *to_wgs84(lon, lat, datum, unshifted=np.array([True, False])))
        assert moved[0] == 0
        assert moved[1] > 400


def test_an_undeclared_datum_is_refused() -> None:
    """A datum is one of three words; nothing else is taken for one."""
    with pytest.raises(DataError, match="wgs84, gcj02, bd09"):
        to_wgs84(114.0, 22.5, "")


def test_wgs84_is_returned_as_it_is() -> None:
    """Positions that are WGS-84 already do not move at all."""
    assert np.array_equal(to_wgs84(114.06, 22.54, "wgs84"), (114.06, 22.54))


def test_a_degree_of_latitude_is_about_111_kilometres() -> None:
    """One degree on the mean sphere is 111,195 m; half the world round is 20,015 km."""
    assert distance_m(114, 22, 114, 23) == pytest.approx(111_195, abs=1)
    assert distance_m(0, 0, 180, 0) == pytest.approx(20_015_115, abs=10)


@given(MAINLAND_LON, MAINLAND_LAT)
def test_an_array_and_its_numbers_are_shifted_alike(lon: float, lat: float) -> None:
    """Working on arrays changes nothing: each position is shifted by itself."""
    together = wgs84_to_bd09(np.array([lon, 100.0]), np.array([lat, 30.0]))
    alone = wgs84_to_bd09(lon, lat)
    assert distance_m(together[0][0], together[1][0], *alone) < 1e-6


@given(MAINLAND_LON, MAINLAND_LAT)
def test_any_mainland_position_comes_back(lon: float, lat: float) -> None:
    """Round trips hold at any position, also at ones that a grid would miss."""
    assert distance_m(lon, lat, *to_wgs84(*wgs84_to_gcj02(lon, lat), "gcj02")) <= 1e-6
    assert distance_m(lon, lat, *to_wgs84(*wgs84_to_bd09(lon, lat), "bd09")) <= 1e-6


@given(MAINLAND_LON, MAINLAND_LAT, MAINLAND_LON, MAINLAND_LAT)
def test_distance_is_the_same_both_ways(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> None:
    """A distance has no direction and is never negative."""
    assert distance_m(lon_a, lat_a, lon_b, lat_b) == pytest.approx(distance_m(lon_b, lat_b, lon_a, lat_a))
    assert distance_m(lon_a, lat_a, lon_b, lat_b) >= 0
