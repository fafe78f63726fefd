"""The history of a record: who changed what, when, in which batch and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from geo.errors import NotFound
from geo.records.batch_tables import batch, record_version
from geo.records.case_versions import spread_contacts
from geo.records.record_keys import RecordKey

NOT_SHOWN: Final = frozenset({"public_id", "reverted_to", "identity_hash", "content_hash", "gone", "incident_keys"})
_GIVEN: Final[dict[str, Any]] = {"status": "published"}
"""What a version means that does not say it."""


@dataclass(frozen=True)
class Difference:
    """One field of two versions that follow each other; None is unknown."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a record. `erased`: what it said was wiped by a takedown, and `differences` are empty."""

    version: int
    op: str
    actor: str
    at: dt.datetime
    reason: str | None
    batch_id: int
    batch_kind: str
    batch_name: str | None
    erased: bool
    differences: tuple[Difference, ...]


def read_history(connection: sa.Connection, key: RecordKey) -> list[Version]:
    """Return the versions of a record, the newest first. Versions that stand beside none have no differences."""
    told, came = record_version.c, batch.c
    rows = connection.execute(
        sa.select(
            told.version, told.op, told.actor, told.at, told.batch_id, told.data,
            sa.func.coalesce(told.reason, came.options["reason"].astext).label("reason"),
            came.kind, sa.func.coalesce(came.title, came.file_name).label("batch_name"),
        )
        .join(batch, came.id == told.batch_id)
        .where(told.layer == key.layer, told.record_id == key.id)
        .order_by(told.version)
    ).all()  # fmt: skip
    versions = []
    before: Mapping[str, Any] | None = {}
    for row in rows:
        comparable = row.data is not None and before is not None
        versions.append(
            Version(
                version=row.version,
                op=row.op,
                actor=row.actor,
                at=row.at,
                reason=row.reason,
                batch_id=row.batch_id,
                batch_kind=row.kind,
                batch_name=row.batch_name,
                erased=row.data is None,
                differences=compare(before or {}, row.data) if comparable else (),
            )
        )
        before = row.data
    return versions[::-1]


def read_version(connection: sa.Connection, key: RecordKey, version: int) -> dict[str, Any]:
    """Return what a version of the record said.

    Raises:
        NotFound: there is no such version, or it was wiped by a takedown.
    """
    told = record_version.c
    data = connection.scalar(
        sa.select(told.data).where(told.layer == key.layer, told.record_id == key.id, told.version == version)
    )
    if data is None:
        raise NotFound("The record has no such version, or what it said was wiped.")
    return dict(data)


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the fields that differ, by name. Unknown, empty and left out are the same."""
    old, new = ({**(_GIVEN if said else {}), **spread_contacts(said)} for said in (before, after))
    names = sorted((old.keys() | new.keys()) - NOT_SHOWN)
    pairs = ((name, _known(old.get(name)), _known(new.get(name))) for name in names)
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])


def _known(value: Any) -> Any:
    """Return None for what says nothing. No deaths is something else than not known, so nought stays."""
    return None if value is False or value in ("", [], {}) else value
