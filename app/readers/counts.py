"""How many records: `/collections/{id}/counts` by one or two dimensions, `/collections/{id}/facets` by all at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import orjson
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import (
    GEOJSON,
    JSON,
    Query,
    cache_headers,
    make_address,
    make_link,
    render_collection,
)
from app.readers.count_tables import describe_counts, describe_facets, describe_sums, render_csv
from app.readers.counted import answer_counted
from app.readers.formats import CSV, VARY, accept_format, parse_format
from geo.errors import NotFound
from geo.layers import COLLECTIONS
from geo.serving.allow_list import Parameters
from geo.serving.column_counts import count_features
from geo.serving.columns import Columns
from geo.serving.dimensions import dimensions, parse_dimensions
from geo.serving.facets import count_facets, facet_dimensions
from geo.serving.filters import FeatureQuery, parse_query, write_query
from geo.serving.labels import fetch_labels, parse_labels
from geo.serving.region_counts import has_outlines, render_region_counts

FORMATS = {"json": JSON, "csv": CSV, "geojson": GEOJSON}

router = APIRouter(prefix="/api")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked: which records, how counted, and how shown. Facets have no `by`."""

    query: FeatureQuery
    by: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    format: str = "json"

    def write(self) -> Query:
        """Return the parameters in their one canonical form."""
        own = [("by", ",".join(self.by)), ("labels", ",".join(self.labels))]
        own += [("f", self.format)] if self.format != "json" else []
        return [pair for pair in own if pair[1]] + write_query(self.query)


def check_has_records(collection_id: str) -> None:
    """Raise NotFound when there is no such collection of records."""
    if collection_id not in COLLECTIONS:
        raise NotFound("There is no such collection of records. /api/collections lists them.")


@router.get("/collections/{collection_id}/counts")
async def read_counts(request: Request, collection_id: str) -> Response:
    """Count the records that match, by one or two dimensions, with what is in no cell as the remainder."""
    check_has_records(collection_id)
    given = request.query_params.multi_items()
    by = parse_dimensions(collection_id, (text for name, text in given if name == "by"))
    offered = {name: FORMATS[name] for name in FORMATS if name != "geojson" or has_outlines(by)}
    accepted = accept_format(request.headers.get("accept", "*/*"), offered)
    own = Parameters(pair for pair in given if pair[0] in {"f", "labels"})
    question = Question(
        by=by,
        labels=own.read("labels", parse_labels, ()),
        format=own.read("f", lambda texts: parse_format(texts, offered), accepted),
        query=parse_query(collection_id, [p for p in given if p[0] not in {"by", "f", "labels"}], paged=False),
    )
    own.finish(())
    address = make_address(request, f"/collections/{collection_id}/counts", question.write())
    found = await answer_counted(request, address, partial(render_counts, question, address))
    if isinstance(found, Response):
        found.headers.update(VARY)
        return found
    headers = {**cache_headers(found.etag), **VARY}
    if question.format == "csv":
        name = f"{collection_id}-by-{'-'.join(by)}-v{found.dataset.version}.csv"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(found.body, headers=headers, media_type=FORMATS[question.format])


async def render_counts(question: Question, address: str, columns: Columns, connection: AsyncConnection) -> bytes:
    """Count, and return the body of the answer."""
    counts = await count_features(columns, connection, question.query, question.by)
    chosen = [dimensions(question.query.collection)[name] for name in question.by]
    labels = await fetch_labels(connection, chosen, question.labels)
    if question.format == "csv":
        return render_csv(counts, labels, question.labels)
    document = {**describe_counts(counts, labels), "datasetVersion": columns.dataset.version}
    if question.format == "json":
        return orjson.dumps(document)
    collection = address.partition("/counts?")[0]
    links = [
        make_link("self", address, GEOJSON, "This document"),
        make_link("collection", collection, JSON, "The collection"),
    ]
    members = {
        **describe_sums(counts),
        "remainder": document["remainder"],
        "numberReturned": len(counts.counts),
        "datasetVersion": columns.dataset.version,
        "links": links,
    }
    return render_collection(await render_region_counts(connection, counts), members)


@router.get("/collections/{collection_id}/facets")
async def read_facets(request: Request, collection_id: str) -> Response:
    """Count every facet of the records that match, each without its own filter."""
    check_has_records(collection_id)
    given = request.query_params.multi_items()
    own = Parameters(pair for pair in given if pair[0] == "labels")
    question = Question(
        labels=own.read("labels", parse_labels, ()),
        query=parse_query(collection_id, [pair for pair in given if pair[0] != "labels"], paged=False),
    )
    own.finish(())
    address = make_address(request, f"/collections/{collection_id}/facets", question.write())
    found = await answer_counted(request, address, partial(render_facets, question))
    if isinstance(found, Response):
        return found
    return Response(found.body, headers=cache_headers(found.etag), media_type=JSON)


async def render_facets(question: Question, columns: Columns, connection: AsyncConnection) -> bytes:
    """Count all facets, and return the body of the answer."""
    facets = await count_facets(columns, connection, question.query)
    labels = await fetch_labels(connection, facet_dimensions(question.query.collection), question.labels)
    return orjson.dumps({**describe_facets(facets, labels), "datasetVersion": columns.dataset.version})
