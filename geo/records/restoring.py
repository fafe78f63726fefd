"""Makes a record what it was in an earlier version; that is a new version, and nothing in between is lost."""

from __future__ import annotations

from typing import Any, Final

import orjson
import sqlalchemy as sa

from geo.errors import DataError
from geo.layers import ACCOUNTABILITY
from geo.records.batches import end_batch, lock_layer
from geo.records.case_versions import restore_case
from geo.records.decisions import DECISIONS
from geo.records.history import read_version
from geo.records.identity import hash_identity
from geo.records.incidents import FILLED_WHEN_UNKNOWN, LOADED_COLUMNS
from geo.records.record_keys import RecordKey, lock_record
from geo.records.retraction import begin_edit
from geo.regions.gazetteer import load_gazetteer

_STATED: Final = (*LOADED_COLUMNS, *DECISIONS, "status")
_DEFAULTS: Final = {
    **{name: default[0] for name, default in FILLED_WHEN_UNKNOWN.items()},
    "status": "'published'",
    "withheld": "false",
    "widely_reported": "false",
}

_VERSION: Final = """
INSERT INTO editorial.record_version (layer, record_id, version, batch_id, op, actor, data, reason)
VALUES (:layer, :id, :version, :batch, 'update', :actor, CAST(:data AS jsonb), :reason)
"""


def restore_version(
    connection: sa.Connection,
    key: RecordKey,
    version: int,
    *,
    told: tuple[str, str | None],
    based_on: int | None = None,
    batch_id: int | None = None,
) -> int:
    """Make a record what it was in `version`, as a batch of its own; return the batch's id.

    `told` is the actor, and why; `based_on` the version that the actor saw as the present one; `batch_id` the batch in
    which this waited for a second person. Publishing the batch, in the same transaction, is the caller's.

    Raises:
        NotFound: there is no such version, or a takedown wiped it.
        Stale: somebody changed the record after `based_on`.
        DataError: it is that version already.
    """
    lock_layer(connection, key.layer)
    current = lock_record(connection, key, based_on)
    if version == current:
        raise DataError("The record is at this version already.")
    data = read_version(connection, key, version)
    actor, reason = told
    batch_id = begin_edit(connection, key.layer, actor, reason, batch_id=batch_id, reverted_to=version)
    if key.layer == ACCOUNTABILITY:
        restore_case(connection, key.id, data, {"batch_id": batch_id, "actor": actor, "reason": reason})
    else:
        told_by = {"batch": batch_id, "version": current + 1, "actor": actor, "reason": reason}
        _restore_incident(connection, key, data, told_by)
    end_batch(connection, batch_id, rows=1, counts={"updated": 1})
    return batch_id


def _restore_incident(connection: sa.Connection, key: RecordKey, data: dict[str, Any], told: dict[str, Any]) -> None:
    """Write an incident as one of its versions said it; `told` has batch, version, actor and reason of the new one."""
    facts = {"id": key.id, "data": orjson.dumps(data).decode(), "layer": key.layer, **told}
    hashes = {
        "identity": hash_identity(data, _find_province(connection, data)),
        "content": f"version-{key.id}-{told['version']}",
    }
    connection.execute(sa.text(_update_statement()), facts | hashes)
    connection.execute(sa.text(_VERSION), facts)


def _update_statement() -> str:
    values = (
        f"{name} = {f'coalesce(was.{name}, {_DEFAULTS[name]})' if name in _DEFAULTS else f'was.{name}'}"
        for name in _STATED
    )
    return f"""
        UPDATE editorial.incident AS i SET {", ".join(values)}, identity_hash = :identity, content_hash = :content,
            batch_id = :batch, version = :version, updated_at = now()
        FROM jsonb_populate_record(NULL::editorial.incident, CAST(:data AS jsonb)) AS was
        WHERE i.id = :id
    """  # noqa: S608  (column names are our own)


def _find_province(connection: sa.Connection, data: dict[str, Any]) -> str | None:
    gazetteer = load_gazetteer(connection)
    provinces = {gazetteer.get_path(code).province for code in data.get("regions") or ()}
    return provinces.pop() if len(provinces) == 1 else None
