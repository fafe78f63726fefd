"""The page that says how the map is made, written anew for each version of the data: it says how fresh that is."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import cache_headers, find_unchanged, link_base, make_etag, open_snapshot
from app.readers.collections import recall_layer_states
from app.readers.page_content import read_selection
from app.readers.pages import pages_of, read_language, show_problem
from geo.errors import BadRequest
from geo.serving.dataset import Dataset, LayerState
from geo.serving.regions import fetch_boundaries
from web.content import Attribution
from web.method import Freshness, MethodFacts, render_method

router = APIRouter(include_in_schema=False)

KEPT = ("lang", "theme")
"""The parameters of the map that this page has too."""


@router.get("/method")
async def show_method(request: Request) -> Response:
    """Show how the map is made, in the reader's language."""
    pages, language = pages_of(request), read_language(request)
    asked = [pair for pair in request.query_params.multi_items() if pair[0] in KEPT]
    try:
        selection, _ = read_selection(asked, language)
    except BadRequest as fault:
        return show_problem(pages, language, fault, "/method")
    address = f"{pages.site.own.sha} {link_base(request)}/method {selection!r}"
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        body = pages.rendered.find(dataset.version, address)
        if body is None:
            facts = await gather_facts(request, connection, dataset)
            body = render_method(pages.site, selection, facts).encode()
            pages.rendered.keep(dataset.version, address, body)
    return Response(body, headers=cache_headers(etag), media_type="text/html")


async def gather_facts(request: Request, connection: AsyncConnection, dataset: Dataset) -> MethodFacts:
    """Return what the page says about the data of today and whoever runs the site."""
    states = await recall_layer_states(request, connection, dataset)
    found = await fetch_boundaries(connection)
    settings = request.app.state.settings
    return MethodFacts(
        version=dataset.version,
        changed_on=dataset.changed_at.date(),
        layers=[describe_freshness(state) for state in states.values()],
        boundaries=None
        if found is None
        else Attribution(source=found.source, licence=found.licence, vintage=found.vintage, notice=found.attribution),
        licence=settings.data_licence,
        contact=settings.contact,
        base=link_base(request),
    )


def describe_freshness(state: LayerState) -> Freshness:
    """Return how fresh a layer is, as the page has it."""
    return Freshness(
        layer=state.layer, count=state.count, first=state.starts_on, latest=state.latest_on, changed=state.updated_on
    )
