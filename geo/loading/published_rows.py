"""Rows of our own exports: what of a file is still exactly what is published needs no reading.

An export holds what the public may see, which can be less than the record has: a coarser place, no place in words. So a
row under a public id whose cells are those of the record's export says nothing new, and its record is left as it is. A
row that was changed is read like any other, unless its record is shown less exactly than it is known: from its export
alone, the better place would be lost.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from typing import Any, Final

import orjson
import sqlalchemy as sa

from geo.loading.headers import Mapping, fold_header
from geo.loading.messages import Problem, locate
from geo.loading.staging import StagedRow
from geo.loading.table_file import Row
from geo.serving.exports.labels import NO_NAMES
from geo.serving.exports.table import record_table
from geo.serving.exports.texts import guard_text, read_position, write_cell

_FIND: Final = """
SELECT p.public_id, t.geojson, i.source_system, i.source_id, i.identity_hash, i.content_hash
FROM editorial.publication p
JOIN published.feature f ON f.public_id = p.public_id
JOIN published.feature_text t ON t.id = f.id
JOIN editorial.incident i ON i.id = p.record_id
WHERE p.layer = :layer AND p.public_id = ANY(:ids)
"""
_COARSENED: Final = "coarsened"


class PublishedRows:
    """Knows the rows of one file that are exports of ours."""

    def __init__(self, connection: sa.Connection, layer: str, mapping: Mapping) -> None:
        self._connection = connection
        self._layer = layer
        self._id = mapping.positions.get("public_id", mapping.positions.get("source_id"))
        self._table = record_table(layer, (), NO_NAMES, has_geometry=True)
        names = {*self._table.names, "lon", "lat"}
        folded = {place: fold_header(header) for place, header in enumerate(mapping.headers)}
        self._columns = {place: name for place, name in folded.items() if name in names}
        self._datum = mapping.positions.get("datum")  # a file of features says it; our exports are in WGS 84
        read = set(mapping.positions.values()) - {self._datum}
        self._is_export = self._id is not None and len(self._columns) > 1 and read <= self._columns.keys()

    def read(self, rows: Sequence[Row]) -> dict[int, StagedRow]:
        """Return by row number the rows that need no reading: unchanged, or refused."""
        if not self._is_export or self._id is None:
            return {}
        asked = {row[1][self._id].strip(): row for row in rows if not row[2] and self._is_wgs84(row)}
        ids = [name for name in asked if name]
        found = self._connection.execute(sa.text(_FIND), {"layer": self._layer, "ids": ids})
        staged = (self._stage(asked[row.public_id], row) for row in found)
        return {row.row_no: row for row in staged if row is not None}

    def _is_wgs84(self, row: Row) -> bool:
        return self._datum is None or row[1][self._datum] in {"", "wgs84"}

    def _stage(self, row: Row, known: sa.Row[Any]) -> StagedRow | None:
        row_no, cells, _ = row
        feature = orjson.loads(known.geojson)
        ours = (known.source_system, known.source_id)
        if self._is_same(cells, feature):
            data = orjson.dumps({"public_id": known.public_id})
            return StagedRow(row_no, *ours, known.identity_hash, known.content_hash, data, [])
        if feature["properties"].get(_COARSENED):
            problem = locate(Problem("REC_COARSENED"), row_no, _COARSENED, None)
            return StagedRow(row_no, *ours, None, None, None, [problem])
        return None

    def _is_same(self, cells: list[str], feature: MappingType[str, Any]) -> bool:
        values = dict(zip(self._table.names, map(write_cell, self._table.read(feature)), strict=True))
        values |= dict(zip(("lon", "lat"), read_position(feature), strict=True))
        return all(_is_same_text(cells[place], values[name]) for place, name in self._columns.items())


def _is_same_text(cell: str, value: str) -> bool:
    written = cell.replace("\r\n", "\n").strip()
    return written in {text.replace("\r\n", "\n").strip() for text in (value, guard_text(value))}
