"""Reverting a batch: a batch of its own, with a preview, a review where one is due, and a commit."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.loading.request import LoadReport
from geo.loading.settle import MASS_AT_LEAST, SENSITIVE_LAYERS, find_last_version, hash_content
from geo.loading.summary import summarise
from geo.loading.workflow import Key, conflict, lock_batch, refuse_state, wake_worker
from geo.records.batch_revert import plan_revert, write_revert
from geo.records.batch_tables import batch
from geo.records.batches import empty_staging, end_batch, lock_layer
from geo.records.case_revert import plan_cases, write_cases

DELETED_SHARE: Final = 0.01
"""A revert that deletes a larger share of its layer needs a second person."""

OPERATOR: Final = "operator"

_HEADINGS: Final = {"profile": "revert", "columns": []}
_CODES: Final = {"edited": "REVERT_EDITED", "linked": "REVERT_LINKED", "taken": "REVERT_TAKEN"}

_COUNT: Final = """
SELECT coalesce(outcome, foreseen), count(*) FROM editorial.staging_row WHERE batch_id = :batch GROUP BY 1
"""


def request_revert(connection: sa.Connection, batch_id: int, actor: str, reason: str | None = None) -> int:
    """Queue the revert of a committed batch and return its own batch's id; one that waits already is given again.

    Raises:
        NotFound: there is no such batch. Conflict: it is not committed.
    """
    row = lock_batch(connection, batch_id)
    if row["state"] != "committed":
        raise refuse_state(row)
    waiting = connection.scalar(
        sa.select(batch.c.id).where(
            batch.c.reverts_id == batch_id, batch.c.state.not_in(("committed", "reverted", "discarded", "failed"))
        )
    )
    if waiting is not None:
        return int(waiting)
    values = {
        "kind": "revert",
        "layer": row["layer"],
        "reverts_id": batch_id,
        "title": row["title"],
        "file_name": row["file_name"],
        "actor": actor,
        "edited_by": [actor],
        "options": {"reason": reason} if reason else {},
        "policy": "valid_rows_only",
    }
    made = connection.execute(sa.insert(batch).values(values).returning(batch.c.id)).scalar_one()
    wake_worker(connection)
    return int(made)


def revert_at_once(connection: sa.Connection, batch_id: int, reason: str) -> tuple[int, dict[str, int]]:
    """Revert a batch in the caller's transaction, as the operator, who needs nobody else; publishing is the caller's.

    Return the revert's own batch, and how many records were restored, deleted and left as they are.
    """
    own = request_revert(connection, batch_id, OPERATOR, reason)
    row = lock_batch(connection, own)
    lock_layer(connection, row["layer"])
    seen = look_at_revert(connection, row)
    write_staged_revert(connection, row | {"requested_by": OPERATOR})
    counts = {name: seen["counts"][name] for name in ("restored", "deleted", "excluded")}
    end_batch(connection, own, rows=seen["rows_read"], counts=counts)
    return own, counts


def look_at_revert(connection: sa.Connection, row: Key) -> Key:
    """Stage what a revert would do; return what its batch then says of itself."""
    batch_id, layer = row["id"], row["layer"]
    empty_staging(connection, batch_id)
    if layer == ACCOUNTABILITY:
        plan_cases(connection, batch_id, row["reverts_id"], _CODES)
    else:
        plan_revert(connection, batch_id, layer, row["reverts_id"], _CODES)
    found = {str(name): int(count) for name, count in connection.execute(sa.text(_COUNT), {"batch": batch_id})}
    report = LoadReport(layer=layer, file_name="", rows=sum(found.values()))
    summarise(connection, batch_id, report)
    counts = {name: found.get(name, 0) for name in ("restored", "deleted", "excluded")}
    return {
        "counts": counts | {"rows": report.rows, "codes": dict(report.by_code)},
        "review_reasons": _find_reasons(connection, layer, counts["deleted"]),
        "content_hash": hash_content(connection, batch_id, layer, _HEADINGS),
        "seen_version": find_last_version(connection, layer),
        "rows_read": report.rows,
        "rows_validated": report.rows,
    }


def write_staged_revert(connection: sa.Connection, row: Key) -> None:
    """Do what is staged, and mark the batch that is taken back."""
    actor, reason = row["requested_by"], row["options"].get("reason")
    if row["layer"] == ACCOUNTABILITY:
        write_cases(connection, row["id"], actor=actor, reason=reason)
    else:
        write_revert(connection, row["id"], row["layer"], actor=actor, reason=reason)
    taken_back = sa.update(batch).where(batch.c.id == row["reverts_id"], batch.c.state == "committed")
    if connection.execute(taken_back.values(state="reverted")).rowcount != 1:
        raise conflict("BATCH_STATE", state="reverted")


def _find_reasons(connection: sa.Connection, layer: str, deleted: int) -> list[str]:
    reasons = ["sensitive_layer"] if layer in SENSITIVE_LAYERS else []
    asked = (
        "SELECT count(*) FROM editorial.accountability_case"
        if layer == ACCOUNTABILITY
        else "SELECT count(*) FROM editorial.incident WHERE layer = :layer"
    )
    held = connection.scalar(sa.text(asked), {} if layer == ACCOUNTABILITY else {"layer": layer}) or 0
    if deleted >= MASS_AT_LEAST and deleted > DELETED_SHARE * held:
        reasons.append("mass_delete")
    return reasons
