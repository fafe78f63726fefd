"""Write a whole set of regions to the database in place of the one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
import sqlalchemy as sa

from geo.regions.boundaries import BANDS, measure_uncertainty, place_label
from geo.regions.place_names import make_place_names
from geo.regions.region_set import FULL_BAND, Hierarchy, Region, RegionSet
from geo.regions.succession import work_out_draw_codes
from geo.regions.tables import (
    LEVELS,
    boundary_set,
    draw_code,
    place_name,
    region,
    region_outline,
    region_path,
    region_succession,
    region_topology,
)
from geo.regions.topology import render_topologies

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shapely.geometry.base import BaseGeometry

    from geo.regions.region_set import Key

_SRID = 4326
_CHUNK = 1000


def write_region_set(
    connection: sa.Connection, region_set: RegionSet, report: Callable[[str], None] = lambda _step: None
) -> None:
    """Replace every table of the regions with `region_set`, in the caller's transaction.

    Readers of the old set see it until the caller commits. Records are not looked at: check them before.
    """
    hierarchy = Hierarchy(region_set.regions)
    points = {key: place_label(outline) for key, outline in region_set.outlines[FULL_BAND].items()}
    report("tables")
    _clear(connection)
    connection.execute(sa.insert(boundary_set), [vars(region_set.boundary_set)])
    for level in LEVELS:
        rows = [_region_row(item, region_set, points) for item in region_set.regions if item.level == level]
        _insert(connection, region, rows)
    for band in BANDS:
        outlines = region_set.outlines[band]
        _insert(connection, region_outline, [_outline_row(key, band, outlines[key]) for key in sorted(outlines)])
    _insert(connection, region_path, [vars(path) for path in hierarchy.paths().values()])
    _insert(
        connection,
        region_succession,
        [{**vars(change), "happened_on": change.happened_on or None} for change in region_set.changes],
    )
    drawn = work_out_draw_codes(region_set).values()
    _insert(connection, draw_code, [{**vars(item), "successors": list(item.successors)} for item in drawn])
    report("names")
    _insert(connection, place_name, [vars(name) for name in make_place_names(region_set)])
    report("topologies")
    texts = render_topologies(hierarchy, region_set.outlines, points)
    _insert(connection, region_topology, [{"name": name, "topojson": text} for name, text in texts.items()])


def _clear(connection: sa.Connection) -> None:
    for table in (region_topology, place_name, draw_code, region_succession, region_path, region_outline):
        connection.execute(sa.delete(table))
    for level in reversed(LEVELS):
        connection.execute(sa.delete(region).where(region.c.level == level))
    connection.execute(sa.delete(boundary_set))


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _CHUNK):
        connection.execute(sa.insert(table), rows[start : start + _CHUNK])


def _region_row(item: Region, region_set: RegionSet, points: Mapping[Key, tuple[float, float]]) -> dict[str, Any]:
    outline = region_set.outlines[FULL_BAND].get(item.key)
    point = points.get(item.key)
    return {
        "level": item.level,
        "code": item.code,
        "parent_level": item.parent[0] if item.parent else None,
        "parent_code": item.parent[1] if item.parent else None,
        "name_en": item.names.en,
        "name_zh_hans": item.names.zh_hans,
        "name_zh_hant": item.names.zh_hant,
        "short_name_en": item.names.short_en,
        "short_name_zh_hans": item.names.short_zh_hans,
        "short_name_zh_hant": item.names.short_zh_hant,
        "population": item.population,
        "point": _ewkb(shapely.Point(point)) if point else None,
        "uncertainty_m": measure_uncertainty(outline, *point) if outline is not None and point else None,
        "geometry": _ewkb(outline) if outline is not None else None,
    }


def _outline_row(key: Key, band: str, outline: BaseGeometry) -> dict[str, Any]:
    return {"level": key[0], "code": key[1], "band": band, "geometry": _ewkb(outline)}


def _ewkb(geometry: BaseGeometry) -> str:
    return shapely.to_wkb(shapely.set_srid(geometry, _SRID), hex=True, include_srid=True)
