"""One incident, typed instead of loaded: the same checks and messages as a row of a file, a batch of its own.

The typed cells are a table of one row. All of it is read and checked; of a record that is there, only what was changed
is written, so that what a form cannot show (a source's publisher, the coordinates as reported) stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import orjson
import sqlalchemy as sa

from geo.errors import DataError
from geo.layers import ACCOUNTABILITY
from geo.loading.checks import KEEPABLE
from geo.loading.decision_cells import read_decisions
from geo.loading.headers import map_headers
from geo.loading.incident_loading import IncidentLoading
from geo.loading.messages import Message
from geo.loading.near_duplicates import hold_near
from geo.loading.profiles import OWN
from geo.loading.record_cells import PLACE_CELLS, form_columns, read_cells
from geo.loading.request import CHINA_TIME, LoadReport, LoadRequest
from geo.loading.staging import StagedRow, copy_rows
from geo.loading.summary import summarise
from geo.loading.targets import governed_columns
from geo.records.batch_tables import batch, record_version, staging_row
from geo.records.batches import end_batch, lock_layer
from geo.records.decisions import complete_decisions, write_decisions
from geo.records.incidents import clear_columns, write_incidents
from geo.records.matching import match_rows
from geo.records.record_keys import RecordKey, lock_record
from geo.records.retraction import begin_edit
from geo.regions.region_index import RegionIndex

TYPED: Final = "editors"
"""The data set of records that were typed by hand, where none is named."""

_ROW: Final = 1
_POINT: Final = ("lon", "lat", "datum")
_TOGETHER: Final = (frozenset(PLACE_CELLS), frozenset({"starts_on", "ends_on", "date_precision"}))
"""Columns that are written together, if one of them was changed."""


@dataclass(frozen=True, kw_only=True)
class TypedRecord:
    """One incident as typed. `cells` are by column (see `form_columns`), `decisions` as typed, too.

    `key` and `version` say which record it is to be, and from which version it was made; without a key it is a new
    one. A column that is left out stays as it is. `confirmed`: what somebody has to decide on, a record that looks
    alike among it, was seen, and the record is to be written all the same. `press` is the same for the same press of
    a button.
    """

    layer: str
    cells: Mapping[str, str]
    decisions: Mapping[str, str] = field(default_factory=dict)
    actor: str
    reason: str | None = None
    key: RecordKey | None = None
    version: int | None = None
    press: str | None = None
    confirmed: bool = False
    today: dt.date = field(default_factory=lambda: dt.datetime.now(tz=CHINA_TIME).date())


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What became of it: inserted, updated, deleted, unchanged, rejected, or held for a second person.

    `batch_id` None: nothing was written.

    `again`: the same press of a button had done it before.
    """

    outcome: str
    messages: tuple[Message, ...]
    batch_id: int | None = None
    record_id: int | None = None
    again: bool = False


def save_record(
    connection: sa.Connection, typed: TypedRecord, index: RegionIndex | None = None, batch_id: int | None = None
) -> Saved:
    """Check and write one incident in the caller's transaction; publishing its batch is the caller's.

    `index` saves the second that reading the outlines takes, for a process that keeps it. `batch_id` is the batch in
    which this waited for a second person.

    Raises:
        NotFound, Stale: see `lock_record`.
        DataError: the layer holds no incidents, or there is no such column.
    """
    _check_columns(typed)
    lock_layer(connection, typed.layer)
    if typed.key is not None:
        lock_record(connection, typed.key, typed.version)
    done = find_done(connection, typed.actor, typed.press)
    if done is not None:
        return done
    savepoint = connection.begin_nested()
    own = begin_edit(connection, typed.layer, typed.actor, typed.reason, batch_id=batch_id, once=typed.press)
    saved = _Saving(connection, typed, own).run(index)
    if saved.batch_id is None:
        savepoint.rollback()
    else:
        savepoint.commit()
    return saved


def _check_columns(typed: TypedRecord) -> None:
    if typed.layer == ACCOUNTABILITY:
        raise DataError("An accountability case is loaded from a file.")
    known = {*form_columns(typed.layer), "source_system", "source_id"}
    unknown = sorted(typed.cells.keys() - known)
    if unknown:
        raise DataError(f"{typed.layer} has no column {unknown[0]!r} that can be typed.")


def find_done(connection: sa.Connection, actor: str, press: str | None) -> Saved | None:
    """Find what the same press of the button has done already."""
    if press is None:
        return None
    told = record_version.c
    found = connection.execute(
        sa.select(batch.c.id, told.record_id, told.op)
        .join(record_version, told.batch_id == batch.c.id)
        .where(batch.c.kind == "edit", batch.c.actor == actor, batch.c.options["once"].astext == press)
    ).one_or_none()
    if found is None:
        return None
    outcome = "inserted" if found.op == "insert" else "updated"
    return Saved(outcome=outcome, messages=(), batch_id=found.id, record_id=found.record_id, again=True)


