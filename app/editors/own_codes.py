"""One's own one-time codes: set up on a device, moved to another, and the recovery codes for when it is lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.editors.connections import Transaction
from app.editors.faults import SET_UP_CODES
from app.editors.pages import answer_page
from app.editors.session_cookies import keep_session
from app.editors.signing import signed_in
from app.editors.slowing import slow_down
from geo.accounts.codes import make_recovery_codes, write_device_address
from geo.accounts.own_codes import confirm_codes, is_own_code
from geo.accounts.people import Person
from geo.accounts.sessions import begin_session, end_sessions
from geo.errors import NotAllowed
from geo.records.audit import note_action
from web.qr_code import draw_qr_code

router = APIRouter(include_in_schema=False)

SECRET_BYTES = 20
IN_BROWSERS_ONLY = "One-time codes are set up in a browser."


class CodeFields(BaseModel):
    """What the form that sets codes up holds: a code of the new device, and of the old one where there is one."""

    model_config = {"extra": "forbid"}

    csrf: str = ""
    code: str
    current: str = ""


class CurrentCode(BaseModel):
    """What the form for new recovery codes holds."""

    model_config = {"extra": "forbid"}

    csrf: str = ""
    current: str


@router.get(SET_UP_CODES)
def show_set_up(request: Request, person: Annotated[Person, Depends(signed_in)]) -> Response:
    """Show the QR code of the secret that this session would set up. Nothing is kept before a code of it is right."""
    return _show(request, person)


@router.post(SET_UP_CODES)
def set_up(
    request: Request,
    connection: Transaction,
    person: Annotated[Person, Depends(signed_in)],
    fields: Annotated[CodeFields, Form()],
) -> Response:
    """Keep the secret once a code of it is right; then show recovery codes, and begin a new session."""
    slow_down(request, f"codes of {person.name}")
    secret = _make_secret(request)
    if person.has_codes and not is_own_code(connection, person.account_id, fields.current):
        return _show(request, person, "editor.codes.wrong_current")
    if not confirm_codes(connection, person.account_id, secret, fields.code):
        return _show(request, person, "editor.codes.wrong")
    note_action(connection, person.name, "account.set_up_codes", f"account:{person.name}")
    end_sessions(connection, person.account_id)
    return _show_recovery_codes(request, connection, person, begin_session(connection, person.account_id))


@router.post("/editor/account/recovery-codes")
def renew_recovery_codes(
    request: Request,
    connection: Transaction,
    person: Annotated[Person, Depends(signed_in)],
    fields: Annotated[CurrentCode, Form()],
) -> Response:
    """Make new recovery codes in the place of the old ones."""
    slow_down(request, f"codes of {person.name}")
    if not person.has_codes or not is_own_code(connection, person.account_id, fields.current):
        raise NotAllowed("The code is wrong.")
    note_action(connection, person.name, "account.renew_recovery_codes", f"account:{person.name}")
    return _show_recovery_codes(request, connection, person, None)


def _show_recovery_codes(
    request: Request, connection: sa.Connection, person: Person, new_token: str | None
) -> Response:
    """Show new recovery codes, this once; the page's forms belong to the new session, where one was begun."""
    codes = make_recovery_codes(connection, person.account_id)
    if new_token is None:
        return answer_page(request, "recovery_codes.html", codes=codes)
    request.state.token = new_token
    return keep_session(request, answer_page(request, "recovery_codes.html", codes=codes), new_token)


def _show(request: Request, person: Person, fault: str | None = None) -> Response:
    secret = _make_secret(request)
    return answer_page(
        request,
        "codes.html",
        status=200 if fault is None else 400,
        picture=draw_qr_code(write_device_address(person.name, secret)),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        has_codes=person.has_codes,
        must=person.must_set_up_codes,
        fault=fault,
    )


def _make_secret(request: Request) -> str:
    """Return the secret that a session would set up: the same each time it is shown, and of this session alone."""
    token = getattr(request.state, "token", None)
    if not token:
        raise NotAllowed(IN_BROWSERS_ONLY)
    made = hmac.new(token.encode(), b"labourmap: one-time codes", hashlib.sha256).digest()
    return base64.b32encode(made[:SECRET_BYTES]).decode()
