"""Pages by which a view goes elsewhere: the map that other sites frame, the links to share, and the files to take."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.readers.pages import answer_selection, pages_of, read_language, show_problem
from geo.errors import BadRequest, InvalidParameter
from geo.serving.filters import parse_query, write_query
from web.documents import render_share
from web.embed import render_embed
from web.export_links import ALL
from web.export_page import LABELS, Asked, Terms, render_export
from web.links import EMBED
from web.map_file import render_map_file

router = APIRouter(include_in_schema=False)

NO_LABELS = "none"
PICTURE = "/export/map.svg"


@router.get(EMBED)
async def show_embed(request: Request) -> Response:
    """Show the map for any selection in a form that any site may frame."""
    return await answer_selection(
        request, EMBED, lambda site, shown: render_embed(site, shown.content, shown.land, shown.addresses)
    )


@router.get("/share")
async def show_share(request: Request) -> Response:
    """Show the link to a view and the code that puts it into another page."""
    return await answer_selection(
        request, "/share", lambda site, shown: render_share(site, shown.content, shown.land, shown.base)
    )


@router.get("/export")
async def show_export(request: Request) -> Response:
    """Show the files that hold what is selected, with their rows, licence and filter."""
    pages = pages_of(request)
    given = request.query_params
    allowed = {
        "which": (ALL, *pages.site.layer_ids),
        "labels": (NO_LABELS, *(text for text in LABELS if text)),
        "bom": ("true", "false"),
    }
    faults = [
        InvalidParameter(name, f"must be one of: {' '.join(values)}")
        for name, values in allowed.items()
        if given.get(name, values[0]) not in values
    ]
    if faults:
        return show_problem(pages, read_language(request), BadRequest("This cannot be exported.", *faults), "/export")
    labels = given.get("labels")
    asked = Asked(
        which=given.get("which"),
        labels="" if labels == NO_LABELS else labels,
        bom=given.get("bom") == "true",
    )
    terms = Terms(licence=request.app.state.settings.data_licence, describe=describe_filter)
    return await answer_selection(
        request,
        f"/export {asked!r}",
        lambda site, shown: render_export(site, shown.content, shown.land, asked, terms),
    )


@router.get(PICTURE)
async def send_picture(request: Request) -> Response:
    """Send the map of the provinces as a file, as the server draws it: for readers without JavaScript."""
    licence = request.app.state.settings.data_licence
    answer = await answer_selection(
        request, PICTURE, lambda site, shown: render_map_file(site, shown.content, shown.land, shown.base, licence)
    )
    if answer.status_code == HTTPStatus.OK:
        answer.headers["Content-Type"] = "image/svg+xml"
        answer.headers["Content-Disposition"] = 'attachment; filename="labour-map.svg"'
    return answer


def describe_filter(collection: str, pairs: tuple[tuple[str, str], ...]) -> str:
    """Return a filter as the files of a collection have it written in them."""
    query = parse_query(collection, list(pairs), paged=False)
    return "&".join(f"{name}={value}" for name, value in write_query(query)) or "none"
