"""Who asks: found once a request, from the session's cookie or, under `/api`, from a key in the header.

It stands before bodies are read, so that nobody unknown can send a file.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from app.editors.site_address import SiteAddress
from app.headers import is_api
from geo.accounts.keys import find_by_key
from geo.accounts.people import Person
from geo.accounts.sessions import find_signed_in

BEARER = "bearer "
LONGEST_SECRET = 200


class Identify:
    """Puts `person` (or None) and the session's `token` into the state of a request."""

    def __init__(self, app: ASGIApp, *, address: SiteAddress) -> None:
        self.app = app
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find who asks and pass the request on."""
        if scope["type"] == "http":
            state = scope.setdefault("state", {})
            key, token = self._read_secrets(scope)
            state["person"], state["token"] = None, None
            if key or token:
                engine: sa.Engine = scope["app"].state.engine
                state["person"] = await run_in_threadpool(find_person, engine, key, token)
                state["token"] = token if state["person"] is not None and key is None else None
        await self.app(scope, receive, send)

    def _read_secrets(self, scope: Scope) -> tuple[str | None, str | None]:
        """Return the key and the session's secret that a request brings; what is too long to be one is none."""
        headers = HTTPConnection(scope).headers
        key = None
        if is_api(scope["path"]) and "authorization" in headers:
            given = headers["authorization"]
            key = given[len(BEARER) :].strip() if given.lower().startswith(BEARER) else "none"
        token = read_cookie(headers.get("cookie", ""), self._address.cookie_name)
        return shortened(key), shortened(token)


def read_cookie(header: str, name: str) -> str | None:
    """Return a cookie, or None where there is none or the header cannot be read."""
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return found.value if found is not None else None


def shortened(secret: str | None) -> str | None:
    """Return a secret as far as one can be long: what is longer finds nothing."""
    return None if secret is None else secret[:LONGEST_SECRET]


def find_person(engine: sa.Engine, key: str | None, token: str | None) -> Person | None:
    """Find who it is. Who brings a key is nobody but its owner, whatever cookie comes along."""
    with engine.begin() as connection:
        if key is not None:
            return find_by_key(connection, key)
        return None if token is None else find_signed_in(connection, token)
