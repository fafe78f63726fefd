"""Files of whole collections: the same records, row for row and value for value, in every format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import geopandas
import httpx
import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest
from defusedxml import ElementTree

from geo.serving.exports.formats import FORMATS
from tests.published import RECORDS

pytestmark = pytest.mark.anyio

RECORD_FORMATS = [name for name in FORMATS if name != "geojson"]


async def fetch_file(client: httpx.AsyncClient, collection: str, **parameters: str) -> httpx.Response:
    """Return the answer to a request for a file."""
    answer = await client.get(f"/api/collections/{collection}/items", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer


async def fetch_items(client: httpx.AsyncClient, collection: str, **parameters: str) -> list[dict[str, Any]]:
    """Return the features of a page that holds all."""
    answer = await fetch_file(client, collection, limit="10000", **parameters)
    features: list[dict[str, Any]] = answer.json()["features"]
    return features


def flatten(feature: dict[str, Any]) -> dict[str, Any]:
    """Return a feature as a row: lists parted by ";", what is empty left out, and its position."""
    row: dict[str, Any] = {"id": feature["id"]}
    for name, value in feature["properties"].items():
        if isinstance(value, list):
            row[name] = ";".join(value) if value else None
        else:
            row[name] = value
    if feature["geometry"]:
        row["lon"], row["lat"] = feature["geometry"]["coordinates"]
    row.pop("channel_results", None)
    return {name: value for name, value in row.items() if value is not None}


def read_csv(text: str) -> list[dict[str, Any]]:
    """Return the rows of a CSV without empty cells and without what it says about itself."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: cell for name, cell in row.items() if cell and name != "_about"} for row in rows]


def as_texts(row: dict[str, Any]) -> dict[str, str]:
    """Return the values as CSV writes them."""
    texts = {}
    for name, value in row.items():
        if isinstance(value, bool):
            texts[name] = str(value).lower()
        else:
            is_whole = isinstance(value, float) and value.is_integer() and name not in {"lon", "lat"}
            texts[name] = str(int(value)) if is_whole else str(value)
    return texts


