"""Links that others made to China Labour Bulletin's maps: where they lead today.

`/clb` takes any of CLB's queries, and so do the older paths of its maps, and `/` when a parameter of CLB's is there.
The way on is always an address of our own page, `/` with parameters: no value of a link can lead elsewhere.
"""

from __future__ import annotations

from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.readers.answers import Query, cache_headers, open_snapshot
from app.readers.clb_links import NOT_HELD, NOTICES, ClbLink, read_clb_link, read_event, read_region
from app.readers.regions import recall_region_index
from geo.layers import ACCIDENTS, CALLS_FOR_HELP, INCIDENTS, RECORDS, STRIKES
from geo.serving.tables import feature

FEW = 20
"""Records of one CLB id that are looked at: it is one, or one and the cases about it."""

router = APIRouter(include_in_schema=False)


@router.get("/clb")
async def follow_clb(request: Request) -> Response:
    """Lead from any query of CLB's maps to the record or the view that it asks for."""
    return await follow_link(request)


@router.get("/strikes")
async def follow_strikes(request: Request) -> Response:
    """Lead from the Strike Map."""
    return await follow_link(request, STRIKES)


@router.get("/strikes/en")
async def follow_english_strikes(request: Request) -> Response:
    """Lead from the Strike Map in English."""
    return await follow_link(request, STRIKES, "en")


@router.get("/accidents")
async def follow_accidents(request: Request) -> Response:
    """Lead from the Workplace Accident Map."""
    return await follow_link(request, ACCIDENTS)


@router.get("/callsforhelp")
async def follow_calls_for_help(request: Request) -> Response:
    """Lead from the Workers' Calls-for-Help Map."""
    return await follow_link(request, CALLS_FOR_HELP)


async def follow_link(request: Request, layer: str | None = None, language: str | None = None) -> Response:
    """Return the redirection to our page."""
    pairs = request.query_params.multi_items()
    link = read_clb_link(pairs, layer, language)
    async with open_snapshot(request) as (connection, dataset):
        records = await find_records(connection, link)
        if not records:
            read_region(link, pairs, await recall_region_index(request, connection, dataset))
    target = lead_to_record(link, records) if records else lead_to_view(link)
    if link.language is not None:
        target.append(("lang", link.language))
    address = "/?" + urlencode(target, safe=",/") if target else "/"
    return RedirectResponse(address, status_code=302, headers=cache_headers(None))


async def find_records(connection: AsyncConnection, link: ClbLink) -> list[str]:
    """Return the public ids of the records that CLB's id names: of the link's map, else incidents, else any.

    What is not public has no such id here, so a link to it is answered as one to a record that never was.
    """
    event = read_event(link.event) if link.event is not None else None
    if event is None:
        return []
    columns = feature.c
    statement = sa.select(columns.public_id, columns.layer).where(columns.legacy_id == event)
    rows = (await connection.execute(statement.order_by(columns.id).limit(FEW))).all()
    for layers in ((link.layer,), INCIDENTS, RECORDS):
        found = [row.public_id for row in rows if row.layer in layers]
        if found:
            return found
    return []


def lead_to_record(link: ClbLink, records: list[str]) -> Query:
    """Return the page's parameters for the record, or for the list of all that share CLB's id."""
    if len(records) == 1:
        return [("record", records[0])]
    return [("legacy_id", link.event or ""), ("tab", "list")]


def lead_to_view(link: ClbLink) -> Query:
    """Return the page's parameters for what the link's filters find, and what the page has to say about it."""
    layer = [("layer", link.layer)] if link.layer else []
    region = [("region", link.region)] if link.region else []
    said = {*link.left_out, *([NOT_HELD] if link.event is not None else [])}
    notices = ",".join(name for name in NOTICES if name in said)
    return [*layer, *link.filters, *region, *([("notice", notices)] if notices else [])]
