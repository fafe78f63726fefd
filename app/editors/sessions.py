"""Signing in and out."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.connections import Transaction
from app.editors.faults import SIGN_IN
from app.editors.pages import answer_page
from app.editors.session_cookies import drop_session, find_network_address, go_to, keep_session
from app.editors.signing import signed_in
from geo.accounts.people import Person
from geo.accounts.sessions import end_session
from geo.accounts.sign_in import Attempt, TooManyAttempts, WrongSignIn, sign_in
from geo.records.audit import note_action

router = APIRouter(include_in_schema=False)


class SignInFields(BaseModel):
    """What the form holds."""

    model_config = {"extra": "forbid"}

    name: str
    password: str
    code: str = ""
    next: str = ""


class OnlyToken(BaseModel):
    """A form with a button and nothing to fill in."""

    model_config = {"extra": "forbid"}

    csrf: str = ""


@router.get(SIGN_IN)
def show_sign_in(request: Request, next: str = "") -> Response:  # noqa: A002  (the parameter's name)
    """Show the form."""
    return answer_page(request, "sign_in.html", next=next, fault=None)


@router.post(SIGN_IN)
def take_sign_in(request: Request, fields: Annotated[SignInFields, Form()]) -> Response:
    """Sign somebody in, with a new session, and lead on; or say that something is wrong, but not what."""
    state = request.app.state
    attempt = Attempt(fields.name, fields.password, fields.code, find_network_address(request))
    try:
        token = sign_in(state.engine, state.bucket_names, attempt)
    except WrongSignIn:
        return answer_page(request, "sign_in.html", status=401, next=fields.next, fault="editor.sign_in.wrong")
    except TooManyAttempts as slowed:
        answer = answer_page(request, "sign_in.html", status=429, next=fields.next, fault="editor.sign_in.slow")
        answer.headers["Retry-After"] = str(math.ceil(slowed.wait.total_seconds()))
        return answer
    return keep_session(request, go_to(fields.next), token)


@router.post("/editor/sign-out")
def sign_out(
    request: Request,
    connection: Transaction,
    person: Annotated[Person, Depends(signed_in)],
    _fields: Annotated[OnlyToken, Form()],
) -> Response:
    """End the session that the browser holds."""
    if person.session_id is not None:
        end_session(connection, person.account_id, person.session_id)
        note_action(connection, person.name, "account.sign_out", f"account:{person.name}")
    return drop_session(request, RedirectResponse(SIGN_IN, status_code=303))
