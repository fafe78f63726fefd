"""What every way of changing a record shares: who may, the check, the writing, publishing, the audit."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from starlette.requests import Request

from app.editors.held_edits import find_reasons, may_write, submit_edit
from app.editors.signing import allow
from geo.accounts.people import Person
from geo.errors import NotAllowed, NotFound
from geo.loading.record_cells import form_columns, read_cells
from geo.loading.single_record import Saved
from geo.records.decisions import DECISIONS
from geo.records.held_edits import Edit
from geo.records.record_keys import RecordKey, find_record
from geo.regions.region_index import RegionIndex, load_region_index

REVIEWED = frozenset({"widely_reported", "already_public"})
"""Marks that lift what protects people: a reviewer sets them, or agrees to them."""
NOT_ALONE = "Your role does not change records of this layer."
REVIEWERS_MARK = "Only a reviewer may set or take off the marks 'already public' and 'widely reported'."


class Outlines:
    """Keeps the outlines of regions, which take seconds to read, from the first record with a point on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: RegionIndex | None = None

    def get(self, connection: sa.Connection) -> RegionIndex:
        """Return the index, read when it is first wanted."""
        with self._lock:
            if self._index is None:
                self._index = load_region_index(connection)
            return self._index


@dataclass(frozen=True, kw_only=True)
class Change:
    """What somebody asks to be written. `whole`: what is not named is emptied."""

    cells: Mapping[str, str]
    decisions: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    press: str | None = None
    version: int | None = None
    whole: bool = False
    confirmed: bool = False
    replaces: int | None = None
    """A change of one's own that came back, and that this one takes the place of."""


def find_for(connection: sa.Connection, person: Person, name: str, action: str = "record:read") -> RecordKey:
    """Return the record that a person asks for.

    Raises:
        NotFound: there is none, or they may not do this to its layer.
    """
    key = find_record(connection, name)
    if not person.may(action, key.layer):
        raise NotFound("There is no record of that name.")
    return key


def allow_change(person: Person, layer: str) -> None:
    """Raise NotAllowed unless a person may change records of a layer, alone or with a second person."""
    allow(person, "record:edit", layer)
    if not may_write(person, layer):
        raise NotAllowed(NOT_ALONE)


def write_change(
    request: Request, connection: sa.Connection, person: Person, place: RecordKey | str, change: Change
) -> Saved:
    """Check, write and publish a change of a record, or a new record of the layer `place`.

    Where a second person must agree, it is checked and put before them.
    """
    key = place if isinstance(place, RecordKey) else None
    layer = place.layer if isinstance(place, RecordKey) else place
    allow_change(person, layer)
    cells, decisions = dict(change.cells), dict(change.decisions)
    if change.whole:
        cells = dict.fromkeys(form_columns(layer), "") | cells
        decisions = dict.fromkeys(DECISIONS, "") | decisions
    edit = Edit(
        layer=layer,
        actor=person.name,
        op="write",
        content={"cells": cells, "decisions": decisions, "confirmed": change.confirmed},
        reason=change.reason or None,
        record=None if key is None else key.id,
        version=change.version,
        press=change.press or None,
    )
    if not find_reasons(connection, edit):
        _check_marks(connection, person, key, {**cells, **decisions})
    return submit_edit(request, connection, edit, replaces=change.replaces)


def retraction(person: Person, key: RecordKey, reason: str, version: int) -> Edit:
    """Return the change that takes a record back, from the version that was seen."""
    return Edit(op="retract", layer=key.layer, actor=person.name, record=key.id, version=version, reason=reason or None)


def restoration(person: Person, key: RecordKey, to: int, reason: str | None, version: int) -> Edit:
    """Return the change that makes the version `to` the present one, from the version that was seen."""
    known = {"to": to}
    return Edit(
        op="restore",
        content=known,
        layer=key.layer,
        actor=person.name,
        record=key.id,
        version=version,
        reason=reason or None,
    )


def _check_marks(connection: sa.Connection, person: Person, key: RecordKey | None, typed: Mapping[str, str]) -> None:
    if person.may("record:takedown"):  # whoever may take a record down may say that it is public
        return
    before: dict[str, Any] = {}
    if key is not None:
        cells, decisions = read_cells(connection, key.id)
        before = {"already_public": cells["already_public"] == "true", "widely_reported": decisions["widely_reported"]}
    for name in REVIEWED & typed.keys():
        if (typed[name] == "true") != bool(before.get(name)):
            raise NotAllowed(REVIEWERS_MARK)
