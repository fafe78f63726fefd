"""A notebook's shortest way: `geopandas.read_file` on an address."""

from __future__ import annotations

import geopandas as gpd

from tests.clients.live_server import Live


def test_geopandas_reads_an_address(live: Live) -> None:
    """Rows, days and points are those of the GeoJSON."""
    query = "industry=mining&limit=10000"
    found = gpd.read_file(f"{live.api}/collections/strikes/items?{query}")
    expected = live.features("strikes", "&industry=mining")
    assert list(found["id"]) == [feature["id"] for feature in expected]
    assert [str(day)[:10] for day in found["starts_on"]] == [one["properties"]["starts_on"] for one in expected]
    assert found.crs.to_epsg() == 4326
    points = [feature["geometry"] and feature["geometry"]["coordinates"] for feature in expected]
    assert [None if shape is None else [shape.x, shape.y] for shape in found.geometry] == points


def test_geopandas_joins_counts_to_outlines(live: Live) -> None:
    """Counts as GeoJSON are a map at once: outlines, names and numbers that add up with the remainder."""
    address = f"{live.api}/collections/incidents/counts?by=province&f=geojson"
    found = gpd.read_file(address)
    told = live.get("/collections/incidents/counts?by=province")
    assert int(found["count"].sum()) == told["counted"]
    assert told["counted"] + sum(one["count"] for one in told["remainder"]) == told["total"]
    assert found.geometry.notna().all()
