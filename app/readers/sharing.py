"""Pages by which a view goes elsewhere: the map that other sites frame, the links to share, and the files to take."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.readers.pages import answer_selection
from web.documents import render_share
from web.embed import render_embed
from web.links import EMBED

router = APIRouter(include_in_schema=False)


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
