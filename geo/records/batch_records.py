"""Which records a batch made, changed or removed, and where readers find them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

PAGE: Final = 50

_RECORDS: Final = """
SELECT v.record_id, v.op, v.version, p.public_id, f.id IS NOT NULL AS is_public, e.release_on,
    coalesce(v.data ->> 'title_en', v.data ->> 'title_zh_hans') AS title_en,
    coalesce(v.data ->> 'title_zh_hans', v.data ->> 'title_en') AS title_zh_hans,
    newest.version > v.version AS is_changed_since
FROM editorial.record_version v
JOIN LATERAL (
    SELECT max(n.version) AS version FROM editorial.record_version n
    WHERE n.layer = v.layer AND n.record_id = v.record_id
) AS newest ON true
LEFT JOIN editorial.publication p ON p.record_id = v.record_id AND p.layer = v.layer
LEFT JOIN published.feature f ON f.id = p.feature_id
LEFT JOIN editorial.embargo e ON e.record_id = v.record_id AND e.layer = v.layer
WHERE v.batch_id = :batch AND v.record_id > :after
ORDER BY v.record_id LIMIT :limit
"""


_TITLES: Final = """
SELECT DISTINCT ON (record_id) record_id, data ->> 'title_en', data ->> 'title_zh_hans' FROM editorial.record_version
WHERE layer = :layer AND record_id = ANY (:records) ORDER BY record_id, version DESC
"""


@dataclass(frozen=True)
class BatchRecord:
    """A record as a batch left it. `op` is insert, update or delete; `release_on` is when it becomes public."""

    record_id: int
    op: str
    version: int
    public_id: str | None
    is_public: bool
    release_on: dt.date | None
    title_en: str | None
    title_zh_hans: str | None
    is_changed_since: bool


def list_batch_records(
    connection: sa.Connection, batch_id: int, *, after: int = 0, limit: int = PAGE
) -> list[BatchRecord]:
    """List what a batch did to records, in the order of their keys; `after` is the last key seen."""
    facts = {"batch": batch_id, "after": after, "limit": limit}
    return [BatchRecord(*row) for row in connection.execute(sa.text(_RECORDS), facts)]


def title_records(connection: sa.Connection, layer: str, records: Collection[int]) -> dict[int, dict[str, str | None]]:
    """Return the titles of records by their keys, as their last versions have them."""
    found = connection.execute(sa.text(_TITLES), {"layer": layer, "records": list(records)}) if records else ()
    return {record: {"title_en": english, "title_zh_hans": chinese} for record, english, chinese in found}