class _Saving:
    """One record on its way from cells to the table."""

    def __init__(self, connection: sa.Connection, typed: TypedRecord, batch_id: int) -> None:
        self._connection = connection
        self._typed = typed
        self._batch_id = batch_id
        self._before, self._decided = (
            read_cells(connection, typed.key.id) if typed.key else ({}, complete_decisions({}))
        )
        self._cells = self._complete()
        self._changed = self._find_changed()

    def run(self, index: RegionIndex | None) -> Saved:
        """Check, and write what passes."""
        typed, batch_id = self._typed, self._batch_id
        decisions, said = read_decisions(typed.decisions)
        row = self._read(index)
        copy_rows(self._connection, batch_id, [replace(row, messages=[*row.messages, *said])])
        self._loading.check(batch_id)
        if any(self._stops(message) for message in self._list_messages()):
            return Saved(outcome="rejected", messages=self._list_messages())
        cleared = self._narrow(row, {**self._decided, **decisions})
        counts = match_rows(self._connection, batch_id, typed.layer, cleared=cleared, by_public_id=False)
        (outcome,) = counts
        if outcome == "inserted" and not typed.confirmed and self._looks_alike():
            return Saved(outcome="rejected", messages=self._list_messages())
        messages = self._list_messages()
        record_id = int(self._connection.execute(sa.text("SELECT record_id FROM row_match")).scalar_one())
        if outcome == "unchanged":
            return Saved(outcome=outcome, messages=messages, record_id=record_id)
        write_incidents(self._connection, batch_id, typed.layer, cleared=cleared, actor=typed.actor)
        write_decisions(self._connection, record_id, decisions)
        end_batch(self._connection, batch_id, rows=1, counts=counts)
        return Saved(outcome=outcome, messages=messages, batch_id=batch_id, record_id=record_id)

    def _stops(self, message: Message) -> bool:
        """Whether a message keeps the record out, when what somebody may decide on was decided."""
        decided = self._typed.confirmed and message.problem.code in KEEPABLE
        return message.problem.rejects and not decided

    def _list_messages(self) -> tuple[Message, ...]:
        report = LoadReport(layer=self._typed.layer, file_name="")
        summarise(self._connection, self._batch_id, report)
        return tuple(report.messages)

    def _looks_alike(self) -> bool:
        """Look for records near the new one. An id that was made up here tells it from none of them."""
        if not self._typed.cells.get("source_id", "").strip():
            self._connection.execute(
                sa.update(staging_row).where(staging_row.c.batch_id == self._batch_id).values(source_id=None)
            )
        return hold_near(self._connection, self._batch_id, self._typed.layer, OWN) > 0

    def _complete(self) -> dict[str, str]:
        """Return every cell: as typed, else as the record has it, else empty; with the record's own identity."""
        typed = self._typed
        cells = {name: typed.cells.get(name, self._before.get(name, "")) for name in form_columns(typed.layer)}
        named = {name: typed.cells.get(name, "").strip() for name in ("source_system", "source_id")}
        if typed.key is not None:
            return cells | {name: self._before[name] for name in named}
        made = {"source_system": TYPED, "source_id": f"typed-{self._batch_id}"}
        return cells | {name: text or made[name] for name, text in named.items()}

    def _find_changed(self) -> set[str]:
        if self._typed.key is None:
            return set(self._cells)
        changed = {name for name, cell in self._cells.items() if cell.strip() != self._before.get(name, "").strip()}
        for group in _TOGETHER:
            if group & changed:
                changed |= group
        return changed

    def _read(self, index: RegionIndex | None) -> StagedRow:
        typed = self._typed
        # The outlines, which take a while to read, are wanted for a point only.
        left_out = () if self._cells["lon"].strip() or self._cells["lat"].strip() else _POINT
        cells = {name: cell for name, cell in self._cells.items() if name not in left_out}
        request = LoadRequest(layer=typed.layer, path=Path("form"), actor=typed.actor, today=typed.today)
        mapping = map_headers(list(cells), typed.layer, source=None)
        self._loading = IncidentLoading(self._connection, request, mapping, index)
        (row,) = self._loading.read([(_ROW, list(cells.values()), ())])
        return row

    def _narrow(self, row: StagedRow, decided: Mapping[str, Any]) -> str:
        """Leave in staging only what was changed; return the columns that are cleared where they are empty now."""
        governed = governed_columns(self._changed)
        values = {name: value for name, value in orjson.loads(row.data or b"{}").items() if name in governed}
        values |= decided
        if "sources" in values:
            values["sources"] = keep_what_is_known(values["sources"], self._known_sources())
        data = orjson.dumps(values, option=orjson.OPT_SORT_KEYS, default=str)
        # A hash of its own, so that no row of a file is taken for this one unseen.
        content = blake2b(b"%d %s" % (self._batch_id, data), digest_size=16).hexdigest()
        self._connection.execute(
            sa.text(
                "UPDATE editorial.staging_row "
                "SET data = CAST(:data AS jsonb), content_hash = :content, outcome = NULL "
                "WHERE batch_id = :batch"
            ),
            {"data": data.decode(), "content": content, "batch": self._batch_id},
        )
        return clear_columns(governed)

    def _known_sources(self) -> list[dict[str, Any]]:
        if self._typed.key is None:
            return []
        table = self._typed.key.table
        return list(self._connection.scalar(sa.select(table.c.sources).where(table.c.id == self._typed.key.id)) or [])


def keep_what_is_known(entries: list[dict[str, Any]], known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give a source that was there before its publisher, type and day again, which a cell does not show."""
    by_name = {(entry.get("title"), entry.get("url")): entry for entry in known}
    return [by_name.get((entry.get("title"), entry.get("url")), entry) for entry in entries]
