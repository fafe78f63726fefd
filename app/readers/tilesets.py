"""What tiles there are: tile matrix sets, tilesets of a collection and of the whole data set, as OGC and TileJSON."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import (
    JSON,
    NO_PARAMETERS,
    Query,
    find_unchanged,
    make_address,
    make_etag,
    make_link,
    open_snapshot,
    send_json,
)
from app.readers.descriptions import COLLECTIONS_SHOWN, TITLE
from app.readers.formats import parse_format
from app.readers.representations import link_self
from app.readers.tile_layers import describe_ogc_layer, describe_tilejson_layer, layers_of
from app.readers.tiles import ADDRESS, ALL_RECORDS, TILESET, get_kind
from geo.serving.allow_list import Parameters
from geo.serving.dataset import Dataset
from geo.serving.regions import fetch_boundaries
from geo.serving.tile_matrix import (
    EPSG_3857,
    MAXIMUM_ZOOM,
    TILE_MATRIX_SET,
    TILE_MATRIX_SET_URI,
    check_matrix_set,
    describe_limits,
    describe_matrix_set,
)
from geo.serving.vector_tile import MEDIA_TYPE

FORMATS = {"json": JSON, "tilejson": JSON}
TILING_SCHEME: Final = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
GEODATA: Final = "http://www.opengis.net/def/rel/ogc/1.0/geodata"
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
WORLD: Final = (-180.0, -85.0511287798, 180.0, 85.0511287798)
"""West, south, east, north of the matrix set, in degrees."""
CENTER: Final = (104.0, 36.0)
"""Longitude and latitude of about the middle of China."""
CENTER_ZOOM: Final = 4

router = APIRouter(prefix="/api")


@dataclass(frozen=True, kw_only=True)
class Tileset:
    """The tiles of a collection, or of all where `collection` is None, under a filter. `path` is below `/api`."""

    collection: str | None
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def parent(self) -> str:
        """The path of the list of tilesets."""
        return "/tiles" if self.collection is None else f"/collections/{self.collection}/tiles"

    @property
    def path(self) -> str:
        """The path of the tileset."""
        return f"{self.parent}/{TILE_MATRIX_SET}"

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return TITLE if self.collection is None else COLLECTIONS_SHOWN[self.collection][0]

    @property
    def query(self) -> Query:
        """The filter as parameters."""
        return list(self.filters)


@router.get("/tileMatrixSets", dependencies=NO_PARAMETERS)
async def read_matrix_sets(request: Request) -> Response:
    """List the tile matrix sets: one."""
    address = make_address(request, "/tileMatrixSets")
    one = make_link("self", f"{address}/{TILE_MATRIX_SET}", JSON, TILE_MATRIX_SET)
    listed = {"id": TILE_MATRIX_SET, "title": TILE_MATRIX_SET, "uri": TILE_MATRIX_SET_URI, "links": [one]}
    return send_json({"links": link_self(address, JSON, "The tile matrix sets"), "tileMatrixSets": [listed]})


@router.get("/tileMatrixSets" + TILESET, dependencies=NO_PARAMETERS)
async def read_matrix_set(request: Request) -> Response:
    """Define a tile matrix set, as OGC's Two Dimensional Tile Matrix Set 2.0 has it."""
    check_matrix_set(request.path_params[ADDRESS[0]])
    address = make_address(request, f"/tileMatrixSets/{TILE_MATRIX_SET}")
    return send_json({**describe_matrix_set(), "links": link_self(address, JSON, TILE_MATRIX_SET)})


@router.get("/tiles", dependencies=NO_PARAMETERS)
async def read_dataset_tilesets(request: Request) -> Response:
    """List the tilesets of the whole data set."""
    return list_tilesets(request, Tileset(collection=None))


@router.get("/collections/{collection_id}/tiles", dependencies=NO_PARAMETERS)
async def read_tilesets(request: Request, collection_id: str) -> Response:
    """List the tilesets of a collection."""
    get_kind(collection_id)
    return list_tilesets(request, Tileset(collection=collection_id))


def list_tilesets(request: Request, tileset: Tileset) -> Response:
    """Return the list of one tileset."""
    address = make_address(request, tileset.parent)
    links = link_tileset(request, tileset)
    listed = {**describe_matrices(tileset), "links": [links["self"], links["scheme"], links["item"]]}
    return send_json({"links": link_self(address, JSON, f"Tiles: {tileset.title}"), "tilesets": [listed]})


@router.get("/tiles" + TILESET)
async def read_dataset_tileset(request: Request) -> Response:
    """Describe the tiles of the whole data set; a filter of records goes into the addresses of the tiles."""
    check_matrix_set(request.path_params[ADDRESS[0]])
    return await answer_tileset(request, None)


@router.get("/collections/{collection_id}/tiles" + TILESET)
async def read_tileset(request: Request, collection_id: str) -> Response:
    """Describe the tiles of a collection; a filter goes into the addresses of the tiles."""
    get_kind(collection_id)
    check_matrix_set(request.path_params[ADDRESS[0]])
    return await answer_tileset(request, collection_id)


