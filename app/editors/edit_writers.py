"""Every kind of change that is made to one record: at once, or when a second person agrees to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa
from starlette.requests import Request

from geo.errors import DataError, NotFound
from geo.layers import ACCOUNTABILITY
from geo.loading.edit_approval import Write
from geo.loading.single_case import TypedCase, save_case
from geo.loading.single_record import Saved, TypedRecord, save_record
from geo.records.held_edits import Edit
from geo.records.record_keys import RecordKey, find_record
from geo.records.restoring import restore_version
from geo.records.retraction import retract_record


def find_key(connection: sa.Connection, edit: Edit) -> RecordKey:
    """Return the record that an edit is done to. Raises NotFound when it is gone, or there is none."""
    if edit.record is None:
        raise NotFound("The change names no record.")
    return find_record(connection, f"{'case' if edit.layer == ACCOUNTABILITY else 'incident'}-{edit.record}")


def write_typed(request: Request, connection: sa.Connection, edit: Edit, batch_id: int | None) -> Saved:
    """Make or change an incident as it was typed: `cells`, `decisions` and `confirmed`."""
    key = None if edit.record is None else find_key(connection, edit)
    cells = edit.content["cells"]
    typed = TypedRecord(
        layer=edit.layer,
        cells=cells,
        decisions=edit.content["decisions"],
        actor=edit.actor,
        reason=edit.reason,
        key=key,
        version=edit.version,
        press=edit.press,
        confirmed=edit.content["confirmed"],
    )
    has_point = bool(cells.get("lon") or cells.get("lat")) or key is not None
    index = request.app.state.outlines.get(connection) if has_point else None
    return save_record(connection, typed, index, batch_id)


def write_case(_request: Request, connection: sa.Connection, edit: Edit, batch_id: int | None) -> Saved:
    """Make or change a case as it was typed: `cells`, `contacts`, `decisions` and `confirmed`."""
    typed = TypedCase(
        cells=edit.content["cells"],
        contacts=edit.content["contacts"],
        decisions=edit.content["decisions"],
        actor=edit.actor,
        reason=edit.reason,
        key=None if edit.record is None else find_key(connection, edit),
        version=edit.version,
        press=edit.press,
        confirmed=edit.content["confirmed"],
    )
    return save_case(connection, typed, batch_id)


def write_retraction(_request: Request, connection: sa.Connection, edit: Edit, batch_id: int | None) -> Saved:
    """Take a record back."""
    key, reason = find_key(connection, edit), edit.reason or ""
    made = retract_record(connection, key, actor=edit.actor, reason=reason, version=edit.version, batch_id=batch_id)
    return Saved(outcome="deleted", messages=(), batch_id=made, record_id=edit.record)


def write_restoration(_request: Request, connection: sa.Connection, edit: Edit, batch_id: int | None) -> Saved:
    """Make an earlier version, `to`, the present one."""
    key, told = find_key(connection, edit), (edit.actor, edit.reason)
    made = restore_version(connection, key, edit.content["to"], told=told, based_on=edit.version, batch_id=batch_id)
    return Saved(outcome="updated", messages=(), batch_id=made, record_id=edit.record)


OPS: Final[dict[str, Callable[[Request, sa.Connection, Edit, int | None], Saved]]] = {
    "write": write_typed,
    "write_case": write_case,
    "retract": write_retraction,
    "restore": write_restoration,
}
"""What can be done to one record, by the name under which it is kept while it waits."""


def writer_for(request: Request) -> Write:
    """Return what makes an edit of any kind."""

    def write(connection: sa.Connection, edit: Edit, batch_id: int | None) -> Saved:
        if edit.op not in OPS:
            raise DataError("There is no such kind of change.")
        return OPS[edit.op](request, connection, edit, batch_id)

    return write
