"""What tiles tell is what items tell: as many records, under the same filters, no finer and at no other place."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import httpx
import pyogrio.raw
import pytest

from geo.layers import COLLECTIONS, PROPERTIES, RECORDS
from geo.serving.record_tiles import tile_properties
from geo.serving.tile_matrix import MAXIMUM_ZOOM
from tests.ogc.documents import API, PROBLEM, read
from tests.ogc.vector_tiles import Layer, count_records, decode, find_tile, read_tile

pytestmark = pytest.mark.anyio

SET = "WebMercatorQuad"
ZOOMS = range(MAXIMUM_ZOOM + 1)
PLACES = ((113.88, 22.55), (116.48, 39.92), (179.99, 10.0))
"""Where the records of the small read model are."""
FILTERS = [
    "",
    "layer=strikes",
    "industry=manufacturing",
    "industry=unknown",
    "region=440000",
    "region=440306,110105",
    "datetime=2016-01-01/2016-12-31",
    "bbox=113,22,115,24",
    "demands=wage_arrears",
    "participants_min=100",
    "q=富士康",
    "deaths=0",
    "updated_since=2026-01-02",
    "updated_since=2026-01-03",
    "layer=accountability",
    "filter=industry='manufacturing'",
    "filter=deaths=0 OR demands IS NULL&layer=accidents,strikes",
]


async def read_tiles(client: httpx.AsyncClient, collection: str, zoom: int, query: str) -> list[dict[str, Layer]]:
    """Return all tiles of a zoom level that could hold a record."""
    tiles = {find_tile(zoom, *place) for place in PLACES}
    base = f"/collections/{collection}/tiles/{SET}/{zoom}"
    return [await read_tile(client, f"{base}/{row}/{col}?{query}") for row, col in sorted(tiles)]


async def read_placed(client: httpx.AsyncClient, collection: str, query: str) -> dict[str, Any]:
    """Return by id the items of a collection that have a place."""
    page = await read(client, f"{API}/collections/{collection}/items?limit=100&{query}")
    return {item["id"]: item for item in page["features"] if item["geometry"]}


@pytest.mark.parametrize("query", FILTERS)
async def test_the_tiles_of_every_zoom_level_hold_each_record_once(client: httpx.AsyncClient, query: str) -> None:
    """The sum over all tiles is the number of items with a place, whatever the filter."""
    placed = await read_placed(client, "records", query)
    for zoom in ZOOMS:
        tiles = await read_tiles(client, "records", zoom, query)
        assert sum(map(count_records, tiles)) == len(placed)
        if zoom > 7:
            ids = [record["id"] for tile in tiles if "records" in tile for record in tile["records"].properties]
            assert sorted(ids, key=str) == sorted(placed)


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_the_tiles_of_a_collection_are_of_its_layers(client: httpx.AsyncClient, collection: str) -> None:
    """Counts by layer add up to the count, and a layer that is not of the collection is not named."""
    placed = await read_placed(client, collection, "")
    for zoom in (0, 5, 9):
        for tile in await read_tiles(client, collection, zoom, ""):
            for name in {"cells", "places"} & set(tile):
                for counted in tile[name].properties:
                    named = set(counted) & set(RECORDS)
                    assert named == set(COLLECTIONS[collection])
                    assert counted["count"] == sum(int(counted[layer]) for layer in named)
        tiles = await read_tiles(client, collection, zoom, "")
        assert sum(map(count_records, tiles)) == len(placed)


async def test_a_record_has_its_public_properties_and_place(client: httpx.AsyncClient) -> None:
    """A tile has what is declared for tiles, with the values of the item, and nothing that is unknown."""
    placed = await read_placed(client, "records", "")
    names = {prop.name for prop in tile_properties("records")}
    assert names == {prop.name for prop in PROPERTIES if prop.in_tiles}
    for zoom in (8, 14):
        for lon, lat in PLACES:
            row, col = find_tile(zoom, lon, lat)
            tile = await read_tile(client, f"/collections/records/tiles/{SET}/{zoom}/{row}/{col}")
            for record, point in zip(tile["records"].properties, tile["records"].points, strict=True):
                item = placed[str(record["id"])]
                known = {name: item["properties"].get(name) for name in names}
                wanted = {name: value for name, value in known.items() if value is not None}
                assert record == {"id": item["id"], **wanted}
                x, y = place_in_tile(zoom, row, col, *item["geometry"]["coordinates"])
                assert (int(x), int(y)) == point


def place_in_tile(zoom: int, row: int, col: int, lon: float, lat: float) -> tuple[float, float]:
    """Return a place in units of a tile."""
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom
    return ((lon + 180) / 360 * 2**zoom - col) * 4096, (down - row) * 4096


async def test_records_at_the_point_of_a_region_are_counted_there(client: httpx.AsyncClient) -> None:
    """They are in `places` with the region; `records` says of each how exactly its place is known."""
    row, col = find_tile(12, *PLACES[0])
    tile = await read_tile(client, f"/collections/records/tiles/{SET}/12/{row}/{col}")
    (place,) = tile["places"].properties
    assert place == {
        "location_precision": "county",
        "region": "440306",
        "count": 1,
        "strikes": 1,
        "accidents": 0,
        "calls_for_help": 0,
        "accountability": 0,
    }
    assert tile["places"].points == tile["records"].points


async def test_places_are_the_same_from_the_database_and_from_the_columns(client: httpx.AsyncClient) -> None:
    """Whether the process has counted the places of this version yet cannot be told from a tile."""
    row, col = find_tile(11, *PLACES[0])
    path = f"{API}/collections/records/tiles/{SET}/11/{row}/{col}"
    from_database = await client.get(path)
    await client.get(f"{API}/collections/records/tiles/{SET}/0/0/0")  # makes the places
    from_columns = await client.get(f"{path}?", headers={"Accept": "*/*;q=0.5"})
    assert from_database.content == from_columns.content
    assert from_database.headers["etag"] == from_columns.headers["etag"]


@pytest.mark.parametrize("tile", ["4/6/13", "10/446/835"])
async def test_gdal_reads_the_tiles(client: httpx.AsyncClient, tmp_path: Path, tile: str) -> None:
    """GDAL's MVT driver finds the layers of the tile of the whole data set, with as many features."""
    zoom, row, col = tile.split("/")
    answer = await client.get(f"{API}/tiles/{SET}/{tile}")
    file = tmp_path / f"{row}.mvt"
    file.write_bytes(answer.content)
    ours = decode(answer.content)
    listed = pyogrio.list_layers(file)
    assert {str(name) for name, _ in listed} == set(ours)
    for name, layer in ours.items():
        meta, _, geometries, values = pyogrio.raw.read(file, layer=name, X=col, Y=row, Z=zoom)
        assert len(geometries) == len(layer.properties)
        fields = {str(field) for field in meta["fields"]} - {"mvt_id"}
        assert fields == {key for properties in layer.properties for key in properties}
        assert len(values) >= len(fields)


