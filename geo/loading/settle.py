"""Looks at the staged rows of a batch together and at the records that are there, and says what would become of each.

It is worked out anew whenever somebody decides something, and once more as part of a commit: the same code gives the
preview's counts and the commit's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY, CALLS_FOR_HELP
from geo.loading.checks import reject_rows
from geo.loading.reading import Loading
from geo.loading.request import LoadReport

SENSITIVE_LAYERS: Final = frozenset({CALLS_FOR_HELP})
"""Layers of which every batch needs a second person."""

MASS_SHARE: Final = 0.05
MASS_AT_LEAST: Final = 20
"""Records changed: a batch that changes a larger share of its layer, and at least so many, needs a second person."""

KEY_ROWS: Final = 1_000
"""Records that one person's keys may make or change in a day before a second person must agree: a key can be stolen."""

MOVED_AT_MOST: Final = 100
MOVED_M: Final = 1_000

_FORGET: Final = "DELETE FROM editorial.staging_message WHERE batch_id = :batch AND id > :messages_to"

_RESET: Final = """
UPDATE editorial.staging_row SET foreseen = NULL, base_version = NULL, record_id = NULL, merge_into = NULL,
    outcome = CASE WHEN data IS NULL THEN 'rejected' END
WHERE batch_id = :batch AND num_nonnulls(foreseen, outcome, merge_into) > 0
"""

_DECIDED: Final = """
UPDATE editorial.staging_row s SET merge_into = d.record_id,
    outcome = CASE WHEN d.decision = 'exclude' THEN 'excluded' WHEN s.data IS NULL THEN 'rejected' END
FROM editorial.batch_decision d WHERE s.batch_id = :batch AND d.batch_id = :batch AND d.row_no = s.row_no
"""

_COUNT: Final = """
SELECT coalesce(outcome, 'ready') AS class, count(*) FROM editorial.staging_row WHERE batch_id = :batch GROUP BY 1
"""

_MOVED: Final = """
SELECT count(*) FROM row_match m
JOIN editorial.incident i ON i.id = m.record_id
JOIN editorial.staging_row s ON s.batch_id = :batch AND s.row_no = m.row_no
WHERE m.outcome = 'updated' AND s.data ? 'geometry'
    AND ST_DistanceSphere(i.geometry, (s.data ->> 'geometry')::geometry) > :moved_m
"""

_BY_KEYS: Final = """
SELECT coalesce(sum((o.counts ->> 'inserted')::integer + (o.counts ->> 'updated')::integer), 0)
FROM editorial.batch b JOIN editorial.batch o ON o.actor = b.actor AND o.id <> b.id
WHERE b.id = :batch AND o.state IN ('committing', 'committed') AND o.options ->> 'by_key' = 'true'
    AND o.created_at > now() - interval '1 day'
"""

_HASH: Final = """
WITH line AS (
    SELECT row_no, concat_ws('|', row_no, foreseen, record_id, base_version, merge_into, source_system, source_id,
        {content}) AS said
    FROM editorial.staging_row WHERE batch_id = :batch AND foreseen IS NOT NULL
), part AS (
    SELECT row_no / 10000 AS no, sha256(convert_to(string_agg(said, E'\\n' ORDER BY row_no), 'UTF8')) AS digest
    FROM line GROUP BY row_no / 10000
)
SELECT encode(sha256(string_agg(digest, '' ORDER BY no)), 'hex') FROM part
"""


def settle(connection: sa.Connection, batch_id: int, loading: Loading, report: LoadReport) -> None:
    """Check rows together, find the record of each, and count into `report`."""
    loading.check(batch_id)
    reject_rows(connection, batch_id)
    loading.match(batch_id, report)
    counts = {str(name): int(count) for name, count in connection.execute(sa.text(_COUNT), {"batch": batch_id})}
    report.rows = sum(counts.values())
    report.rejected, report.held = counts.get("rejected", 0), counts.get("held", 0)
    report.excluded = counts.get("excluded", 0)


def settle_again(
    connection: sa.Connection, batch_id: int, loading: Loading, report: LoadReport, *, messages_to: int
) -> None:
    """Take back what an earlier look found, apply what was decided since, and look again; write it into staging."""
    facts = {"batch": batch_id, "messages_to": messages_to}
    connection.execute(sa.text(_FORGET), facts)
    connection.execute(sa.text(_RESET), facts)
    connection.execute(sa.text(_DECIDED), facts)
    connection.exec_driver_sql("ANALYZE editorial.staging_row, editorial.staging_message")
    settle(connection, batch_id, loading, report)
    loading.remember(batch_id)


def find_review_reasons(
    connection: sa.Connection, batch_id: int, report: LoadReport, *, by_key: bool = False
) -> list[str]:
    """Say why a second person must agree; nothing where none must."""
    reasons = ["sensitive_layer"] if report.layer in SENSITIVE_LAYERS else []
    if report.layer == ACCOUNTABILITY:
        held = connection.scalar(sa.text("SELECT count(*) FROM editorial.accountability_case"))
        moved = 0
    else:
        asked = sa.text("SELECT count(*) FROM editorial.incident WHERE layer = :layer")
        held = connection.scalar(asked, {"layer": report.layer})
        moved = connection.scalar(sa.text(_MOVED), {"batch": batch_id, "moved_m": MOVED_M}) if report.updated else 0
    if report.updated >= MASS_AT_LEAST and report.updated > MASS_SHARE * (held or 0):
        reasons.append("mass_change")
    if (moved or 0) > MOVED_AT_MOST:
        reasons.append("mass_move")
    if by_key and report.changed + int(connection.scalar(sa.text(_BY_KEYS), {"batch": batch_id}) or 0) > KEY_ROWS:
        reasons.append("many_by_key")
    return reasons


def hash_content(connection: sa.Connection, batch_id: int, layer: str, described: Mapping[str, Any]) -> str:
    """Return the hash of everything that a commit of the batch, as it stands in staging, would do."""
    content = "data::text" if layer == ACCOUNTABILITY else "content_hash"
    rows = connection.scalar(sa.text(_HASH.format(content=content)), {"batch": batch_id})
    whole = json.dumps([layer, described["profile"], described["columns"], described.get("extra"), rows])
    return hashlib.sha256(whole.encode()).hexdigest()


def find_last_version(connection: sa.Connection, layer: str) -> int:
    """Return the number of the last version of any record of `layer`: equal numbers mean that nothing changed."""
    asked = "SELECT id FROM editorial.record_version WHERE layer = :layer ORDER BY id DESC LIMIT 1"
    return int(connection.scalar(sa.text(asked), {"layer": layer}) or 0)
