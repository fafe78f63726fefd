"""Vector tiles: `/collections/{id}/tiles/WebMercatorQuad/{z}/{row}/{col}`, and all collections in one under `/tiles`.

Up to `GROUPED_ZOOM`, and wherever a tile would hold more than `MOST_RECORDS`, records are counted in cells (layer
`cells`). Else a tile has single records (layer `records`), and those of them that stand at the point of a region once
more, counted by point (layer `places`), since a point of a region is no place of an incident and is not drawn as one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import Query, cache_headers, find_unchanged, make_address, make_etag, open_snapshot
from app.readers.counted import try_twice
from app.readers.formats import parse_format
from geo.errors import NotFound
from geo.layers import COLLECTIONS, Kind
from geo.serving.allow_list import Parameters
from geo.serving.column_masks import VersionsDiffer
from geo.serving.dataset import DATASET_SQL, Dataset
from geo.serving.filters import FeatureQuery, filterable_properties, parse_query, write_query
from geo.serving.place_keeper import PlaceKeeper, is_whole
from geo.serving.quick_reads import Compiled
from geo.serving.record_tiles import MOST_RECORDS, fetch_record_tile
from geo.serving.region_items import COLLECTION as REGIONS
from geo.serving.region_items import RegionQuery, parse_region_query, write_region_query
from geo.serving.region_tiles import fetch_region_tile
from geo.serving.regions import check_regions
from geo.serving.tile_matrix import Tile, get_tile
from geo.serving.tile_places import Places, write_stand_ins
from geo.serving.vector_tile import MEDIA_TYPE

GROUPED_ZOOM: Final = 7
"""The last zoom level at which records are always counted in cells."""
ALL_RECORDS: Final = "records"
"""The collection whose records, and whose filters, tiles of the whole data set have."""
FORMATS = {"mvt": MEDIA_TYPE}

ADDRESS = ("tileMatrixSetId", "tileMatrix", "tileRow", "tileCol")
"""Parts of a tile's address, as OGC API - Tiles names them."""
TILESET = f"/{{{ADDRESS[0]}}}"
TILE = "".join(f"/{{{name}}}" for name in ADDRESS)

_LATEST = Compiled(DATASET_SQL, {})

router = APIRouter(prefix="/api")

Asked = TypeVar("Asked")


@dataclass(frozen=True)
class Made:
    """The bytes of a tile, none where there is nothing, and the version of the data that they are of."""

    body: bytes
    dataset: Dataset


@dataclass(frozen=True, kw_only=True)
class TileKind(Generic[Asked]):
    """How the tiles of some collections are asked for.

    `parse` reads the parameters of a request for tiles of the named collection, `write` returns them in their one
    canonical form, `make` makes a tile.
    """

    parse: Callable[[str, Iterable[tuple[str, str]]], Asked]
    write: Callable[[Asked], Query]
    make: Callable[[Request, Asked, Tile], Awaitable[Made]]


@router.get("/collections/{collection_id}/tiles" + TILE)
async def read_tile(request: Request, collection_id: str) -> Response:
    """Return one tile of a collection. A tile without anything is empty, and still an answer."""
    kind = get_kind(collection_id)
    tile = get_tile(*(request.path_params[name] for name in ADDRESS))
    query = kind.parse(collection_id, without_format(request))
    address = make_address(request, request.url.path.removeprefix("/api"), kind.write(query))
    return send_tile(request, address, await kind.make(request, query, tile))


@router.get("/tiles" + TILE)
async def read_dataset_tile(request: Request) -> Response:
    """Return one tile with all records and, whatever the filters of records, all regions."""
    tile = get_tile(*(request.path_params[name] for name in ADDRESS))
    query = parse_query(ALL_RECORDS, without_format(request), paged=False)
    address = make_address(request, request.url.path.removeprefix("/api"), write_query(query))

    async def read() -> Made:
        records = await make_record_tile(request, query, tile)
        regions = await make_region_tile(request, RegionQuery(), tile)
        if records.dataset.version != regions.dataset.version:
            raise VersionsDiffer("The data has just changed and is being read. Please ask again in a few seconds.")
        return Made(regions.body + records.body, records.dataset)

    return send_tile(request, address, await try_twice(read))


def without_format(request: Request) -> Query:
    """Return the parameters of a request but `f`, which names the one format there is."""
    given = request.query_params.multi_items()
    own = Parameters(pair for pair in given if pair[0] == "f")
    own.read("f", lambda texts: parse_format(texts, FORMATS), "mvt")
    own.finish(FORMATS)
    return [pair for pair in given if pair[0] != "f"]


