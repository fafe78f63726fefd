"""Ready TopoJSON for the map page: shared borders are shared arcs, so a shaded map has no gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
import shapely
from topojson.core.topology import Topology

from geo.regions.region_set import Hierarchy, Key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from geo.regions.region_set import Region

OBJECT_NAME: Final = "regions"

_PROVINCE_GRID: Final = 10_000
_PREFECTURE_GRID: Final = 3_600
_PREFECTURE_TOLERANCE: Final = 0.03
"""Grid and tolerance of the picture of all prefectures: below a pixel at zoom 5, and 60 kB when compressed."""
_COUNTY_GRID: Final = 10_000


def render_topologies(
    hierarchy: Hierarchy, outlines: Mapping[str, Mapping[Key, BaseGeometry]], points: Mapping[Key, tuple[float, float]]
) -> dict[str, str]:
    """TopoJSON texts by name: "province", "prefecture" and "county-<province code>" for every province with counties.

    A member's id is the region's code; properties are the short names as map labels, the parent's code and the
    place of the label as [lon, lat].
    """
    texts: dict[str, str] = {}
    national = outlines["national"]
    provinces = {key: national[key] for key in sorted(national) if key[0] == "province"}
    texts["province"] = _render(hierarchy, provinces, points, _PROVINCE_GRID)
    prefectures = [key for key in sorted(national) if key[0] == "prefecture"]
    if prefectures:
        coarse = shapely.coverage_simplify([national[key] for key in prefectures], _PREFECTURE_TOLERANCE)
        drawn = dict(zip(prefectures, coarse, strict=True))
        texts["prefecture"] = _render(hierarchy, drawn, points, _PREFECTURE_GRID)
    counties: dict[str, dict[Key, BaseGeometry]] = {}
    for key in sorted(key for key in outlines["z8"] if key[0] == "county"):
        counties.setdefault(_find_province(hierarchy, key), {})[key] = outlines["z8"][key]
    for province, drawn in counties.items():
        texts[f"county-{province}"] = _render(hierarchy, drawn, points, _COUNTY_GRID)
    return texts


def _render(
    hierarchy: Hierarchy, outlines: Mapping[Key, BaseGeometry], points: Mapping[Key, tuple[float, float]], grid: int
) -> str:
    features = [
        {
            "type": "Feature",
            "id": key[1],
            "properties": _describe(hierarchy.regions[key], points[key]),
            "geometry": shapely.geometry.mapping(outline),
        }
        for key, outline in outlines.items()
    ]
    made = Topology(
        {"type": "FeatureCollection", "features": features},
        object_name=OBJECT_NAME,
        prequantize=grid,
        shared_coords=False,
    )
    return orjson.dumps(made.to_dict()).decode()


def _describe(region: Region, point: tuple[float, float]) -> dict[str, Any]:
    return {
        "name_en": region.names.short_en,
        "name_zh_hans": region.names.short_zh_hans,
        "name_zh_hant": region.names.short_zh_hant,
        "parent": region.parent[1] if region.parent else None,
        "point": [round(value, 3) for value in point],
    }


def _find_province(hierarchy: Hierarchy, key: Key) -> str:
    while (parent := hierarchy.regions[key].parent) is not None:
        key = parent
    return key[1]
