"""What the staging tables say of a batch: counts of rows and codes, and the messages a person reads first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from geo.loading.messages import Message, Problem, Severity
from geo.loading.request import KEPT_MESSAGES, LoadReport

_COLLAPSE: Final = """
WITH every AS (
    SELECT code, column_name, severity FROM editorial.staging_message
    WHERE batch_id = :batch AND row_no IS NOT NULL AND severity IN ('warning', 'note')
    GROUP BY code, column_name, severity HAVING count(DISTINCT row_no) >= :rows AND :rows > 1
), first AS (
    SELECT DISTINCT ON (m.code, m.column_name, m.severity) m.*
    FROM editorial.staging_message m JOIN every e
        ON e.code = m.code AND e.column_name IS NOT DISTINCT FROM m.column_name AND e.severity = m.severity
    WHERE m.batch_id = :batch ORDER BY m.code, m.column_name, m.severity, m.row_no
)
INSERT INTO editorial.staging_message (batch_id, column_name, code, severity, facts, times)
SELECT batch_id, column_name, code, severity, facts, :rows FROM first
"""

_DROP_COLLAPSED: Final = """
DELETE FROM editorial.staging_message m USING editorial.staging_message once
WHERE m.batch_id = :batch AND once.batch_id = :batch AND once.row_no IS NULL AND once.times = :rows
    AND m.row_no IS NOT NULL AND once.code = m.code AND once.severity = m.severity
    AND once.column_name IS NOT DISTINCT FROM m.column_name
"""

_COUNT_WARNED: Final = """
SELECT count(DISTINCT m.row_no) FROM editorial.staging_message m
JOIN editorial.staging_row s ON s.batch_id = :batch AND s.row_no = m.row_no AND s.outcome IS DISTINCT FROM 'rejected'
WHERE m.batch_id = :batch AND m.severity = 'warning'
"""

_COUNT_CODES: Final = """
SELECT code, sum(times), count(*) FROM editorial.staging_message WHERE batch_id = :batch GROUP BY code
"""

_LISTED: Final = """
SELECT row_no, column_name, code, severity, value_redacted, facts, times FROM editorial.staging_message
WHERE batch_id = :batch
ORDER BY array_position(ARRAY['file', 'error', 'held', 'warning', 'note'], severity), row_no NULLS FIRST, id
LIMIT :kept
"""

_BY_ROW: Final = """
SELECT row_no, column_name, code, severity, value_redacted, facts, times FROM editorial.staging_message
WHERE batch_id = :batch AND row_no IS NOT NULL AND severity IN ('error', 'held', 'warning') ORDER BY row_no, id
"""


def collapse_messages(connection: sa.Connection, batch_id: int, rows: int) -> None:
    """Give a warning or note that is true of every row once, with its count. What rejects a row is said of each row."""
    facts = {"batch": batch_id, "rows": rows}
    connection.execute(sa.text(_COLLAPSE), facts)
    connection.execute(sa.text(_DROP_COLLAPSED), facts)


def summarise(connection: sa.Connection, batch_id: int, report: LoadReport) -> None:
    """Fill the counts of warnings and codes, and the first messages, into `report`."""
    facts = {"batch": batch_id, "kept": KEPT_MESSAGES}
    report.warned = int(connection.execute(sa.text(_COUNT_WARNED), facts).scalar_one())
    for code, times, messages in connection.execute(sa.text(_COUNT_CODES), facts):
        report.by_code[code] += int(times)
        report.messages_in_all += int(messages)
    report.messages = [_make_message(row) for row in connection.execute(sa.text(_LISTED), facts)]


def walk_messages(connection: sa.Connection, batch_id: int) -> Iterator[Message]:
    """Give every message that rejects or warns a row, in the order of rows, without holding them all."""
    streamed = sa.text(_BY_ROW).execution_options(yield_per=5000)
    for row in connection.execute(streamed, {"batch": batch_id}):
        yield _make_message(row)


def _make_message(row: Sequence[Any]) -> Message:
    row_no, column, code, severity, value, facts, times = row
    weight: Severity = severity
    return Message(Problem(code, facts, weight), row_no, column, value, times)
