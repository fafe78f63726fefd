"""Which record each staged row is: by public id, by source id, else by its content; worked out in sets.

The answer is the temporary table `row_match` (row_no, source_system, source_id, identity_hash, content_hash,
record_id, outcome). Rows without an id are paired with records of the same identity, equal contents first; equal rows
are numbered, so that neither their order nor that of the file matters. A source id is set when a record is made and
never worked out again.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

BY_CONTENT: Final = "content-"
"""Source ids that begin so were made from the row's content: content-<identity>-<number>."""

_CREATE: Final = """
DROP TABLE IF EXISTS pg_temp.row_found, pg_temp.row_match;
CREATE TEMP TABLE row_found (
    row_no integer, source_system text, source_id text, identity_hash text, content_hash text, record_id bigint
) ON COMMIT DROP;
CREATE TEMP TABLE row_match (LIKE row_found) ON COMMIT DROP;
ALTER TABLE row_match ADD outcome text
"""

_FILL: Final = """
INSERT INTO row_found (row_no, source_system, source_id, identity_hash, content_hash, record_id)
SELECT s.row_no, s.source_system, s.source_id, s.identity_hash, s.content_hash, i.id
FROM editorial.staging_row s
LEFT JOIN editorial.incident i
    ON i.source_system = s.source_system AND i.source_id = s.source_id AND i.layer = :layer
WHERE s.batch_id = :batch AND s.outcome IS NULL
"""

_BY_PUBLIC_ID: Final = """
UPDATE row_found m SET record_id = p.record_id
FROM editorial.staging_row s JOIN editorial.publication p ON p.public_id = s.data->>'public_id' AND p.layer = :layer
WHERE s.batch_id = :batch AND s.row_no = m.row_no
"""

_BY_DECISION: Final = """
UPDATE row_found m SET record_id = s.merge_into
FROM editorial.staging_row s
WHERE s.batch_id = :batch AND s.row_no = m.row_no AND s.merge_into IS NOT NULL AND m.record_id IS NULL
"""

_PAIR: Final = """
WITH incoming AS (
    SELECT row_no, source_system, identity_hash, content_hash, row_number() OVER (
        PARTITION BY source_system, identity_hash{exact} ORDER BY content_hash, row_no
    ) AS twin
    FROM row_found WHERE record_id IS NULL AND (source_id IS NULL) = :without_id
), known AS (
    SELECT i.id, i.source_system, i.identity_hash, i.content_hash, row_number() OVER (
        PARTITION BY i.source_system, i.identity_hash{exact_known} ORDER BY i.content_hash, i.source_id
    ) AS twin
    FROM editorial.incident i
    WHERE i.layer = :layer
        AND (:without_id OR i.source_id LIKE :by_content)
        AND (i.source_system, i.identity_hash) IN (SELECT source_system, identity_hash FROM incoming)
        AND NOT EXISTS (SELECT FROM row_found taken WHERE taken.record_id = i.id)
)
UPDATE row_found m SET record_id = known.id
FROM incoming JOIN known USING (source_system, identity_hash, twin{exact})
WHERE m.row_no = incoming.row_no
"""

_WITH_ID: Final = """
INSERT INTO row_match
SELECT f.row_no, f.source_system, f.source_id, f.identity_hash, f.content_hash,
    coalesce(f.record_id, nextval('editorial.incident_id_seq')),
    CASE WHEN f.record_id IS NULL THEN 'inserted' WHEN i.content_hash = f.content_hash THEN 'unchanged' END
FROM row_found f LEFT JOIN editorial.incident i ON i.id = f.record_id
WHERE f.record_id IS NOT NULL OR f.source_id IS NOT NULL
"""

_WITHOUT_ID: Final = """
WITH taken AS (
    SELECT source_system, identity_hash, max(split_part(source_id, '-', 3)::integer) AS number
    FROM editorial.incident
    WHERE source_id LIKE :by_content AND (source_system, identity_hash) IN (
        SELECT source_system, identity_hash FROM row_found WHERE record_id IS NULL AND source_id IS NULL
    )
    GROUP BY source_system, identity_hash
)
INSERT INTO row_match
SELECT f.row_no, f.source_system,
    :prefix || f.identity_hash || '-' || (coalesce(taken.number, 0) + row_number() OVER (
        PARTITION BY f.source_system, f.identity_hash ORDER BY f.content_hash, f.row_no
    )),
    f.identity_hash, f.content_hash, nextval('editorial.incident_id_seq'), 'inserted'
FROM row_found f LEFT JOIN taken USING (source_system, identity_hash)
WHERE f.record_id IS NULL AND f.source_id IS NULL
"""


