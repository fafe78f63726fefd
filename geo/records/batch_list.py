"""Which batches there are, and how far each is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from geo.records.batch_tables import batch

PAGE = 50
MOST_ACTORS = 200


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
    edited_by: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Sieve:
    """Which batches a list is to show; what is None is not asked. `layers` are those that may be seen."""

    layers: Sequence[str]
    state: str | None = None
    layer: str | None = None
    actor: str | None = None
    before: int | None = None
    """Only those with a lower id."""


def list_batches(connection: sa.Connection, sieve: Sieve, *, limit: int = PAGE) -> list[BatchLine]:
    """List batches, the newest first."""
    columns = batch.c
    chosen = sa.select(*(columns[name] for name in BatchLine.__dataclass_fields__)).order_by(columns.id.desc())
    chosen = chosen.where(columns.layer.in_(sieve.layers)).limit(limit)
    for name in ("state", "layer", "actor"):
        if (wanted := getattr(sieve, name)) is not None:
            chosen = chosen.where(columns[name] == wanted)
    if sieve.before is not None:
        chosen = chosen.where(columns.id < sieve.before)
    return [BatchLine(*row) for row in connection.execute(chosen)]


def list_actors(connection: sa.Connection, layers: Sequence[str]) -> list[str]:
    """Name who has batches of `layers`."""
    named = sa.select(batch.c.actor).where(batch.c.layer.in_(layers)).distinct().order_by(batch.c.actor)
    return list(connection.scalars(named.limit(MOST_ACTORS)))


def list_sources(connection: sa.Connection, layers: Sequence[str]) -> list[str]:
    """Name the data sets that batches of `layers` belonged to."""
    named = sa.select(batch.c.source_system).where(batch.c.layer.in_(layers), batch.c.source_system.is_not(None))
    return list(connection.scalars(named.distinct().order_by(batch.c.source_system).limit(MOST_ACTORS)))


def find_revert(connection: sa.Connection, batch_id: int) -> int | None:
    """Return the batch that took back another, or None."""
    found = sa.select(batch.c.id).where(batch.c.reverts_id == batch_id, batch.c.state.in_(("committed", "reverted")))
    return connection.scalar(found.order_by(batch.c.id.desc()).limit(1))
