"""The report comes in the format of the file, and loaded again it says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from geo.loading.open_table import open_table
from geo.loading.report_file import ADDED
from tests.geo.loading.conftest import STRIKE, Load
from tests.geo.loading.every_code import every_code_csv
from tests.geo.loading.file_writers import (
    as_csv,
    as_geojson,
    as_geopackage,
    as_sequence,
    as_shapefile,
    as_tsv,
    as_xlsx,
)

ROWS = [
    STRIKE | {"lon": "114.0579", "lat": "22.5431"},
    STRIKE | {"source_id": "2", "industry": "xyz", "title_en": "@SUM", "lon": "114.0579", "lat": "22.5431"},
    STRIKE | {"source_id": "3", "title_en": "Swapped", "lon": "22.5431", "lat": "114.0579"},
    STRIKE | {"source_id": "4", "title_en": "Call 13800138000 now", "sources": ""},
    STRIKE | {"source_id": "5", "title_en": "Weibo", "sources": "https://weibo.com/x?uid=7"},
]
KINDS = {
    "csv": as_csv,
    "tsv": as_tsv,
    "xlsx": as_xlsx,
    "geojson": as_geojson,
    "geojsonseq": as_sequence,
    "gpkg": as_geopackage,
    "shp": as_shapefile,
}
Write = Callable[[Sequence[Mapping[str, str]]], bytes]


def read(path: Path) -> tuple[str, list[dict[str, str]]]:
    """The kind of a file and its rows."""
    table = open_table(path)
    rows = [dict(zip(table.headers, cells, strict=True)) for _, cells, _ in table.rows]
    table.close()
    return table.kind, rows


def faults(rows: list[dict[str, str]]) -> list[list[str]]:
    """What a report says, row by row."""
    return [[row[name] for name in ("source_id", *ADDED)] for row in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_has_the_format_of_its_file(load: Load, tmp_path: Path, kind: str) -> None:
    """Faulty rows with their cells, their position and the reasons; that of a Shapefile is CSV."""
    write: Write = KINDS[kind]
    path, report = tmp_path / "rows", tmp_path / "report"
    path.write_bytes(write(ROWS))
    loaded = load(path, datum="wgs84", report=report)
    assert not loaded.loaded
    found, rows = read(report)
    assert found == {"tsv": "csv", "shp": "csv"}.get(kind, kind)
    assert [(row["source_id"], row["_status"]) for row in rows] == [
        ("2", "rejected"),
        ("3", "rejected"),
        ("4", "rejected"),
        ("5", "warned"),
    ]
    assert (rows[1]["lon"], rows[1]["lat"]) == ("22.5431", "114.0579")
    assert "VOC_UNKNOWN" in rows[0]["_codes"]
    assert "13800138000" not in str(rows)
    if kind == "tsv":
        assert report.read_text(encoding="utf-8-sig").splitlines()[0].count("\t") > 5


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_loaded_again_says_the_same(load: Load, tmp_path: Path, kind: str) -> None:
    """Status, codes, reasons and suggestions, and all other cells."""
    write: Write = KINDS[kind]
    path, first, second = tmp_path / "rows", tmp_path / "first", tmp_path / "second"
    path.write_bytes(write([row for row in ROWS if row["source_id"] != "4"]))
    load(path, datum="wgs84", report=first)
    load(first, datum="wgs84", report=second)
    assert read(first) == read(second)
    assert len(read(second)[1]) == 3


def test_what_is_no_point_is_reported_again(load: Load, tmp_path: Path) -> None:
    """The report of a polygon says once more that a point is wanted, until somebody gives one."""
    path, first, second = tmp_path / "rows", tmp_path / "first", tmp_path / "second"
    polygon = b'"geometry": {"type": "Polygon", "coordinates": [[[114, 22], [115, 22], [115, 23], [114, 22]]]}'
    path.write_bytes(as_geojson([STRIKE]).replace(b'"geometry": null', polygon))
    load(path, report=first)
    load(first, report=second)
    for report in (first, second):
        _, rows = read(report)
        assert rows[0]["_geometry"] == "GEO_TYPE Polygon"
        assert "GEO_TYPE" in rows[0]["_codes"]
    point = b'"geometry":{"type":"Point","coordinates":[114.0579,22.5431]}'
    first.write_bytes(first.read_bytes().replace(b'"geometry":null', point))
    assert load(first).loaded


def test_a_corrected_geojson_report_loads(load: Load, tmp_path: Path) -> None:
    """Its reasons are ignored."""
    path, report = tmp_path / "rows", tmp_path / "report"
    path.write_bytes(as_geojson(ROWS[:2]))
    load(path, report=report)
    report.write_bytes(report.read_bytes().replace(b'"xyz"', b'"retail"'))
    again = load(report)
    assert (again.loaded, again.inserted) == (True, 1)


def test_the_report_of_every_code_says_the_same_again(load: Load, tmp_path: Path) -> None:
    """All that can be wrong with a row of its own, twice. Personal numbers are masked the second time."""
    path, first, second = tmp_path / "rows", tmp_path / "first", tmp_path / "second"
    path.write_bytes(every_code_csv())
    load(path, layer="calls_for_help", report=first)
    load(first, layer="calls_for_help", report=second)
    once, twice = (faults(read(one)[1]) for one in (first, second))
    other = {
        row[0]
        for row in once
        if any(code in row[2] for code in ("CSV_", "PII_", "DUP_NEAR", "TXT_CONTROL", "URL_TRACK"))
    }
    told = [[row for row in rows if row[0] not in other] for rows in (once, twice)]
    assert len(told[0]) > 50
    assert told[0] == told[1]
