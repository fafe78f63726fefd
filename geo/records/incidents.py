"""Writes staged rows into the table of incidents, with a version of each record that is new or changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from geo.records.matching import laid_over
from geo.records.tables import incident

_KEPT_BY_US: Final = frozenset(
    {
        *("id", "layer", "source_system", "source_id", "identity_hash", "content_hash"),
        *("status", "version", "batch_id", "created_at", "updated_at"),
        *("override_precision", "withheld", "editor_notes", "widely_reported", "embargo_days"),
    }
)
"""Columns that a file never fills: identity, state, and what editors decide."""

LOADED_COLUMNS: Final = tuple(column.name for column in incident.columns if column.name not in _KEPT_BY_US)
"""Columns that staged data may have."""

FILLED_WHEN_UNKNOWN: Final = {
    "regions": ("'{}'", []),
    "several_places": ("false", False),
    "sources": ("'[]'", []),
    "already_public": ("false", False),
    "location_precision": ("'country'", "country"),
}
"""What an unknown value is in columns that may not be empty: in SQL, in JSON."""

MANY: Final = 1_000
"""Incidents written at once, from which on the planner is told: of a table that it takes for empty, publishing would
look through every row for every row."""

_NOTE_CHANGES: Final = f"""
INSERT INTO editorial.staging_message (batch_id, row_no, code, severity, facts)
SELECT :batch, m.row_no, :code, 'note', jsonb_build_object('changed', string_agg(new.key, ', ' ORDER BY new.key))
FROM row_match m
JOIN editorial.incident i ON i.id = m.record_id
JOIN editorial.staging_row s ON s.batch_id = :batch AND s.row_no = m.row_no,
    LATERAL jsonb_populate_record(i, {laid_over("i")}) AS merged,
    LATERAL jsonb_each(to_jsonb(merged)) AS new
WHERE m.outcome = 'updated' AND to_jsonb(i)->new.key IS DISTINCT FROM new.value
GROUP BY m.row_no
"""  # noqa: S608  (SQL of our own)

_VERSIONS_OF_NEW: Final = """
INSERT INTO editorial.record_version (layer, record_id, version, batch_id, op, actor, data)
SELECT :layer, m.record_id, 1, :batch, 'insert', :actor, s.data || jsonb_build_object(
    'source_system', m.source_system, 'source_id', m.source_id,
    'identity_hash', m.identity_hash, 'content_hash', m.content_hash)
FROM row_match m JOIN editorial.staging_row s ON s.batch_id = :batch AND s.row_no = m.row_no
WHERE m.outcome = 'inserted'
"""

_VERSIONS_OF_CHANGED: Final = f"""
INSERT INTO editorial.record_version (layer, record_id, version, batch_id, op, actor, data)
SELECT :layer, m.record_id, i.version, :batch, 'update', :actor,
    jsonb_strip_nulls(coalesce(before.data, '{{}}') || {laid_over("i")}
        || jsonb_build_object('identity_hash', m.identity_hash, 'content_hash', m.content_hash))
FROM row_match m
JOIN editorial.incident i ON i.id = m.record_id
JOIN editorial.staging_row s ON s.batch_id = :batch AND s.row_no = m.row_no
LEFT JOIN editorial.record_version before
    ON before.layer = :layer AND before.record_id = i.id AND before.version = i.version - 1
WHERE m.outcome = 'updated'
"""  # noqa: S608  (SQL of our own)


def clear_columns(names: Iterable[str]) -> str:
    """Make the JSON object that empties the columns that a file governs; the row's own values are laid over it."""
    return json.dumps(
        {name: FILLED_WHEN_UNKNOWN[name][1] if name in FILLED_WHEN_UNKNOWN else None for name in sorted(names)}
    )


def note_changes(connection: sa.Connection, batch_id: int, *, cleared: str, code: str) -> None:
    """Stage the message `code` for each matched row that differs from its record, naming the columns that change."""
    connection.execute(sa.text(_NOTE_CHANGES), {"batch": batch_id, "cleared": cleared, "code": code})


def write_incidents(connection: sa.Connection, batch_id: int, layer: str, *, cleared: str, actor: str) -> None:
    """Insert and update as `row_match` says (see `geo.records.matching`); what is unchanged is not touched."""
    facts = {"batch": batch_id, "layer": layer, "cleared": cleared, "actor": actor}
    written = connection.execute(sa.text(_insert_statement()), facts).rowcount
    written += connection.execute(sa.text(_update_statement()), facts).rowcount
    if written >= MANY:
        connection.exec_driver_sql("ANALYZE editorial.incident")
    connection.execute(sa.text(_VERSIONS_OF_NEW), facts)
    connection.execute(sa.text(_VERSIONS_OF_CHANGED), facts)


def _insert_statement() -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    names = ", ".join(LOADED_COLUMNS)
    typed = ", ".join(f"{name} {incident.c[name].type.compile(dialect)}" for name in LOADED_COLUMNS)
    values = ", ".join(_or_default(f"r.{name}", name) for name in LOADED_COLUMNS)
    return f"""
        INSERT INTO editorial.incident
            (id, layer, source_system, source_id, identity_hash, content_hash, batch_id, {names})
        OVERRIDING SYSTEM VALUE
        SELECT m.record_id, :layer, m.source_system, m.source_id, m.identity_hash, m.content_hash, :batch, {values}
        FROM row_match m JOIN editorial.staging_row s ON s.batch_id = :batch AND s.row_no = m.row_no,
            LATERAL jsonb_to_record(s.data) AS r({typed})
        WHERE m.outcome = 'inserted'
        ORDER BY m.record_id
    """  # noqa: S608  (column names are our own)


def _update_statement() -> str:
    assignments = ", ".join(f"{name} = {_or_default(f'new.{name}', name)}" for name in LOADED_COLUMNS)
    return f"""
        UPDATE editorial.incident i SET {assignments}, identity_hash = m.identity_hash, content_hash = m.content_hash,
            batch_id = :batch, version = i.version + 1, updated_at = now()
        FROM row_match m, editorial.incident before, editorial.staging_row s,
            LATERAL jsonb_populate_record(before, {laid_over("before")}) AS new
        WHERE m.outcome = 'updated' AND i.id = m.record_id AND before.id = m.record_id
            AND s.batch_id = :batch AND s.row_no = m.row_no
    """  # noqa: S608  (column names are our own)


def _or_default(value: str, name: str) -> str:
    return f"coalesce({value}, {FILLED_WHEN_UNKNOWN[name][0]})" if name in FILLED_WHEN_UNKNOWN else value
