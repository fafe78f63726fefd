"""How many records, by region, month, year or layer: `/collections/{id}/counts`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import find_unchanged, make_address, make_etag, open_snapshot, send_json
from geo.errors import NotFound
from geo.layers import COLLECTIONS
from geo.serving.counts import Counts, count_features, parse_dimensions
from geo.serving.filters import parse_query, write_query

router = APIRouter(prefix="/api")


@router.get("/collections/{collection_id}/counts")
async def read_counts(request: Request, collection_id: str) -> Response:
    """Count the records that match, by one or two dimensions, with what is in no cell as the remainder."""
    if collection_id not in COLLECTIONS:
        raise NotFound("There is no such collection of records. /api/collections lists them.")
    given = request.query_params.multi_items()
    by = parse_dimensions(text for name, text in given if name == "by")
    query = parse_query(collection_id, [(name, text) for name, text in given if name != "by"], paged=False)
    path = f"/collections/{collection_id}/counts"
    address = make_address(request, path, [("by", ",".join(by)), *write_query(query)])
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        counts = await count_features(connection, query, by)
    return send_json({**describe_counts(counts), "datasetVersion": dataset.version}, etag=etag)


def describe_counts(counts: Counts) -> dict[str, Any]:
    """Return counts as the API shows them: one object a cell, named by the dimensions."""
    cells = [{**dict(zip(counts.by, cell.keys, strict=True)), "count": cell.count} for cell in counts.counts]
    remainder = [
        {"reason": rest.reason, **({"layer": rest.layer} if rest.layer else {}), "count": rest.count}
        for rest in counts.remainder
    ]
    return {"by": list(counts.by), "total": counts.total, "counts": cells, "remainder": remainder}
