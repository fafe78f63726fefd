"""Whole collections fetched as files from a live server, and opened by the programs people open them with.

Each has as many rows as the API counts, the same ids, and the same values as its GeoJSON.
"""

from __future__ import annotations

import csv
import json
import shutil
import urllib.request
from pathlib import Path
from typing import Any

import duckdb
import geopandas as gpd
import openpyxl
import pyarrow.parquet
import pytest

from geo.layers import RECORDS
from tests.clients.live_server import Live

COLLECTIONS = (*RECORDS, "incidents")
FILTER = "industry=mining,construction&datetime=2015-01-01/2019-12-31"
PLAIN = ("layer", "starts_on", "industry", "province", "title_zh_hans")
"""Properties whose values are the same text in every format."""


def fetch(live: Live, folder: Path, collection: str, name: str, query: str = "") -> Path:
    """Fetch a collection as a file."""
    written = folder / f"{collection}.{'geojsons' if name == 'geojsonseq' else name}"
    address = f"{live.api}/collections/{collection}/items?f={name}&download=true{query and '&' + query}"
    if name != "geojson":
        address = address.replace("&download=true", "")
    with urllib.request.urlopen(address, timeout=120) as answer, written.open("wb") as file:  # noqa: S310  (loopback)
        shutil.copyfileobj(answer, file)
    return written


def plain(value: Any) -> str | None:
    """Return a value as the text of GeoJSON; None for what is not known, however a format says it."""
    text = "" if value is None else str(value)
    return None if text in {"", "nan", "NaT", "None"} else text.removesuffix(" 00:00:00")


def rows_of_api(live: Live, collection: str, query: str = "") -> dict[str, list[str | None]]:
    """Return the plain values by id, from the API's pages."""
    features = live.features(collection, query and f"&{query}")
    known = [name for name in PLAIN if features and name in features[0]["properties"]]
    return {one["id"]: [one["properties"][name] for name in known] for one in features}


def rows_of_frame(frame: gpd.GeoDataFrame) -> dict[str, list[str | None]]:
    """Return the plain values by id, from a table."""
    known = [name for name in PLAIN if name in frame]
    return {str(row["id"]): [plain(row[name]) for name in known] for _, row in frame.iterrows()}


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("name", ["geojson", "geojsonseq", "gpkg", "fgb"])
def test_geopandas_opens_files(live: Live, tmp_path: Path, collection: str, name: str) -> None:
    """GeoJSON, its sequence, GeoPackage and FlatGeobuf, by GDAL; points are kept."""
    found = gpd.read_file(fetch(live, tmp_path, collection, name))
    expected = rows_of_api(live, collection)
    assert len(found) == len(expected)
    assert rows_of_frame(found) == expected
    points = {one["id"]: one["geometry"] for one in live.features(collection)}
    for _, row in found.iterrows():
        geometry = points[str(row["id"])]
        assert (row.geometry is None or row.geometry.is_empty) == (geometry is None)
        if geometry is not None:
            assert [row.geometry.x, row.geometry.y] == geometry["coordinates"]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_geopandas_pyarrow_and_duckdb_open_geoparquet(live: Live, tmp_path: Path, collection: str) -> None:
    """The three agree with the API, and lists stay lists."""
    file = fetch(live, tmp_path, collection, "parquet")
    expected = rows_of_api(live, collection)
    assert rows_of_frame(gpd.read_parquet(file)) == expected
    table = pyarrow.parquet.read_table(file)
    assert table.num_rows == len(expected)
    assert b"geo" in table.schema.metadata
    counted = duckdb.execute("SELECT count(DISTINCT id), min(starts_on)::text FROM read_parquet(?)", [str(file)])
    assert counted.fetchone() == (len(expected), min(str(row[1]) for row in expected.values()))


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_openpyxl_opens_a_workbook(live: Live, tmp_path: Path, collection: str) -> None:
    """The sheet of records has a header and a row a record."""
    book = openpyxl.load_workbook(fetch(live, tmp_path, collection, "xlsx"), read_only=True)
    sheet = next(sheet for sheet in book.worksheets if "id" in [cell.value for cell in next(sheet.iter_rows())])
    header, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    expected = rows_of_api(live, collection)
    named = [dict(zip(header, row, strict=False)) for row in rows]
    assert {str(row["id"]) for row in named} == set(expected)
    assert len(named) == len(expected)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_csv_is_read_by_python_and_duckdb(live: Live, tmp_path: Path, collection: str) -> None:
    """Both find the same rows, Chinese included."""
    file = fetch(live, tmp_path, collection, "csv")
    expected = rows_of_api(live, collection)
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert len(rows) == len(expected)
    counted = duckdb.execute("SELECT count(*) FROM read_csv(?, header = true, all_varchar = true)", [str(file)])
    assert counted.fetchone() == (len(expected),)


def test_kml_is_read_by_gdal(live: Live, tmp_path: Path) -> None:
    """Every placed record is a placemark."""
    found = gpd.read_file(fetch(live, tmp_path, "strikes", "kml"))
    placed = [one for one in live.features("strikes") if one["geometry"] is not None]
    assert len(found[found.geometry.notna()]) == len(placed)


@pytest.mark.parametrize("name", ["geojson", "gpkg", "parquet"])
def test_files_hold_what_a_filter_finds(live: Live, tmp_path: Path, name: str) -> None:
    """The filter of a page is the filter of a file."""
    file = fetch(live, tmp_path, "strikes", name, FILTER)
    found = gpd.read_parquet(file) if name == "parquet" else gpd.read_file(file)
    expected = rows_of_api(live, "strikes", FILTER)
    assert rows_of_frame(found) == expected
    assert expected


def test_a_download_is_geojson_as_pages_are(live: Live, tmp_path: Path) -> None:
    """Feature by feature the same documents."""
    document = json.loads(fetch(live, tmp_path, "accidents", "geojson").read_bytes())
    assert document["type"] == "FeatureCollection"
    pages = {one["id"]: one["properties"] for one in live.features("accidents")}
    assert {one["id"]: one["properties"] for one in document["features"]} == pages