async def test_a_tile_of_the_data_set_is_its_regions_and_its_records(client: httpx.AsyncClient) -> None:
    """A filter chooses records; the regions stay."""
    whole = await client.get(f"{API}/tiles/{SET}/4/6/13")
    regions = await client.get(f"{API}/collections/regions/tiles/{SET}/4/6/13")
    records = await client.get(f"{API}/collections/records/tiles/{SET}/4/6/13")
    assert whole.content == regions.content + records.content
    nothing = await client.get(f"{API}/tiles/{SET}/4/6/13?updated_since=2030-01-01")
    assert nothing.content == regions.content


@pytest.mark.parametrize(
    ("zoom", "levels"),
    [(2, {"province"}), (5, {"province", "prefecture"}), (8, {"province", "prefecture", "county"})],
)
async def test_regions_come_level_by_level(client: httpx.AsyncClient, zoom: int, levels: set[str]) -> None:
    """The coarse ones first, so that borders of parents can be drawn over."""
    row, col = find_tile(zoom, 114, 23)
    tile = await read_tile(client, f"/collections/regions/tiles/{SET}/{zoom}/{row}/{col}")
    assert {region["level"] for region in tile["regions"].properties} == levels
    assert {"440000"} <= {region["code"] for region in tile["regions"].properties}
    chosen = await read_tile(client, f"/collections/regions/tiles/{SET}/{zoom}/{row}/{col}?level=county&region=440300")
    assert {region["code"] for region in chosen["regions"].properties} == {"440305", "440306"}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("utm_source=x", "utm_source"),
        ("limit=10", "limit"),
        ("after=x", "after"),
        ("sortby=starts_on", "sortby"),
        ("properties=title_en", "properties"),
        ("industry=nothing", "industry"),
        ("f=geojson", "f"),
        ("f=mvt&f=mvt", "f"),
        ("region=999999", "region"),
        ("province=999999", "province"),
        ("bbox=1,2,3", "bbox"),
        ("filter=region='999999'", "filter"),
        ("crs=http://www.opengis.net/def/crs/EPSG/0/3857", "crs"),
    ],
)
@pytest.mark.parametrize("tile", ["4/6/13", "10/446/835"])
async def test_wrong_parameters_of_tiles_are_refused(
    client: httpx.AsyncClient, query: str, name: str, tile: str
) -> None:
    """Attack 39: a cache cannot be filled by adding parameters."""
    for parent in ("", "/collections/records"):
        answer = await client.get(f"{API}{parent}/tiles/{SET}/{tile}?{query}")
        assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
        assert [fault["name"] for fault in answer.json()["invalid_params"]] == [name]


@pytest.mark.parametrize("query", ["limit=10", "after=x", "industry=mining", "band=z9", "region=999999", "crs=x"])
async def test_wrong_parameters_of_tiles_of_regions_are_refused(client: httpx.AsyncClient, query: str) -> None:
    """Regions have filters of their own."""
    answer = await client.get(f"{API}/collections/regions/tiles/{SET}/4/6/13?{query}")
    assert answer.status_code == 400


async def test_a_tile_has_a_validator_and_one_address(client: httpx.AsyncClient) -> None:
    """The same question has the same validator, however it was put; whoever has the tile is told so."""
    path = f"{API}/collections/records/tiles/{SET}/4/6/13"
    one = await client.get(f"{path}?industry=mining,services")
    other = await client.get(f"{path}?industry=services&industry=mining&f=mvt")
    assert one.headers["etag"] == other.headers["etag"]
    assert one.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600"
    unchanged = await client.get(f"{path}?industry=services,mining", headers={"If-None-Match": one.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


@pytest.mark.parametrize("zoom", [7, 8, 14])
async def test_tiles_show_only_public_points(client: httpx.AsyncClient, zoom: int) -> None:
    """Attack 6: at any zoom and under any filter, points are those of items, to a unit of the tile."""
    placed = await read_placed(client, "records", "")
    public = {tuple(item["geometry"]["coordinates"]) for item in placed.values()}
    for lon, lat in public:
        row, col = find_tile(zoom, lon, lat)
        at = tuple(map(int, place_in_tile(zoom, row, col, lon, lat)))
        for query in FILTERS:
            tile = await read_tile(client, f"/collections/records/tiles/{SET}/{zoom}/{row}/{col}?{query}")
            assert all(point == at for layer in tile.values() for point in layer.points)
