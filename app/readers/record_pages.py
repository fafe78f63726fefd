"""A page of its own for every record: `/records/{public_id}`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import orjson
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import cache_headers, find_unchanged, link_base, make_etag, open_snapshot
from app.readers.dossiers import Dossier, fetch_dossier
from app.readers.page_content import THEMES, describe_boundaries
from app.readers.page_regions import RegionTree
from app.readers.pages import Ground, pages_of, read_language, robot_headers, show_problem
from geo.errors import Gone, NotFound
from geo.layers import ACCOUNTABILITY
from geo.serving.dataset import Dataset
from geo.serving.jurisdiction import fetch_jurisdiction
from geo.serving.regions import fetch_topology
from geo.serving.remembered import Remembered
from web.locator import Plate, make_plate
from web.record_page import RecordContent, render_record

MOST_PLATES = 80
"""Drawings kept: one for each level of each province, about 30 kB each."""

router = APIRouter(include_in_schema=False)


class Plates:
    """The regions of provinces as they are drawn on records' pages, kept for a version of the data."""

    def __init__(self) -> None:
        self._kept = Remembered[Plate](size=MOST_PLATES)

    async def find(
        self, connection: AsyncConnection, dataset: Dataset, tree: RegionTree, codes: Iterable[str]
    ) -> Plate | None:
        """Return the drawing that shows `codes` in their province; None when they are not in one, or are all of it."""
        paths = [tree.path(code) for code in codes]
        provinces = {path[0].code for path in paths if path}
        if len(provinces) != 1 or any(len(path) < 2 for path in paths):  # noqa: PLR2004  (a province and what is in it)
            return None
        (province,) = provinces
        by_county = any(path[-1].level == "county" for path in paths)
        name = f"county-{province}" if by_county else "prefecture"
        plate = self._kept.find(dataset.version, (name, province))
        if plate is None:
            found = await fetch_topology(connection, name)
            inside = [code for code, region in tree.regions.items() if tree.path(code)[0].code == province]
            plate = await asyncio.to_thread(draw, found[1], inside) if found else None
            if plate is not None:
                self._kept.keep(dataset.version, (name, province), plate)
        return plate


def draw(topology: str, codes: list[str]) -> Plate | None:
    """Read a topology and draw the regions of `codes`."""
    return make_plate(orjson.loads(topology), codes)


@router.get("/records/{public_id}")
async def show_record(request: Request, public_id: str) -> Response:
    """Show one record; 410 where it was retracted, 404 where it never was or is gone."""
    pages, language, theme = pages_of(request), read_language(request), read_theme(request)
    try:
        async with open_snapshot(request) as (connection, dataset):
            etag = make_etag(dataset, f"{pages.site.own.sha} record {public_id} {language} {theme}")
            if unchanged := find_unchanged(request, etag):
                return unchanged
            dossier = await fetch_dossier(connection, public_id)
            ground = await pages.ground(connection, dataset)
            codes = dossier.record.properties.get("regions") or ()
            plate = await request.app.state.plates.find(connection, dataset, ground.tree, codes)
            unions = await fetch_unions(connection, dossier)
    except (NotFound, Gone) as fault:
        return show_problem(pages, language, fault)
    body = render_record(pages.site, fill_page(request, (dossier, unions), ground, dataset, plate))
    return Response(body, headers={**cache_headers(etag), **robot_headers(public_id)}, media_type="text/html")


async def fetch_unions(connection: AsyncConnection, dossier: Dossier) -> tuple[dict[str, Any], ...]:
    """Return the unions that have an incident in their care; a case names its own."""
    properties = dossier.record.properties
    if properties["layer"] == ACCOUNTABILITY:
        return ()
    return tuple(asdict(union) for union in (await fetch_jurisdiction(connection, properties)).unions)


def read_theme(request: Request) -> str | None:
    """Return the colours asked for; without a wish they are those of the reader's system."""
    asked = request.query_params.get("theme")
    return asked if asked in THEMES else None


def fill_page(
    request: Request,
    told: tuple[Dossier, tuple[dict[str, Any], ...]],
    ground: Ground,
    dataset: Dataset,
    plate: Plate | None,
) -> RecordContent:
    """Return what the page of a record shows: the record with what stands beside it, and its unions."""
    dossier, unions = told
    properties, tree = dossier.record.properties, ground.tree
    finest = next((properties[level] for level in ("county", "prefecture", "province") if properties.get(level)), None)
    paths = [tree.path(code) for code in properties.get("regions") or ()]
    return RecordContent(
        record=dossier.record,
        linked=dossier.linked,
        changes=dossier.changes,
        unions=unions,
        names=tree.names,
        path=tree.path(finest),
        provinces=tuple(dict.fromkeys(path[0].code for path in paths if path)),
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
