"""Load any country's regions from an operator's own GeoJSON, GeoPackage or Shapefile, in place of the installed set."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas
import numpy as np
import shapely

from geo.coordinates import DATUMS, to_wgs84
from geo.errors import FileRefused
from geo.regions.boundaries import build_outlines
from geo.regions.names import Namer, RegionNames
from geo.regions.orphans import find_records_without_region
from geo.regions.package_boundaries import read_changes, read_population, read_retired
from geo.regions.region_index import UNSHIFTED_PROVINCES
from geo.regions.region_set import BoundarySet, Hierarchy, Key, Region, RegionSet
from geo.regions.store import write_region_set
from geo.regions.tables import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import sqlalchemy as sa

_LEVEL_WORDS: Final = dict(zip(("1", "2", "3"), LEVELS, strict=True)) | {level: level for level in LEVELS}
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_SHOWN: Final = 10
_WGS84: Final = "EPSG:4326"


@dataclass(frozen=True)
class RegionColumns:
    """Which columns of the file hold what. A file without levels holds provinces only."""

    code: str = "code"
    name_en: str | None = None
    name_zh: str | None = None
    level: str | None = None
    parent: str | None = None

    def named(self) -> list[str]:
        """The columns that the file must have."""
        return [column for column in vars(self).values() if column is not None]


@dataclass(frozen=True)
class SetDescription:
    """What readers are told about the operator's boundaries."""

    name: str
    source: str
    licence: str
    attribution: str
    datum: str


def load_regions_file(
    connection: sa.Connection,
    path: Path,
    columns: RegionColumns,
    description: SetDescription,
    report: Callable[[str], None] = lambda _step: None,
) -> int:
    """Replace the installed regions by those of a file, in the caller's transaction; return how many there are.

    Levels are "province", "prefecture" and "county", or 1, 2 and 3. A parent is the code of a region one or two
    levels up. Outlines of regions with children are made from the children. Codes that went out of force in China
    keep their successors if the file is China's.

    Raises:
        FileRefused: the file cannot be used, or records would be left without their region; nothing has changed.
    """
    if description.datum not in DATUMS:
        raise FileRefused("REGIONS_DATUM", f"Say the datum of the file: one of {', '.join(DATUMS)}.")
    frame = _read_file(path, columns, description)
    regions, given = _read_regions(frame, columns)
    hierarchy = Hierarchy(regions)
    known = set(hierarchy.bare_keys())
    _check_records(connection, known, path.name)
    outlines = build_outlines(hierarchy, given, report)
    vintage = f"file of fingerprint {hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
    boundary_set = BoundarySet(
        description.name, description.source, description.licence, vintage, description.datum, description.attribution
    )
    is_china = set(read_population()) <= known
    changes = tuple(change for change in read_changes() if is_china and change.new_code in known)
    retired = tuple(name for name in read_retired() if is_china and (name.kind != "renamed" or name.code in known))
    write_region_set(connection, RegionSet(boundary_set, regions, outlines, changes, retired), report)
    return len(regions)


def _check_records(connection: sa.Connection, known: set[str], file_name: str) -> None:
    lost = find_records_without_region(connection, known)
    if lost:
        listed = ", ".join(f"{code} ({count})" for code, count in lost[:_SHOWN])
        more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        raise FileRefused(
            "REGIONS_RECORDS_LEFT",
            f"Records stand under codes that {file_name} does not have: {listed}{more}. Move or remove those records "
            "first, or add the regions to the file.",
            codes=[code for code, _count in lost],
        )


def _read_file(path: Path, columns: RegionColumns, description: SetDescription) -> geopandas.GeoDataFrame:
    try:
        frame = geopandas.read_file(path)
    except Exception as problem:  # pyogrio, GDAL and the operating system each raise their own
        raise FileRefused("REGIONS_UNREADABLE", f"{path.name} cannot be read as a map file: {problem}") from problem
    missing = [column for column in columns.named() if column not in frame.columns]
    if missing:
        there = ", ".join(str(column) for column in frame.columns if column != "geometry")
        raise FileRefused("REGIONS_COLUMN", f"{path.name} has no column {', '.join(missing)}. It has: {there}.")
    if columns.name_en is None and columns.name_zh is None:
        raise FileRefused("REGIONS_NAME", "Say which column holds the names, English or Chinese.")
    if frame.empty:
        raise FileRefused("REGIONS_EMPTY", f"{path.name} holds no region.")
    if frame.crs is not None and frame.crs != _WGS84 and description.datum == "wgs84":
        frame = frame.to_crs(_WGS84)
    frame["geometry"] = [
        _to_wgs84(outline, str(code), description.datum)
        for outline, code in zip(frame.geometry, frame[columns.code], strict=True)
    ]
    return frame


