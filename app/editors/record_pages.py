"""Pages of single records: the search, the form of a record, taking it back."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.batch_access import find_batch, read_row
from app.editors.connections import Transaction
from app.editors.held_edits import may_write
from app.editors.pages import answer_page
from app.editors.record_forms import make_fields, read_form
from app.editors.record_saving import Change, allow_change, find_for, write_change
from app.editors.signing import require
from geo.accounts.people import Person
from geo.errors import BadRequest, NotFound, Stale
from geo.layers import ACCOUNTABILITY, INCIDENTS, RECORDS
from geo.loading.checks import KEEPABLE
from geo.loading.record_cells import read_cells
from geo.loading.settle import SENSITIVE_LAYERS
from geo.loading.single_record import Saved
from geo.records.held_edits import Edit, list_held, read_edit
from geo.records.record_keys import RecordKey
from geo.records.record_search import PAGE, RecordQuery, find_records

router = APIRouter(prefix="/editor/records", include_in_schema=False)
STATES = ("published", "retracted", "withheld")
Reader = Annotated[Person, Depends(require("record:read"))]
Writer = Annotated[Person, Depends(require("record:edit"))]
HeldBatch = Annotated[int | None, Query(ge=1, lt=2**63)]


async def read_sent_form(request: Request) -> FormData:
    """Return the form that was sent."""
    return await request.form()


SentForm = Annotated[FormData, Depends(read_sent_form)]


@router.get("")
def search_records(request: Request, connection: Transaction, person: Reader) -> Response:
    """Find records by words, region, dates and state."""
    query = read_query(request)
    found = find_records(connection, query)
    asked = {name: value for name, value in request.query_params.items() if name not in {"before", "lang", "saved"}}
    return answer_page(
        request,
        "records.html",
        query=query,
        records=found,
        asked=asked,
        layers=RECORDS,
        makers=[layer for layer in INCIDENTS if may_write(person, layer)],
        states=STATES,
        is_full=len(found) == PAGE,
        may_open_case=query.layer in INCIDENTS and may_write(person, ACCOUNTABILITY),
        taken_down=request.query_params.get("saved") == "taken_down",
    )


@router.get("/new/{layer}")
def begin_record(
    request: Request, connection: Transaction, layer: str, person: Writer, edit: HeldBatch = None
) -> Response:
    """Show an empty form, or one as it was typed when it came back from a second person."""
    check_layer(layer)
    allow_change(person, layer)
    if edit is not None:
        came = read_own_edit(connection, person, edit, layer)
        content, rest = came.content, {"reason": came.reason or "", "replaces": str(edit)}
        return show_form(request, layer, None, content["cells"], content["decisions"], rest=rest)
    return show_form(request, layer, None, {"datum": "wgs84"}, {})


@router.post("/new/{layer}")
def create_record(request: Request, connection: Transaction, person: Writer, layer: str, form: SentForm) -> Response:
    """Make a record, or show the form again with what is wrong."""
    check_layer(layer)
    cells, decisions, rest = read_form(layer, form)
    change = Change(cells=cells, decisions=decisions, **describe_press(rest))
    saved = write_change(request, connection, person, layer, change)
    if saved.outcome == "held":
        return RedirectResponse(f"/editor/batches/{saved.batch_id}", status_code=303)
    if saved.record_id is None:
        return show_form(request, layer, None, cells, decisions, saved=saved, rest=rest)
    return RedirectResponse(f"/editor/records/incident-{saved.record_id}?saved={saved.outcome}", status_code=303)


@router.get("/{name}")
def show_record(
    request: Request, connection: Transaction, person: Reader, name: str, edit: HeldBatch = None
) -> Response:
    """Show a record in its form; a case, which is several rows, on a page of its own."""
    key = find_for(connection, person, name)
    if key.layer not in INCIDENTS:
        return RedirectResponse(f"/editor/cases/{key.name}", status_code=303)
    cells, decisions = read_cells(connection, key.id)
    typed = {choice: write_decision(value) for choice, value in decisions.items()}
    rest = {"version": str(read_version_number(connection, key))}
    if edit is not None:
        came = read_own_edit(connection, person, edit, key.layer)
        cells, typed = cells | came.content["cells"], typed | came.content["decisions"]
        rest |= {"reason": came.reason or "", "replaces": str(edit)}
    told, held = request.query_params.get("saved"), list_held(connection, key.layer, key.id)
    return show_form(request, key.layer, key, cells, typed, rest=rest, told=told, held=held)


@router.post("/{name}")
def change_record(request: Request, connection: Transaction, person: Writer, name: str, form: SentForm) -> Response:
    """Change a record, or show the form again: with what is wrong, or with what somebody else made of it meanwhile."""
    key = find_for(connection, person, name, "record:edit")
    cells, decisions, rest = read_form(key.layer, form)
    version = int(rest["version"]) if rest["version"].isdigit() else 0
    change = Change(cells=cells, decisions=decisions, version=version, **describe_press(rest))
    try:
        saved = write_change(request, connection, person, key, change)
    except Stale as stale:
        return show_form(request, key.layer, key, cells, decisions, rest=rest, stale=stale)
    if saved.outcome == "held":
        return RedirectResponse(f"/editor/batches/{saved.batch_id}", status_code=303)
    if saved.outcome == "rejected":
        return show_form(request, key.layer, key, cells, decisions, saved=saved, rest=rest)
    return RedirectResponse(f"/editor/records/{key.name}?saved={saved.outcome}", status_code=303)


def show_form(
    request: Request,
    layer: str,
    key: RecordKey | None,
    cells: dict[str, str],
    decisions: dict[str, str],
    **state: Any,
) -> Response:
    """Answer with the form, as typed."""
    saved: Saved | None = state.get("saved")
    stale: Stale | None = state.get("stale")
    rest: dict[str, str] = state.get("rest") or {}
    language = request.app.state.pages.read_language(request)
    person: Person = request.state.person
    told = state.get("told")
    faults = [message for message in saved.messages if message.problem.rejects] if saved else []
    return answer_page(
        request,
        "record_form.html",
        status=412 if stale else 400 if saved else 200,
        layer=layer,
        key=key,
        groups=make_fields(layer, cells, decisions, saved, language),
        faults=faults,
        stale=stale,
        undecided=bool(saved) and all(message.problem.code in KEEPABLE for message in faults),
        version=rest.get("version", ""),
        reason=rest.get("reason", ""),
        press=rest.get("press") or secrets.token_urlsafe(12),
        told=told if told in {"inserted", "updated", "unchanged", "restored", "retracted", "taken_down"} else None,
        may_change=may_write(person, layer),
        needs_second=layer in SENSITIVE_LAYERS,
        held=state.get("held", ()),
        replaces=rest.get("replaces", ""),
        may_take_down=person.may("record:takedown", layer),
        may_open_case=may_write(person, ACCOUNTABILITY),
        speech="en" if language == "en" else "zh_hans",
        script=language.replace("-", "_").lower(),
    )


def describe_press(rest: dict[str, str]) -> dict[str, Any]:
    """Return what a form says of itself: why, which press of the button, whether doubts were seen, what it replaces."""
    replaces = int(rest["replaces"]) if rest["replaces"].isdigit() else None
    told = {"reason": rest["reason"], "press": rest["press"], "confirmed": rest["confirmed"] == "true"}
    return {**told, "replaces": replaces}


def read_own_edit(connection: sa.Connection, person: Person, batch_id: int, layer: str) -> Edit:
    """Return a change as somebody typed it, to be typed again.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    row = read_row(connection, batch_id) if find_batch(connection, person, batch_id)["kind"] == "edit" else None
    if row is None or row["layer"] != layer or row["options"].get("edit", {}).get("op") != "write":
        raise NotFound("There is no such change.")
    return read_edit(row)


