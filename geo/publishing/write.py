"""Brings `published` to what was staged: only rows that differ are written, and each change is told."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.publishing.dataset_version import move_dataset_version
from geo.publishing.feature_rows import STAGED, UPDATED_ON, FeatureRows, closing
from geo.publishing.policy import TODAY
from geo.publishing.scope import make_temporary
from geo.serving.tables import feature, search_key

_SCOPES = {"incident": f"<> '{ACCOUNTABILITY}'", "case": f"= '{ACCOUNTABILITY}'"}
_COLUMNS = ", ".join(STAGED)

_DIFFERENT = " OR ".join(f"s.{name} IS DISTINCT FROM f.{name}" for name in STAGED)

_CHANGED_NAMES = f"""(SELECT COALESCE(jsonb_agg(name ORDER BY name), '[]') FROM (
    SELECT new.key AS name FROM (
        SELECT (s.opening || {closing(f"f.{UPDATED_ON}")})::jsonb -> 'properties' AS now,
            t.geojson::jsonb -> 'properties' AS before
        OFFSET 0  -- so that each text is parsed once, not once a property
    ) AS texts CROSS JOIN LATERAL jsonb_each(texts.now) AS new
    WHERE new.value IS DISTINCT FROM texts.before -> new.key
    UNION ALL SELECT 'geometry' WHERE s.geometry IS DISTINCT FROM f.geometry) AS names)"""

_CHANGED = f"""SELECT s.id, s.public_id, s.layer, {_CHANGED_NAMES} AS properties_changed
FROM staged AS s JOIN published.feature AS f USING (id) JOIN published.feature_text AS t USING (id)
WHERE t.geojson <> s.opening || {closing(f"f.{UPDATED_ON}")} OR {_DIFFERENT}"""

_GIN_INDEXES = tuple(
    f"published.{index.name}"
    for index in (*feature.indexes, *search_key.indexes)
    if index.dialect_kwargs.get("postgresql_using") == "gin"
)
MANY = 1_000
"""Features, from which on the lists that GIN indexes defer are worked in at once, so that readers need not."""


def write_features(connection: sa.Connection, rows: FeatureRows) -> int:
    """Write the features that `rows` gives, unless they are as they were; return how many were written."""
    written = _insert_fresh(connection, rows) + _update_changed(connection, rows)
    if written >= MANY:
        for index in _GIN_INDEXES:
            connection.execute(sa.text("SELECT gin_clean_pending_list(CAST(:index AS regclass))"), {"index": index})
    return written


def _insert_fresh(connection: sa.Connection, rows: FeatureRows) -> int:
    shown = f"FROM shown_{rows.kind} WHERE fresh"
    count = connection.scalar(sa.text(f"SELECT count(*) {shown}")) or 0
    if count == 0:
        return 0
    version = move_dataset_version(connection)
    connection.exec_driver_sql(
        f"INSERT INTO published.feature (id, {_COLUMNS}, geometry_3857, {UPDATED_ON}) "
        f"SELECT id, {_COLUMNS}, ST_Transform(geometry, 3857), {TODAY} FROM ({rows.columns(fresh=True)}) AS fresh"
    )
    connection.exec_driver_sql(
        "INSERT INTO published.feature_text (id, geojson) "
        f"SELECT id, opening || {closing(TODAY)} FROM ({rows.texts(fresh=True)}) AS fresh"
    )
    connection.exec_driver_sql(
        f"INSERT INTO published.feature_search (id, words) SELECT id, words FROM ({rows.words(fresh=True)}) AS fresh"
    )
    _tell(connection, version, f"SELECT public_id, layer, 'insert', NULL::jsonb {shown} ORDER BY feature_id")
    connection.exec_driver_sql(
        f"DELETE FROM published.retraction USING shown_{rows.kind} AS shown "
        "WHERE retraction.public_id = shown.public_id"
    )
    return count


def _update_changed(connection: sa.Connection, rows: FeatureRows) -> int:
    make_temporary(connection, "staged", rows.whole(fresh=False))
    _update_search(connection)
    make_temporary(connection, "changed", _CHANGED)
    count = connection.scalar(sa.text("SELECT count(*) FROM changed")) or 0
    if count == 0:
        return 0
    version = move_dataset_version(connection)
    columns = ", ".join(f"{name} = s.{name}" for name in STAGED)
    connection.exec_driver_sql(
        f"UPDATE published.feature SET {columns}, geometry_3857 = ST_Transform(s.geometry, 3857), "
        f"{UPDATED_ON} = {TODAY} "
        "FROM staged AS s JOIN changed USING (id) WHERE feature.id = s.id"
    )
    connection.exec_driver_sql(
        f"UPDATE published.feature_text SET geojson = s.opening || {closing(TODAY)} "
        "FROM staged AS s JOIN changed USING (id) WHERE feature_text.id = s.id"
    )
    _tell(connection, version, "SELECT public_id, layer, 'update', properties_changed FROM changed ORDER BY id")
    return count


def _update_search(connection: sa.Connection) -> None:
    """Bring what is searched to what was staged. By itself it is no change of a feature, but answers may differ."""
    written = connection.exec_driver_sql(
        "INSERT INTO published.feature_search (id, words) "
        "SELECT s.id, s.words FROM staged AS s WHERE NOT EXISTS ("
        "SELECT FROM published.feature_search AS old WHERE old.id = s.id AND old.words = s.words) "
        "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
    ).rowcount
    if written:
        move_dataset_version(connection)


_REVERTED: Final = """(
    SELECT COALESCE(v.data ? 'gone' AND v.data ->> 'withheld' IS DISTINCT FROM 'true', false)
    FROM editorial.record_version AS v WHERE v.layer = p.layer AND v.record_id = p.record_id
    ORDER BY v.version DESC LIMIT 1
)"""
"""Whether a record that is no more was removed by taking its batch back: a takedown leaves no data in its version."""


def remove_hidden(connection: sa.Connection, kind: str) -> int:
    """Take away the features of records in scope that are not shown (any more); return how many there were.

    A stub stays of a retracted record, and of one that was removed by taking its batch back; nothing does of one that
    is withheld or was taken down.
    """
    hidden = (
        "SELECT p.feature_id, p.public_id, p.layer, "
        f"COALESCE(d.status = 'retracted' AND NOT d.withheld, {_REVERTED}) AS stub "
        f"FROM decided_{kind} AS d JOIN editorial.publication AS p "
        f"ON p.record_id = d.id AND p.layer {_SCOPES[kind]} WHERE NOT d.shown"
    )
    make_temporary(connection, "hidden", hidden)
    make_temporary(
        connection, "removed", "SELECT h.* FROM hidden AS h JOIN published.feature AS f ON f.id = h.feature_id"
    )
    stubs_gone = connection.exec_driver_sql(
        "DELETE FROM published.retraction USING hidden "
        "WHERE retraction.public_id = hidden.public_id AND NOT hidden.stub"
    ).rowcount
    stubs_made = connection.exec_driver_sql(
        "INSERT INTO published.retraction (public_id, layer, retracted_on) "
        f"SELECT public_id, layer, {TODAY} FROM hidden WHERE stub ON CONFLICT DO NOTHING"
    ).rowcount
    count = connection.exec_driver_sql(
        "DELETE FROM published.feature USING removed WHERE feature.id = removed.feature_id"
    ).rowcount
    if stubs_gone or stubs_made or count:
        version = move_dataset_version(connection)
        _tell(connection, version, "SELECT public_id, layer, 'delete', NULL::jsonb FROM removed ORDER BY feature_id")
    return count


def _tell(connection: sa.Connection, version: int, changes: str) -> None:
    connection.execute(
        sa.text(
            "INSERT INTO published.change (dataset_version, changed_on, public_id, layer, op, properties_changed) "
            f"SELECT :version, {TODAY}, told.* FROM ({changes}) AS told"
        ),
        {"version": version},
    )