def _to_wgs84(outline: Any, code: str, datum: str) -> Any:
    if outline is None or datum == "wgs84":
        return outline
    unshifted = code[:2] + "0000" in UNSHIFTED_PROVINCES

    def shift(positions: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.column_stack(to_wgs84(positions[:, 0], positions[:, 1], datum, unshifted=unshifted))

    return shapely.transform(outline, shift)


def _read_regions(frame: geopandas.GeoDataFrame, columns: RegionColumns) -> tuple[tuple[Region, ...], dict[Key, Any]]:
    namer = Namer()
    population = read_population()
    rows: dict[Key, dict[str, Any]] = {}
    for number, row in enumerate(frame.to_dict("records"), start=1):
        level = _read_level(row, columns, number)
        code = _cell(row, columns.code)
        if not code:
            raise FileRefused("REGIONS_CODE", f"Feature {number} has no code in {columns.code}.")
        if (level, code) in rows:
            raise FileRefused("REGIONS_TWICE", f"Feature {number}: the {level} {code} is in the file twice.")
        _check_outline(row["geometry"], number, code)
        rows[level, code] = row
    regions = []
    for (level, code), row in sorted(rows.items(), key=lambda item: LEVELS.index(item[0][0])):
        parent = _find_parent(level, code, _cell(row, columns.parent), rows)
        names = _name(namer, code, _cell(row, columns.name_zh), _cell(row, columns.name_en))
        counted = population.get(code) if level == LEVELS[0] else None
        regions.append(Region(level, code, parent, names, counted))
    return tuple(regions), {key: row["geometry"] for key, row in rows.items()}


def _cell(row: dict[str, Any], column: str | None) -> str:
    """A cell as text. Numbers of a column that GDAL took for decimals lose their ".0"; missing values are empty."""
    value = row.get(column) if column is not None else None
    if value is None or value != value:  # noqa: PLR0124  (only a missing number differs from itself)
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _read_level(row: dict[str, Any], columns: RegionColumns, number: int) -> str:
    if columns.level is None:
        return LEVELS[0]
    word = _cell(row, columns.level).lower()
    if word not in _LEVEL_WORDS:
        expected = ", ".join(_LEVEL_WORDS)
        raise FileRefused("REGIONS_LEVEL", f"Feature {number}: the level {word!r} is none of {expected}.")
    return _LEVEL_WORDS[word]


def _check_outline(outline: Any, number: int, code: str) -> None:
    if outline is None or outline.is_empty or outline.geom_type not in {"Polygon", "MultiPolygon"}:
        raise FileRefused("REGIONS_OUTLINE", f"Feature {number} ({code}) is not an area.")
    west, south, east, north = outline.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004  (degrees)
        raise FileRefused(
            "REGIONS_DEGREES", f"Feature {number} ({code}) is not in degrees: it reaches from {west} to {east}."
        )


def _find_parent(level: str, code: str, parent_code: str, rows: dict[Key, Any]) -> Key | None:
    above = LEVELS[: LEVELS.index(level)]
    if not above:
        return None
    for candidate in reversed(above):
        if (candidate, parent_code) in rows:
            return (candidate, parent_code)
    raise FileRefused("REGIONS_PARENT", f"The parent {parent_code!r} of the {level} {code} is not in the file.")


def _name(namer: Namer, code: str, name_zh: str, name_en: str) -> RegionNames:
    if _HAN.search(name_zh):
        return namer.name_region(name_zh, code, name_en or None)
    name = name_en or name_zh or code
    return RegionNames(name, name_zh or name, name_zh or name, name, name_zh or name, name_zh or name, name)
