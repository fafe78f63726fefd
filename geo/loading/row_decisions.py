"""What an editor decides about rows of a batch: left out, loaded all the same, merged into a record.

Decisions stand in a table of their own, so that reading the file again finds them. Each takes back a commit that was
asked for, because the content becomes another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo.errors import DataError
from geo.layers import ACCOUNTABILITY
from geo.loading.checks import KEEPABLE
from geo.loading.fixes import Fix, find_fix
from geo.loading.workflow import FORGOTTEN, Key, choose, conflict, lock_batch, move, refuse_state, wake_worker
from geo.records.batch_tables import batch_decision, staging_message, staging_row
from geo.records.tables import incident

MOST_DECISIONS: Final = 10_000
_DECIDABLE: Final = ("parsed", "validated", "in_review")

Decide = Literal["exclude", "include", "keep", "merge", "skip"]
"""`include` takes back what was decided about a row; `skip` is `exclude`, said of a near-duplicate."""


@dataclass(frozen=True, kw_only=True)
class RowDecision:
    """What is to become of one row. `record` is the public id, or the key, of the record to merge into."""

    row: int
    decision: Decide
    record: int | None = None


def decide(connection: sa.Connection, batch_id: int, actor: str, decisions: Sequence[RowDecision]) -> None:
    """Decide about rows; the worker then makes the preview anew.

    Raises:
        NotFound: there is no such batch. Conflict: it is past deciding, or a row is held for what no decision about a
            row can settle. DataError: there is no such row or record, or too many decisions at once.
    """
    row = lock_batch(connection, batch_id)
    if row["state"] not in _DECIDABLE or row["kind"] != "load":
        raise refuse_state(row)
    if len(decisions) > MOST_DECISIONS:
        raise DataError(f"At most {MOST_DECISIONS} decisions at once.")
    _check_rows(connection, row, decisions)
    numbers = [one.row for one in decisions]
    taken_back = sa.delete(batch_decision).where(
        batch_decision.c.batch_id == batch_id, batch_decision.c.row_no.in_(numbers)
    )
    connection.execute(taken_back)
    made = [_as_row(batch_id, actor, one) for one in decisions if one.decision != "include"]
    if made:
        connection.execute(insert(batch_decision), made)
    _look_again(connection, row, actor)


def apply_suggestion(connection: sa.Connection, batch_id: int, actor: str, fix: Fix, *, on: bool = True) -> None:
    """Apply a suggestion to every row that has it (or, with `on` False, take it back): the file is read again.

    Raises:
        NotFound, Conflict: as `choose`. DataError: nothing can be changed for such a message.
    """
    row = lock_batch(connection, batch_id)
    known = find_fix(fix.get("code", ""), fix.get("column"), fix.get("value"))
    if known is None:
        raise DataError("There is no suggestion that could be applied for that code.")
    fixes = [one for one in row["options"].get("choices", {}).get("fixes", []) if one != dict(known)]
    choose(connection, batch_id, actor, {"fixes": [*fixes, dict(known)] if on else fixes})


def _as_row(batch_id: int, actor: str, one: RowDecision) -> dict[str, Any]:
    decision = "exclude" if one.decision == "skip" else one.decision
    record = one.record if decision == "merge" else None
    return {"batch_id": batch_id, "row_no": one.row, "decision": decision, "record_id": record, "actor": actor}


def _look_again(connection: sa.Connection, row: Key, actor: str) -> None:
    edited = row["edited_by"] if actor in row["edited_by"] else [*row["edited_by"], actor]
    move(connection, row, _DECIDABLE, "parsed", edited_by=edited, failure=None, **FORGOTTEN)
    wake_worker(connection)


def _check_rows(connection: sa.Connection, row: Key, decisions: Sequence[RowDecision]) -> None:
    numbers = {one.row for one in decisions}
    if len(numbers) != len(decisions):
        raise DataError("A row is named twice.")
    found = connection.execute(
        sa.select(staging_row.c.row_no, staging_row.c.data.is_(None)).where(
            staging_row.c.batch_id == row["id"], staging_row.c.row_no.in_(numbers)
        )
    ).all()
    if len(found) != len(numbers):
        raise DataError("There is no such row in this batch.")
    loaded = {one.row for one in decisions if one.decision in {"keep", "merge"}}
    broken = {number for number, rejected in found if rejected} & loaded
    firm = connection.scalar(
        sa.select(staging_message.c.code).where(
            staging_message.c.batch_id == row["id"],
            staging_message.c.row_no.in_(loaded),
            staging_message.c.severity == "held",
            staging_message.c.code.not_in(KEEPABLE),
        )
    )
    if broken or firm:
        raise conflict("ROW_REFUSED")
    _check_records(connection, row, [one for one in decisions if one.decision == "merge"])


def _check_records(connection: sa.Connection, row: Key, merges: Sequence[RowDecision]) -> None:
    if not merges:
        return
    wanted = {one.record for one in merges}
    if row["layer"] == ACCOUNTABILITY or None in wanted or len(wanted) != len(merges):
        raise DataError("A merge names one record of its own, of a layer of incidents.")
    held = sa.select(sa.func.count()).where(incident.c.id.in_(wanted), incident.c.layer == row["layer"])
    if connection.scalar(held) != len(wanted):
        raise DataError("There is no such record in this layer.")
