"""Which records, and one of them: `/collections/{id}/items`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.readers.answers import (
    GEOJSON,
    JSON,
    Query,
    add_links,
    cache_headers,
    find_unchanged,
    make_address,
    make_etag,
    make_link,
    open_snapshot,
    render_collection,
)
from app.readers.collection_kinds import KINDS, ItemPage
from app.readers.collections import check_collection
from app.readers.exports import Asked, read_wish, send_file
from app.readers.representations import link_self
from geo.errors import Gone, NotFound
from geo.layers import CALLS_FOR_HELP
from geo.serving.allow_list import Parameters, only
from geo.serving.crs import Crs, content_crs, parse_crs, reproject, write_crs
from geo.serving.dataset import Dataset
from geo.serving.features import Retraction

LONGEST_ID = 64

router = APIRouter(prefix="/api")


async def read_items(request: Request) -> Response:
    """Return a page of a collection as GeoJSON, or a file."""
    request.scope["route"] = PAGE  # for the log
    collection_id = request.path_params["collection_id"]
    check_collection(collection_id)
    kind = KINDS[collection_id]
    wish = read_wish(request, kind)
    query = kind.parse(collection_id, wish.rest)
    if wish.format is not None:
        return await send_file(request, Asked(collection_id, kind, query, wish))
    path = f"/collections/{collection_id}/items"
    address = make_address(request, path, kind.write(query) + wish.write())
    latest = request.app.state.watch.dataset
    if latest is not None and kind.fetch_quickly is not None and not wish.labels:
        etag = make_etag(latest, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        quick = await kind.fetch_quickly(request, latest.version, query)
        if quick is not None:
            return send_page(request, quick, Answered(latest, address, etag), query.crs)
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        page = await kind.fetch(request, connection, dataset, query)
        if wish.labels and kind.label is not None:
            features = await kind.label(connection, query, page.features, wish.labels)
            ways = {rel: way and way + wish.write() for rel, way in page.ways.items()}
            page = replace(page, features=features, ways=ways)
    return send_page(request, page, Answered(dataset, address, etag), query.crs)


@dataclass(frozen=True, slots=True)
class Answered:
    """Of which version of the data an answer speaks, its canonical address, and its validator."""

    dataset: Dataset
    address: str
    etag: str


def send_page(request: Request, page: ItemPage, answered: Answered, crs: Crs) -> Response:
    """Return a page as an answer, its coordinates in `crs`."""
    links = link_pages(request, request.scope["path"].removeprefix("/api"), answered.address, page.ways)
    body = render_collection(reproject(page.features, crs), describe_page(page, answered.dataset, links))
    return Response(body, headers={**cache_headers(answered.etag), **content_crs(crs)}, media_type=GEOJSON)


def link_pages(request: Request, path: str, address: str, ways: dict[str, Query | None]) -> list[dict[str, str]]:
    """Return the links of a page at `address`; `ways` leads to the pages next to it, None where there is none."""
    titles = {"next": "The next page", "prev": "The page before"}
    return [
        *link_self(address, GEOJSON, "This page"),
        make_link("collection", make_address(request, path.removesuffix("/items")), JSON, "The collection"),
        *(
            make_link(rel, make_address(request, path, query), GEOJSON, titles[rel])
            for rel, query in ways.items()
            if query is not None
        ),
    ]


def describe_page(page: ItemPage, dataset: Dataset, links: list[dict[str, str]]) -> dict[str, Any]:
    """Return the members of a page beside its features."""
    return {
        "numberMatched": page.number_matched,
        "numberReturned": page.number_returned,
        "datasetVersion": dataset.version,
        "links": links,
    }


async def read_item(request: Request) -> Response:
    """Return one record, or one region, as GeoJSON."""
    request.scope["route"] = ITEM  # for the log
    collection_id, feature_id = request.path_params["collection_id"], request.path_params["feature_id"]
    check_collection(collection_id)
    crs = read_crs(request) if request.scope["query_string"] else Crs.CRS84
    address = make_address(request, f"/collections/{collection_id}/items/{feature_id}", write_crs(crs))
    kind, latest = KINDS[collection_id], request.app.state.watch.dataset
    if latest is not None and kind.find_quickly is not None and is_id(feature_id):
        etag = make_etag(latest, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        quick = await kind.find_quickly(request, latest.version, collection_id, feature_id)
        if quick is not None:
            return send_item(reproject(quick, crs), address, etag, crs)
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        feature = await get_item(connection, collection_id, feature_id)
    return send_item(reproject(feature, crs), address, etag, crs)


def read_crs(request: Request) -> Crs:
    """Return the one thing that can be asked of an item. Raises BadRequest for any other parameter."""
    given = Parameters(request.query_params.multi_items())
    crs = given.read("crs", only(parse_crs), Crs.CRS84)
    given.finish(("crs",))
    return crs


def send_item(feature: bytes, address: str, etag: str, crs: Crs) -> Response:
    """Return one item, whose coordinates are in `crs`, as the answer at this canonical address."""
    collection = address.partition("/items/")[0]
    links = [*link_self(address, GEOJSON, "This document"), make_link("collection", collection, JSON, "The collection")]
    headers = {**cache_headers(etag), **content_crs(crs)}
    return Response(add_links(feature, links), headers=headers, media_type=GEOJSON)


def is_id(feature_id: str) -> bool:
    """Say whether a text may be an id."""
    return len(feature_id) <= LONGEST_ID and feature_id.isascii() and feature_id.isprintable()


async def get_item(connection: AsyncConnection, collection_id: str, feature_id: str) -> bytes:
    """Return the text of one record or region.

    Raises Gone for a retracted record, and NotFound for one that never was or was removed; a retracted call for help
    is told from neither, so that nobody learns that there was one.
    """
    found: bytes | Retraction | None = None
    if is_id(feature_id):
        found = await KINDS[collection_id].find(connection, collection_id, feature_id)
    if isinstance(found, Retraction) and found.layer != CALLS_FOR_HELP:
        raise Gone(f"{found.public_id} ({found.layer}) was retracted on {found.retracted_on}.")
    if found is None or isinstance(found, Retraction):
        raise NotFound("There is no such record in this collection.")
    return found


# The busiest addresses are plain routes, asked first: they declare no parameters, so there is nothing for the framework
# to work out.
PAGE = Route(f"{router.prefix}/collections/{{collection_id}}/items", read_items)
ITEM = Route(f"{PAGE.path}/{{feature_id}}", read_item)
router.routes += [PAGE, ITEM]
