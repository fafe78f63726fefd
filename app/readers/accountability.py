"""What is known of unions together: `/accountability/statistics`, and `/accountability/reference` beside it."""

from __future__ import annotations

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import (
    JSON,
    NO_PARAMETERS,
    cache_headers,
    find_unchanged,
    make_address,
    make_etag,
    make_link,
    open_snapshot,
    send_json,
)
from app.readers.case_tables import describe_statistics, render_csv
from app.readers.formats import CSV, VARY, accept_format, parse_format
from app.readers.representations import add_format, link_self
from geo.layers import ACCOUNTABILITY
from geo.serving.accountability import fetch_statistics, parse_grouping
from geo.serving.allow_list import Parameters
from geo.serving.filters import parse_query, write_query
from geo.serving.published_reference import load_reference

FORMATS = {"json": JSON, "csv": CSV}
OWN = frozenset({"by", "f"})

router = APIRouter(prefix="/api")


@router.get("/accountability/statistics")
async def read_statistics(request: Request) -> Response:
    """Count the cases that match by awareness, involvement and timing, excuses and outcomes; `by` makes groups."""
    given = request.query_params.multi_items()
    by = parse_grouping(text for name, text in given if name == "by")
    own = Parameters(pair for pair in given if pair[0] == "f")
    accepted = accept_format(request.headers.get("accept", "*/*"), FORMATS)
    chosen = own.read("f", lambda texts: parse_format(texts, FORMATS), accepted)
    query = parse_query(ACCOUNTABILITY, [pair for pair in given if pair[0] not in OWN], paged=False)
    own.finish(())
    asked = [*([("by", ",".join(by))] if by else []), *write_query(query)]
    address = make_address(request, "/accountability/statistics", asked)
    table = add_format(address, "csv")
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address if chosen == "json" else table)
        if unchanged := find_unchanged(request, etag):
            unchanged.headers.update(VARY)
            return unchanged
        found = await fetch_statistics(connection, query, by)
    headers = {**cache_headers(etag), **VARY}
    if chosen == "csv":
        name = f"accountability-v{dataset.version}.csv"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return Response(render_csv(found), headers=headers, media_type=CSV)
    links = [
        *link_self(address, JSON, "The statistics"),
        make_link("alternate", table, CSV, "The statistics as CSV"),
        make_link("collection", make_address(request, f"/collections/{ACCOUNTABILITY}"), JSON, "The cases"),
        make_link("related", make_address(request, "/accountability/reference"), JSON, "The published reference"),
    ]
    document = {**describe_statistics(found), "datasetVersion": dataset.version, "links": links}
    return Response(orjson.dumps(document), headers=headers, media_type=JSON)


@router.get("/accountability/reference", dependencies=NO_PARAMETERS)
async def read_reference(request: Request) -> Response:
    """Return the published table of 127 cases: as printed, worked out, and where it contradicts itself."""
    address = make_address(request, "/accountability/reference")
    links = [
        *link_self(address, JSON, "The published reference"),
        make_link("related", make_address(request, "/accountability/statistics"), JSON, "Our own figures"),
    ]
    return send_json({**load_reference(), "links": links})
