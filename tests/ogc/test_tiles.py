"""OGC API - Tiles - Part 1: Core 1.0.0 (20-057), Annex A, with Mapbox Vector Tiles as the encoding.

Each test of a requirement is named by it; the identifier stands in its docstring.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.readers.descriptions import TILED
from tests.ogc.documents import API, PROBLEM, get_link, read
from tests.ogc.vector_tiles import decode, read_tile

pytestmark = pytest.mark.anyio

SET = "WebMercatorQuad"
MVT = "application/vnd.mapbox-vector-tile"
TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
TILING_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
PARENTS = ["", *(f"/collections/{name}" for name in TILED)]
SHENZHEN = "10/446/835"
"""Zoom, row and column of the tile with 113.88 E, 22.55 N."""


@pytest.mark.parametrize("parent", PARENTS)
async def test_tc_op(client: httpx.AsyncClient, parent: str) -> None:
    """/req/core/tc-op: a tile is had by GET at the address that the template of its tileset makes."""
    tileset = await read(client, f"{API}{parent}/tiles/{SET}")
    link = get_link(tileset, "item")
    assert link["templated"]
    parts = dict(zip(("{tileMatrix}", "{tileRow}", "{tileCol}"), SHENZHEN.split("/"), strict=True))
    address = link["href"]
    for name, value in parts.items():
        address = address.replace(name, value)
    assert (await client.get(address, headers={"Accept": link["type"]})).status_code == 200


async def test_tc_tilematrix_tilerow_tilecol_definition(client: httpx.AsyncClient) -> None:
    """/req/core/tc-tilematrix-definition, -tilerow-, -tilecol-: the parameters of the address are defined."""
    paths = (await read(client, f"{API}/openapi.json"))["paths"]
    for parent in PARENTS:
        path = f"{parent}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
        found = {given["name"]: given for given in paths[path]["get"]["parameters"] if given["in"] == "path"}
        assert set(found) == {"tileMatrixSetId", "tileMatrix", "tileRow", "tileCol"}
        assert found["tileMatrix"]["schema"] == {"type": "string"}
        assert found["tileRow"]["schema"] == found["tileCol"]["schema"] == {"type": "integer", "minimum": 0}


async def test_tc_success(client: httpx.AsyncClient) -> None:
    """/req/core/tc-success: 200, and the content is a tile of the media type; row before column."""
    answer = await client.get(f"{API}/collections/records/tiles/{SET}/{SHENZHEN}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, MVT)
    assert {"S-2016-000001"} == {record["id"] for record in decode(answer.content)["records"].properties}
    turned = await client.get(f"{API}/collections/records/tiles/{SET}/10/835/446")
    assert decode(turned.content) == {}


@pytest.mark.parametrize(
    "tile",
    [
        *("-1/0/0", "15/0/0", "30/0/0", "0/1/0", "0/0/1", "3/8/0", "3/0/8", "3/-1/0", "3/0/-1", "a/0/0", "3/1.5/0"),
        *("3/0/01", "3/0/+1", "3/0/%20", "3/0/1e0", "99999999999999999999/0/0", "3/0/٣"),
    ],
)
async def test_tc_error(client: httpx.AsyncClient, tile: str) -> None:
    """/req/core/tc-error: what is out of the range of matrices, rows and columns is not found (attack 39)."""
    for parent in ("", "/collections/records", "/collections/regions"):
        answer = await client.get(f"{API}{parent}/tiles/{SET}/{tile}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
        assert len(answer.content) < 2000


@pytest.mark.parametrize("path", ["tiles/WorldCRS84Quad", "tiles/WorldCRS84Quad/0/0/0"])
async def test_other_tile_matrix_sets_and_collections_are_not_found(client: httpx.AsyncClient, path: str) -> None:
    """There is one set."""
    assert (await client.get(f"{API}/collections/records/{path}")).status_code == 404
    assert (await client.get(f"{API}/collections/nothing/tiles/{SET}")).status_code == 404
    assert (await client.get(f"{API}/collections/nothing/tiles")).status_code == 404
    assert (await client.get(f"{API}/tileMatrixSets/WorldCRS84Quad")).status_code == 404


async def test_tc_error_empty_tile(client: httpx.AsyncClient) -> None:
    """/req/core/tc-error: a tile of the set where nothing is answers 200 with the empty tile, which has no layers."""
    answer = await client.get(f"{API}/collections/records/tiles/{SET}/10/0/0")
    assert (answer.status_code, answer.content) == (200, b"")
    assert "etag" in answer.headers


@pytest.mark.parametrize("parent", PARENTS)
async def test_desc_op_and_success(client: httpx.AsyncClient, parent: str) -> None:
    """/req/tileset/desc-op, desc-success: the metadata name the set, its limits, the layers and the template."""
    tileset = await read(client, f"{API}{parent}/tiles/{SET}")
    assert tileset["dataType"] == "vector"
    assert tileset["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    assert tileset["tileMatrixSetURI"] == f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{SET}"
    assert get_link(tileset, "self")["href"] == f"{API}{parent}/tiles/{SET}"
    assert get_link(tileset, TILING_SCHEME)["href"] == f"{API}/tileMatrixSets/{SET}"
    limits = tileset["tileMatrixSetLimits"]
    assert [limit["tileMatrix"] for limit in limits] == [str(zoom) for zoom in range(15)]
    assert all(limit["maxTileRow"] == limit["maxTileCol"] == 2 ** int(limit["tileMatrix"]) - 1 for limit in limits)
    for layer in tileset["layers"]:
        assert layer["dataType"] == "vector"
        assert layer["propertiesSchema"]["properties"]


@pytest.mark.parametrize("parent", PARENTS)
async def test_tsl_op_and_success(client: httpx.AsyncClient, parent: str) -> None:
    """/req/tilesets-list/tsl-op, tsl-success: each tileset of the list leads to its metadata and its set."""
    listed = (await read(client, f"{API}{parent}/tiles"))["tilesets"]
    assert len(listed) == 1
    assert (await read(client, get_link(listed[0], "self")["href"]))["title"] == listed[0]["title"]
    for name in ("dataType", "crs", "tileMatrixSetURI"):
        assert listed[0][name]
    assert get_link(listed[0], TILING_SCHEME)


async def test_dataset_and_geodata_desc_links(client: httpx.AsyncClient) -> None:
    """/req/dataset-tilesets/landingpage, /req/geodata-tilesets/desc-links: both lead to their tilesets."""
    assert get_link(await read(client, API), TILESETS)["href"] == f"{API}/tiles"
    for name in TILED:
        collection = await read(client, f"{API}/collections/{name}")
        assert get_link(collection, TILESETS)["href"] == f"{API}/collections/{name}/tiles"


async def test_mvt_tile(client: httpx.AsyncClient) -> None:
    """/req/mvt: a layer has version 2, an extent, and the properties that the metadata of the tileset declare."""
    for parent in PARENTS:
        declared: dict[str, Any] = {
            layer["id"]: layer for layer in (await read(client, f"{API}{parent}/tiles/{SET}"))["layers"]
        }
        for tile in (SHENZHEN, "4/6/13"):
            for name, layer in (await read_tile(client, f"{parent}/tiles/{SET}/{tile}")).items():
                assert (layer.version, layer.extent) == (2, 4096)
                assert int(declared[name]["minTileMatrix"]) <= int(tile.partition("/")[0])
                assert {1: 0, 3: 2}[layer.kinds[0]] == declared[name]["geometryDimension"]
                names = declared[name]["propertiesSchema"]["properties"]
                assert all(set(names) >= set(properties) for properties in layer.properties)


async def test_the_tile_matrix_set_is_the_registered_one(client: httpx.AsyncClient) -> None:
    """Figures of OGC's register (17-083r4, D.1): a level is half the one before."""
    listed = (await read(client, f"{API}/tileMatrixSets"))["tileMatrixSets"]
    assert [one["id"] for one in listed] == [SET]
    found = await read(client, listed[0]["links"][0]["href"])
    assert found["wellKnownScaleSet"] == "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible"
    matrices = found["tileMatrices"]
    assert len(matrices) == 25
    first, last = matrices[0], matrices[24]
    assert first["scaleDenominator"] == pytest.approx(559082264.028717, rel=1e-12)
    assert first["cellSize"] == pytest.approx(156543.033928041, rel=1e-12)
    assert last["scaleDenominator"] == pytest.approx(33.3238997476528, rel=1e-12)
    assert first["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892], rel=1e-12)
    assert (last["matrixWidth"], last["matrixHeight"], last["tileWidth"]) == (16777216, 16777216, 256)


async def test_tilejson_has_what_its_specification_asks(client: httpx.AsyncClient) -> None:
    """TileJSON 3.0.0: tilejson, tiles and vector_layers with id and fields; row comes before column."""
    for parent in PARENTS:
        answer = await client.get(f"{API}{parent}/tiles/{SET}?f=tilejson")
        assert answer.headers["content-type"] == "application/json"
        found = answer.json()
        assert found["tilejson"] == "3.0.0"
        assert found["tiles"] == [f"{API}{parent}/tiles/{SET}/{{z}}/{{y}}/{{x}}"]
        assert (found["minzoom"], found["maxzoom"], found["scheme"]) == (0, 14, "xyz")
        assert len(found["bounds"]) == 4
        assert found["attribution"] == "Boundaries: a test"
        for layer in found["vector_layers"]:
            assert layer["id"]
            assert all(isinstance(what, str) for what in layer["fields"].values())


@pytest.mark.parametrize("path", ["tiles/WebMercatorQuad", "styles/light"])
async def test_a_filter_goes_into_the_addresses_of_tiles(client: httpx.AsyncClient, path: str) -> None:
    """Who loads a description under a filter draws that filter's records."""
    name = "f=tilejson&" if path.startswith("tiles") else ""
    found = await read(client, f"{API}/{path}?{name}industry=mining,construction&layer=strikes")
    (tiles,) = found["tiles"] if "tiles" in found else found["sources"]["labour_map"]["tiles"]
    assert tiles.endswith("/{z}/{y}/{x}?layer=strikes&industry=construction,mining")
