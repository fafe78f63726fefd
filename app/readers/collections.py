"""What there is: the landing page of the API, its conformance, the collections and what they can be asked."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import (
    GEOJSON,
    JSON,
    NO_PARAMETERS,
    OPENAPI,
    SCHEMA,
    find_unchanged,
    make_address,
    make_etag,
    make_link,
    open_snapshot,
    send_json,
)
from app.readers.conformance import CONFORMANCE
from app.readers.descriptions import (
    COLLECTIONS_SHOWN,
    TILED,
    TITLE,
    WHAT,
    describe_queryables,
    describe_sortables,
)
from app.readers.feature_schemas import describe_schema
from app.readers.openapi import make_openapi
from app.readers.representations import HTML, link_self
from geo.errors import NotFound
from geo.layers import COLLECTIONS
from geo.serving.crs import Crs
from geo.serving.dataset import Dataset, LayerState, fetch_layer_states

TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
TILING_SCHEMES = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
OGC_RELATION = "http://www.opengis.net/def/rel/ogc/1.0"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"

router = APIRouter(prefix="/api")


@router.get("", dependencies=NO_PARAMETERS)
@router.get("/", dependencies=NO_PARAMETERS)
async def read_landing_page(request: Request) -> Response:
    """Say what this is and where everything else is."""
    links = [
        *link_self(make_address(request, ""), JSON, "This document"),
        make_link("service-desc", make_address(request, "/openapi.json"), OPENAPI, "The OpenAPI document"),
        make_link("service-doc", make_address(request, "/docs"), HTML, "The reference, with examples"),
        make_link("conformance", make_address(request, "/conformance"), JSON, "What this API conforms to"),
        make_link("data", make_address(request, "/collections"), JSON, "The collections"),
        make_link(TILESETS, make_address(request, "/tiles"), JSON, "All of it as vector tiles"),
        make_link(TILING_SCHEMES, make_address(request, "/tileMatrixSets"), JSON, "The tile matrix sets"),
        make_link("related", make_address(request, "/styles"), JSON, "Styles of the tiles"),
        make_link("related", make_address(request, "/vocabularies"), JSON, "What codes mean"),
        make_link("related", make_address(request, "/changes"), JSON, "What changed"),
        make_link("status", make_address(request, "/status"), JSON, "Version and freshness of the data"),
    ]
    return send_json({"title": TITLE, "description": WHAT, "links": links})


@router.get("/conformance", dependencies=NO_PARAMETERS)
async def read_conformance() -> Response:
    """Say which conformance classes hold."""
    return send_json({"conformsTo": CONFORMANCE})


@router.get("/docs", dependencies=NO_PARAMETERS)
@router.get("/openapi.json", dependencies=NO_PARAMETERS)
async def read_openapi(request: Request) -> Response:
    """Describe every address and parameter, as OpenAPI 3.0. Under `/docs` its page is what is sent."""
    return send_json(make_openapi(make_address(request, "")), OPENAPI)


@router.get("/collections", dependencies=NO_PARAMETERS)
async def read_collections(request: Request) -> Response:
    """List the collections."""
    address = make_address(request, "/collections")
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        states = await recall_layer_states(request, connection, dataset)
    found = [describe_collection(request, name, states) for name in COLLECTIONS_SHOWN]
    links = link_self(address, JSON, "The collections")
    return send_json({"links": links, "collections": found}, etag=etag)


@router.get("/collections/{collection_id}", dependencies=NO_PARAMETERS)
async def read_collection(request: Request, collection_id: str) -> Response:
    """Describe one collection."""
    check_collection(collection_id)
    address = make_address(request, f"/collections/{collection_id}")
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        states = await recall_layer_states(request, connection, dataset)
    return send_json(describe_collection(request, collection_id, states), etag=etag)


@router.get("/collections/{collection_id}/queryables", dependencies=NO_PARAMETERS)
async def read_queryables(request: Request, collection_id: str) -> Response:
    """Say by which properties a collection can be filtered, as a JSON Schema."""
    check_collection(collection_id)
    address = make_address(request, f"/collections/{collection_id}/queryables")
    return send_json(describe_queryables(collection_id, address), SCHEMA)


@router.get("/collections/{collection_id}/sortables", dependencies=NO_PARAMETERS)
async def read_sortables(request: Request, collection_id: str) -> Response:
    """Say by which properties a collection can be sorted, as a JSON Schema."""
    check_collection(collection_id)
    address = make_address(request, f"/collections/{collection_id}/sortables")
    return send_json(describe_sortables(collection_id, address), SCHEMA)


@router.get("/collections/{collection_id}/schema", dependencies=NO_PARAMETERS)
async def read_schema(request: Request, collection_id: str) -> Response:
    """Say what the features of a collection look like, as a JSON Schema."""
    check_collection(collection_id)
    address = make_address(request, f"/collections/{collection_id}/schema")
    return send_json(describe_schema(collection_id, address), SCHEMA)


def check_collection(collection_id: str) -> None:
    """Raise NotFound when there is no such collection."""
    if collection_id not in COLLECTIONS_SHOWN:
        raise NotFound("There is no such collection. /api/collections lists them.")


async def recall_layer_states(request: Request, connection: AsyncConnection, dataset: Dataset) -> dict[str, LayerState]:
    """Return how much each layer holds, read once for each version of the data."""
    remembered = request.app.state.layer_states
    states: dict[str, LayerState] | None = remembered.find(dataset.version, "layers")
    if states is None:
        states = await fetch_layer_states(connection)
        remembered.keep(dataset.version, "layers", states)
    return states


def describe_collection(request: Request, name: str, states: dict[str, LayerState]) -> dict[str, Any]:
    """Return the description of a collection, with the extent of what it holds now."""
    title, description = COLLECTIONS_SHOWN[name]
    extent = find_extent([states[layer] for layer in COLLECTIONS.get(name, ())])
    return {
        "id": name,
        "title": title,
        "description": description,
        "itemType": "feature",
        "crs": [crs.value for crs in Crs],
        "storageCrs": Crs.CRS84.value,
        **({"extent": extent} if extent else {}),
        "links": link_collection(request, name, title),
    }


def link_collection(request: Request, name: str, title: str) -> list[dict[str, str]]:
    """Return the links of a collection to its items, to what it can be asked, to counts and to tiles."""
    path = f"/collections/{name}"
    schemas = {
        "queryables": "What it can be filtered by",
        "sortables": "What it can be sorted by",
        "schema": "What its features look like",
    }
    links = [
        *link_self(make_address(request, path), JSON, title),
        make_link("items", make_address(request, f"{path}/items"), GEOJSON, f"{title} as GeoJSON"),
        *(
            make_link(f"{OGC_RELATION}/{part}", make_address(request, f"{path}/{part}"), SCHEMA, what)
            for part, what in schemas.items()
        ),
    ]
    if name in COLLECTIONS:
        links.append(make_link("related", make_address(request, f"{path}/counts?by=province"), JSON, "Counts"))
        links.append(make_link("related", make_address(request, f"{path}/facets"), JSON, "All filter counts at once"))
    if name in TILED:
        links.append(make_link(TILESETS, make_address(request, f"{path}/tiles"), JSON, f"{title} as vector tiles"))
    return links


def find_extent(states: list[LayerState]) -> dict[str, Any]:
    """Return the box and the days that the records of some layers fill; empty when there are none."""
    extent: dict[str, Any] = {}
    boxes = [state.bbox for state in states if state.bbox is not None]
    if boxes:
        west, south = min(box.west for box in boxes), min(box.south for box in boxes)
        east, north = max(box.east for box in boxes), max(box.north for box in boxes)
        extent["spatial"] = {"bbox": [[west, south, east, north]], "crs": Crs.CRS84.value}
    first = [state.starts_on for state in states if state.starts_on is not None]
    last = [state.ends_on for state in states if state.ends_on is not None]
    if first and last:
        days = [f"{min(first)}T00:00:00Z", f"{max(last)}T23:59:59Z"]
        extent["temporal"] = {"interval": [days], "trs": GREGORIAN}
    return extent
