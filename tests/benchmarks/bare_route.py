"""The limit of the framework: a FastAPI application with one route that hands out a ready, empty answer."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import Response

app = FastAPI(openapi_url=None)


@app.get("/")
async def read_nothing() -> Response:
    """Return an empty object."""
    return Response(b"{}", media_type="application/json")
