"""Styles, modules and pictures of the editors' pages, under addresses that hold their hash."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from geo.errors import NotFound
from web.assets import media_type

router = APIRouter(include_in_schema=False)

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ASK_AGAIN = {"Cache-Control": "no-cache"}


@router.get("/static/{sha}/{name:path}")
def send_file(request: Request, sha: str, name: str) -> Response:
    """Send a file of ours or of Leaflet's; under an older hash it is today's, which nobody may keep."""
    site = request.app.state.pages.site
    tree = next((tree for tree in (site.own, site.leaflet) if name in tree.contents), None)
    if tree is None:
        raise NotFound("Nothing is at this address.")
    headers = FOR_EVER if tree.sha == sha else ASK_AGAIN
    return Response(tree.contents[name], headers=headers | {"Content-Type": media_type(name)})


@router.get("/favicon.ico")
def send_icon(request: Request) -> Response:
    """Lead browsers that ask by habit to our icon."""
    return RedirectResponse(request.app.state.pages.site.own.address("icon.svg"), status_code=302)
