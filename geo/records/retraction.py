"""Takes a record back: it stays with its history, and of its public row a stub remains."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from geo.errors import DataError
from geo.records.batch_tables import batch
from geo.records.batches import begin_batch, end_batch, lock_layer
from geo.records.record_keys import RecordKey, lock_record

RETRACTED: Final = "retracted"

_VERSION: Final = """
INSERT INTO editorial.record_version (layer, record_id, version, batch_id, op, actor, data, reason)
SELECT :layer, :id, :version, :batch, 'delete', :actor,
    before.data || jsonb_build_object('status', 'retracted'), :reason
FROM editorial.record_version AS before
WHERE before.layer = :layer AND before.record_id = :id AND before.version = :version - 1
"""


def retract_record(
    connection: sa.Connection,
    key: RecordKey,
    *,
    actor: str,
    reason: str,
    version: int | None = None,
    batch_id: int | None = None,
) -> int:
    """Mark a record retracted, as a batch of its own, and return the batch's id. Publishing it is the caller's.

    `batch_id`: the batch in which this waited for a second person.

    Raises:
        NotFound, Stale: see `lock_record`.
        DataError: it is retracted already, or no reason is given.
    """
    if not reason.strip():
        raise DataError("Say why the record is taken back.")
    lock_layer(connection, key.layer)
    current = lock_record(connection, key, version)
    table = key.table
    if connection.scalar(sa.select(table.c.status).where(table.c.id == key.id)) == RETRACTED:
        raise DataError("The record is retracted already.")
    batch_id = begin_edit(connection, key.layer, actor, reason, batch_id=batch_id)
    connection.execute(
        sa.update(table)
        .where(table.c.id == key.id)
        .values(status=RETRACTED, version=current + 1, batch_id=batch_id, updated_at=sa.func.now())
    )
    facts = {"layer": key.layer, "id": key.id, "version": current + 1, "batch": batch_id}
    connection.execute(sa.text(_VERSION), facts | {"actor": actor, "reason": reason})
    end_batch(connection, batch_id, rows=1, counts={"retracted": 1})
    return batch_id


def begin_edit(
    connection: sa.Connection,
    layer: str,
    actor: str,
    reason: str | None,
    *,
    batch_id: int | None = None,
    **options: object,
) -> int:
    """Begin the batch of a change to one record, or go on with the one in which it waited for a second person."""
    said = {**({"reason": reason} if reason else {}), **options}
    if batch_id is None:
        return begin_batch(connection, {"kind": "edit", "layer": layer, "actor": actor, "options": said})
    waited = sa.update(batch).where(batch.c.id == batch_id)
    connection.execute(waited.values(options=said, started_at=sa.func.now(), failure=None))
    return batch_id
