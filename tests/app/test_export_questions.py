"""What may be asked of a file: filters, orders, pages, labels, other formats, and what one has already."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import httpx
import openpyxl
import pyogrio
import pytest

from geo.serving.exports.formats import FORMATS
from tests.app.exported import fetch_file, fetch_items, read_csv
from tests.published import RECORDS

pytestmark = pytest.mark.anyio


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