async def answer_tileset(request: Request, collection: str | None) -> Response:
    """Return the metadata of a tileset: as OGC has it, or, with `f=tilejson`, as TileJSON 3.0."""
    given = request.query_params.multi_items()
    own = Parameters(pair for pair in given if pair[0] == "f")
    form = own.read("f", lambda texts: parse_format(texts, FORMATS), "json")
    own.finish(FORMATS)
    name = collection or ALL_RECORDS
    kind = get_kind(name)
    query = kind.parse(name, [pair for pair in given if pair[0] != "f"])
    tileset = Tileset(collection=collection, filters=tuple(kind.write(query)))
    shown = [] if form == "json" else [("f", form)]
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, make_address(request, tileset.path, [*tileset.query, *shown]))
        if unchanged := find_unchanged(request, etag):
            return unchanged
        boundaries = await fetch_boundaries(connection)
    attribution = "" if boundaries is None else boundaries.attribution
    if form == "tilejson":
        return send_json(describe_tilejson(request, tileset, dataset, attribution), etag=etag)
    return send_json(describe_tileset(request, tileset, dataset, attribution), etag=etag)


def link_tileset(request: Request, tileset: Tileset) -> dict[str, Any]:
    """Return the links of a tileset, by what they are for."""
    query, address = tileset.query, make_address(request, tileset.path, tileset.query)
    template = make_address(request, f"{tileset.path}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", query)
    scheme = make_address(request, f"/tileMatrixSets/{TILE_MATRIX_SET}")
    tilejson = make_address(request, tileset.path, [*query, ("f", "tilejson")])
    links = {
        "self": make_link("self", address, JSON, f"Tiles: {tileset.title}"),
        "tilejson": make_link("alternate", tilejson, JSON, "The same as TileJSON"),
        "scheme": make_link(TILING_SCHEME, scheme, JSON, TILE_MATRIX_SET),
        "item": {**make_link("item", template, MEDIA_TYPE, "A tile, as Mapbox Vector Tile"), "templated": True},
        "style": make_link("related", make_address(request, "/styles"), JSON, "Styles"),
    }
    if tileset.collection is not None:
        collection = make_address(request, f"/collections/{tileset.collection}")
        links["data"] = make_link(GEODATA, collection, JSON, "The collection")
    return links


def describe_matrices(tileset: Tileset) -> dict[str, Any]:
    """Return what the list of tilesets says of one."""
    return {
        "title": tileset.title,
        "dataType": "vector",
        "crs": EPSG_3857,
        "tileMatrixSetURI": TILE_MATRIX_SET_URI,
    }


def describe_tileset(request: Request, tileset: Tileset, dataset: Dataset, attribution: str) -> dict[str, Any]:
    """Return a tileset's metadata (Two Dimensional Tile Matrix Set 2.0, TileSet Metadata)."""
    links = link_tileset(request, tileset)
    pages = link_self(links["self"]["href"], JSON, f"Tiles: {tileset.title}")
    return {
        **describe_matrices(tileset),
        "description": describe(tileset),
        "mediaTypes": [MEDIA_TYPE],
        "version": str(dataset.version),
        "updated": dataset.changed_at.isoformat(),
        "attribution": attribution,
        "tileMatrixSetLimits": describe_limits(),
        "boundingBox": {"lowerLeft": list(WORLD[:2]), "upperRight": list(WORLD[2:]), "crs": CRS84},
        "centerPoint": {"coordinates": list(CENTER), "crs": CRS84, "tileMatrix": str(CENTER_ZOOM)},
        "layers": [describe_ogc_layer(layer) for layer in layers_of(tileset.collection)],
        "links": [*pages, *(link for name, link in links.items() if name != "self")],
    }


def describe_tilejson(request: Request, tileset: Tileset, dataset: Dataset, attribution: str) -> dict[str, Any]:
    """Return a tileset as TileJSON 3.0. Clients show the attribution as HTML, so it is escaped."""
    return {
        "tilejson": "3.0.0",
        "name": tileset.title,
        "description": describe(tileset),
        "version": f"{dataset.version}.0.0",
        "attribution": html.escape(attribution),
        "scheme": "xyz",
        "tiles": [make_address(request, f"{tileset.path}/{{z}}/{{y}}/{{x}}", tileset.query)],
        "minzoom": 0,
        "maxzoom": MAXIMUM_ZOOM,
        "bounds": list(WORLD),
        "center": [*CENTER, CENTER_ZOOM],
        "vector_layers": [describe_tilejson_layer(layer) for layer in layers_of(tileset.collection)],
    }


def describe(tileset: Tileset) -> str:
    """Say in a sentence or two what the layers of a tileset are."""
    return " ".join(layer.description for layer in layers_of(tileset.collection))