def read_frame(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file that GDAL reads, as `flatten` gives them."""
    frame = geopandas.read_file(path)
    rows = []
    for values in frame.to_dict("records"):
        place = values.pop("geometry")
        row = {name: value for name, value in values.items() if value is not None and value == value}  # noqa: PLR0124
        if place is not None:
            row["lon"], row["lat"] = place.x, place.y
        rows.append(row)
    return rows


def ask(question: str) -> list[tuple[Any, ...]]:
    """Return what DuckDB answers."""
    with duckdb.connect() as connection:
        return connection.execute(question).fetchall()


def same(value: Any) -> Any:
    """Return a value in the form in which formats with other types can be compared."""
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return float(value) if isinstance(value, int | float) else value


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


async def test_a_limit_gives_that_page(client: httpx.AsyncClient) -> None:
    """`limit` and the tokens of pages mean in a file what they mean in a page."""
    page = await client.get("/api/collections/records/items?limit=3")
    following = next(link["href"] for link in page.json()["links"] if link["rel"] == "next")
    rows = read_csv((await client.get(f"{following}&f=csv")).text)
    items = await fetch_items(client, "records")
    assert [row["id"] for row in rows] == [item["id"] for item in items[3:6]]
    second = await client.get(following)
    back = next(link["href"] for link in second.json()["links"] if link["rel"] == "prev")
    rows = read_csv((await client.get(f"{back}&f=csv")).text)
    assert [row["id"] for row in rows] == [item["id"] for item in items[:3]]


async def test_files_follow_filters_orders_and_selection(client: httpx.AsyncClient) -> None:
    """What is asked of a page is asked of a file in the same words."""
    answer = await fetch_file(
        client,
        "records",
        f="csv",
        filter="layer IN ('strikes','accidents')",
        region="440000",
        sortby="starts_on",
        properties="industry,starts_on",
    )
    wanted = {"filter": "layer IN ('strikes','accidents')", "region": "440000", "sortby": "starts_on"}
    items = await fetch_items(client, "records", **wanted)
    rows = read_csv(answer.text)
    assert [row["id"] for row in rows] == [item["id"] for item in items]
    assert answer.text.splitlines()[0] == "id,starts_on,industry,lon,lat,_about"
    without = await fetch_file(client, "records", f="csv", skipGeometry="true", properties="industry")
    assert without.text.splitlines()[0] == "id,industry,_about"
    texts = (await fetch_file(client, "records", f="geojsonseq", skipGeometry="true", properties="industry")).content
    assert all(json.loads(text)["geometry"] is None for text in texts.split(b"\x1e")[1:])
    assert all(set(json.loads(text)["properties"]) == {"industry"} for text in texts.split(b"\x1e")[1:])


@pytest.mark.parametrize("name", ["gpkg", "fgb", "parquet", "kml", "xlsx"])
async def test_a_file_without_geometry_can_be_read(client: httpx.AsyncClient, tmp_path: Path, name: str) -> None:
    """`skipGeometry` leaves every place out."""
    answer = await fetch_file(client, "records", f=name, skipGeometry="true")
    path = tmp_path / f"file.{name}"
    path.write_bytes(answer.content)
    if name == "xlsx":
        assert "lon" not in [cell.value for cell in openpyxl.load_workbook(path)["records"][1]]
    else:
        frame = geopandas.read_parquet(path) if name == "parquet" else pyogrio.read_dataframe(path)
        assert len(frame) == len(RECORDS)
        assert "geometry" not in frame or frame["geometry"].isna().all()


async def test_labels_stand_beside_the_codes(client: httpx.AsyncClient) -> None:
    """In pages and in files; of a list, a list of labels; of a region, its name."""
    answer = await fetch_file(client, "strikes", labels="en,zh-Hans", limit="10000")
    first = next(item for item in answer.json()["features"] if item["id"] == "S-2016-000001")["properties"]
    assert first["industry_label_en"] == "Manufacturing"
    assert first["industry_label_zh_hans"] == "制造业"
    assert first["demands_label_en"] == ["Wage arrears", "Social insurance"]
    assert first["prefecture_label_en"] == "Shenzhen"
    assert first["regions_label_en"] == ["Bao'an District"]
    names = list(first)
    assert names.index("industry_label_en") == names.index("industry") + 1
    row = read_csv((await fetch_file(client, "strikes", labels="en,zh-Hans", f="csv")).text)
    found = next(line for line in row if line["id"] == "S-2016-000001")
    assert found["demands_label_en"] == "Wage arrears;Social insurance"
    assert found["industry_label_zh_hans"] == "制造业"
    assert "industry_label_zh_hant" not in found
    following = next(
        link["href"]
        for link in (await client.get("/api/collections/strikes/items?labels=en&limit=1")).json()["links"]
        if link["rel"] == "next"
    )
    assert "labels=en" in following


async def test_accept_chooses_a_file(client: httpx.AsyncClient) -> None:
    """A program that likes CSV best gets it; whoever likes all the same gets a page of GeoJSON."""
    url = "/api/collections/strikes/items"
    chosen = await client.get(url, headers={"Accept": "text/csv, application/geo+json;q=0.5"})
    assert chosen.headers["content-type"].startswith("text/csv")
    for accept in ("*/*", "application/geo+json, text/csv;q=0.5", "application/json"):
        assert (await client.get(url, headers={"Accept": accept})).headers["content-type"] == "application/geo+json"
    assert "Accept" in chosen.headers["vary"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("f=pdf", "f"),
        ("f=csv&f=kml", "f"),
        ("download=1", "download"),
        ("labels=fr", "labels"),
        ("raw=true", "raw"),
        ("f=kml&bom=true", "bom"),
        ("f=csv&colour=red", "colour"),
        ("f=csv&region=999999", "region"),
        ("f=gpkg&crs=http://www.opengis.net/def/crs/EPSG/0/3857", "crs"),
    ],
)
async def test_what_cannot_be_used_is_named(client: httpx.AsyncClient, query: str, name: str) -> None:
    """400, as everywhere, and before anything is sent."""
    answer = await client.get(f"/api/collections/strikes/items?{query}")
    assert answer.status_code == 400
    assert [fault["name"] for fault in answer.json()["invalid_params"]] == [name]


async def test_a_file_that_one_has_is_not_made_again(client: httpx.AsyncClient) -> None:
    """The validator of each format is its own, and leads to 304."""
    tags = set()
    for name in FORMATS:
        answer = await fetch_file(client, "strikes", f=name, download="true")
        tag = answer.headers["etag"]
        tags.add(tag)
        url = f"/api/collections/strikes/items?f={name}&download=true"
        assert (await client.get(url, headers={"If-None-Match": tag})).status_code == 304
        assert tag.startswith("W/") == FORMATS[name].packed
    assert len(tags) == len(FORMATS)
    page = await fetch_file(client, "strikes", f="csv", limit="10")
    assert page.headers["etag"] not in tags


@pytest.mark.parametrize("name", ["csv", "geojson", "geojsonseq", "kml"])
async def test_the_same_question_gets_the_same_bytes(client: httpx.AsyncClient, name: str) -> None:
    """Nothing in these files depends on when they are asked for."""
    first = await fetch_file(client, "records", f=name, download="true")
    again = await fetch_file(client, "records", download="true", f=name)
    assert first.content == again.content
