"""The rows of a batch on a map: as the public would see them, or, for editors, as they are.

What the public would see is not worked out by rules of its own: a page of rows is written and published as the commit
would, read, and taken back. So embargoes, coarser places and withheld texts are exactly what they will be.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import orjson
import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.loading.incident_loading import governed_by
from geo.loading.reading import recall_headings
from geo.loading.workflow import Key
from geo.records.incidents import clear_columns, write_incidents
from geo.records.matching import take_match

LONGEST_PAGE: Final = 500
_WAIT: Final = "2s"

_PUBLIC: Final = """
SELECT m.row_no, m.outcome, t.geojson, e.release_on
FROM row_match m
LEFT JOIN editorial.publication p ON p.record_id = m.record_id AND p.layer = :layer
LEFT JOIN published.feature_text t ON t.id = p.feature_id
LEFT JOIN editorial.embargo e ON e.record_id = m.record_id AND e.layer = :layer
ORDER BY m.row_no
"""

_EXACT: Final = """
SELECT s.row_no, s.foreseen, ST_AsGeoJSON((s.data ->> 'geometry')::geometry, 6) AS geometry,
    coalesce(s.data ->> 'title_zh_hans', s.data ->> 'title_en') AS title,
    s.data ->> 'location_precision' AS location_precision
FROM editorial.staging_row s
WHERE s.batch_id = :batch AND s.outcome IS NULL AND s.foreseen IN ('inserted', 'updated') AND s.row_no > :after
ORDER BY s.row_no LIMIT :limit
"""

Publish = Callable[[sa.Connection, int], int]


def show_public_map(
    connection: sa.Connection, row: Key, publish: Publish, *, after: int = 0, limit: int = LONGEST_PAGE
) -> Key:
    """Return a page of rows as features of the public map, and the row number after which the next page begins.

    Rows that would not be public yet have no geometry and say from which day on they are. Nothing is kept.
    """
    if row["layer"] == ACCOUNTABILITY or row["kind"] != "load" or "columns" not in row["options"]:
        return _collect([], limit)
    cleared = clear_columns(governed_by(recall_headings(row["layer"], row["options"])))
    savepoint = connection.begin_nested()
    try:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT}'")
        take_match(connection, row["id"], after=after, limit=min(limit, LONGEST_PAGE))
        write_incidents(connection, row["id"], row["layer"], cleared=cleared, actor=row["actor"])
        publish(connection, row["id"])
        found = connection.execute(sa.text(_PUBLIC), {"layer": row["layer"]}).all()
    finally:
        savepoint.rollback()
    return _collect([_public_feature(*one) for one in found], limit)


def show_exact_map(connection: sa.Connection, batch_id: int, *, after: int = 0, limit: int = LONGEST_PAGE) -> Key:
    """Return a page of rows with the places that the editors know; never for readers."""
    facts = {"batch": batch_id, "after": after, "limit": min(limit, LONGEST_PAGE)}
    features = [
        {
            "type": "Feature",
            "id": row_no,
            "geometry": None if geometry is None else orjson.loads(geometry),
            "properties": {"row": row_no, "class": foreseen, "title": title, "location_precision": precision},
        }
        for row_no, foreseen, geometry, title, precision in connection.execute(sa.text(_EXACT), facts)
    ]
    return _collect(features, limit)


def _public_feature(row_no: int, outcome: str, geojson: str | None, release_on: Any) -> Key:
    """Return the feature under its row's number: its public id is given at the commit."""
    if geojson is None:
        waits = None if release_on is None else release_on.isoformat()
        properties = {"row": row_no, "class": outcome, "public_from": waits}
        return {"type": "Feature", "id": row_no, "geometry": None, "properties": properties}
    feature: Key = orjson.loads(geojson)
    return feature | {"id": row_no, "properties": feature["properties"] | {"row": row_no, "class": outcome}}


def _collect(features: list[Key], limit: int) -> Key:
    full = len(features) >= min(limit, LONGEST_PAGE)
    return {"type": "FeatureCollection", "features": features, "next": features[-1]["id"] if full else None}
