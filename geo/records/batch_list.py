"""Which batches there are, and how far each is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from geo.records.batch_tables import batch

PAGE = 50


@dataclass(frozen=True)
class BatchLine:
    """What a list shows of a batch."""

    id: int
    kind: str
    layer: str
    title: str | None
    file_name: str | None
    state: str
    rows_read: int
    counts: Mapping[str, int]
    actor: str
    created_at: dt.datetime


def list_batches(connection: sa.Connection, *, before: int | None = None, limit: int = PAGE) -> list[BatchLine]:
    """List batches, the newest first; only those with an id below `before`, if it is given."""
    names = ("id", "kind", "layer", "title", "file_name", "state", "rows_read", "counts", "actor", "created_at")
    chosen = sa.select(*(batch.c[name] for name in names)).order_by(batch.c.id.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(batch.c.id < before)
    return [BatchLine(*row) for row in connection.execute(chosen)]
