"""Regions from an operator's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas
import pytest
import shapely
import sqlalchemy as sa

from geo.coordinates import distance_m, wgs84_to_gcj02
from geo.errors import FileRefused
from geo.records.tables import union_organization
from geo.regions.gazetteer import load_gazetteer
from geo.regions.region_file import RegionColumns, SetDescription, load_regions_file
from geo.regions.tables import boundary_set, region, region_path, region_topology

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = RegionColumns(code="id", name_en="label", level="lvl", parent="up")
SET = SetDescription("test-land", "a survey", "CC0", "Boundaries: a survey", "wgs84")


def _row(
    code: str, label: str, level: str, up: str | None, box: tuple[float, float, float, float] | None
) -> dict[str, Any]:
    return {"id": code, "label": label, "lvl": level, "up": up, "geometry": shapely.box(*box) if box else None}


def _rows() -> list[dict[str, Any]]:
    """A country of one province with two districts, and a province without any."""
    return [
        _row("N", "North", "1", None, (10, 52, 12, 53)),
        _row("N1", "Harbour", "2", "N", (10, 52, 11, 53)),
        _row("N2", "Mill Town", "2", "N", (11, 52, 12, 53)),
        _row("S", "South", "1", None, (10, 50, 12, 52)),
    ]


def _write(folder: Path, rows: list[dict[str, Any]], name: str = "land.geojson") -> Path:
    path = folder / name
    geopandas.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326").to_file(path)
    return path


@pytest.mark.parametrize("name", ["land.geojson", "land.gpkg", "land.shp"])
def test_a_file_of_any_country_replaces_all_regions(connection: sa.Connection, tmp_path: Path, name: str) -> None:
    """GeoJSON, GeoPackage and Shapefile load alike; names resolve, topologies are drawn, nothing of the old is left."""
    assert load_regions_file(connection, _write(tmp_path, _rows(), name), COLUMNS, SET) == 4
    assert set(connection.scalars(sa.select(region.c.code))) == {"N", "N1", "N2", "S"}
    assert connection.scalar(sa.select(boundary_set.c.name)) == "test-land"
    gazetteer = load_gazetteer(connection)
    assert gazetteer.resolve("Mill Town, North").code == "N2"
    assert gazetteer.resolve("N1").code == "N1"
    path = connection.execute(sa.select(region_path).where(region_path.c.code == "N2")).one()
    assert tuple(path) == ("N2", "prefecture", "N", "N2", None)
    assert set(connection.scalars(sa.select(region_topology.c.name))) == {"province", "prefecture"}


def test_other_projections_are_brought_to_degrees(connection: sa.Connection, tmp_path: Path) -> None:
    """A file that says its projection is reprojected to WGS-84."""
    path = tmp_path / "land.gpkg"
    geopandas.GeoDataFrame(_rows(), geometry="geometry", crs="EPSG:4326").to_crs("EPSG:3857").to_file(path)
    load_regions_file(connection, path, COLUMNS, SET)
    west = connection.scalar(sa.text("SELECT ST_XMin(geometry) FROM editorial.region WHERE code = 'S'"))
    assert west == pytest.approx(10, abs=1e-6)


def test_a_declared_datum_is_undone(connection: sa.Connection, tmp_path: Path) -> None:
    """Outlines in GCJ-02 are moved back to where they are on the earth."""
    corner = wgs84_to_gcj02(110.0, 30.0)
    rows = [_row("A", "Inland", "1", None, (float(corner[0]), float(corner[1]), 111, 31))]
    shifted = SetDescription("test-land", "a survey", "CC0", "Boundaries: a survey", "gcj02")
    load_regions_file(connection, _write(tmp_path, rows), COLUMNS, shifted)
    lon, lat = connection.execute(
        sa.text("SELECT ST_XMin(geometry), ST_YMin(geometry) FROM editorial.region WHERE code = 'A'")
    ).one()
    assert distance_m(lon, lat, 110.0, 30.0) < 50


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"up": "X"}, "REGIONS_PARENT"),
        ({"lvl": "village"}, "REGIONS_LEVEL"),
        ({"id": "N1"}, "REGIONS_TWICE"),
        ({"id": None}, "REGIONS_CODE"),
        ({"geometry": shapely.Point(11.5, 52.5)}, "REGIONS_OUTLINE"),
        ({"geometry": shapely.box(1100, 52, 1200, 53)}, "REGIONS_DEGREES"),
    ],
)
def test_a_bad_feature_is_named_and_nothing_changes(
    connection: sa.Connection, tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    """Each fault has its own code and says which feature; the installed regions stay."""
    rows = _rows()
    rows[2] |= change
    with pytest.raises(FileRefused) as refused:
        load_regions_file(connection, _write(tmp_path, rows), COLUMNS, SET)
    assert refused.value.code == code
    assert connection.scalar(sa.select(sa.func.count()).select_from(region)) == 34 + 375 + 2896


def test_a_missing_column_is_named_beside_those_there_are(connection: sa.Connection, tmp_path: Path) -> None:
    """The message lists the columns that the file does have."""
    with pytest.raises(FileRefused, match=r"no column adcode\. It has: id, label, lvl, up"):
        load_regions_file(connection, _write(tmp_path, _rows()), RegionColumns(code="adcode", name_en="label"), SET)


def test_what_is_no_map_file_is_refused(connection: sa.Connection, tmp_path: Path) -> None:
    """A text file under a map file's name is refused by name."""
    path = tmp_path / "land.geojson"
    path.write_text("not a map")
    with pytest.raises(FileRefused, match=r"land\.geojson cannot be read") as refused:
        load_regions_file(connection, path, COLUMNS, SET)
    assert refused.value.code == "REGIONS_UNREADABLE"


def test_an_undeclared_datum_is_refused(connection: sa.Connection, tmp_path: Path) -> None:
    """The datum of a file is said, never guessed."""
    undeclared = SetDescription("test-land", "a survey", "CC0", "Boundaries: a survey", "")
    with pytest.raises(FileRefused) as refused:
        load_regions_file(connection, _write(tmp_path, _rows()), COLUMNS, undeclared)
    assert refused.value.code == "REGIONS_DATUM"


def test_records_keep_their_region_or_the_file_is_refused(connection: sa.Connection, tmp_path: Path) -> None:
    """A file without a code that records stand under is refused with the code and the number of records."""
    for name in ("Shenzhen Federation", "Shenzhen Education Union"):
        connection.execute(sa.insert(union_organization).values(level="municipal", region_code="440300", name_en=name))
    with pytest.raises(FileRefused, match=r"440300 \(2\)") as refused:
        load_regions_file(connection, _write(tmp_path, _rows()), COLUMNS, SET)
    assert refused.value.code == "REGIONS_RECORDS_LEFT"
    assert connection.scalar(sa.select(sa.func.count()).select_from(region)) == 34 + 375 + 2896
