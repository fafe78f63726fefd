"""The page behind a one-time link: choose a password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.connections import Transaction
from app.editors.faults import SET_UP_CODES, SIGN_IN
from app.editors.pages import answer_page
from app.editors.session_cookies import keep_session
from geo.accounts.one_time_links import PATH, find_link, use_link
from geo.accounts.passwords import SHORTEST
from geo.accounts.sessions import begin_session
from geo.errors import BadRequest

router = APIRouter(include_in_schema=False)


class PasswordFields(BaseModel):
    """What the form holds."""

    model_config = {"extra": "forbid"}

    password: str
    again: str


@router.get(PATH + "{token}")
def show_form(request: Request, connection: Transaction, token: str) -> Response:
    """Show whose password is set here. Looking at it does not use the link up."""
    return _show(request, find_link(connection, token))


@router.post(PATH + "{token}")
def take_password(
    request: Request, connection: Transaction, token: str, fields: Annotated[PasswordFields, Form()]
) -> Response:
    """Set the password; then lead to the one-time codes, or where they are set up, to signing in."""
    name = find_link(connection, token)
    if fields.password != fields.again:
        return _show(request, name, "editor.password.differ")
    try:
        account_id, has_codes = use_link(connection, token, fields.password)
    except BadRequest:
        return _show(request, name, "editor.password.short")
    if has_codes:
        return RedirectResponse(SIGN_IN, status_code=303)
    session_token = begin_session(connection, account_id)
    return keep_session(request, RedirectResponse(SET_UP_CODES, status_code=303), session_token)


def _show(request: Request, name: str, fault: str | None = None) -> Response:
    status = 200 if fault is None else 400
    return answer_page(request, "first_password.html", status=status, name=name, shortest=SHORTEST, fault=fault)
