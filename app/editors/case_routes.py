"""Cases and their contacts by JSON: read, made, changed and removed, each with the version it was made from.

Their history, going back to a version, taking back and taking down are those of any record: `/api/editing/records`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import pydantic
import sqlalchemy as sa
from fastapi import APIRouter, Body, Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from app.editors.case_saving import CaseChange, find_case_for, submit_case
from app.editors.connections import Transaction
from app.editors.contact_pages import find_place
from app.editors.record_forms import read_json
from app.editors.record_pages import read_version_number
from app.editors.record_routes import IfMatch, answer_faults, answer_held, answer_json, read_tag, write_message
from app.editors.signing import require
from geo.accounts.people import Person
from geo.layers import ACCOUNTABILITY
from geo.loading.case_cells import CASE_CELLS, read_case_cells
from geo.loading.case_decision_cells import DECIDED
from geo.loading.single_record import Saved
from geo.records.record_keys import RecordKey

router = APIRouter(prefix="/api/editing/cases", include_in_schema=False)
Reader = Annotated[Person, Depends(require("record:read", ACCOUNTABILITY))]
Writer = Annotated[Person, Depends(require("record:edit", ACCOUNTABILITY))]


@dataclass(frozen=True)
class Place:
    """Which contact of which case an address names."""

    name: str
    number: str


class Fields(pydantic.BaseModel):
    """What is written of a case. `contacts` left out stay as they are."""

    model_config = {"extra": "forbid"}
    fields: dict[str, Any] = {}
    contacts: Annotated[list[dict[str, Any]], pydantic.Field(max_length=500)] | None = None
    decisions: dict[str, Any] = {}
    confirmed: bool = False
    reason: Annotated[str, pydantic.Field(max_length=500)] | None = None


class Contact(pydantic.BaseModel):
    """What is written of one contact."""

    model_config = {"extra": "forbid"}
    fields: dict[str, Any]
    confirmed: bool = False
    reason: Annotated[str, pydantic.Field(max_length=500)] | None = None


@router.get("/{name}")
def show_case(connection: Transaction, person: Reader, name: str) -> Response:
    """Return a case with its contacts, restricted fields too, as cells."""
    return answer_case(connection, find_case_for(connection, person, name))


@router.post("")
def open_case(
    request: Request,
    connection: Transaction,
    person: Writer,
    given: Annotated[Fields, Body()],
    idempotency_key: Annotated[str | None, Header(max_length=100)] = None,
) -> Response:
    """Open a case: a draft, unless its decisions say otherwise. The same Idempotency-Key makes it once."""
    change = make_change(given, press=idempotency_key)
    saved = submit_case(request, connection, person, None, change)
    if saved.outcome == "held":
        return answer_held(saved)
    if saved.record_id is None:
        return answer_faults(saved)
    key = find_case_for(connection, person, f"case-{saved.record_id}")
    headers = {"Location": f"{router.prefix}/{key.name}"}
    return answer_case(connection, key, saved, status=200 if saved.again else 201, headers=headers)


@router.put("/{name}")
@router.patch("/{name}")
def change_case(
    request: Request,
    connection: Transaction,
    person: Writer,
    name: str,
    given: Annotated[Fields, Body()],
    if_match: IfMatch = None,
) -> Response:
    """Change a case. PUT empties what is not named, contacts among it; PATCH leaves it."""
    key = find_case_for(connection, person, name, "record:edit")
    change = make_change(given, version=read_tag(if_match), whole=request.method == "PUT")
    return submit(request, connection, (person, key), change)


@router.post("/{name}/contacts")
def add_contact(
    request: Request,
    connection: Transaction,
    person: Writer,
    name: str,
    given: Annotated[Contact, Body()],
    if_match: IfMatch = None,
) -> Response:
    """Log a contact, after the last one unless it has a number."""
    key = find_case_for(connection, person, name, "record:edit")
    contacts = read_case_cells(connection, key.id).contacts
    last = max((int(contact["contact_no"]) for contact in contacts), default=0)
    contacts.append({"contact_no": str(last + 1), "contacted": "true", **read_json(given.fields)})
    return submit(request, connection, (person, key), _change_contacts(given, contacts, if_match))


@router.patch("/{name}/contacts/{number}")
def change_contact(
    request: Request,
    connection: Transaction,
    person: Writer,
    place: Annotated[Place, Depends()],
    given: Annotated[Contact, Body()],
    if_match: IfMatch = None,
) -> Response:
    """Change a contact; what is not named stays."""
    key = find_case_for(connection, person, place.name, "record:edit")
    contacts = read_case_cells(connection, key.id).contacts
    contacts[find_place(contacts, place.number)] |= read_json(given.fields)
    return submit(request, connection, (person, key), _change_contacts(given, contacts, if_match))


@router.delete("/{name}/contacts/{number}")
def remove_contact(
    request: Request,
    connection: Transaction,
    person: Writer,
    place: Annotated[Place, Depends()],
    if_match: IfMatch = None,
) -> Response:
    """Take a contact out of its case; the history keeps it."""
    key = find_case_for(connection, person, place.name, "record:edit")
    contacts = read_case_cells(connection, key.id).contacts
    del contacts[find_place(contacts, place.number)]
    return submit(request, connection, (person, key), CaseChange(contacts=contacts, version=read_tag(if_match)))


def submit(
    request: Request, connection: sa.Connection, whose: tuple[Person, RecordKey], change: CaseChange
) -> Response:
    """Make a change and answer with the case; with what is wrong; or with the batch in which it waits."""
    person, key = whose
    saved = submit_case(request, connection, person, key, change)
    if saved.outcome == "held":
        return answer_held(saved)
    return answer_faults(saved) if saved.outcome == "rejected" else answer_case(connection, key, saved)


def make_change(
    given: Fields, *, version: int | None = None, press: str | None = None, whole: bool = False
) -> CaseChange:
    """Return a JSON body as a change."""
    cells, decisions = read_json(given.fields), read_json(given.decisions)
    contacts = None if given.contacts is None else [read_json(contact) for contact in given.contacts]
    if whole:
        cells = dict.fromkeys(CASE_CELLS, "") | cells
        kept = {name: "" for name in DECIDED if name != "status"}
        decisions, contacts = kept | decisions, contacts or []
    return CaseChange(
        cells=cells,
        contacts=contacts,
        decisions=decisions,
        reason=given.reason,
        press=press,
        version=version,
        confirmed=given.confirmed,
    )


def answer_case(
    connection: sa.Connection,
    key: RecordKey,
    saved: Saved | None = None,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """Answer with a case and its ETag."""
    cells, version = read_case_cells(connection, key.id), read_version_number(connection, key)
    document = {
        "name": key.name,
        "public_id": key.public_id,
        "layer": ACCOUNTABILITY,
        "version": version,
        "fields": cells.case,
        "contacts": cells.contacts,
        "decisions": cells.decisions,
        "messages": [write_message(message) for message in saved.messages] if saved else [],
    }
    return answer_json(document, status, {"ETag": f'"v{version}"', **(headers or {})})


def _change_contacts(given: Contact, contacts: list[dict[str, str]], if_match: str | None) -> CaseChange:
    said: dict[str, Any] = {"reason": given.reason, "confirmed": given.confirmed}
    return CaseChange(contacts=contacts, version=read_tag(if_match), **said)
