"""Accounts of everybody, for admins: invite, give a role, disable, send a new link, revoke a key."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.connections import Transaction
from app.editors.pages import answer_page
from app.editors.sessions import OnlyToken
from app.editors.signing import require
from geo.accounts.accounts import (
    add_account,
    disable_account,
    enable_account,
    get_account,
    list_accounts,
    reset_account,
)
from geo.accounts.keys import list_keys, revoke_key
from geo.accounts.one_time_links import make_link
from geo.accounts.people import Person
from geo.accounts.role_grants import change_role, list_role_requests, settle_role_request
from geo.accounts.tables import ROLES
from geo.errors import NotAllowed, NotFound
from geo.records.audit import note_action

router = APIRouter(include_in_schema=False)

ACCOUNTS = "/editor/accounts"
Admin = Annotated[Person, Depends(require("account:manage"))]
Pressed = Annotated[OnlyToken, Form()]
NOT_ONESELF = "Somebody else has to do this to your account."
LOWEST = ROLES[0]


class InviteFields(BaseModel):
    """What the form for a new account holds."""

    model_config = {"extra": "forbid"}

    csrf: str = ""
    name: str
    role: str


class RoleFields(BaseModel):
    """What the form for a role holds."""

    model_config = {"extra": "forbid"}

    csrf: str = ""
    role: str


class ResetFields(BaseModel):
    """What the form for a new link holds."""

    model_config = {"extra": "forbid"}

    csrf: str = ""
    codes: bool = False


@router.get(ACCOUNTS)
def show_accounts(request: Request, connection: Transaction, admin: Admin) -> Response:
    """List accounts, what is asked for, and keys."""
    return _show(request, connection, admin)


@router.post(ACCOUNTS)
def invite(
    request: Request, connection: Transaction, admin: Admin, fields: Annotated[InviteFields, Form()]
) -> Response:
    """Make an account and show its one-time link, this once. It is a viewer's until a second admin agrees to more."""
    name = fields.name.strip().lower()
    account_id = add_account(connection, name, LOWEST, admin.name)
    if fields.role != LOWEST:
        change_role(connection, name, fields.role, admin.name)
    return _show(request, connection, admin, name, make_link(connection, account_id, admin.name))


@router.post(ACCOUNTS + "/{name}/role")
def take_role(connection: Transaction, admin: Admin, name: str, fields: Annotated[RoleFields, Form()]) -> Response:
    """Lower a role, or ask for a higher one."""
    change_role(connection, name, fields.role, admin.name)
    return _back()


@router.post(ACCOUNTS + "/{name}/disable")
def disable(connection: Transaction, admin: Admin, name: str, _pressed: Pressed) -> Response:
    """Let somebody in no more."""
    _refuse_oneself(admin, name)
    disable_account(connection, name, admin.name)
    return _back()


@router.post(ACCOUNTS + "/{name}/enable")
def enable(connection: Transaction, admin: Admin, name: str, _pressed: Pressed) -> Response:
    """Let somebody in again."""
    enable_account(connection, name, admin.name)
    return _back()


@router.post(ACCOUNTS + "/{name}/reset")
def reset(
    request: Request, connection: Transaction, admin: Admin, name: str, fields: Annotated[ResetFields, Form()]
) -> Response:
    """Take somebody's password, and their codes if asked, and show a new one-time link, this once."""
    _refuse_oneself(admin, name)
    account_id = reset_account(connection, name, admin.name, codes=fields.codes)
    return _show(request, connection, admin, name, make_link(connection, account_id, admin.name))


@router.post("/editor/role-requests/{request_id}/approve")
def approve(connection: Transaction, admin: Admin, request_id: int, _pressed: Pressed) -> Response:
    """Agree to a role that another admin asked for."""
    settle_role_request(connection, request_id, admin.name, approve=True)
    return _back()


@router.post("/editor/role-requests/{request_id}/refuse")
def refuse(connection: Transaction, admin: Admin, request_id: int, _pressed: Pressed) -> Response:
    """Refuse a role that was asked for, or take one's own request back."""
    settle_role_request(connection, request_id, admin.name, approve=False)
    return _back()


@router.post("/editor/keys/{key_id}/revoke")
def revoke(connection: Transaction, admin: Admin, key_id: int, _pressed: Pressed) -> Response:
    """Revoke anybody's key."""
    if not revoke_key(connection, key_id):
        raise NotFound("There is no such key in force.")
    note_action(connection, admin.name, "key.revoke", f"key:{key_id}")
    return _back()


def _refuse_oneself(admin: Person, name: str) -> None:
    if admin.name == name:
        raise NotAllowed(NOT_ONESELF)


def _back() -> Response:
    return RedirectResponse(ACCOUNTS, status_code=303)


def _show(
    request: Request, connection: sa.Connection, admin: Person, name: str | None = None, path: str | None = None
) -> Response:
    """Show the page, with a new link where one was just made."""
    base = request.app.state.address.base_url or f"http://{request.headers['host']}"
    return answer_page(
        request,
        "accounts.html",
        accounts=list_accounts(connection),
        requests=list_role_requests(connection),
        keys=[key for key in list_keys(connection) if key.in_force],
        roles=ROLES,
        me=admin.name,
        invited=None if name is None else get_account(connection, name),
        link=None if path is None else base + path,
    )
