"""How fresh the data is: `/api/status`. It asks the database, so it also tells whether that answers."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import (
    JSON,
    NO_PARAMETERS,
    PROGRAM_VERSION,
    find_unchanged,
    make_address,
    make_etag,
    make_link,
    open_snapshot,
    send_json,
)
from app.readers.collections import recall_layer_states
from app.readers.descriptions import WHAT
from app.readers.representations import link_self
from geo.serving.regions import fetch_boundaries

router = APIRouter(prefix="/api")


@router.get("/status", dependencies=NO_PARAMETERS)
async def read_status(request: Request) -> Response:
    """Say the version of the data, how much each layer holds until when, and whose boundaries and which licence."""
    address = make_address(request, "/status")
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        states = await recall_layer_states(request, connection, dataset)
        boundaries = await fetch_boundaries(connection)
    layers = {
        name: {
            "count": state.count,
            "firstStartsOn": state.starts_on,
            "latestStartsOn": state.latest_on,
            "latestEndsOn": state.ends_on,
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
        "boundaries": None if boundaries is None else asdict(boundaries),
        "licence": request.app.state.settings.data_licence,
        "coverage": WHAT,
        "links": [
            *link_self(address, JSON, "This document"),
            make_link("related", make_address(request, "/changes"), JSON, "What changed"),
        ],
    }
    return send_json(document, etag=etag)
