"""What every way of changing a record shares: who may, the check, the writing, publishing, the audit."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from starlette.requests import Request

from app.editors.signing import allow
from geo.accounts.people import Person
from geo.errors import NotAllowed, NotFound
from geo.layers import INCIDENTS
from geo.loading.record_cells import form_columns, read_cells
from geo.loading.single_record import Saved, TypedRecord, save_record
from geo.publishing.publish import publish_batch
from geo.records.audit import note_action
from geo.records.decisions import DECISIONS
from geo.records.record_keys import RecordKey, find_record
from geo.regions.region_index import RegionIndex, load_region_index

REVIEWED = frozenset({"widely_reported", "already_public"})
"""Marks that lift what protects people: a reviewer sets them."""
SECOND_PERSON = "A change of a call for help needs a second person: load it as a file, which somebody else approves."
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
    """Raise NotAllowed unless a person may change records of a layer alone."""
    allow(person, "record:edit", layer)
    if not person.may("batch:commit", layer) and layer in INCIDENTS:
        raise NotAllowed(SECOND_PERSON)


def write_change(
    request: Request, connection: sa.Connection, person: Person, place: RecordKey | str, change: Change
) -> Saved:
    """Check, write and publish a change of a record, or a new record of the layer `place`."""
    key = place if isinstance(place, RecordKey) else None
    layer = place.layer if isinstance(place, RecordKey) else place
    allow_change(person, layer)
    cells, decisions = dict(change.cells), dict(change.decisions)
    if change.whole:
        cells = dict.fromkeys(form_columns(layer), "") | cells
        decisions = dict.fromkeys(DECISIONS, "") | decisions
    _check_marks(connection, person, key, {**cells, **decisions})
    typed = TypedRecord(
        layer=layer,
        cells=cells,
        decisions=decisions,
        actor=person.name,
        reason=change.reason or None,
        key=key,
        version=change.version,
        press=change.press or None,
        confirmed=change.confirmed,
    )
    has_point = bool(cells.get("lon") or cells.get("lat")) or key is not None
    outlines: Outlines = request.app.state.outlines
    saved = save_record(connection, typed, outlines.get(connection) if has_point else None)
    if saved.batch_id is not None and not saved.again:
        publish_batch(connection, saved.batch_id)
        action = "record.create" if key is None else "record.change"
        note_action(connection, person.name, action, f"record:{layer}:{saved.record_id}")
    return saved


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