def send_tile(request: Request, address: str, made: Made) -> Response:
    """Return a tile as an answer, or 304."""
    etag = make_etag(made.dataset, address)
    return find_unchanged(request, etag) or Response(made.body, headers=cache_headers(etag), media_type=MEDIA_TYPE)


async def make_region_tile(request: Request, query: RegionQuery, tile: Tile) -> Made:
    """Return a tile of regions, remembered by the version of the data."""
    remembered = request.app.state.region_tiles
    async with open_snapshot(request) as (connection, dataset):
        body: bytes | None = remembered.find(dataset.version, (query, tile))
        if body is None:
            body = await fetch_region_tile(connection, query, tile)
            remembered.keep(dataset.version, (query, tile), body)
    return Made(body, dataset)


async def make_record_tile(request: Request, query: FeatureQuery, tile: Tile) -> Made:
    """Return a tile of records: counted in cells where zoom or number ask for it, else single."""
    keeper: PlaceKeeper = request.app.state.places
    places = keeper.latest
    if tile.zoom <= GROUPED_ZOOM or await is_crowded(request, places, query, tile):
        return await try_twice(lambda: make_cells(request, query, tile))
    await check_named_regions(request, query)
    copy = places if is_whole(query) else None
    found = await fetch_record_tile(request.app.state.reads, query, tile, stand_ins=copy is None)
    if copy is not None and copy.version != found.dataset.version:
        copy = None
        found = await fetch_record_tile(request.app.state.reads, query, tile, stand_ins=True)
    if places is None or places.version != found.dataset.version:
        keeper.make_ahead(found.dataset.version)
    if found.found > MOST_RECORDS:
        return await try_twice(lambda: make_cells(request, query, tile))
    stand_ins = found.stand_ins or []
    if copy is not None:
        counts = keeper.recall(copy, query)
        stand_ins = [] if counts is None else copy.list_stand_ins(tile, counts)
    return Made(found.body + write_stand_ins(stand_ins, query.layers), found.dataset)


async def is_crowded(request: Request, places: Places | None, query: FeatureQuery, tile: Tile) -> bool:
    """Say whether a tile surely has too many records; what is not known by the copy is for the database to say."""
    if places is None or places.total(tile, places.counts) <= MOST_RECORDS:
        return False
    counts = request.app.state.places.recall(places, query)
    return counts is not None and places.total(tile, counts) > MOST_RECORDS


async def make_cells(request: Request, query: FeatureQuery, tile: Tile) -> Made:
    """Return a tile of counts, from the columns of the latest version that is read."""
    row = await request.app.state.reads.fetch_row(_LATEST)
    columns = await request.app.state.columns.current(Dataset(*row).version)
    keeper: PlaceKeeper = request.app.state.places
    places = await keeper.of(columns)
    counts = keeper.recall(places, query)
    if counts is None:
        async with open_snapshot(request) as (connection, _):
            await check_regions(connection, query)
            counts = await keeper.count(places, connection, query)
    return Made(places.write_cells(tile, counts, query.layers), columns.dataset)


async def check_named_regions(request: Request, query: FeatureQuery) -> None:
    """Raise BadRequest when a filter names a region that does not exist; without such a filter nothing is asked."""
    declared = filterable_properties(query.collection)
    kinds = {declared[name].kind for name, _ in query.properties}
    if query.region or query.filter is not None or kinds & {Kind.REGION, Kind.REGIONS}:
        async with open_snapshot(request) as (connection, _):
            await check_regions(connection, query)


RECORD_TILES = TileKind(
    parse=lambda collection, given: parse_query(collection, given, paged=False),
    write=write_query,
    make=make_record_tile,
)
REGION_TILES = TileKind(
    parse=lambda _collection, given: parse_region_query(given, paged=False),
    write=write_region_query,
    make=make_region_tile,
)
KINDS: dict[str, TileKind[Any]] = {**dict.fromkeys(COLLECTIONS, RECORD_TILES), REGIONS: REGION_TILES}
"""The kind of the tiles of every collection that has any."""


def get_kind(collection_id: str) -> TileKind[Any]:
    """Return the kind of a collection's tiles. Raises NotFound when there is no such collection."""
    if collection_id not in KINDS:
        raise NotFound("There is no such collection. /api/collections lists them.")
    return KINDS[collection_id]
