"""A page of its own for every union that public cases name: `/unions/{id}`."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import cache_headers, find_unchanged, link_base, make_etag, open_snapshot
from app.readers.dossiers import make_record
from app.readers.page_content import describe_boundaries
from app.readers.pages import Ground, pages_of, read_language, show_problem
from app.readers.record_pages import read_theme
from geo.errors import NotFound
from geo.serving.dataset import Dataset
from geo.serving.features import find_features
from geo.serving.union_items import find_union_feature
from web.content import Record
from web.locator import Plate
from web.union_page import UnionContent, render_union

router = APIRouter(include_in_schema=False)


@router.get("/unions/{union_id}")
async def show_union(request: Request, union_id: str) -> Response:
    """Show one union; 404 where no public case names it, so that nobody learns of one that only a guarded case does."""
    pages, language, theme = pages_of(request), read_language(request), read_theme(request)
    try:
        async with open_snapshot(request) as (connection, dataset):
            address = f"{pages.site.own.sha} {link_base(request)} union {union_id} {language} {theme}"
            etag = make_etag(dataset, address)
            if unchanged := find_unchanged(request, etag):
                return unchanged
            union = await get_union(connection, union_id)
            cases = await fetch_records(connection, union["properties"]["cases"])
            linked = sorted({one for case in cases for one in case.properties.get("incidents") or ()})
            incidents = await fetch_records(connection, linked)
            ground = await pages.ground(connection, dataset)
            plate = await request.app.state.plates.find(connection, dataset, ground.tree, regions_of(union))
    except NotFound as fault:
        return show_problem(pages, language, fault)
    content = fill_page(request, (union, cases, incidents), ground, dataset, plate)
    return Response(render_union(pages.site, content), headers=cache_headers(etag), media_type="text/html")


async def get_union(connection: AsyncConnection, union_id: str) -> dict[str, Any]:
    """Return a public union as a GeoJSON feature. Raises NotFound."""
    found = await find_union_feature(connection, union_id)
    if found is None:
        raise NotFound("No public union has this number.")
    return dict(orjson.loads(found))


async def fetch_records(connection: AsyncConnection, ids: list[str]) -> tuple[Record, ...]:
    """Return those of the records that are public."""
    texts = await find_features(connection, ids) if ids else []
    return tuple(make_record(orjson.loads(text)) for text in texts)


def regions_of(union: dict[str, Any]) -> list[str]:
    """Return the region of a union, if it has one."""
    code = union["properties"].get("region_code")
    return [code] if code else []


def fill_page(
    request: Request,
    told: tuple[dict[str, Any], tuple[Record, ...], tuple[Record, ...]],
    ground: Ground,
    dataset: Dataset,
    plate: Plate | None,
) -> UnionContent:
    """Return what the page of a union shows."""
    union, cases, incidents = told
    codes = regions_of(union)
    return UnionContent(
        union=union,
        parent=None,
        cases=cases,
        incidents=incidents,
        names=ground.tree.names,
        path=ground.tree.path(codes[0]) if codes else (),
        land=ground.land,
        plate=plate,
        attribution=describe_boundaries(ground.boundaries),
        dataset_version=dataset.version,
        changed_on=dataset.changed_at.date(),
        language=read_language(request),
        theme=read_theme(request),
        licence=request.app.state.settings.data_licence,
        base=link_base(request),
    )
