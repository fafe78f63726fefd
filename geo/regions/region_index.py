"""From positions to regions: which county a point lies in, and how far it lies from one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
import sqlalchemy as sa

from geo.coordinates import distance_m
from geo.errors import UnknownPlace
from geo.regions.region_set import RegionPath
from geo.regions.tables import region, region_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from geo.coordinates import Mask

UNSHIFTED_PROVINCES: Final = frozenset({"710000", "810000", "820000"})
"""Taiwan, Hong Kong and Macau: inside the box of the mainland's shift, but their maps are not shifted."""

_SEA_MARGIN_DEG: Final = 0.25
"""A position farther than this from every region is abroad or on the open sea."""


class RegionIndex:
    """The outlines of the finest regions in memory (about 50 MB for China); hold one for a load.

    All positions are degrees of WGS-84.
    """

    def __init__(self, outlines: Mapping[str, shapely.Geometry], paths: Mapping[str, RegionPath]) -> None:
        self._codes = np.array(sorted(outlines), dtype=object)
        self._outlines = np.array([outlines[code] for code in self._codes], dtype=object)
        self._paths = paths
        self._tree = shapely.STRtree(self._outlines)
        shapely.prepare(self._outlines)

    def region_at(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[Any]:
        """The code of the finest region at each position, or None. On a shared border the lower code wins."""
        points = _make_points(lon, lat)
        at, hits = self._tree.query(points, predicate="intersects")
        found: NDArray[Any] = np.full(points.shape, None, dtype=np.object_)
        for index in np.lexsort((hits, at))[::-1]:
            found[at[index]] = self._codes[hits[index]]
        return found

    def is_unshifted(self, lon: ArrayLike, lat: ArrayLike) -> Mask:
        """True where maps show plain WGS-84, for `geo.coordinates.to_wgs84`: Hong Kong, Macau, Taiwan, abroad.

        Positions in GCJ-02 may be asked as they are: they lie within 700 m of the truth.
        """
        points = _make_points(lon, lat)
        pairs = self._tree.query_nearest(points, max_distance=_SEA_MARGIN_DEG, all_matches=False)
        mask = np.ones(points.shape, dtype=np.bool_)
        for at, hit in zip(*pairs, strict=True):
            mask[at] = self._paths[self._codes[hit]].province in UNSHIFTED_PROVINCES
        return mask

    def distance_to_region_m(self, lon: float, lat: float, code: str) -> float:
        """Metres from a position to the nearest point of the region `code`, of any level; 0 inside.

        Raises:
            UnknownPlace: no region that is drawn has the code.
        """
        inside = [index for index, own in enumerate(self._codes) if own == code or code in self._paths[own].codes]
        if not inside:
            raise UnknownPlace(f"No region that is drawn has the code {code}.")
        # Degrees of longitude are made as short as they are at this latitude, so that the nearest point is the nearest.
        squeeze = np.cos(np.radians(lat))
        point = shapely.Point(lon * squeeze, lat)
        nearest = np.inf
        for index in inside:
            outline = shapely.transform(self._outlines[index], lambda xy: xy * [squeeze, 1.0])
            _from, to = shapely.get_coordinates(shapely.shortest_line(point, outline))
            nearest = min(nearest, float(distance_m(lon, lat, to[0] / squeeze, to[1])))
        return nearest


def _make_points(lon: ArrayLike, lat: ArrayLike) -> NDArray[Any]:
    return np.asarray(shapely.points(np.atleast_1d(lon), np.atleast_1d(lat)))


def load_region_index(connection: sa.Connection) -> RegionIndex:
    """Make an index of the finest regions that are drawn: counties, and whatever has no drawn children."""
    paths = {row["code"]: RegionPath(**row) for row in connection.execute(sa.select(region_path)).mappings()}
    child = region.alias()
    has_children = sa.exists().where(
        child.c.parent_level == region.c.level, child.c.parent_code == region.c.code, child.c.geometry.is_not(None)
    )
    rows = connection.execute(
        sa.select(region.c.code, sa.func.ST_AsBinary(region.c.geometry)).where(
            region.c.geometry.is_not(None), ~has_children
        )
    ).all()
    outlines = shapely.from_wkb([bytes(wkb) for _code, wkb in rows])
    return RegionIndex({row[0]: outline for row, outline in zip(rows, outlines, strict=True)}, paths)