def laid_over(record: str) -> str:
    """Return the SQL of what the staged row `s` lays over the incident of that alias, as JSON.

    A column that the file governs is emptied where the row says nothing. Of a record of another source, into which the
    row is merged, nothing is emptied, and sources are added.
    """
    return f"""(CASE WHEN s.merge_into IS NULL THEN CAST(:cleared AS jsonb) || s.data
        ELSE s.data || jsonb_build_object('sources', {record}.sources || (
            SELECT coalesce(jsonb_agg(entry), '[]') FROM jsonb_array_elements(s.data -> 'sources') AS entry
            WHERE NOT {record}.sources @> jsonb_build_array(entry)))
        END)"""  # noqa: S608  (SQL of our own)


_COMPARE: Final = f"""
UPDATE row_match m SET outcome = CASE WHEN to_jsonb(merged) = to_jsonb(i) THEN 'unchanged' ELSE 'updated' END
FROM editorial.incident i, editorial.staging_row s,
    LATERAL jsonb_populate_record(i, {laid_over("i")}) AS merged
WHERE i.id = m.record_id AND m.outcome IS NULL AND s.batch_id = :batch AND s.row_no = m.row_no
"""  # noqa: S608  (SQL of our own)

_TAKE: Final = """
INSERT INTO row_match
SELECT row_no, source_system, coalesce(source_id, :prefix || 'shown-' || row_no), identity_hash, content_hash,
    coalesce(record_id, nextval('editorial.incident_id_seq')), foreseen
FROM editorial.staging_row
WHERE batch_id = :batch AND outcome IS NULL AND foreseen IN ('inserted', 'updated') AND row_no > :after
ORDER BY row_no LIMIT :limit
"""

_KEEP: Final = """
UPDATE editorial.staging_row s SET foreseen = m.outcome, base_version = i.version,
    record_id = CASE WHEN m.outcome <> 'inserted' THEN m.record_id END
FROM row_match m LEFT JOIN editorial.incident i ON i.id = m.record_id
WHERE s.batch_id = :batch AND s.row_no = m.row_no
"""


def keep_match(connection: sa.Connection, batch_id: int) -> None:
    """Write what `match_rows` found into staging, with the version that each record has now."""
    connection.execute(sa.text(_KEEP), {"batch": batch_id})


def take_match(connection: sa.Connection, batch_id: int, *, after: int, limit: int) -> None:
    """Make `row_match` again from what `keep_match` wrote, for some rows that would change something."""
    for statement in _CREATE.split(";"):
        connection.exec_driver_sql(statement)
    connection.execute(sa.text(_TAKE), {"batch": batch_id, "after": after, "limit": limit, "prefix": BY_CONTENT})


def match_rows(
    connection: sa.Connection, batch_id: int, layer: str, *, cleared: str, by_public_id: bool
) -> dict[str, int]:
    """Fill `row_match` for the rows of a batch that are not rejected; return how many have each outcome.

    Args:
        connection: in the transaction that will write the records.
        batch_id: the batch whose staging is filled.
        layer: one of the incident layers, locked.
        cleared: a JSON object with null for each column that the file governs: an empty cell empties the record's.
        by_public_id: whether rows may carry a public id.
    """
    facts = {"batch": batch_id, "layer": layer, "by_content": f"{BY_CONTENT}%"}
    for statement in _CREATE.split(";"):
        connection.exec_driver_sql(statement)
    connection.execute(sa.text(_FILL), facts)
    if by_public_id:
        connection.execute(sa.text(_BY_PUBLIC_ID), facts)
    connection.execute(sa.text(_BY_DECISION), facts)
    connection.exec_driver_sql("ANALYZE row_found")
    for without_id in (True, False):
        for exact in (True, False):
            shared, known = (", content_hash", ", i.content_hash") if exact else ("", "")
            statement = _PAIR.format(exact=shared, exact_known=known)
            connection.execute(sa.text(statement), facts | {"without_id": without_id})
    connection.execute(sa.text(_WITH_ID))
    connection.execute(sa.text(_WITHOUT_ID), {"by_content": f"{BY_CONTENT}%", "prefix": BY_CONTENT})
    connection.exec_driver_sql("ANALYZE row_match")
    connection.execute(sa.text(_COMPARE), facts | {"cleared": cleared})
    rows = connection.execute(sa.text("SELECT outcome, count(*) FROM row_match GROUP BY outcome"))
    return {str(outcome): int(count) for outcome, count in rows}
