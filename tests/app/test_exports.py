"""Files of whole collections: the same records, row for row and value for value, in every format."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import geopandas
import httpx
import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest
from defusedxml import ElementTree

from geo.serving.exports.formats import FORMATS
from tests.app.exported import as_texts, ask, fetch_file, fetch_items, flatten, read_csv, read_frame, same
from tests.published import RECORDS

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("collection", ["records", "strikes", "calls_for_help"])
async def test_csv_holds_what_the_items_hold(client: httpx.AsyncClient, collection: str) -> None:
    """Every record and value, in the same order; DuckDB counts the same rows."""
    answer = await fetch_file(client, collection, f="csv")
    assert answer.headers["content-type"].startswith("text/csv")
    items = await fetch_items(client, collection)
    assert read_csv(answer.text) == [as_texts(flatten(item)) for item in items]


async def test_duckdb_reads_the_csv(client: httpx.AsyncClient, tmp_path: Path) -> None:
    """Another program finds the same rows and columns."""
    path = tmp_path / "records.csv"
    path.write_bytes((await fetch_file(client, "records", f="csv")).content)
    assert ask(f"SELECT count(*), count(DISTINCT id), max(deaths) FROM read_csv('{path}')") == [
        (len(RECORDS), len(RECORDS), 3)
    ]


@pytest.mark.parametrize("name", ["gpkg", "fgb", "kml"])
async def test_gdal_reads_the_same_records(client: httpx.AsyncClient, tmp_path: Path, name: str) -> None:
    """GeoPackage, FlatGeobuf and KML: rows, values and places, those without a place too."""
    path = tmp_path / f"records.{name}"
    path.write_bytes((await fetch_file(client, "records", f=name)).content)
    items = [flatten(item) for item in await fetch_items(client, "records")]
    rows = read_frame(path)
    assert len(rows) == len(items) == len(RECORDS)
    by_id = {row["id"]: row for row in rows}
    for item in items:
        row = by_id[item["id"]]
        assert {key: same(row.get(key)) for key in item} == {key: same(value) for key, value in item.items()}


async def test_geoparquet_is_read_by_pyarrow_and_duckdb(client: httpx.AsyncClient, tmp_path: Path) -> None:
    """Types, nulls, the geo metadata and the box of the points."""
    path = tmp_path / "records.parquet"
    path.write_bytes((await fetch_file(client, "records", f="parquet")).content)
    table = pq.read_table(path)
    items = [flatten(item) for item in await fetch_items(client, "records")]
    for row, item in zip(table.to_pylist(), items, strict=True):
        known = {key: same(value) for key, value in row.items() if value is not None and key != "geometry"}
        assert known == {key: same(value) for key, value in item.items() if key not in {"lon", "lat"}}
    told = json.loads(table.schema.metadata[b"geo"])
    assert told["version"] == "1.1.0"
    assert told["columns"]["geometry"]["bbox"] == [113.88, 10.0, 179.99, 39.92]
    frame = geopandas.read_parquet(path)
    assert frame.crs.to_authority() == ("OGC", "CRS84")
    assert frame.geometry.notna().sum() == 3
    assert ask(f"SELECT count(*), sum(deaths) FROM '{path}'") == [(len(RECORDS), 3)]


async def test_openpyxl_reads_the_workbook(client: httpx.AsyncClient) -> None:
    """Ids are texts, dates are dates, and the second sheet says what the file is."""
    answer = await fetch_file(client, "records", f="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    headings, *lines = book["records"].iter_rows(values_only=True)
    items = [flatten(item) for item in await fetch_items(client, "records")]
    for line, item in zip(lines, items, strict=True):
        row = {name: same(value) for name, value in zip(headings, line, strict=True) if value is not None}
        assert row == {key: same(value) for key, value in item.items()}
    about = {str(name): value for name, value in book["_about"].iter_rows(values_only=True)}
    assert about["dataset_version"] == "1"
    assert about["licence"] == "CC BY 4.0"


async def test_a_text_sequence_has_a_record_separator_before_each_text(client: httpx.AsyncClient) -> None:
    """RFC 8142: RS, JSON text, LF; the first says what the file is."""
    answer = await fetch_file(client, "records", f="geojsonseq")
    assert answer.headers["content-type"] == "application/geo+json-seq"
    texts = answer.content.split(b"\x1e")
    assert texts[0] == b""
    assert all(text.endswith(b"\n") for text in texts[1:])
    found = [json.loads(text) for text in texts[1:]]
    assert found[0].pop("about")["dataset_version"] == 1
    assert found == await fetch_items(client, "records")


async def test_geojson_is_a_page_unless_a_download_is_asked_for(client: httpx.AsyncClient) -> None:
    """`download=true` gives the whole collection, with what it says about itself."""
    page = (await fetch_file(client, "records", f="geojson")).json()
    assert len(page["features"]) == 10
    answer = await fetch_file(client, "records", f="geojson", download="true")
    file = answer.json()
    assert file["features"] == await fetch_items(client, "records")
    assert file["numberReturned"] == len(RECORDS)
    assert "5 to 10 percent" in file["about"]["caveat"]
    assert answer.headers["content-disposition"] == 'attachment; filename="records-v1.geojson"'


@pytest.mark.parametrize("name", FORMATS)
async def test_every_file_says_what_it_is(client: httpx.AsyncClient, tmp_path: Path, name: str) -> None:
    """The filter, the version, the date, the licence and the caveat are in the file itself."""
    answer = await fetch_file(client, "strikes", f=name, download="true", industry="manufacturing")
    told = read_notice(answer.content, tmp_path / f"file.{FORMATS[name].extension}", name)
    for expected in ("industry=manufacturing", "CC BY 4.0", "5 to 10 percent", "absence is not zero", "dataset"):
        assert expected in told, name


def read_notice(content: bytes, path: Path, name: str) -> str:
    """Return what a file says about itself, as the program that reads it shows it."""
    path.write_bytes(content)
    if name == "xlsx":
        return str(list(openpyxl.load_workbook(path)["_about"].iter_rows(values_only=True)))
    if name == "parquet":
        return str(pq.read_metadata(path).metadata[b"about"])
    if name == "gpkg":
        pyogrio.read_info(path)
        return str(pyogrio.read_info(path)["layer_metadata"]) + str(pyogrio.read_info(path)["dataset_metadata"])
    if name == "fgb":
        return str(pyogrio.read_info(path)["layer_metadata"])
    return content.decode()


@pytest.mark.parametrize("name", FORMATS)
async def test_nothing_found_is_a_file_without_rows(client: httpx.AsyncClient, tmp_path: Path, name: str) -> None:
    """It opens, and has its columns where the format has any without rows."""
    answer = await fetch_file(client, "strikes", f=name, download="true", industry="mining")
    path = tmp_path / f"empty.{FORMATS[name].extension}"
    path.write_bytes(answer.content)
    if name == "kml":
        assert '<SimpleField type="string" name="industry"/>' in answer.text
        assert [
            element.tag for element in ElementTree.fromstring(answer.text).iter() if "Placemark" in element.tag
        ] == []
    elif name in {"gpkg", "fgb"}:
        frame = geopandas.read_file(path)
        assert len(frame) == 0
        assert "industry" in frame.columns
    elif name == "parquet":
        assert geopandas.read_parquet(path).empty
    elif name == "xlsx":
        assert openpyxl.load_workbook(path)["records"].max_row == 1
    elif name == "csv":
        assert read_csv(answer.text) == []
        assert answer.text.startswith("id,")
    elif name == "geojsonseq":
        assert answer.content == b""
    else:
        assert answer.json()["features"] == []
        assert answer.json()["numberReturned"] == 0


@pytest.mark.parametrize("name", ["geojson", "csv", "gpkg", "fgb", "parquet", "kml", "geojsonseq", "xlsx"])
async def test_regions_are_files_too(client: httpx.AsyncClient, tmp_path: Path, name: str) -> None:
    """With the outlines that their items have, where the format has geometries; under the boundaries' own licence."""
    answer = await fetch_file(client, "regions", f=name, download="true", level="prefecture")
    path = tmp_path / f"regions.{FORMATS[name].extension}"
    path.write_bytes(answer.content)
    if name in {"csv", "xlsx", "geojson", "geojsonseq"}:
        assert len(answer.content) > 100
        return
    frame = geopandas.read_parquet(path) if name == "parquet" else geopandas.read_file(path)
    assert sorted(frame["code"]) == ["110000", "440100", "440300"]
    assert set(frame.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert frame.geometry.bounds["minx"].min() == 113
    assert set(frame["population"]) == {1000}


@pytest.mark.parametrize("name", ["csv", "gpkg", "fgb", "parquet", "kml", "xlsx", "geojsonseq"])
async def test_unions_are_files_too(client: httpx.AsyncClient, tmp_path: Path, name: str) -> None:
    """Every union with its names, level and cases, at the point of its region where there is one."""
    items = await fetch_items(client, "unions")
    expected = [same_row(flatten(item)) for item in items]
    answer = await fetch_file(client, "unions", f=name)
    path = tmp_path / f"unions.{FORMATS[name].extension}"
    path.write_bytes(answer.content)
    if name == "csv":
        assert read_csv(answer.text) == [as_texts(flatten(item)) for item in items]
    elif name == "geojsonseq":
        texts = answer.content.decode().split("\x1e")[1:]
        assert [json.loads(text)["id"] for text in texts] == [item["id"] for item in items]
    elif name == "xlsx":
        header, *rows = openpyxl.load_workbook(path)["records"].values
        assert [same_row(dict(zip(map(str, header), row, strict=True))) for row in rows] == expected
    elif name == "parquet":
        assert geopandas.read_parquet(path)["id"].tolist() == [item["id"] for item in items]
    else:
        assert [one["id"] for one in read_frame(path)] == [item["id"] for item in items]
    page = await fetch_file(client, "unions", f="csv", limit="1")
    assert len(read_csv(page.text)) == 1


def same_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose values can be compared, without what is not known."""
    return {name: same(value) for name, value in row.items() if value not in {None, ""}}
