"""Takes back what one batch did to accountability cases, one by one: they are few. See `geo.records.batch_revert`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.records.batch_revert import GONE, SAY
from geo.records.batch_tables import record_version, staging_row
from geo.records.case_versions import make_case_again
from geo.records.cases import columns_of, let_go, rewrite_case, write_parts
from geo.records.tables import accountability_case

_INSERT: Final = """
INSERT INTO editorial.accountability_case ({names}) OVERRIDING SYSTEM VALUE
SELECT {names} FROM jsonb_populate_record(NULL::editorial.accountability_case, CAST(:data AS jsonb))
"""

_PLAN: Final = """
INSERT INTO editorial.staging_row (batch_id, row_no, source_system, source_id, identity_hash, content_hash, data,
    record_id, foreseen, base_version, outcome)
SELECT :batch, row_number() OVER (ORDER BY t.record_id), b.data ->> 'source_system', b.data ->> 'source_id',
    b.data ->> 'identity_hash', 'version-' || t.record_id || '-' || coalesce(b.version, 0),
    CASE WHEN NOT coalesce(b.data ? :gone, true) THEN b.data END, t.record_id,
    CASE WHEN NOT coalesce(b.data ? :gone, true) THEN 'restored' ELSE 'deleted' END, n.version,
    CASE WHEN n.version <> t.last OR b.version IS NOT NULL AND b.data IS NULL THEN 'excluded' END
FROM (
    SELECT record_id, min(version) AS first, max(version) AS last FROM editorial.record_version
    WHERE batch_id = :reverts AND layer = :layer GROUP BY record_id
) AS t
JOIN LATERAL (SELECT max(version) AS version FROM editorial.record_version v
    WHERE v.layer = :layer AND v.record_id = t.record_id) AS n ON true
LEFT JOIN editorial.record_version b ON b.layer = :layer AND b.record_id = t.record_id AND b.version = t.first - 1
"""


def plan_cases(connection: sa.Connection, batch_id: int, reverts: int, codes: Mapping[str, str]) -> None:
    """Stage what reverting the batch `reverts` would do; `codes` as for incidents."""
    facts = {"batch": batch_id, "layer": ACCOUNTABILITY, "reverts": reverts, "gone": GONE}
    connection.execute(sa.text(_PLAN), facts)
    connection.execute(sa.text(SAY), facts | dict(codes))


def write_cases(connection: sa.Connection, batch_id: int, *, actor: str, reason: str | None) -> None:
    """Do what is staged."""
    rows = staging_row.c
    planned = sa.select(rows.record_id, rows.foreseen, rows.base_version, rows.data).where(
        rows.batch_id == batch_id, rows.outcome.is_(None)
    )
    for row in connection.execute(planned.order_by(rows.row_no)).all():
        there = connection.scalar(sa.select(accountability_case.c.id).where(accountability_case.c.id == row.record_id))
        version = row.base_version + 1
        if row.foreseen == "deleted":
            let_go(connection, row.record_id, batch_id)
            connection.execute(sa.delete(accountability_case).where(accountability_case.c.id == row.record_id))
            data: Any = {GONE: True}
        else:
            _restore(connection, row, batch_id, is_there=there is not None)
            known = sa.update(accountability_case).where(accountability_case.c.id == row.record_id)
            connection.execute(known.values(content_hash=row.data["content_hash"]))
            data = row.data
        op = "delete" if row.foreseen == "deleted" else "insert" if there is None else "update"
        made = {"layer": ACCOUNTABILITY, "record_id": row.record_id, "version": version, "batch_id": batch_id}
        connection.execute(sa.insert(record_version).values(**made, op=op, actor=actor, data=data, reason=reason))


def _restore(connection: sa.Connection, row: Any, batch_id: int, *, is_there: bool) -> None:
    case = make_case_again(connection, row.data)
    if is_there:
        rewrite_case(connection, case, row.record_id, batch_id)
        return
    values = columns_of(case, batch_id) | {
        "id": row.record_id,
        "version": row.base_version + 1,
        "source_system": case.source_system,
        "source_id": case.source_id,
    }
    given = {name: value for name, value in values.items() if value is not None}
    statement = _INSERT.format(names=", ".join(given))
    connection.execute(sa.text(statement), {"data": orjson.dumps(given, default=str).decode()})
    write_parts(connection, case, row.record_id, batch_id)
