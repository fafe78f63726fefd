"""Takes back what one batch did to incidents: each record becomes what it was before, unless it was changed since.

What would become of each is staged like the rows of a file: `restored`, `deleted`, or left as it is (`excluded`, with
a message that says why). `data` is what the record was. History keeps everything, so a revert can be reverted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from geo.records.decisions import DECISIONS
from geo.records.incidents import FILLED_WHEN_UNKNOWN, LOADED_COLUMNS, MANY

GONE: Final = "gone"
"""A version whose data has this key says that the record was removed altogether, as a revert of its insertion does."""

_STATED: Final = (*LOADED_COLUMNS, *DECISIONS, "status")
_DEFAULTS: Final = {
    **{name: default[0] for name, default in FILLED_WHEN_UNKNOWN.items()},
    "status": "'published'",
    "withheld": "false",
    "widely_reported": "false",
}

_PLAN: Final = """
INSERT INTO editorial.staging_row (batch_id, row_no, source_system, source_id, identity_hash, content_hash, data,
    record_id, foreseen, base_version, outcome)
WITH touched AS (
    SELECT record_id, min(version) AS first, max(version) AS last FROM editorial.record_version
    WHERE batch_id = :reverts AND layer = :layer GROUP BY record_id
), newest AS (
    SELECT v.record_id, max(v.version) AS version FROM editorial.record_version v
    JOIN touched USING (record_id) WHERE v.layer = :layer GROUP BY v.record_id
), planned AS (
    SELECT t.record_id, t.last, n.version AS newest, i.id AS present, b.version AS before, b.data,
        b.version IS NOT NULL AND NOT coalesce(b.data ? :gone, false) AS there,
        b.version IS NOT NULL AND b.data IS NULL AS erased,
        EXISTS (SELECT FROM editorial.case_incident c WHERE c.incident_id = t.record_id) AS linked,
        i.id IS NULL AND EXISTS (
            SELECT FROM editorial.incident other
            WHERE other.source_system = b.data ->> 'source_system' AND other.source_id = b.data ->> 'source_id'
        ) AS taken
    FROM touched t
    JOIN newest n USING (record_id)
    LEFT JOIN editorial.incident i ON i.id = t.record_id
    LEFT JOIN editorial.record_version b
        ON b.layer = :layer AND b.record_id = t.record_id AND b.version = t.first - 1
)
SELECT :batch, row_number() OVER (ORDER BY record_id), data ->> 'source_system', data ->> 'source_id',
    data ->> 'identity_hash', coalesce(data ->> 'content_hash', 'version-' || record_id || '-' || before),
    CASE WHEN there THEN data END, record_id, CASE WHEN there THEN 'restored' ELSE 'deleted' END, newest,
    CASE WHEN newest <> last OR erased OR taken OR (NOT there AND linked) THEN 'excluded' END
FROM planned WHERE there OR present IS NOT NULL
"""

SAY: Final = """
INSERT INTO editorial.staging_message (batch_id, row_no, code, severity, facts)
SELECT :batch, s.row_no,
    CASE WHEN newest.version > theirs.last THEN :edited WHEN s.foreseen = 'deleted' THEN :linked ELSE :taken END,
    'warning', jsonb_build_object('version', newest.version, 'by', newest.actor, 'day', newest.at::date)
FROM editorial.staging_row s
JOIN LATERAL (SELECT version, actor, at FROM editorial.record_version v
    WHERE v.layer = :layer AND v.record_id = s.record_id ORDER BY v.version DESC LIMIT 1) AS newest ON true
JOIN LATERAL (SELECT max(version) AS last FROM editorial.record_version v
    WHERE v.layer = :layer AND v.record_id = s.record_id AND v.batch_id = :reverts) AS theirs ON true
WHERE s.batch_id = :batch AND s.outcome = 'excluded'
"""

_VERSIONS: Final = """
INSERT INTO editorial.record_version (layer, record_id, version, batch_id, op, actor, data, reason)
SELECT :layer, s.record_id, s.base_version + 1, :batch,
    CASE WHEN s.foreseen = 'deleted' THEN 'delete' WHEN i.id IS NULL THEN 'insert' ELSE 'update' END, :actor,
    coalesce(s.data, before.data || jsonb_build_object(CAST(:gone AS text), true)), :reason
FROM editorial.staging_row s
LEFT JOIN editorial.incident i ON i.id = s.record_id
LEFT JOIN editorial.record_version before
    ON before.layer = :layer AND before.record_id = s.record_id AND before.version = s.base_version
WHERE s.batch_id = :batch AND s.outcome IS NULL
"""

_DELETE: Final = """
DELETE FROM editorial.incident i USING editorial.staging_row s
WHERE s.batch_id = :batch AND s.outcome IS NULL AND s.foreseen = 'deleted' AND i.id = s.record_id
"""


def plan_revert(connection: sa.Connection, batch_id: int, layer: str, reverts: int, codes: Mapping[str, str]) -> None:
    """Stage what reverting the batch `reverts` would do.

    `codes` are those of the messages about records that are left as they are: edited since, linked with a case, or
    (taken) loaded again under the same id.
    """
    facts = {"batch": batch_id, "layer": layer, "reverts": reverts, "gone": GONE}
    connection.execute(sa.text(_PLAN), facts)
    connection.execute(sa.text(SAY), facts | dict(codes))


def write_revert(connection: sa.Connection, batch_id: int, layer: str, *, actor: str, reason: str | None) -> None:
    """Do what is staged."""
    facts = {"batch": batch_id, "layer": layer, "actor": actor, "reason": reason, "gone": GONE}
    connection.execute(sa.text(_VERSIONS), facts)
    connection.execute(sa.text(_DELETE), facts)
    written = connection.execute(sa.text(_update_statement()), facts).rowcount
    written += connection.execute(sa.text(_insert_statement()), facts).rowcount
    if written >= MANY:
        connection.exec_driver_sql("ANALYZE editorial.incident")


def _value(name: str) -> str:
    return f"coalesce(was.{name}, {_DEFAULTS[name]})" if name in _DEFAULTS else f"was.{name}"


_STAGED: Final = """
FROM editorial.staging_row s, LATERAL jsonb_populate_record(NULL::editorial.incident, s.data) AS was
WHERE s.batch_id = :batch AND s.outcome IS NULL AND s.foreseen = 'restored'
"""


def _update_statement() -> str:
    values = ", ".join(f"{name} = {_value(name)}" for name in _STATED)
    return f"""
        UPDATE editorial.incident AS i SET {values}, identity_hash = coalesce(s.identity_hash, i.identity_hash),
            content_hash = s.content_hash, batch_id = :batch, version = s.base_version + 1, updated_at = now()
        {_STAGED} AND i.id = s.record_id
    """  # noqa: S608  (column names are our own)


def _insert_statement() -> str:
    values = ", ".join(_value(name) for name in _STATED)
    return f"""
        INSERT INTO editorial.incident (id, layer, source_system, source_id, identity_hash, content_hash, batch_id,
            version, {", ".join(_STATED)})
        OVERRIDING SYSTEM VALUE
        SELECT s.record_id, :layer, s.source_system, s.source_id, s.identity_hash, s.content_hash, :batch,
            s.base_version + 1, {values}
        {_STAGED} AND NOT EXISTS (SELECT FROM editorial.incident i WHERE i.id = s.record_id)
        ORDER BY s.record_id
    """  # noqa: S608  (column names are our own)
