"""The real counties among which made incidents are spread, and points inside their polygons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
import sqlalchemy as sa

Floats = npt.NDArray[np.float64]

COUNTIES = """
SELECT c.code, c.short_name_zh_hans AS chinese, c.short_name_en AS english,
    p.short_name_zh_hans AS town_chinese, p.short_name_en AS town_english,
    path.prefecture, path.province, COALESCE(c.population, 100000) AS population, ST_AsBinary(c.geometry) AS outline
FROM editorial.region AS c
JOIN editorial.region_path AS path ON path.code = c.code AND path.level = 'county'
JOIN editorial.region AS p ON p.level = c.parent_level AND p.code = c.parent_code
WHERE c.level = 'county' AND c.valid_to IS NULL AND c.geometry IS NOT NULL AND path.prefecture IS NOT NULL
ORDER BY c.code
"""

BUSY = {"44": 3.0, "32": 2.0, "33": 2.0, "37": 1.5, "41": 1.3, "31": 2.0, "11": 1.8, "61": 1.4}
"""Provinces, by the first two digits of their codes, that are reported on more than their population says."""


@dataclass(frozen=True, kw_only=True)
class County:
    """One county. Names are (Chinese, English); `town` is its prefecture."""

    code: str
    prefecture: str
    province: str
    name: tuple[str, str]
    town: tuple[str, str]
    outline: shapely.Geometry


@dataclass(frozen=True)
class Places:
    """All counties in the order of their codes, and the share of incidents in each (sums to 1)."""

    counties: tuple[County, ...]
    shares: Floats


def read_places(connection: sa.Connection) -> Places:
    """Read the counties of a database in which the regions are installed. Outlines are longitude, latitude (4326)."""
    rows = connection.execute(sa.text(COUNTIES)).all()
    weights = np.array([row.population * BUSY.get(row.province[:2], 1.0) for row in rows], dtype=np.float64)
    counties = tuple(
        County(
            code=row.code,
            prefecture=row.prefecture,
            province=row.province,
            name=(row.chinese, row.english),
            town=(row.town_chinese, row.town_english),
            outline=shapely.from_wkb(bytes(row.outline)),
        )
        for row in rows
    )
    return Places(counties, weights / weights.sum())


def draw_point(county: County, rng: np.random.Generator) -> tuple[float, float]:
    """Return the longitude and latitude of a random point inside a county, with six decimals."""
    west, south, east, north = shapely.bounds(county.outline)
    for _ in range(20):
        lon, lat = rng.uniform((west, south), (east, north), (16, 2)).round(6).T
        inside = np.flatnonzero(shapely.contains_xy(county.outline, lon, lat))
        if len(inside):
            return float(lon[inside[0]]), float(lat[inside[0]])
    lon, lat = shapely.get_coordinates(shapely.point_on_surface(county.outline))[0]  # a county of thin islands
    return round(float(lon), 6), round(float(lat), 6)
