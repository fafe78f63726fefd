"""A change of a case on its way: made at once, or put before a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from starlette.requests import Request

from app.editors.held_edits import submit_edit
from app.editors.record_saving import allow_change, find_for
from geo.accounts.people import Person
from geo.errors import NotFound
from geo.layers import ACCOUNTABILITY
from geo.loading.single_record import Saved
from geo.records.held_edits import Edit
from geo.records.record_keys import RecordKey


@dataclass(frozen=True, kw_only=True)
class CaseChange:
    """What is to be written of a case; `contacts` None leaves them as they are."""

    cells: Mapping[str, str] = field(default_factory=dict)
    contacts: Sequence[Mapping[str, str]] | None = None
    decisions: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    press: str | None = None
    version: int | None = None
    confirmed: bool = False


def find_case_for(connection: sa.Connection, person: Person, name: str, action: str = "record:read") -> RecordKey:
    """Return the case that a person asks for.

    Raises:
        NotFound: there is none, or they may not do this to cases.
    """
    key = find_for(connection, person, name, action)
    if key.layer != ACCOUNTABILITY:
        raise NotFound("There is no case of that name.")
    return key


def submit_case(
    request: Request, connection: sa.Connection, person: Person, key: RecordKey | None, change: CaseChange
) -> Saved:
    """Check, write and publish a change of a case, or a new case; where a second person must agree, hold it."""
    allow_change(person, ACCOUNTABILITY)
    contacts = change.contacts
    edit = Edit(
        layer=ACCOUNTABILITY,
        actor=person.name,
        op="write_case",
        content={
            "cells": dict(change.cells),
            "contacts": None if contacts is None else [dict(contact) for contact in contacts],
            "decisions": dict(change.decisions),
            "confirmed": change.confirmed,
        },
        reason=change.reason or None,
        record=None if key is None else key.id,
        version=change.version,
        press=change.press or None,
    )
    return submit_edit(request, connection, edit)
