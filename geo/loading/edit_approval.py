"""The second person's part of a change of one record: what it would do, and doing it.

What is shown is not worked out by rules of its own: the change is made and published, looked at, and taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import orjson
import sqlalchemy as sa

from geo.errors import DataError, NotAllowed, NotFound, Stale
from geo.loading.messages import Message
from geo.loading.single_record import Saved
from geo.loading.workflow import FORGOTTEN_REQUEST, conflict, describe_failure, lock_batch, move, refuse_state
from geo.records.batch_tables import batch
from geo.records.held_edits import Edit, read_edit
from geo.records.history import Difference, read_history
from geo.records.record_keys import RecordKey

_WAIT: Final = "2s"


Write = Callable[[sa.Connection, Edit, int | None], Saved]
"""Makes an edit in the batch of that number, or in one of its own. Raises what its change raises."""
Publish = Callable[[sa.Connection, int], int]
"""`geo.publishing.publish.publish_batch`: loading does not see publishing."""


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What an edit would do. `feature` is what readers would see, `public_from` the day until which they would not.

    `fault`: it cannot be made by now, and why.
    """

    differences: tuple[Difference, ...] = ()
    messages: tuple[Message, ...] = ()
    feature: dict[str, Any] | None = None
    public_from: Any = None
    fault: str | None = None


def foresee_edit(connection: sa.Connection, edit: Edit, write: Write, publish: Publish) -> Foreseen:
    """Say what an edit would do. Nothing is kept."""
    savepoint = connection.begin_nested()
    try:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT}'")
        done = write(connection, edit, None)
        if done.batch_id is None or done.record_id is None:
            return Foreseen(messages=done.messages)
        publish(connection, done.batch_id)
        feature, public_from = _read_public(connection, edit.layer, done.record_id)
        newest = read_history(connection, RecordKey(edit.layer, done.record_id))[0]
        return Foreseen(
            differences=newest.differences, messages=done.messages, feature=feature, public_from=public_from
        )
    except (Stale, NotFound, DataError) as problem:
        return Foreseen(fault=str(problem))
    finally:
        savepoint.rollback()


def approve_edit(
    connection: sa.Connection, batch_id: int, actor: str, content_hash: str, ways: tuple[Write, Publish]
) -> Saved | None:
    """Agree to an edit as the second person: it is made and published. None: it cannot be made, and went back.

    Raises:
        NotFound: there is no such batch. NotAllowed: the approver asked for it. Conflict: another content waits by
            now, or nothing does.
    """
    row = lock_batch(connection, batch_id)
    if row["state"] != "in_review":
        raise refuse_state(row)
    if actor in {row["actor"], row["requested_by"], *row["edited_by"]}:
        raise NotAllowed("A second person must approve: not who made, changed or asked for it.")
    edit = read_edit(row)
    if not content_hash == row["content_hash"] == edit.hash:
        raise conflict("BATCH_CHANGED")
    write, publish = ways
    savepoint = connection.begin_nested()
    agreed = sa.update(batch).where(batch.c.id == batch_id)
    connection.execute(agreed.values(approved_by=actor, approved_hash=content_hash))
    try:
        done = write(connection, edit, batch_id)
    except (Stale, NotFound, DataError) as problem:
        savepoint.rollback()
        _give_back(connection, row, "EDIT_STALE", reason=str(problem))
        return None
    if done.outcome in {"rejected", "unchanged"}:
        savepoint.rollback()
        said = sorted({message.problem.code for message in done.messages if message.problem.rejects})
        _give_back(connection, row, "EDIT_REFUSED", codes=", ".join(said) or "REC_UNCHANGED")
        return None
    savepoint.commit()
    publish(connection, batch_id)
    return done


def _give_back(connection: sa.Connection, row: dict[str, Any], code: str, **facts: str) -> None:
    said = describe_failure(code, **facts)
    move(connection, row, ("in_review",), "failed", failure=said, **FORGOTTEN_REQUEST)


def _read_public(connection: sa.Connection, layer: str, record: int) -> tuple[dict[str, Any] | None, Any]:
    asked = """
        SELECT t.geojson, e.release_on FROM (SELECT :record AS id) AS r
        LEFT JOIN editorial.publication p ON p.record_id = r.id AND p.layer = :layer
        LEFT JOIN published.feature_text t ON t.id = p.feature_id
        LEFT JOIN editorial.embargo e ON e.record_id = r.id AND e.layer = :layer
    """
    row = connection.execute(sa.text(asked), {"layer": layer, "record": record}).one()
    return (None if row.geojson is None else orjson.loads(row.geojson)), row.release_on
