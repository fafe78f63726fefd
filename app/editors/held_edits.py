"""Changes of single records on their way: made at once, or shown to a second person and made when they agree."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from starlette.requests import Request

from app.editors.edit_writers import writer_for
from geo.accounts.people import Person
from geo.errors import NotAllowed
from geo.layers import ACCOUNTABILITY
from geo.loading.case_guard import tells_of_call
from geo.loading.edit_approval import Foreseen, approve_edit, foresee_edit
from geo.loading.settle import SENSITIVE_LAYERS
from geo.loading.single_record import Saved
from geo.loading.workflow import approve, discard, lock_batch
from geo.publishing.publish import publish_batch
from geo.records.audit import note_action
from geo.records.held_edits import Edit, hold_edit, read_edit

ACTIONS: Final = {"inserted": "record.create", "updated": "record.change", "deleted": "record.retract"}
"""What the audit calls what became of a record."""


def may_write(person: Person, layer: str) -> bool:
    """Whether somebody may change records of a layer, alone or with a second person."""
    return person.may("record:edit", layer) and (layer in SENSITIVE_LAYERS or person.may("batch:commit", layer))


def find_reasons(connection: sa.Connection, edit: Edit) -> list[str]:
    """Say why a second person must agree to a change; nothing where none must."""
    sensitive = edit.layer in SENSITIVE_LAYERS or (edit.layer == ACCOUNTABILITY and tells_of_call(connection, edit))
    return ["sensitive_layer"] if sensitive else []


def submit_edit(
    request: Request, connection: sa.Connection, edit: Edit, *, action: str | None = None, replaces: int | None = None
) -> Saved:
    """Make a change and publish it; where a second person must agree, check it and put it before them (`held`).

    `action` is what the audit calls it, where that is not plain; `replaces` is a change of one's own that came back,
    and that this one takes the place of.
    """
    reasons, write = find_reasons(connection, edit), writer_for(request)
    if reasons:
        return _hold(request, connection, edit, reasons, replaces)
    saved = write(connection, edit, None)
    if saved.batch_id is not None and not saved.again:
        publish_batch(connection, saved.batch_id)
        done = action or ACTIONS[saved.outcome]
        note_action(connection, edit.actor, done, f"record:{edit.layer}:{saved.record_id}")
    return saved


def _hold(request: Request, connection: sa.Connection, edit: Edit, reasons: list[str], replaces: int | None) -> Saved:
    savepoint = connection.begin_nested()
    try:
        saved = writer_for(request)(connection, edit, None)
    finally:
        savepoint.rollback()
    if saved.batch_id is None or saved.again:
        return saved
    if replaces is not None:
        _discard_own(connection, edit, replaces)
    batch_id = hold_edit(connection, edit, reasons, {saved.outcome: 1})
    note_action(connection, edit.actor, "record.ask", f"batch:{batch_id}", edit.hash)
    return Saved(outcome="held", messages=saved.messages, batch_id=batch_id, record_id=edit.record)


def _discard_own(connection: sa.Connection, edit: Edit, replaces: int) -> None:
    row = lock_batch(connection, replaces)
    if (row["kind"], row["actor"], row["layer"]) != ("edit", edit.actor, edit.layer):
        raise NotAllowed("Only a change of one's own can be replaced.")
    discard(connection, replaces, edit.actor)


def look_at_edit(request: Request, connection: sa.Connection, batch_id: int) -> tuple[Edit, Foreseen]:
    """Return a change that waits, and what it would do."""
    edit = read_edit(lock_batch(connection, batch_id))
    return edit, foresee_edit(connection, edit, writer_for(request), publish_batch)


def agree(request: Request, connection: sa.Connection, person: Person, batch_id: int, content_hash: str) -> None:
    """Agree to a batch as its second person: a change of one record is made at once, the worker commits the others."""
    if lock_batch(connection, batch_id)["kind"] != "edit":
        approve(connection, batch_id, person.name, content_hash)
        return
    saved = approve_edit(connection, batch_id, person.name, content_hash, (writer_for(request), publish_batch))
    if saved is not None:
        layer = lock_batch(connection, batch_id)["layer"]
        note_action(connection, person.name, ACTIONS[saved.outcome], f"record:{layer}:{saved.record_id}")
