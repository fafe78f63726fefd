"""What stands beside one record: the unions of an incident, and the records it is linked with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import (
    GEOJSON,
    JSON,
    NO_PARAMETERS,
    cache_headers,
    find_unchanged,
    make_address,
    make_etag,
    make_link,
    open_snapshot,
    render_collection,
    send_json,
)
from app.readers.counts import check_has_records
from app.readers.items import get_item
from app.readers.representations import link_self
from geo.errors import NotFound
from geo.layers import INCIDENTS
from geo.serving.features import find_features
from geo.serving.jurisdiction import fetch_jurisdiction

router = APIRouter(prefix="/api")
_ITEM = "/collections/{collection_id}/items/{feature_id}"


async def get_properties(connection: AsyncConnection, collection_id: str, feature_id: str) -> dict[str, Any]:
    """Return the public properties of a record. Raises Gone or NotFound as for the record itself."""
    return dict(orjson.loads(await get_item(connection, collection_id, feature_id))["properties"])


def link_item(request: Request, collection_id: str, feature_id: str) -> dict[str, str]:
    """Return the link to the record itself."""
    address = make_address(request, f"/collections/{collection_id}/items/{feature_id}")
    return make_link("up", address, GEOJSON, "The record")


@router.get(f"{_ITEM}/unions", dependencies=NO_PARAMETERS)
async def read_unions(request: Request, collection_id: str, feature_id: str) -> Response:
    """Return the unions that have an incident in their care, nearest first, with what each was asked and answered."""
    check_has_records(collection_id)
    address = make_address(request, f"/collections/{collection_id}/items/{feature_id}/unions")
    async with open_snapshot(request) as (connection, dataset):
        properties = await get_properties(connection, collection_id, feature_id)
        if properties["layer"] not in INCIDENTS:
            raise NotFound("Only incidents are in the care of unions. A case names those that were contacted itself.")
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        found = await fetch_jurisdiction(connection, properties)
    document = {
        "record": feature_id,
        "unions": [asdict(union) for union in found.unions],
        "unnamed": list(found.unnamed),
        "datasetVersion": dataset.version,
        "links": [*link_self(address, JSON, "The unions"), link_item(request, collection_id, feature_id)],
    }
    return send_json(document, etag=etag)


@router.get(f"{_ITEM}/linked", dependencies=NO_PARAMETERS)
async def read_linked(request: Request, collection_id: str, feature_id: str) -> Response:
    """Return the public incidents of a case, or the public cases about an incident, as GeoJSON."""
    check_has_records(collection_id)
    address = make_address(request, f"/collections/{collection_id}/items/{feature_id}/linked")
    async with open_snapshot(request) as (connection, dataset):
        properties = await get_properties(connection, collection_id, feature_id)
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        ids = [*(properties.get("incidents") or ()), *(properties.get("cases") or ())]
        texts = await find_features(connection, ids) if ids else []
    members = {
        "numberReturned": len(texts),
        "datasetVersion": dataset.version,
        "links": [*link_self(address, GEOJSON, "The linked records"), link_item(request, collection_id, feature_id)],
    }
    body = render_collection(",".join(texts).encode(), members)
    return Response(body, headers=cache_headers(etag), media_type=GEOJSON)
