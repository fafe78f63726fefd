"""What a batch would change in cases that are there, contact by contact and field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.loading.case_groups import find_incidents, read_groups
from geo.records.batch_tables import record_version, staging_row
from geo.records.case_decisions import CASE_DECISIONS
from geo.records.case_versions import CONTACTS
from geo.records.history import compare
from geo.records.publication_tables import publication
from geo.records.tables import accountability_case

_NOT_TOLD = frozenset({*CASE_DECISIONS, "regions", "region_code", "several_places", "source_system", "source_id"})
"""What a file does not say of a case, or what follows from what it says."""


def list_case_differences(
    connection: sa.Connection, batch_id: int, columns: Sequence[str], *, after: int, limit: int
) -> list[dict[str, Any]]:
    """Return for each case that would change: its first row, record, versions and fields, before and after.

    `columns` are those of the file: what it has no column for stays as it is.
    """
    rows = staging_row.c
    planned = sa.select(rows.row_no, rows.record_id, rows.base_version).where(
        rows.batch_id == batch_id, rows.foreseen == "updated", rows.outcome.is_(None), rows.row_no > after
    )
    changed = {row.row_no: row for row in connection.execute(planned)}
    found = []
    for group in read_groups(connection, batch_id, rejected=False):
        row = changed.get(group.rows[0][0])
        if row is None:
            continue
        incidents, _ = find_incidents(connection, group)
        data = group.rows[0][1]
        said = {**data["case"], "incident_ids": sorted(one.name for one in incidents), "contacts": group.contacts}
        found.append(_describe(connection, row, said, columns))
    return sorted(found, key=lambda one: int(one["row_no"]))[:limit]


def _describe(connection: sa.Connection, row: Any, said: dict[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    told, case = record_version.c, accountability_case.c
    asked = (
        sa.select(case.version, publication.c.public_id, told.data)
        .outerjoin(publication, sa.and_(publication.c.record_id == case.id, publication.c.layer == ACCOUNTABILITY))
        .outerjoin(
            record_version,
            sa.and_(told.layer == ACCOUNTABILITY, told.record_id == case.id, told.version == case.version),
        )
        .where(case.id == row.record_id)
    )
    there = connection.execute(asked).one()
    before = {name: value for name, value in (there.data or {}).items() if name not in _NOT_TOLD}
    return {
        "row_no": row.row_no,
        "record_id": row.record_id,
        "public_id": there.public_id,
        "base_version": row.base_version,
        "version": there.version,
        "fields": [
            {"column": one.field, "before": one.before, "after": one.after}
            for one in compare(before, said)
            if one.field.startswith(CONTACTS) or one.field in {"incident_ids", *columns}
        ],
    }
