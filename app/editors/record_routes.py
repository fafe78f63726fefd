"""Single records by JSON: read, made, changed and taken back, each with the version it was made from."""

from __future__ import annotations

import re
from typing import Annotated, Any

import orjson
import pydantic
import sqlalchemy as sa
from fastapi import APIRouter, Body, Depends, Header
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.editors.connections import Transaction
from app.editors.held_edits import submit_edit
from app.editors.record_forms import read_json
from app.editors.record_saving import Change, allow_change, find_for, restoration, retraction, write_change
from app.editors.signing import require
from geo.accounts.people import Person
from geo.errors import NotFound
from geo.layers import INCIDENTS
from geo.loading.messages import Message
from geo.loading.record_cells import read_cells
from geo.loading.single_record import Saved
from geo.publishing.publish import publish_batch
from geo.records.audit import note_action
from geo.records.history import read_history
from geo.records.record_keys import RecordKey
from geo.records.takedown import take_down

router = APIRouter(prefix="/api/editing/records", include_in_schema=False)

_TAG = re.compile(r'"v(\d{1,9})"')
_NEEDS_TAG = "Send If-Match with the ETag of the record as you read it."
Reader = Annotated[Person, Depends(require("record:read"))]
Writer = Annotated[Person, Depends(require("record:edit"))]
IfMatch = Annotated[str | None, Header()]


class Fields(pydantic.BaseModel):
    """A record that is written. `fields` and `decisions` are by column; lists are lists of texts."""

    model_config = {"extra": "forbid"}
    fields: dict[str, Any]
    decisions: dict[str, Any] = {}
    confirmed: bool = False
    reason: Annotated[str, pydantic.Field(max_length=500)] | None = None


class Reason(pydantic.BaseModel):
    """Why something is done."""

    model_config = {"extra": "forbid"}
    reason: Annotated[str, pydantic.Field(min_length=1, max_length=500)]


class Restoring(Reason):
    """Which version is to be the present one."""

    version: Annotated[int, pydantic.Field(ge=1)]


class Takedown(pydantic.BaseModel):
    """What is wiped, and the class of reason."""

    model_config = {"extra": "forbid"}
    reason: str
    scope: str = "record"


@router.get("/{name}")
def show_record(connection: Transaction, person: Reader, name: str) -> Response:
    """Return a record with its restricted fields, as the cells of a row."""
    return answer_record(connection, find_for(connection, person, name))


@router.post("/{layer}")
def create_record(
    request: Request,
    connection: Transaction,
    person: Writer,
    layer: str,
    given: Annotated[Fields, Body()],
    idempotency_key: Annotated[str | None, Header(max_length=100)] = None,
) -> Response:
    """Make a record. The same Idempotency-Key makes it once."""
    if layer not in INCIDENTS:
        raise NotFound("There is no such layer of incidents.")
    change = make_change(given, press=idempotency_key)
    saved = write_change(request, connection, person, layer, change)
    if saved.outcome == "held":
        return answer_held(saved)
    if saved.record_id is None:
        return answer_faults(saved)
    key = find_for(connection, person, f"incident-{saved.record_id}")
    headers = {"Location": f"{router.prefix}/{key.name}"}
    return answer_record(connection, key, saved, status=200 if saved.again else 201, headers=headers)


@router.put("/{name}")
@router.patch("/{name}")
def change_record(
    request: Request,
    connection: Transaction,
    person: Writer,
    name: str,
    given: Annotated[Fields, Body()],
    if_match: IfMatch = None,
) -> Response:
    """Change a record. PUT empties what is not named, PATCH leaves it."""
    key = find_for(connection, person, name, "record:edit")
    change = make_change(given, version=read_tag(if_match), whole=request.method == "PUT")
    saved = write_change(request, connection, person, key, change)
    if saved.outcome == "held":
        return answer_held(saved)
    return answer_faults(saved) if saved.outcome == "rejected" else answer_record(connection, key, saved)


@router.delete("/{name}")
def remove_record(
    request: Request,
    connection: Transaction,
    person: Writer,
    name: str,
    given: Annotated[Reason, Body()],
    if_match: IfMatch = None,
) -> Response:
    """Take a record back; its history stays, and of its public row a stub."""
    key = find_for(connection, person, name, "record:edit")
    allow_change(person, key.layer)
    saved = submit_edit(request, connection, retraction(person, key, given.reason, read_tag(if_match)))
    return answer_held(saved) if saved.outcome == "held" else Response(status_code=204)


