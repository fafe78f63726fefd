"""What changed: `/changes`, by cursor, for whoever keeps a copy."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import (
    JSON,
    cache_headers,
    find_unchanged,
    make_address,
    make_etag,
    make_link,
    open_snapshot,
)
from app.readers.formats import VARY, accept_format, parse_format
from app.readers.representations import link_self
from geo.serving.allow_list import Parameters
from geo.serving.changes import Change, fetch_changes, parse_change_query, write_change_query

NDJSON = "application/x-ndjson"
FORMATS = {"json": JSON, "ndjson": NDJSON}

router = APIRouter(prefix="/api")


@router.get("/changes")
async def read_changes(request: Request) -> Response:
    """Return a page of the feed of changes, with a link that continues it, however empty the page."""
    given = request.query_params.multi_items()
    own = Parameters(pair for pair in given if pair[0] == "f")
    accepted = accept_format(request.headers.get("accept", "*/*"), FORMATS)
    chosen = own.read("f", lambda texts: parse_format(texts, FORMATS), accepted)
    own.finish(())
    query = parse_change_query(pair for pair in given if pair[0] != "f")
    form = [("f", chosen)] if chosen != "json" else []
    address = make_address(request, "/changes", write_change_query(query) + form)
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            unchanged.headers.update(VARY)
            return unchanged
        page = await fetch_changes(connection, query)
    changes = [describe_change(request, one) for one in page.changes]
    further = make_address(request, "/changes", write_change_query(page.next_query) + form)
    headers = {**cache_headers(etag), **VARY}
    if chosen == "ndjson":
        lines = b"".join(orjson.dumps(one) + b"\n" for one in changes)
        return Response(lines, headers={**headers, "Link": f'<{further}>; rel="next"'}, media_type=NDJSON)
    document = {
        "changes": changes,
        "numberReturned": len(changes),
        "datasetVersion": dataset.version,
        "links": [
            *link_self(address, JSON, "This page"),
            make_link("next", further, JSON, "What changes later; the same page while nothing has"),
        ],
    }
    return Response(orjson.dumps(document), headers=headers, media_type=JSON)


def describe_change(request: Request, one: Change) -> dict[str, Any]:
    """Return a change as the feed shows it, with the address of its record while that is public."""
    path = f"/collections/{one.layer}/items/{one.public_id}"
    return {
        "cursor": one.cursor,
        "dataset_version": one.dataset_version,
        "public_id": one.public_id,
        "layer": one.layer,
        "op": one.op,
        "changed_on": one.changed_on,
        "properties_changed": one.properties_changed,
        "href": make_address(request, path) if one.is_there else None,
    }
