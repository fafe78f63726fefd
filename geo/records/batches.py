"""A batch: one file, or one edit, from its beginning to its commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from geo.records.batch_tables import batch, staging_message, staging_row


def lock_layer(connection: sa.Connection, layer: str, *, shared: bool = False) -> None:
    """Wait until no other transaction writes records of `layer`; held until this one ends.

    `shared`: others may look at the layer in the same way meanwhile, and nobody may write.
    """
    key = sa.func.hashtextextended(f"labourmap:records:{layer}", 0)
    lock = sa.func.pg_advisory_xact_lock_shared if shared else sa.func.pg_advisory_xact_lock
    connection.execute(sa.select(lock(key)))


def begin_batch(connection: sa.Connection, values: Mapping[str, Any]) -> int:
    """Begin a batch with the given columns (kind, layer, actor ...) and return its id."""
    began = sa.insert(batch).values(state="committing", started_at=sa.func.now(), **values).returning(batch.c.id)
    return int(connection.execute(began).scalar_one())


def end_batch(connection: sa.Connection, batch_id: int, *, rows: int, counts: Mapping[str, int]) -> None:
    """Mark a batch committed, in the transaction that wrote its records, and empty its staging."""
    connection.execute(
        sa.update(batch)
        .where(batch.c.id == batch_id)
        .values(state="committed", committed_at=sa.func.now(), rows_read=rows, rows_validated=rows, counts=dict(counts))
    )
    empty_staging(connection, batch_id)


def empty_staging(connection: sa.Connection, batch_id: int) -> None:
    """Remove what is staged of a batch."""
    for table in (staging_row, staging_message):
        connection.execute(sa.delete(table).where(table.c.batch_id == batch_id))
