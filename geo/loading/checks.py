"""Checks that need all rows of a file, or the records that are there: done in sets, on the staging tables."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from geo.loading.messages import Message, Problem
from geo.loading.profiles import Profile
from geo.loading.staging import copy_messages

_SHOWN_ROWS: Final = 10

_SAME_ID: Final = """
WITH twice AS MATERIALIZED (
    SELECT source_system, source_id FROM editorial.staging_row
    WHERE batch_id = :batch AND source_id IS NOT NULL AND outcome IS DISTINCT FROM 'excluded'
    GROUP BY source_system, source_id HAVING count(*) > 1
)
SELECT s.source_id, array_agg(s.row_no ORDER BY s.row_no) AS rows
FROM editorial.staging_row s
WHERE s.batch_id = :batch AND (s.source_system, s.source_id) IN (SELECT source_system, source_id FROM twice)
    AND s.outcome IS DISTINCT FROM 'excluded'
GROUP BY s.source_system, s.source_id
"""

_OTHER_LAYER: Final = """
SELECT s.row_no, s.source_id, i.layer
FROM editorial.staging_row s
JOIN editorial.incident i ON i.source_system = s.source_system AND i.source_id = s.source_id AND i.layer <> :layer
WHERE s.batch_id = :batch AND s.outcome IS NULL
"""

_UNKNOWN_PUBLIC_ID: Final = """
SELECT s.row_no, s.data->>'public_id' AS public_id
FROM editorial.staging_row s
LEFT JOIN editorial.publication p ON p.public_id = s.data->>'public_id' AND p.layer = :layer
WHERE s.batch_id = :batch AND s.data ? 'public_id' AND p.record_id IS NULL
"""

_SAME_DATE_AND_TITLE: Final = """
WITH named AS MATERIALIZED (
    SELECT left(identity_hash, 16) AS date_and_title FROM editorial.staging_row
    WHERE batch_id = :batch AND outcome IS NULL
    GROUP BY source_system, left(identity_hash, 16) HAVING count(*) > 1
)
SELECT row_no, first_row, region IS NOT DISTINCT FROM first_region AS same_region
FROM (
    SELECT row_no, data->>'region_code' AS region,
        first_value(row_no) OVER likeness AS first_row,
        first_value(data->>'region_code') OVER likeness AS first_region
    FROM editorial.staging_row
    WHERE batch_id = :batch AND outcome IS NULL AND left(identity_hash, 16) IN (SELECT date_and_title FROM named)
    WINDOW likeness AS (PARTITION BY source_system, left(identity_hash, 16) ORDER BY row_no)
) AS alike
WHERE row_no <> first_row
ORDER BY row_no
"""
"""The first half of an identity hash is of date and title."""

KEEPABLE: Final = ("PII_NAME", "PII_ADDRESS", "PLACE_IN_TEXT", "DUP_NEAR", "DUP_CORRECTION", "DUP_NEAR_FILE")
"""Codes that hold a row which somebody may nevertheless decide to load as it is; the others want another choice."""

_REJECT: Final = """
UPDATE editorial.staging_row s SET outcome = CASE WHEN told.wrong THEN 'rejected' ELSE 'held' END
FROM (
    SELECT row_no, bool_or(severity = 'error') AS wrong,
        bool_or(severity = 'held' AND code <> ALL (CAST(:keepable AS text[]))) AS firm
    FROM editorial.staging_message
    WHERE batch_id = :batch AND row_no IS NOT NULL AND severity IN ('error', 'held') GROUP BY row_no
) AS told
LEFT JOIN editorial.batch_decision d
    ON d.batch_id = :batch AND d.row_no = told.row_no AND d.decision IN ('keep', 'merge')
WHERE s.batch_id = :batch AND s.row_no = told.row_no AND (told.wrong OR told.firm OR d.row_no IS NULL)
    AND (s.outcome IS NULL OR s.outcome = 'held' AND told.wrong)
"""


def check_incidents(
    connection: sa.Connection, batch_id: int, layer: str, profile: Profile, *, by_public_id: bool
) -> None:
    """Say what is wrong with rows beside other rows and records, and reject those that it keeps out."""
    messages = [
        *_find_same_ids(connection, batch_id),
        *_find_other_layers(connection, batch_id, layer),
        *(_find_unknown_public_ids(connection, batch_id, layer) if by_public_id else ()),
    ]
    if messages:
        copy_messages(connection, batch_id, messages)
        reject_rows(connection, batch_id)
    alike = _find_alike(connection, batch_id, profile)
    if alike:
        copy_messages(connection, batch_id, alike)
        reject_rows(connection, batch_id)


def reject_rows(connection: sa.Connection, batch_id: int) -> None:
    """Reject every row that has an error, and hold those about which somebody must decide and nobody has."""
    connection.execute(sa.text(_REJECT), {"batch": batch_id, "keepable": list(KEEPABLE)})


def _find_same_ids(connection: sa.Connection, batch_id: int) -> list[Message]:
    found = connection.execute(sa.text(_SAME_ID), {"batch": batch_id}).all()
    messages = []
    for source_id, rows in found:
        shown = ", ".join(map(str, rows[:_SHOWN_ROWS])) + (" ..." if len(rows) > _SHOWN_ROWS else "")
        problem = Problem("ID_DUP_FILE", {"source_id": source_id, "rows": shown})
        messages += [Message(problem, row_no, "source_id") for row_no in rows]
    return messages


def _find_other_layers(connection: sa.Connection, batch_id: int, layer: str) -> list[Message]:
    found = connection.execute(sa.text(_OTHER_LAYER), {"batch": batch_id, "layer": layer})
    return [
        Message(Problem("ID_OTHER_LAYER", {"other": other}), row_no, "source_id", source_id)
        for row_no, source_id, other in found
    ]


def _find_unknown_public_ids(connection: sa.Connection, batch_id: int, layer: str) -> list[Message]:
    found = connection.execute(sa.text(_UNKNOWN_PUBLIC_ID), {"batch": batch_id, "layer": layer})
    return [
        Message(Problem("ID_UNKNOWN", {"public_id": public_id}), row_no, "public_id") for row_no, public_id in found
    ]


def _find_alike(connection: sa.Connection, batch_id: int, profile: Profile) -> list[Message]:
    """Rows with the date and title of an earlier one: held when the region is the same too, unless ids are content."""
    found = connection.execute(sa.text(_SAME_DATE_AND_TITLE), {"batch": batch_id})
    return [
        Message(
            Problem("DUP_NEAR_FILE", {"row": first_row}, None if same and profile.ids == "given" else "warning"), row_no
        )
        for row_no, first_row, same in found
    ]
