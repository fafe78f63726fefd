"""GDAL's driver for OGC API - Features reads every collection, and leaves filters to the server.

pyogrio brings a GDAL of its own; ogr2ogr is the system's, where there is one.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest

from app.readers.descriptions import COLLECTIONS_SHOWN
from tests.clients.live_server import Live

PAGE = 400
BOX = (110.0, 20.0, 118.0, 26.0)
WHERE = "industry = 'manufacturing'"
has_ogr2ogr = pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="ogr2ogr is missing: apt-get install gdal-bin")


def read(live: Live, collection: str, **options: Any) -> gpd.GeoDataFrame:
    """Read a collection as GDAL does, in pages smaller than the collection."""
    return pyogrio.read_dataframe(f"OAPIF:{live.api}", layer=collection, PAGE_SIZE=PAGE, **options)


def first_days(features: list[dict[str, Any]]) -> dict[str, str]:
    """Return the first day of each record by its id."""
    return {feature["id"]: feature["properties"]["starts_on"] for feature in features}


def test_gdal_finds_every_collection(live: Live) -> None:
    """The names are the API's, in its order."""
    assert [name for name, _ in pyogrio.list_layers(f"OAPIF:{live.api}")] == list(COLLECTIONS_SHOWN)


@pytest.mark.parametrize("collection", COLLECTIONS_SHOWN)
def test_gdal_reads_a_collection_to_its_end(live: Live, collection: str) -> None:
    """Through all pages: as many features as the API says there are, each once."""
    matched = live.get(f"/collections/{collection}/items?limit=1")["numberMatched"]
    found = read(live, collection)
    assert len(found) == matched
    assert found["id"].nunique() == matched
    assert found.crs is None or found.crs.name in {"WGS 84", "WGS 84 (CRS84)"}


def test_gdal_reads_the_same_values(live: Live) -> None:
    """Days, codes, lists and points are what the API's GeoJSON has."""
    features = {feature["id"]: feature for feature in live.features("strikes")}
    found = read(live, "strikes").set_index("id")
    assert set(found.index) == set(features)
    for public_id, row in found.iterrows():
        properties = features[str(public_id)]["properties"]
        assert str(row["starts_on"])[:10] == properties["starts_on"]
        assert row["industry"] == properties["industry"] or properties["industry"] is None
        assert list(row["actions"]) == properties["actions"] if properties["actions"] else row["actions"] is None
        geometry = features[str(public_id)]["geometry"]
        assert (geometry is None) == (row.geometry is None)
        if geometry is not None:
            assert [row.geometry.x, row.geometry.y] == geometry["coordinates"]


def test_gdal_leaves_box_and_attribute_to_the_server(live: Live) -> None:
    """The request holds both filters, and the answer is the API's own."""
    live.forget()
    found = read(live, "strikes", bbox=BOX, where=WHERE)
    asked = [page for page in live.asked("strikes") if "bbox" in page]
    assert asked
    for page in asked:
        assert [float(part) for part in page["bbox"][0].split(",")] == list(BOX)
        assert page["industry"] == ["manufacturing"]
    expected = live.features("strikes", f"&bbox={','.join(map(str, BOX))}&industry=manufacturing")
    assert len(expected) > 0
    assert {row["id"]: str(row["starts_on"])[:10] for _, row in found.iterrows()} == first_days(expected)


def test_gdal_leaves_days_to_the_server(live: Live) -> None:
    """GDAL writes a filter on days as `datetime`, which finds what has any day in the interval."""
    live.forget()
    found = read(live, "strikes", where="starts_on >= '2016/01/01' AND starts_on <= '2016/12/31'")
    assert any(page.get("datetime") == ["2016-01-01T/2016-12-31T"] for page in live.asked("strikes"))
    expected = live.features("strikes", "&datetime=2016-01-01/2016-12-31")
    assert len(expected) > 0
    assert set(found["id"]) == set(first_days(expected))


def test_gdal_reads_regions_with_their_outlines(live: Live) -> None:
    """Provinces come as polygons, chosen by the server."""
    live.forget()
    found = read(live, "regions", where="level = 'province'")
    assert any(page.get("level") == ["province"] for page in live.asked("regions"))
    assert len(found) == live.get("/collections/regions/items?level=province&limit=1")["numberMatched"]
    assert {shape.geom_type for shape in found.geometry if shape is not None} == {"MultiPolygon"}


@has_ogr2ogr
def test_ogr2ogr_writes_a_collection_as_geopackage(live: Live, tmp_path: Path) -> None:
    """The whole collection over several pages, then a part of it by box and attribute."""
    whole, part = tmp_path / "whole.gpkg", tmp_path / "part.gpkg"
    command = ["ogr2ogr", "-oo", f"PAGE_SIZE={PAGE}"]
    source = [f"OAPIF:{live.api}", "incidents"]
    subprocess.run([*command, whole, *source], check=True, capture_output=True)
    live.forget()
    chosen = ["-spat", *map(str, BOX), "-where", WHERE]
    subprocess.run([*command, *chosen, part, *source], check=True, capture_output=True)
    assert any({"bbox", "industry"} <= set(page) for page in live.asked("incidents"))
    matched = live.get("/collections/incidents/items?limit=1")["numberMatched"]
    assert pyogrio.read_info(whole)["features"] == matched > PAGE
    expected = live.features("incidents", f"&bbox={','.join(map(str, BOX))}&industry=manufacturing")
    assert set(gpd.read_file(part)["id"]) == set(first_days(expected))


@has_ogr2ogr
def test_ogrinfo_tells_the_same_number(live: Live) -> None:
    """`ogrinfo -so` says how many features a collection has."""
    command = ["ogrinfo", "-ro", "-so", f"OAPIF:{live.api}", "accidents"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    matched = live.get("/collections/accidents/items?limit=1")["numberMatched"]
    assert f"Feature Count: {matched}" in said
