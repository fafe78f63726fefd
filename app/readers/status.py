"""How fresh the data is: `/api/status`. It asks the database, so it also tells whether that answers."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import (
    NO_PARAMETERS,
    PROGRAM_VERSION,
    find_unchanged,
    make_address,
    make_etag,
    open_snapshot,
    send_json,
)
from app.readers.collections import recall_layer_states

router = APIRouter(prefix="/api")


@router.get("/status", dependencies=NO_PARAMETERS)
async def read_status(request: Request) -> Response:
    """Say the version of the data, when it changed, and how much each layer holds until when."""
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, make_address(request, "/status"))
        if unchanged := find_unchanged(request, etag):
            return unchanged
        states = await recall_layer_states(request, connection, dataset)
    layers = {
        name: {
            "count": state.count,
            "firstStartsOn": state.starts_on,
            "latestStartsOn": state.latest_on,
            "updatedOn": state.updated_on,
        }
        for name, state in states.items()
    }
    document = {
        "status": "ok",
        "programVersion": PROGRAM_VERSION,
        "datasetVersion": dataset.version,
        "changedAt": dataset.changed_at,
        "layers": layers,
    }
    return send_json(document, etag=etag)
