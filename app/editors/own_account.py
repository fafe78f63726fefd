"""One's own account: language, password, sessions."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.connections import Transaction
from app.editors.pages import answer_page
from app.editors.session_cookies import go_to
from app.editors.sessions import OnlyToken
from app.editors.signing import signed_in
from app.editors.slowing import slow_down
from geo.accounts.accounts import set_language
from geo.accounts.codes import count_recovery_codes
from geo.accounts.own_password import change_password
from geo.accounts.passwords import SHORTEST
from geo.accounts.people import Person
from geo.accounts.sessions import end_session, end_sessions, list_sessions
from geo.errors import BadRequest, NotFound
from geo.records.audit import note_action
from web.translations import LANGUAGES

router = APIRouter(include_in_schema=False)

ACCOUNT = "/editor/account"
Me = Annotated[Person, Depends(signed_in)]


class LanguageFields(BaseModel):
    """What the switch of language sends."""

    model_config = {"extra": "forbid"}

    csrf: str = ""
    language: str
    back: str = ""


class ChangeFields(BaseModel):
    """What the form for another password holds."""

    model_config = {"extra": "forbid"}

    csrf: str = ""
    current: str
    password: str
    again: str


@router.get(ACCOUNT)
def show_account(request: Request, connection: Transaction, person: Me) -> Response:
    """Show who one is, one's sessions, and what can be changed."""
    return _show(request, connection, person)


@router.post("/editor/account/language")
def take_language(connection: Transaction, person: Me, fields: Annotated[LanguageFields, Form()]) -> Response:
    """Remember the language of one's pages."""
    if fields.language not in LANGUAGES:
        raise BadRequest("There is no such language.")
    set_language(connection, person.account_id, fields.language)
    return go_to(fields.back)


@router.post("/editor/account/password")
def take_password(
    request: Request, connection: Transaction, person: Me, fields: Annotated[ChangeFields, Form()]
) -> Response:
    """Change one's password; all other sessions end."""
    slow_down(request, f"password of {person.name}")
    if fields.password != fields.again:
        return _show(request, connection, person, "editor.password.differ")
    try:
        is_changed = change_password(connection, person.account_id, fields.current, fields.password)
    except BadRequest:
        return _show(request, connection, person, "editor.password.short")
    if not is_changed:
        return _show(request, connection, person, "editor.password.wrong")
    end_sessions(connection, person.account_id, but=person.session_id)
    note_action(connection, person.name, "account.set_password", f"account:{person.name}")
    return RedirectResponse(ACCOUNT, status_code=303)


@router.post("/editor/account/sessions/end-others")
def end_other_sessions(connection: Transaction, person: Me, _fields: Annotated[OnlyToken, Form()]) -> Response:
    """End all of one's sessions but this one."""
    end_sessions(connection, person.account_id, but=person.session_id)
    note_action(connection, person.name, "account.end_sessions", f"account:{person.name}")
    return RedirectResponse(ACCOUNT, status_code=303)


@router.post("/editor/account/sessions/{session_id}/end")
def end_one_session(
    connection: Transaction, person: Me, session_id: int, _fields: Annotated[OnlyToken, Form()]
) -> Response:
    """End one of one's own sessions; nobody else's is found."""
    if not end_session(connection, person.account_id, session_id):
        raise NotFound("You have no such session.")
    note_action(connection, person.name, "account.end_session", f"account:{person.name}")
    return RedirectResponse(ACCOUNT, status_code=303)


def _show(request: Request, connection: sa.Connection, person: Person, fault: str | None = None) -> Response:
    return answer_page(
        request,
        "account.html",
        status=200 if fault is None else 400,
        person=person,
        sessions=list_sessions(connection, person.account_id),
        codes_left=count_recovery_codes(connection, person.account_id),
        shortest=SHORTEST,
        fault=fault,
    )
