"""Warnings that need the other rows of a file, or the records that are there: they keep nothing out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from geo.loading.messages import Message, Problem
from geo.loading.staging import copy_messages

_PILE: Final = 50
"""So many records at one exact point are more likely the centre of something than one site."""

_LOST_ZEROS: Final = """
SELECT DISTINCT ON (s.row_no) s.row_no, s.source_id, i.source_id
FROM editorial.incident i
JOIN editorial.staging_row s
    ON s.batch_id = :batch AND s.source_system = i.source_system AND s.source_id = ltrim(i.source_id, '0')
WHERE i.source_id LIKE '0%' AND s.outcome IS NULL AND NOT EXISTS (
    SELECT FROM editorial.incident same WHERE same.source_system = s.source_system AND same.source_id = s.source_id
)
ORDER BY s.row_no, i.source_id
"""

_PILES: Final = """
SELECT min(row_no), count(*) FROM editorial.staging_row
WHERE batch_id = :batch AND outcome IS NULL AND data->>'location_precision' = 'exact' AND data ? 'geometry'
GROUP BY data->>'geometry' HAVING count(*) >= :pile
ORDER BY 1
"""


def warn_of_doubts(connection: sa.Connection, batch_id: int, *, has_points: bool) -> None:
    """Say which ids may have lost their zeros, and how many rows share one exact point."""
    copy_messages(connection, batch_id, _find_lost_zeros(connection, batch_id))
    if has_points:
        copy_messages(connection, batch_id, _find_piles(connection, batch_id))


def _find_lost_zeros(connection: sa.Connection, batch_id: int) -> Iterator[Message]:
    for row_no, source_id, known in connection.execute(sa.text(_LOST_ZEROS), {"batch": batch_id}).all():
        yield Message(Problem("ID_ZERO_LOST", {"known": known}), row_no, "source_id", source_id)


def _find_piles(connection: sa.Connection, batch_id: int) -> Iterator[Message]:
    """A pile is told once, at its first row."""
    for row_no, count in connection.execute(sa.text(_PILES), {"batch": batch_id, "pile": _PILE}).all():
        yield Message(Problem("GEO_PILE", {"count": count}), row_no, "lon")
