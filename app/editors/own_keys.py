"""One's own API keys: made, rotated, revoked. A key is shown once, in the answer that makes it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.connections import Transaction
from app.editors.pages import answer_page
from app.editors.sessions import OnlyToken
from app.editors.signing import require
from geo.accounts.keys import MOST_ACTIVE, MOST_DAYS, list_keys, make_key, revoke_key, rotate_key
from geo.accounts.people import Person
from geo.accounts.tables import SCOPES
from geo.errors import NotAllowed, NotFound
from geo.records.audit import note_action

router = APIRouter(include_in_schema=False)

KEYS = "/editor/account/keys"
Me = Annotated[Person, Depends(require("key:own"))]
PERIODS = (30, 90, 180, MOST_DAYS)


class KeyFields(BaseModel):
    """What the form for a new key holds."""

    model_config = {"extra": "forbid"}

    csrf: str = ""
    title: str = Field(min_length=1, max_length=60)
    scopes: list[str]
    days: int


@router.get(KEYS)
def show_keys(request: Request, connection: Transaction, person: Me) -> Response:
    """List one's keys."""
    return answer_page(request, "keys.html", **_describe(connection, person), made=None)


@router.post(KEYS)
def take_new_key(
    request: Request, connection: Transaction, person: Me, fields: Annotated[KeyFields, Form()]
) -> Response:
    """Make a key and show it, this once."""
    if not all(person.may(scope) for scope in fields.scopes):
        raise NotAllowed("A key may do no more than its owner.")
    made = make_key(connection, person.account_id, fields.title, fields.scopes, fields.days)
    note_action(connection, person.name, "key.create", f"account:{person.name}")
    return answer_page(request, "keys.html", **_describe(connection, person), made=made)


@router.post(KEYS + "/{key_id}/rotate")
def rotate_own_key(
    request: Request, connection: Transaction, person: Me, key_id: int, _fields: Annotated[OnlyToken, Form()]
) -> Response:
    """Make a key like an old one; both are in force until the old one is revoked."""
    made = rotate_key(connection, person.account_id, key_id)
    if made is None:
        raise NotFound("You have no such key in force.")
    note_action(connection, person.name, "key.rotate", f"key:{key_id}")
    return answer_page(request, "keys.html", **_describe(connection, person), made=made)


@router.post(KEYS + "/{key_id}/revoke")
def revoke_own_key(connection: Transaction, person: Me, key_id: int, _fields: Annotated[OnlyToken, Form()]) -> Response:
    """Revoke one of one's own keys; nobody else's is found."""
    if not revoke_key(connection, key_id, person.account_id):
        raise NotFound("You have no such key in force.")
    note_action(connection, person.name, "key.revoke", f"key:{key_id}")
    return RedirectResponse(KEYS, status_code=303)


def _describe(connection: Transaction, person: Person) -> dict[str, Any]:
    keys = list_keys(connection, person.account_id)
    scopes = [scope for scope in SCOPES if person.may(scope)]
    return {
        "keys": keys,
        "scopes": scopes,
        "periods": PERIODS,
        "may_make": sum(key.in_force for key in keys) < MOST_ACTIVE,
    }
