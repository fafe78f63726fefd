"""Who may ask: the dependencies that every route of the editors' application stands on.

    person: Annotated[Person, Depends(signed_in)]
    person: Annotated[Person, Depends(require("batch:create"))]
    person: Annotated[Person, Depends(require("batch:commit", "strikes"))]

Somebody is signed in by a session's cookie, or under `/api` by `Authorization: Bearer lk_ed_...`. What changes
something needs, with a cookie, the session's token too: in the field `csrf` of a form, or in the header
`X-CSRF-Token`. Where the layer is known only later, ask `allow(person, action, layer)` in the route.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from app.editors.gate import READING
from geo.accounts.people import Person
from geo.errors import CodesNeeded, NotAllowed, SignInNeeded

CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
SET_UP_CODES = "One-time codes have to be set up first, under Account."
NO_RIGHT = "Your role, or your key, does not allow this."
NO_TOKEN = "The form was not one of this session. Open the page again, and send it from there."  # noqa: S105  (a text)


def make_form_token(session_token: str) -> str:
    """Return the token that stands in the forms of a session. Who knows it cannot find the session by it."""
    return hmac.new(session_token.encode(), b"labourmap: form", hashlib.sha256).hexdigest()


def form_token_of(request: Request) -> str:
    """Return the token for the forms of a page; empty where nobody is signed in by a cookie."""
    token = getattr(request.state, "token", None)
    return make_form_token(token) if token else ""


async def signed_in(request: Request) -> Person:
    """Return who is signed in.

    Raises SignInNeeded when nobody is, and NotAllowed for a form that is not of this session.
    """
    person: Person | None = getattr(request.state, "person", None)
    if person is None:
        raise SignInNeeded("Sign in, or send a key that is in force.")
    if request.method not in READING and person.session_id is not None:
        given = await _read_given_token(request)
        if not hmac.compare_digest(given.encode(), form_token_of(request).encode()):
            raise NotAllowed(NO_TOKEN)
    return person


def require(action: str, layer: str | None = None) -> Callable[..., Awaitable[Person]]:
    """Return a dependency that lets only those pass who may do `action` to `layer`; without one, to any layer."""

    async def checked(person: Annotated[Person, Depends(signed_in)]) -> Person:
        allow(person, action, layer)
        return person

    checked.needs = (action, layer)  # type: ignore[attr-defined]  # for the test that walks all routes
    return checked


def allow(person: Person, action: str, layer: str | None = None) -> None:
    """Raise NotAllowed unless a person may do something to a layer."""
    if person.must_set_up_codes:
        raise CodesNeeded(SET_UP_CODES)
    if not person.may(action, layer):
        raise NotAllowed(NO_RIGHT)


async def _read_given_token(request: Request) -> str:
    if CSRF_HEADER in request.headers:
        return request.headers[CSRF_HEADER]
    if request.headers.get("content-type", "").split(";")[0].strip().lower() in FORMS:
        given = (await request.form()).get(CSRF_FIELD)
        return given if isinstance(given, str) else ""
    return ""
