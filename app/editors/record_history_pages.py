"""Pages of a record's past: its versions with their differences, going back to one, taking it back, taking it down."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.connections import Transaction
from app.editors.held_edits import may_write, submit_edit
from app.editors.pages import answer_page
from app.editors.record_pages import read_version_number
from app.editors.record_saving import allow_change, find_for, restoration, retraction
from app.editors.signing import require
from geo.accounts.people import Person
from geo.errors import DataError, Stale
from geo.layers import PROPERTIES
from geo.loading.single_record import Saved
from geo.publishing.publish import publish_batch
from geo.records.audit import note_action
from geo.records.held_edits import list_held
from geo.records.history import read_history
from geo.records.record_keys import RecordKey
from geo.records.takedown import take_down
from geo.records.tombstones import REASONS, SCOPES

router = APIRouter(prefix="/editor/records", include_in_schema=False)
Reader = Annotated[Person, Depends(require("record:read"))]
Writer = Annotated[Person, Depends(require("record:edit"))]
Remover = Annotated[Person, Depends(require("record:takedown"))]
_LABELS = {prop.name: prop.labels for prop in PROPERTIES}


class Step(BaseModel):
    """Going back to a version (`to`), or taking the record back, from the version that was seen."""

    model_config = {"extra": "forbid"}
    csrf: str = ""
    version: int
    reason: str = ""
    to: int | None = None


class Removal(BaseModel):
    """A takedown: class of reason, scope, and the record's name typed again."""

    model_config = {"extra": "forbid"}
    csrf: str = ""
    reason: str
    scope: str
    confirm: str


@router.get("/{name}/history")
def show_history(request: Request, connection: Transaction, person: Reader, name: str) -> Response:
    """List the versions of a record, the newest first."""
    return show_versions(request, connection, find_for(connection, person, name), None)


@router.post("/{name}/restore")
def restore(
    request: Request, connection: Transaction, person: Writer, name: str, step: Annotated[Step, Form()]
) -> Response:
    """Go back to a version."""
    key = find_for(connection, person, name, "record:edit")
    allow_change(person, key.layer)
    edit = restoration(person, key, step.to or 0, step.reason or None, step.version)
    try:
        saved = submit_edit(request, connection, edit, action="record.restore")
    except (Stale, DataError) as problem:
        return show_versions(request, connection, key, str(problem))
    return lead_to_held(saved) or RedirectResponse(f"/editor/records/{key.name}?saved=restored", status_code=303)


@router.post("/{name}/retract")
def retract(
    request: Request, connection: Transaction, person: Writer, name: str, step: Annotated[Step, Form()]
) -> Response:
    """Take a record back."""
    key = find_for(connection, person, name, "record:edit")
    allow_change(person, key.layer)
    try:
        saved = submit_edit(request, connection, retraction(person, key, step.reason, step.version))
    except (Stale, DataError) as problem:
        return show_versions(request, connection, key, str(problem))
    return lead_to_held(saved) or RedirectResponse(f"/editor/records/{key.name}/history", status_code=303)


@router.get("/{name}/takedown")
def ask_for_takedown(request: Request, connection: Transaction, person: Remover, name: str) -> Response:
    """Show what a takedown does, and ask for the record's name."""
    return show_takedown(request, find_for(connection, person, name, "record:takedown"), wrong=False)


@router.post("/{name}/takedown")
def remove_for_good(
    request: Request, connection: Transaction, person: Remover, name: str, given: Annotated[Removal, Form()]
) -> Response:
    """Wipe a record, or its texts and point."""
    key = find_for(connection, person, name, "record:takedown")
    if given.confirm.strip() != key.name or given.reason not in REASONS or given.scope not in SCOPES:
        return show_takedown(request, key, wrong=True)
    publish_batch(connection, take_down(connection, key, actor=person.name, reason=given.reason, scope=given.scope))
    note_action(connection, person.name, "record.takedown", f"record:{key.layer}:{key.id}")
    return RedirectResponse("/editor/records?saved=taken_down", status_code=303)


def lead_to_held(saved: Saved) -> Response | None:
    """Lead to the batch in which a change waits for a second person; None where it does not."""
    held = saved.outcome == "held"
    return RedirectResponse(f"/editor/batches/{saved.batch_id}", status_code=303) if held else None


def show_versions(request: Request, connection: Transaction, key: RecordKey, fault: str | None) -> Response:
    """Answer with the versions of a record."""
    person: Person = request.state.person
    language = request.app.state.pages.read_language(request)
    return answer_page(
        request,
        "record_history.html",
        status=400 if fault else 200,
        key=key,
        fault=fault,
        versions=read_history(connection, key),
        version=read_version_number(connection, key),
        labels=_LABELS,
        script=language.replace("-", "_").lower(),
        may_change=may_write(person, key.layer),
        held=list_held(connection, key.layer, key.id),
        may_take_down=person.may("record:takedown", key.layer),
    )


def show_takedown(request: Request, key: RecordKey, *, wrong: bool) -> Response:
    """Answer with the form of a takedown."""
    return answer_page(
        request,
        "record_takedown.html",
        status=400 if wrong else 200,
        key=key,
        wrong=wrong,
        reasons=REASONS,
        scopes=SCOPES,
    )