@router.get("/{name}/history")
def show_history(connection: Transaction, person: Reader, name: str) -> Response:
    """Return the versions of a record, the newest first, field by field."""
    versions = read_history(connection, find_for(connection, person, name))
    return answer_json({"versions": versions})


@router.post("/{name}/restore")
def restore(
    request: Request,
    connection: Transaction,
    person: Writer,
    name: str,
    given: Annotated[Restoring, Body()],
    if_match: IfMatch = None,
) -> Response:
    """Make an earlier version the present one."""
    key = find_for(connection, person, name, "record:edit")
    allow_change(person, key.layer)
    edit = restoration(person, key, given.version, given.reason, read_tag(if_match))
    saved = submit_edit(request, connection, edit, action="record.restore")
    return answer_held(saved) if saved.outcome == "held" else answer_record(connection, key)


@router.post("/{name}/takedown")
def remove_for_good(
    connection: Transaction,
    person: Annotated[Person, Depends(require("record:takedown"))],
    name: str,
    given: Annotated[Takedown, Body()],
) -> Response:
    """Wipe a record, or its texts and point, in every version."""
    key = find_for(connection, person, name, "record:takedown")
    publish_batch(connection, take_down(connection, key, actor=person.name, reason=given.reason, scope=given.scope))
    note_action(connection, person.name, "record.takedown", f"record:{key.layer}:{key.id}")
    return Response(status_code=204)


def make_change(given: Fields, *, version: int | None = None, press: str | None = None, whole: bool = False) -> Change:
    """Return a JSON body as a change."""
    return Change(
        cells=read_json(given.fields),
        decisions=read_json(given.decisions),
        reason=given.reason,
        press=press,
        version=version,
        whole=whole,
        confirmed=given.confirmed,
    )


def read_tag(if_match: str | None) -> int:
    """Return the version that If-Match names.

    Raises HTTPException 428 without one and 412 for one that is none of ours: a change must say what it was made from.
    """
    if if_match is None:
        raise HTTPException(428, _NEEDS_TAG)
    matched = _TAG.fullmatch(if_match.strip())
    if matched is None:
        raise HTTPException(412, _NEEDS_TAG)
    return int(matched[1])


def answer_record(
    connection: sa.Connection,
    key: RecordKey,
    saved: Saved | None = None,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """Answer with a record and its ETag."""
    columns = key.table.c
    state = connection.execute(
        sa.select(columns.version, columns.status, columns.updated_at).where(columns.id == key.id)
    ).one()
    cells, decisions = read_cells(connection, key.id) if key.layer in INCIDENTS else ({}, {})
    document = {
        "name": key.name,
        "public_id": key.public_id,
        "layer": key.layer,
        "version": state.version,
        "status": state.status,
        "updated_at": state.updated_at,
        "fields": cells,
        "decisions": decisions,
        "messages": [write_message(message) for message in saved.messages] if saved else [],
    }
    return answer_json(document, status, {"ETag": f'"v{state.version}"', **(headers or {})})


def answer_held(saved: Saved) -> Response:
    """Answer that a change waits for a second person, in a batch of its own."""
    address = f"/api/editing/batches/{saved.batch_id}"
    document = {
        "state": "in_review",
        "batch": saved.batch_id,
        "address": address,
        "messages": [write_message(message) for message in saved.messages],
    }
    return answer_json(document, 202, {"Location": address})


def answer_faults(saved: Saved) -> Response:
    """Answer that a record was not written, with all that is wrong with it."""
    document = {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "The record was not written: some of its fields cannot be used.",
        "messages": [write_message(message) for message in saved.messages],
    }
    return Response(orjson.dumps(document), 400, media_type="application/problem+json")


def answer_json(document: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with a document."""
    return Response(orjson.dumps(document, default=str), status, headers, "application/json")


def write_message(message: Message) -> dict[str, Any]:
    """Return what is said of a field, in both languages."""
    return {
        "field": message.column,
        "code": message.problem.code,
        "severity": message.problem.weight,
        "text_en": message.describe("en"),
        "text_zh_hans": message.describe("zh_hans"),
    }
