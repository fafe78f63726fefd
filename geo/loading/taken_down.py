"""Keeps rows out that were taken down: see `geo.records.tombstones`."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from geo.loading.messages import Problem, locate
from geo.loading.staging import StagedRow
from geo.records.tombstones import Tombstones


def refuse_taken_down(tombstones: Tombstones, rows: Sequence[StagedRow]) -> list[StagedRow]:
    """Return the rows, those that were taken down as rejected ones without what they said."""
    return [_refuse(tombstones, row) for row in rows] if tombstones else list(rows)


def _refuse(tombstones: Tombstones, row: StagedRow) -> StagedRow:
    values = orjson.loads(row.data) if row.data else {}
    day = tombstones.find(row.source_system, row.source_id, values.get("case", values))
    if day is None:
        return row
    message = locate(Problem("ID_TOMBSTONED", {"day": day.isoformat()}), row.row_no, "source_id", None)
    return StagedRow(row.row_no, row.source_system, row.source_id, None, None, None, [message])
