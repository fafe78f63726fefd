"""The cookie of a session, and where one goes after signing in."""

from __future__ import annotations

import ipaddress
import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.site_address import SiteAddress

HOME = "/editor/"
_OWN_PATH = re.compile(r"/editor/([A-Za-z0-9._~=&?,;+-]+/)*[A-Za-z0-9._~=&?,;+-]*", re.ASCII)


def keep_session(request: Request, response: Response, token: str) -> Response:
    """Let the browser keep a session until it is closed; no script can read it, and no other site's page sends it."""
    address: SiteAddress = request.app.state.address
    response.set_cookie(address.cookie_name, token, path="/", secure=address.is_https, httponly=True, samesite="strict")
    return response


def drop_session(request: Request, response: Response) -> Response:
    """Let the browser forget its session."""
    address: SiteAddress = request.app.state.address
    response.delete_cookie(address.cookie_name, path="/", secure=address.is_https, httponly=True, samesite="strict")
    return response


def go_to(path: str | None) -> Response:
    """Lead to a page of ours; an address that is none of ours, or might be read as another's, leads to the first."""
    return RedirectResponse(path if path and _OWN_PATH.fullmatch(path) else HOME, status_code=303)


def find_network_address(request: Request) -> str:
    """Return the address that a request comes from, for counting attempts; it is stored nowhere.

    A proxy on this machine, or in its private network, tells it at the end of `X-Forwarded-For`; to whoever comes from
    elsewhere that header is not believed.
    """
    peer = request.client.host if request.client else ""
    try:
        is_ours = ipaddress.ip_address(peer).is_private
    except ValueError:
        return ""
    told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return told if is_ours and told else peer
