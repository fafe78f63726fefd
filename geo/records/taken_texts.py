"""Where else a record's text may stand: in rows of files on their way in, and in the messages about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from geo.records.record_keys import RecordKey

_ROWS: Final = """
SELECT batch_id, row_no FROM editorial.staging_row
WHERE (record_id = :id AND batch_id IN (SELECT id FROM editorial.batch WHERE layer = :layer))
    OR (source_system = :system AND source_id = ANY(:ids))
    OR data ->> 'title_en' = ANY(:titles) OR data ->> 'title_zh_hans' = ANY(:titles)
    OR data #>> '{case,title_en}' = ANY(:titles) OR data #>> '{case,title_zh_hans}' = ANY(:titles)
"""


def wipe_elsewhere(connection: sa.Connection, key: RecordKey, said: Iterable[Mapping[str, Any]]) -> set[int]:
    """Remove staged rows that are the record, or say what it said, and the messages about them; return the batches."""
    known = list(said)
    titles = {text for values in known for text in (values.get("title_en"), values.get("title_zh_hans")) if text}
    facts = {
        "id": key.id,
        "layer": key.layer,
        "system": known[0]["source_system"],
        "ids": [known[0]["source_id"]],
        "titles": sorted(titles),
    }
    found = connection.execute(sa.text(_ROWS), facts).all()
    for batch_id, row_no in found:
        for table in ("staging_message", "staging_row"):
            connection.execute(
                sa.text(f"DELETE FROM editorial.{table} WHERE batch_id = :batch AND row_no = :row"),  # noqa: S608  (our own names)
                {"batch": batch_id, "row": row_no},
            )
    return {int(batch_id) for batch_id, _ in found}
