"""What all reading routes share: one snapshot of the data, absolute links, validators and cache rules.

An answer is made inside one REPEATABLE READ transaction, so everything in it speaks of one version of the data. Its
ETag is made of that version, the program's version and the canonical question, and is strong: no answer holds anything
else that changes, such as the time. `app.answer_cache` makes it that of the content coding.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from geo.serving.allow_list import Parameters
from geo.serving.dataset import Dataset, fetch_dataset
from geo.serving.parameters import BadValue

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600"
PROGRAM_VERSION = importlib.metadata.version("labourmap")

Query = list[tuple[str, str]]


def refuse_parameters(request: Request) -> None:
    """Raise BadRequest when a resource that takes no parameters is given one.

    `f` for JSON or a page is taken before a route is asked (see `app.readers.representations`): here it is another.
    """
    given = Parameters(request.query_params.multi_items())
    given.read("f", refuse_format, None)
    given.finish(())


def refuse_format(_texts: list[str]) -> None:
    """Raise BadValue: the resource has no other format."""
    raise BadValue("must be one of: json, html")


NO_PARAMETERS = (Depends(refuse_parameters),)


@asynccontextmanager
async def open_snapshot(request: Request) -> AsyncIterator[tuple[AsyncConnection, Dataset]]:
    """Open a connection whose transaction sees one version of the data, and say which."""
    async with request.app.state.engine.connect() as connection:
        yield connection, await fetch_dataset(connection)


def link_base(request: Request) -> str:
    """Return what absolute links begin with: LABOURMAP_BASE_URL, else the host asked for, which was checked."""
    base = request.app.state.settings.base_url
    return str(base) if base else f"{request.scope['scheme']}://{request.headers['host']}"


def make_address(request: Request, path: str, query: Query | None = None) -> str:
    """Return the absolute address of a path below `/api`, with a canonical query."""
    return f"{link_base(request)}/api{path}" + (f"?{urlencode(query, safe='/,:')}" if query else "")


def make_link(rel: str, href: str, media_type: str, title: str) -> dict[str, str]:
    """Return a link as OGC API has it."""
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def make_etag(dataset: Dataset, address: str) -> str:
    """Return the validator of the answer that `address`, in its canonical form, gets on this version of the data."""
    digest = begin_digest(dataset).copy()
    digest.update(address.encode())
    return f'"{dataset.version}-{digest.hexdigest()[:16]}"'


@lru_cache(maxsize=4)
def begin_digest(dataset: Dataset) -> hashlib._Hash:
    """Return the part of a validator's digest that all answers on this version of the data share."""
    return hashlib.sha256(f"{PROGRAM_VERSION} {dataset.changed_at.isoformat()} ".encode())


def find_unchanged(request: Request, etag: str) -> Response | None:
    """Return 304 when the reader already has the answer with this validator."""
    given = request.headers.get("if-none-match", "")
    if not given:
        return None
    known = {part.strip().removeprefix("W/") for part in given.split(",")}
    if etag not in known and given.strip() != "*":
        return None
    return Response(status_code=304, headers=cache_headers(etag))


def cache_headers(etag: str | None) -> dict[str, str]:
    """Return the headers that let an answer be kept."""
    return {"Cache-Control": CACHE_CONTROL} | ({"ETag": etag} if etag else {})


def send_json(document: Any, media_type: str = JSON, etag: str | None = None) -> Response:
    """Return a document as an answer that may be kept for a minute."""
    return Response(orjson.dumps(document), headers=cache_headers(etag), media_type=media_type)


def render_collection(features: bytes, members: dict[str, Any]) -> bytes:
    """Return a GeoJSON FeatureCollection from Feature texts joined by commas and its other members."""
    return b"".join(
        (b'{"type":"FeatureCollection","features":[', features, b"],", orjson.dumps(members).removeprefix(b"{"))
    )


def add_links(feature: bytes, links: Iterable[dict[str, str]]) -> bytes:
    """Return the text of a GeoJSON Feature with `links` as its last member."""
    return feature.rstrip().removesuffix(b"}") + b',"links":' + orjson.dumps(list(links)) + b"}"
