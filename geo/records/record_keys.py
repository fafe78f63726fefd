"""Which record is meant: by its public id, or by layer and key where it was never public."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from geo.errors import NotFound, Stale
from geo.layers import ACCOUNTABILITY, LAYERS
from geo.records.batch_tables import record_version
from geo.records.publication_tables import publication
from geo.records.tables import accountability_case, incident

_PUBLIC_ID: Final = re.compile(rf"[{''.join(layer.letter for layer in LAYERS.values())}]-\d{{4}}-\d{{6,12}}", re.ASCII)
_OWN_ID: Final = re.compile(r"(incident|case)-(\d{1,15})", re.ASCII)


@dataclass(frozen=True)
class RecordKey:
    """One record of the private model. `public_id` None: it was never public."""

    layer: str
    id: int
    public_id: str | None = None

    @property
    def name(self) -> str:
        """What editors call it: its public id, else "incident-12" or "case-3"."""
        return self.public_id or f"{'case' if self.layer == ACCOUNTABILITY else 'incident'}-{self.id}"

    @property
    def table(self) -> sa.Table:
        """The table that holds it."""
        return table_of(self.layer)


def table_of(layer: str) -> sa.Table:
    """Return the table that holds the records of a layer."""
    return accountability_case if layer == ACCOUNTABILITY else incident


def find_record(connection: sa.Connection, name: str) -> RecordKey:
    """Return the record of that name, whatever became of it.

    Raises:
        NotFound: no record has it, or it was taken down.
    """
    found = _find_public(connection, name) if _PUBLIC_ID.fullmatch(name) else _find_own(connection, name)
    if found is None:
        raise NotFound("There is no record of that name.")
    return found


def lock_record(connection: sa.Connection, key: RecordKey, version: int | None) -> int:
    """Keep others from changing the record until this transaction ends; return its version.

    Args:
        connection: in the transaction that will change it.
        key: the record.
        version: the version that the change was made from; None changes whatever is there.

    Raises:
        NotFound: it is gone.
        Stale: it has another version now.
    """
    table = key.table
    current = connection.scalar(sa.select(table.c.version).where(table.c.id == key.id).with_for_update())
    if current is None:
        raise NotFound("There is no record of that name.")
    if version is not None and version != current:
        told = record_version.c
        last = connection.execute(
            sa.select(told.actor, told.at)
            .where(told.layer == key.layer, told.record_id == key.id)
            .order_by(told.version.desc())
            .limit(1)
        ).one_or_none()
        by = f", by {last.actor} at {last.at:%Y-%m-%d %H:%M}" if last else ""
        raise Stale(f"The record was changed meanwhile (version {version} -> {current}{by}).", int(current))
    return int(current)


def _find_public(connection: sa.Connection, public_id: str) -> RecordKey | None:
    found = connection.execute(
        sa.select(publication.c.layer, publication.c.record_id).where(publication.c.public_id == public_id)
    ).one_or_none()
    if found is None:
        return None
    key = RecordKey(found.layer, found.record_id, public_id)
    there = connection.scalar(sa.select(key.table.c.id).where(key.table.c.id == key.id))
    return key if there else None


def _find_own(connection: sa.Connection, name: str) -> RecordKey | None:
    matched = _OWN_ID.fullmatch(name)
    if matched is None:
        return None
    record_id = int(matched[2])
    layer = (
        connection.scalar(sa.select(incident.c.layer).where(incident.c.id == record_id))
        if matched[1] == "incident"
        else ACCOUNTABILITY
    )
    there = (
        connection.scalar(sa.select(table_of(layer).c.id).where(table_of(layer).c.id == record_id)) if layer else None
    )
    if layer is None or there is None:
        return None
    public_id = connection.scalar(
        sa.select(publication.c.public_id).where(publication.c.layer == layer, publication.c.record_id == record_id)
    )
    return RecordKey(layer, record_id, public_id)
