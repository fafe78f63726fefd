"""What codes mean: `/vocabularies` lists the controlled lists, `/vocabularies/{name}` the terms of one."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import Any

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
from app.readers.formats import CSV, VARY, accept_format, parse_format
from app.readers.representations import link_self
from geo.errors import NotFound
from geo.layers import PROPERTIES, Labels
from geo.serving.allow_list import Parameters
from geo.serving.vocabulary_terms import TermRow, count_terms, fetch_vocabulary

FORMATS = {"json": JSON, "csv": CSV}
COLUMNS = ("code", "label_en", "label_zh_hans", "label_zh_hant", "clb_values", "position", "retired_on")

_OTHER_TITLES = {
    "contact_method": Labels(en="Ways of contacting a union", zh_hans="联络工会的方式", zh_hant="聯絡工會的方式"),
    "source_type": Labels(en="Source types", zh_hans="来源类型", zh_hant="來源類型"),
}
"""Titles of vocabularies that no property of a record has for itself."""

router = APIRouter(prefix="/api")


@router.get("/vocabularies", dependencies=NO_PARAMETERS)
async def read_vocabularies(request: Request) -> Response:
    """List the vocabularies with their titles and how many terms each has."""
    address = make_address(request, "/vocabularies")
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        counts = await count_terms(connection)
    found = [
        {
            **describe_vocabulary(name),
            "term_count": terms,
            "retired_count": retired,
            "links": [make_link("item", make_address(request, f"/vocabularies/{name}"), JSON, "The terms")],
        }
        for name, (terms, retired) in counts.items()
    ]
    links = link_self(address, JSON, "The vocabularies")
    return send_json({"vocabularies": found, "datasetVersion": dataset.version, "links": links}, etag=etag)


@router.get("/vocabularies/{name}")
async def read_vocabulary(request: Request, name: str) -> Response:
    """Return the terms of one vocabulary, as JSON or CSV."""
    given = Parameters(request.query_params.multi_items())
    accepted = accept_format(request.headers.get("accept", "*/*"), FORMATS)
    chosen = given.read("f", lambda texts: parse_format(texts, FORMATS), accepted)
    given.finish(("f",))
    path = f"/vocabularies/{name}"
    address = make_address(request, path, [("f", chosen)] if chosen != "json" else None)
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        terms = await fetch_vocabulary(connection, name) if name.isascii() and name.isidentifier() else []
        if not terms:
            raise NotFound("There is no such vocabulary. /api/vocabularies lists them.")
        if unchanged := find_unchanged(request, etag):
            unchanged.headers.update(VARY)
            return unchanged
    headers = {**cache_headers(etag), **VARY}
    if chosen == "csv":
        headers["Content-Disposition"] = f'attachment; filename="{name}-v{dataset.version}.csv"'
        return Response(render_terms(terms), headers=headers, media_type=CSV)
    links = [
        *link_self(make_address(request, path), JSON, "The terms"),
        make_link("alternate", make_address(request, path, [("f", "csv")]), CSV, "The terms as CSV"),
        make_link("up", make_address(request, "/vocabularies"), JSON, "The vocabularies"),
    ]
    document = {
        **describe_vocabulary(name),
        "terms": [asdict(term) for term in terms],
        "datasetVersion": dataset.version,
        "links": links,
    }
    return Response(orjson.dumps(document), headers=headers, media_type=JSON)


def describe_vocabulary(name: str) -> dict[str, Any]:
    """Return what a vocabulary is called, in three scripts, and which properties have its terms for values."""
    users = [prop for prop in PROPERTIES if prop.vocabulary == name]
    title = users[0].labels if users else _OTHER_TITLES.get(name, Labels(en=name, zh_hans=name, zh_hant=name))
    return {
        "name": name,
        "title_en": title.en,
        "title_zh_hans": title.zh_hans,
        "title_zh_hant": title.zh_hant,
        "properties": [prop.name for prop in users],
    }


def render_terms(terms: list[TermRow]) -> bytes:
    """Return terms as a table (RFC 4180, UTF-8). Several spellings of CLB stand in one cell, parted by "; "."""
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, COLUMNS, restval="")
    table.writeheader()
    for term in terms:
        table.writerow({**asdict(term), "clb_values": "; ".join(term.clb_values), "retired_on": term.retired_on or ""})
    return file.getvalue().encode()
