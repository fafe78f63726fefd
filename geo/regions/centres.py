"""Tells a position that is nothing but the middle of a region: software fills unknown places so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

_NEAR_DEG: Final = 0.0005
"""About 50 m: nobody's workplace lies so near to the computed middle of a region by chance."""

_CENTRES: Final = """
SELECT code, level, ST_X(point) AS lon, ST_Y(point) AS lat FROM editorial.region WHERE point IS NOT NULL
UNION ALL
SELECT code, level, ST_X(middle), ST_Y(middle)
FROM (SELECT code, level, ST_Centroid(geometry) AS middle FROM editorial.region WHERE geometry IS NOT NULL) AS middles
"""


class RegionCentres:
    """The fixed points and the centroids of all regions; hold one for a load."""

    def __init__(self, centres: Sequence[tuple[str, str, float, float]]) -> None:
        self._regions = [(code, level) for code, level, _, _ in centres]
        self._tree = shapely.STRtree(shapely.points([(lon, lat) for _, _, lon, lat in centres]))

    def find(self, lon: ArrayLike, lat: ArrayLike) -> list[tuple[str, str] | None]:
        """The region (code, level) of which each position is the middle, or None."""
        points = np.asarray(shapely.points(np.atleast_1d(lon), np.atleast_1d(lat)))
        found: list[tuple[str, str] | None] = [None] * len(points)
        at, hits = self._tree.query_nearest(points, max_distance=_NEAR_DEG, all_matches=False)
        for position, hit in zip(at, hits, strict=True):
            found[int(position)] = self._regions[int(hit)]
        return found


def load_region_centres(connection: sa.Connection) -> RegionCentres:
    """Read the regions."""
    return RegionCentres([tuple(row) for row in connection.execute(sa.text(_CENTRES))])