def read_query(request: Request) -> RecordQuery:
    """Read the question of an address. Raises BadRequest for what cannot be asked."""
    asked = {name: text.strip() for name, text in request.query_params.items() if text.strip()}
    try:
        query = RecordQuery(
            layer=asked.get("layer", RECORDS[0]),
            words=asked.get("q", "")[:200] or None,
            region=asked.get("region", "")[:6] or None,
            since=dt.date.fromisoformat(asked["from"]) if "from" in asked else None,
            until=dt.date.fromisoformat(asked["to"]) if "to" in asked else None,
            status=asked.get("status"),
            source_system=asked.get("source", "")[:63] or None,
            before=int(asked["before"]) if "before" in asked else None,
        )
    except ValueError as problem:
        raise BadRequest("Days are written as 2024-03-05.") from problem
    if query.layer not in RECORDS or query.status not in {None, *STATES}:
        raise BadRequest("There is no such layer or state.")
    return query


def check_layer(layer: str) -> None:
    """Raise NotFound for a layer that holds no incidents."""
    if layer not in INCIDENTS:
        raise NotFound("Nothing is at this address.")


def read_version_number(connection: sa.Connection, key: RecordKey) -> int:
    """Return the version that a record has now."""
    return int(connection.scalar(sa.select(key.table.c.version).where(key.table.c.id == key.id)) or 0)


def write_decision(value: object) -> str:
    """Return a decision as it is typed."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
