"""One case with its contacts, typed instead of loaded: the rows of a file, checked and written as those are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from geo.errors import DataError
from geo.layers import ACCOUNTABILITY
from geo.loading.case_cells import CASE_CELLS, CONTACT_CELLS, IDENTITY, CaseCells, read_case_cells
from geo.loading.case_decision_cells import read_case_decision_cells
from geo.loading.case_loading import CaseLoading
from geo.loading.case_rows import CONTACT_COLUMNS
from geo.loading.checks import KEEPABLE
from geo.loading.headers import map_headers
from geo.loading.messages import Message
from geo.loading.request import CHINA_TIME, LoadReport, LoadRequest
from geo.loading.single_record import TYPED, Saved, find_done, keep_what_is_known
from geo.loading.staging import copy_rows
from geo.loading.summary import summarise
from geo.records.batch_tables import staging_row
from geo.records.batches import end_batch, lock_layer
from geo.records.case_decisions import complete_case_decisions, read_case_decisions
from geo.records.cases import Case, find_case, insert_case, rewrite_case, write_case_version
from geo.records.record_keys import RecordKey, lock_record
from geo.records.retraction import begin_edit
from geo.records.tables import accountability_case

_FIRST: Final = 1
_UNTOLD: Final = CaseCells({}, [], complete_case_decisions({"status": "draft"}))


@dataclass(frozen=True, kw_only=True)
class TypedCase:
    """One case as typed: its own cells, those of its contacts in order, and decisions, all as texts by column.

    A cell or decision that is left out stays as it is; `contacts` None leaves all contacts. `key`, `version`, `press`
    and `confirmed` are those of `geo.loading.single_record.TypedRecord`. A new case is a draft unless its decisions say
    otherwise.
    """

    cells: Mapping[str, str] = field(default_factory=dict)
    contacts: Sequence[Mapping[str, str]] | None = None
    decisions: Mapping[str, str] = field(default_factory=dict)
    actor: str
    reason: str | None = None
    key: RecordKey | None = None
    version: int | None = None
    press: str | None = None
    confirmed: bool = False
    today: dt.date = field(default_factory=lambda: dt.datetime.now(tz=CHINA_TIME).date())


def save_case(connection: sa.Connection, typed: TypedCase, batch_id: int | None = None) -> Saved:
    """Check and write one case in the caller's transaction; publishing its batch is the caller's.

    `batch_id` is the batch in which this waited for a second person. A message's row is the number of the contact in
    its order; those of the case itself stand in the first.

    Raises:
        NotFound, Stale: see `lock_record`.
        DataError: there is no such column.
    """
    _check_columns(typed)
    lock_layer(connection, ACCOUNTABILITY)
    if typed.key is not None:
        lock_record(connection, typed.key, typed.version)
    done = find_done(connection, typed.actor, typed.press)
    if done is not None:
        return done
    savepoint = connection.begin_nested()
    own = begin_edit(connection, ACCOUNTABILITY, typed.actor, typed.reason, batch_id=batch_id, once=typed.press)
    saved = _Saving(connection, typed, own).run()
    if saved.batch_id is None:
        savepoint.rollback()
    else:
        savepoint.commit()
    return saved


def _check_columns(typed: TypedCase) -> None:
    names = {*typed.cells} - {*CASE_CELLS, *IDENTITY}
    for contact in typed.contacts or ():
        names |= {*contact} - {*CONTACT_CELLS}
    if names:
        raise DataError(f"A case has no column {min(names)!r} that can be typed.")


class _Saving:
    """One case on its way from cells to the tables."""

    def __init__(self, connection: sa.Connection, typed: TypedCase, batch_id: int) -> None:
        self._connection = connection
        self._typed = typed
        self._batch_id = batch_id
        self._before = read_case_cells(connection, typed.key.id) if typed.key else _UNTOLD

    def run(self) -> Saved:
        """Check, and write what passes."""
        typed, batch_id = self._typed, self._batch_id
        decisions, said = read_case_decision_cells(typed.decisions, self._before.decisions)
        loading = self._stage(said)
        loading.check(batch_id)
        messages = self._list_messages()
        if any(self._stops(message) for message in messages):
            return Saved(outcome="rejected", messages=messages)
        self._let_pass()
        ((case, rows),) = loading.make_cases(batch_id)
        case = replace(self._keep_sources(case), decisions=decisions)
        saved = self._write(case)
        if saved.batch_id is not None:
            end_batch(self._connection, batch_id, rows=len(rows), counts={saved.outcome: 1})
        return replace(saved, messages=messages)

    def _stage(self, said: Sequence[Message]) -> CaseLoading:
        """Read the rows into staging: one a contact, or one without any."""
        rows = self._make_rows()
        columns = [*CASE_CELLS, *IDENTITY, *CONTACT_CELLS]
        request = LoadRequest(layer=ACCOUNTABILITY, path=Path("form"), actor=self._typed.actor, today=self._typed.today)
        mapping = map_headers(columns, ACCOUNTABILITY, source=None)
        loading = CaseLoading(self._connection, request, mapping, may_lack_contacts=True)
        numbered = [(at, [row.get(name, "") for name in columns], ()) for at, row in enumerate(rows, start=_FIRST)]
        first, *others = loading.read(numbered)
        copy_rows(self._connection, self._batch_id, [replace(first, messages=[*first.messages, *said]), *others])
        return loading

    def _make_rows(self) -> list[dict[str, str]]:
        typed, before = self._typed, self._before
        cells = {name: typed.cells.get(name, before.case.get(name, "")) for name in CASE_CELLS}
        contacts = before.contacts if typed.contacts is None else typed.contacts
        named = {name: typed.cells.get(name, "").strip() for name in IDENTITY}
        if typed.key is not None:
            identity = {name: before.case[name] for name in IDENTITY}
        else:
            made = {"source_system": TYPED, "source_id": f"typed-case-{self._batch_id}"}
            identity = {name: text or made[name] for name, text in named.items()}
        return [{**cells, **identity, **contact} for contact in contacts or ({},)]

    def _list_messages(self) -> tuple[Message, ...]:
        """Return what is said, of the case itself once."""
        report = LoadReport(layer=ACCOUNTABILITY, file_name="")
        summarise(self._connection, self._batch_id, report)
        return tuple(
            message
            for message in report.messages
            if message.row_no in {None, _FIRST} or message.column in CONTACT_COLUMNS
        )

    def _stops(self, message: Message) -> bool:
        decided = self._typed.confirmed and message.problem.code in KEEPABLE
        return message.problem.rejects and not decided

    def _let_pass(self) -> None:
        """What was held, and was decided on, is to be written."""
        held = staging_row.c.batch_id == self._batch_id
        self._connection.execute(sa.update(staging_row).where(held).values(outcome=None))

    def _keep_sources(self, case: Case) -> Case:
        if self._typed.key is None:
            return case
        asked = sa.select(accountability_case.c.sources).where(accountability_case.c.id == self._typed.key.id)
        known = list(self._connection.scalar(asked) or [])
        return replace(case, values={**case.values, "sources": keep_what_is_known(case.values["sources"], known)})

    def _write(self, case: Case) -> Saved:
        typed, batch_id, connection = self._typed, self._batch_id, self._connection
        told: dict[str, Any] = {"batch_id": batch_id, "actor": typed.actor, "reason": typed.reason}
        if typed.key is None:
            if find_case(connection, case) is not None:
                raise DataError("A case of this data set has that id already.")
            case_id = insert_case(connection, case, batch_id)
            write_case_version(connection, case, case_id, told | {"version": 1, "op": "insert"})
            return Saved(outcome="inserted", messages=(), batch_id=batch_id, record_id=case_id)
        case_id = typed.key.id
        same = find_case(connection, case) == (case_id, case.content_hash)
        if same and read_case_decisions(connection, case_id) == self._read_again(case):
            return Saved(outcome="unchanged", messages=(), record_id=case_id)
        version = rewrite_case(connection, case, case_id, batch_id)
        write_case_version(connection, case, case_id, told | {"version": version, "op": "update"})
        return Saved(outcome="updated", messages=(), batch_id=batch_id, record_id=case_id)

    def _read_again(self, case: Case) -> dict[str, Any]:
        """Return the decisions as the tables would give them back."""
        return complete_case_decisions(case.decisions or {})
