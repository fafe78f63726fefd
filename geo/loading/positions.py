"""Puts the positions of many rows at once onto the map: datum, area, and whether the row's region agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import sqlalchemy as sa

from geo.coordinates import Floats, Mask, distance_m, to_wgs84
from geo.loading.coordinate_cells import Said, WrittenPosition
from geo.loading.messages import Problem
from geo.loading.places import PRECISIONS, PlaceReader
from geo.regions.centres import RegionCentres, load_region_centres
from geo.regions.region_index import RegionIndex, load_region_index

_NEAR_M: Final = 2_000.0
"""A point so near to the region that its row names is taken; generalised outlines and datums differ by that much."""

_METRES_A_DEGREE: Final = 111_000.0

_PRECISION_OF_DECIMALS: Final = (
    ("prefecture", "100 km"),
    ("prefecture", "10 km"),
    ("county", "1 km"),
    ("street", "100 m"),
)
_METRES_A_KILOMETRE: Final = 1000


@dataclass(frozen=True)
class Located:
    """A position in WGS-84 and the finest region it lies in; without `lon` it is refused for what is said."""

    lon: float | None
    lat: float | None
    region: str | None
    said: Said
    centre: tuple[str, str] | None = None
    """(code, level) of the region of which the position is nothing but the middle."""


class PositionReader:
    """Checks positions against the outlines in memory; hold one for a load."""

    def __init__(self, index: RegionIndex, places: PlaceReader, centres: RegionCentres) -> None:
        self._index = index
        self._centres = centres
        self._places = places

    def locate(self, positions: Sequence[WrittenPosition], regions: Sequence[Sequence[str]]) -> list[Located]:
        """Convert and check; `regions` holds the codes that each row names, possibly none."""
        written_lon = np.array([position.lon for position in positions])
        written_lat = np.array([position.lat for position in positions])
        lon, lat = written_lon.copy(), written_lat.copy()
        for datum in {position.datum for position in positions} - {"wgs84"}:
            mask = np.array([position.datum == datum for position in positions])
            unshifted = self._find_unshifted(written_lon[mask], written_lat[mask])
            lon[mask], lat[mask] = to_wgs84(written_lon[mask], written_lat[mask], datum, unshifted=unshifted)
        moved = distance_m(written_lon, written_lat, lon, lat)
        found = self._index.region_at(lon, lat)
        centres = self._centres.find(lon, lat)
        judged = [
            self._judge(position, (float(lon[at]), float(lat[at]), float(moved[at])), found[at], regions[at])
            for at, position in enumerate(positions)
        ]
        return [replace(one, centre=centre) if centre else one for one, centre in zip(judged, centres, strict=True)]

    def _find_unshifted(self, lon: Floats, lat: Floats) -> Mask:
        """Where maps are not shifted; by the region of a point, and by the dearer distance only for points in none."""
        regions = self._index.region_at(lon, lat)
        mask = np.array([code is not None and self._places.is_unshifted(code) for code in regions], dtype=bool)
        nowhere = np.array([code is None for code in regions], dtype=bool)
        if nowhere.any():
            mask[nowhere] = self._index.is_unshifted(lon[nowhere], lat[nowhere])
        return mask

    def _judge(
        self, position: WrittenPosition, there: tuple[float, float, float], found: str | None, named: Sequence[str]
    ) -> Located:
        lon, lat, moved = there
        if found is None:
            return self._judge_outside(lon, lat, named)
        said: Said = ()
        if moved:
            code = "GEO_GCJ" if position.datum == "gcj02" else "GEO_BD"
            said = (("lon", Problem(code, {"moved": round(moved)})),)
        if not named or any(self._places.lies_in(found, code) for code in named):
            return Located(lon, lat, found, said)
        near = max(_NEAR_M, _METRES_A_DEGREE / 10**position.decimals)
        return self._judge_disagreement((lon, lat, near), found, named, said)

    def _judge_outside(self, lon: float, lat: float, named: Sequence[str]) -> Located:
        exchanged = self._index.region_at(lat, lon)[0] if abs(lon) <= 90 else None  # noqa: PLR2004  (a latitude)
        if exchanged is not None:
            return _refuse(Problem("GEO_SWAPPED", {"lon": _write(lat), "lat": _write(lon)}))
        unsigned = self._index.region_at(abs(lon), abs(lat))[0]
        if unsigned is not None:
            return _refuse(Problem("GEO_SIGN", {"region": self._places.describe([unsigned])}))
        for code in named:
            distance = self._index.distance_to_region_m(lon, lat, code)
            if distance <= _NEAR_M:  # off the coast of the region that the row names
                return Located(lon, lat, code, ())
        return _refuse(Problem("GEO_RANGE" if abs(lat) > 90 else "GEO_OUTSIDE"))  # noqa: PLR2004  (a latitude)

    def _judge_disagreement(
        self, there: tuple[float, float, float], found: str, named: Sequence[str], said: Said
    ) -> Located:
        """The row's own region outranks the point where they are near; far apart, one of them is wrong."""
        lon, lat, near = there
        distance = min(self._index.distance_to_region_m(lon, lat, code) for code in named)
        facts: dict[str, Any] = {"found": self._places.describe([found]), "said": self._places.describe(named)}
        if distance > near:
            return _refuse(Problem("GEO_REGION", facts))
        facts["distance"] = f"{distance / _METRES_A_KILOMETRE:.1f}"
        return Located(lon, lat, named[0], (*said, ("lon", Problem("GEO_REGION_NEAR", facts))))


def limit_precision(declared: str | None, decimals: int) -> tuple[str, Said]:
    """Return the precision that a position may claim: no finer than its decimals allow."""
    allowed, distance = _PRECISION_OF_DECIMALS[decimals] if decimals < len(_PRECISION_OF_DECIMALS) else ("exact", "")
    if declared is None:
        return allowed, ()
    if PRECISIONS.index(declared) >= PRECISIONS.index(allowed):
        return declared, ()
    facts = {"decimals": decimals, "distance": distance, "precision": allowed}
    return allowed, (("location_precision", Problem("GEO_PRECISION", facts)),)


def _write(degrees: float) -> str:
    return f"{degrees:.6f}".rstrip("0").rstrip(".")


def _refuse(problem: Problem) -> Located:
    return Located(None, None, None, (("lon", problem),))


def make_position_reader(
    connection: sa.Connection, places: PlaceReader, index: RegionIndex | None = None
) -> PositionReader:
    """Make the reader from the installed regions, which takes seconds; less with an index that is there already."""
    return PositionReader(index or load_region_index(connection), places, load_region_centres(connection))
