"""What a batch would do, asked page by page: rows by class, differences field by field, messages by code.

Pages follow a key (`after`, the last row number seen), never an offset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
import sqlalchemy as sa

from geo.errors import DataError, NotFound
from geo.layers import ACCOUNTABILITY
from geo.loading.case_differences import list_case_differences
from geo.loading.fixes import find_fix
from geo.loading.incident_loading import governed_by
from geo.loading.messages import Message, Problem, render_remedy, render_text
from geo.loading.reading import recall_headings
from geo.loading.workflow import Key, is_waiting_for_choice
from geo.records.batch_tables import batch, batch_decision, staging_message, staging_row
from geo.records.incidents import clear_columns
from geo.records.matching import laid_over

CLASSES: Final = ("inserted", "updated", "unchanged", "rejected", "held", "excluded", "restored", "deleted")
"""Into which the rows of a batch fall; the last two are those of a revert."""
LONGEST_PAGE: Final = 500

_CLASS: Final = sa.func.coalesce(staging_row.c.outcome, staging_row.c.foreseen)

_DIFFERENCES: Final = f"""
SELECT s.row_no, s.record_id, p.public_id, s.base_version, i.version, (
    SELECT jsonb_agg(jsonb_build_object('column', new.key, 'before', to_jsonb(i) -> new.key, 'after', new.value)
        ORDER BY new.key)
    FROM jsonb_each(to_jsonb(merged)) AS new WHERE to_jsonb(i) -> new.key IS DISTINCT FROM new.value
) AS fields
FROM editorial.staging_row s
JOIN editorial.incident i ON i.id = s.record_id
LEFT JOIN editorial.publication p ON p.record_id = i.id AND p.layer = i.layer,
    LATERAL jsonb_populate_record(i, {laid_over("i")}) AS merged
WHERE s.batch_id = :batch AND s.foreseen = 'updated' AND s.outcome IS NULL AND s.row_no > :after
ORDER BY s.row_no LIMIT :limit
"""  # noqa: S608  (SQL of our own)

_BY_CODE: Final = """
SELECT code, severity, column_name, min(value_redacted) AS value, (array_agg(facts ORDER BY id))[1] AS facts,
    sum(times) AS times, (array_agg(row_no ORDER BY row_no))[1:10] AS rows
FROM editorial.staging_message WHERE batch_id = :batch
GROUP BY code, severity, column_name, CASE WHEN code = ANY (:by_value) THEN value_redacted END
ORDER BY array_position(ARRAY['file', 'error', 'held', 'warning', 'note'], severity), sum(times) DESC, code
LIMIT 1000
"""


def get_batch(connection: sa.Connection, batch_id: int) -> Key:
    """Return everything a batch says of itself; `failure` as a message in both languages.

    Raises:
        NotFound: there is no such batch.
    """
    row = connection.execute(sa.select(batch).where(batch.c.id == batch_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such batch.")
    return describe_batch(dict(row))


def list_batches(
    connection: sa.Connection,
    *,
    layers: Sequence[str],
    actor: str | None = None,
    states: Sequence[str] = (),
    before: int | None = None,
    limit: int = 50,
) -> list[Key]:
    """Return batches of `layers`, the newest first; `actor` asks for their own, `before` for those with lower ids."""
    asked = (
        sa.select(batch).where(batch.c.layer.in_(layers)).order_by(batch.c.id.desc()).limit(min(limit, LONGEST_PAGE))
    )
    if actor is not None:
        asked = asked.where(batch.c.actor == actor)
    if states:
        asked = asked.where(batch.c.state.in_(states))
    if before is not None:
        asked = asked.where(batch.c.id < before)
    return [describe_batch(dict(row)) for row in connection.execute(asked).mappings()]


def describe_batch(row: Mapping[str, Any]) -> Key:
    """Return what may be shown of a batch's row."""
    shown = {name: row[name] for name in _SHOWN}
    failure = orjson.loads(row["failure"]) if row["failure"] else None
    choices = row["options"].get("choices", {})
    return shown | {
        "choices": choices,
        "columns": row["options"].get("columns"),
        "profile": row["options"].get("profile"),
        "bytes": row["options"].get("bytes"),
        "failure": None if failure is None else _describe_failure(failure),
        "waits_for_choice": row["state"] == "failed" and is_waiting_for_choice(failure),
        "needs_review": bool(row["review_reasons"]),
    }


def describe_same(shown: Key) -> Key:
    """Say that an upload is a batch which is there already."""
    named = shown["title"] or shown["file_name"]
    facts = {"title": named, "day": shown["created_at"].date().isoformat(), "by": shown["actor"]}
    return _describe_failure({"code": "BATCH_SAME", "facts": facts})


_SHOWN: Final = (
    *("id", "kind", "layer", "source_system", "title", "file_name", "file_sha256", "policy", "state", "phase"),
    *("rows_read", "rows_validated", "counts", "reverts_id", "actor", "created_at", "started_at", "progress_at"),
    *("committed_at", "published_at", "content_hash", "review_reasons", "edited_by", "requested_by"),
    *("requested_hash", "approved_by", "approved_hash"),
)


def list_rows(
    connection: sa.Connection,
    batch_id: int,
    *,
    classes: Sequence[str] = CLASSES,
    code: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[Key]:
    """Return rows of a batch by class (and, with `code`, those with that message), each with its messages."""
    if not set(classes) <= set(CLASSES):
        raise DataError(f"The classes of rows are {', '.join(CLASSES)}.")
    columns = staging_row.c
    asked = (
        sa.select(
            *(columns.row_no, _CLASS.label("class"), columns.source_system, columns.source_id, columns.data),
            *(columns.record_id, columns.base_version, batch_decision.c.decision, batch_decision.c.actor),
        )
        .outerjoin(
            batch_decision,
            sa.and_(batch_decision.c.batch_id == columns.batch_id, batch_decision.c.row_no == columns.row_no),
        )
        .where(columns.batch_id == batch_id, columns.row_no > after, _CLASS.in_(classes))
        .order_by(columns.row_no)
        .limit(min(limit, LONGEST_PAGE))
    )
    if code is not None:
        told = sa.select(staging_message.c.row_no).where(
            staging_message.c.batch_id == batch_id, staging_message.c.code == code
        )
        asked = asked.where(columns.row_no.in_(told))
    rows = [dict(row) for row in connection.execute(asked).mappings()]
    messages = _messages_of(connection, batch_id, [row["row_no"] for row in rows])
    for row in rows:
        row["decided_by"] = row.pop("actor")
        row["messages"] = messages.get(row["row_no"], [])
    return rows


def list_differences(connection: sa.Connection, batch_id: int, *, after: int = 0, limit: int = 50) -> list[Key]:
    """Return for each row that would change a record: row_no, record, version and the fields, before and after."""
    row = connection.execute(sa.select(batch).where(batch.c.id == batch_id)).mappings().one_or_none()
    if row is None or "columns" not in row["options"]:
        return []
    if row["layer"] == ACCOUNTABILITY:
        columns = row["options"]["columns"]
        return list_case_differences(connection, batch_id, columns, after=after, limit=min(limit, LONGEST_PAGE))
    headings = recall_headings(row["layer"], row["options"])
    facts = {
        "batch": batch_id,
        "after": after,
        "limit": min(limit, LONGEST_PAGE),
        "cleared": clear_columns(governed_by(headings)),
    }
    return [dict(found) for found in connection.execute(sa.text(_DIFFERENCES), facts).mappings()]


def list_messages(connection: sa.Connection, batch_id: int) -> list[Key]:
    """Return the messages of a batch by code and column, with their times, some rows and the fix there is."""
    by_value = ["VOC_SUGGEST", "VOC_UNKNOWN", "VOC_OTHER", "REGION_UNKNOWN"]
    found = connection.execute(sa.text(_BY_CODE), {"batch": batch_id, "by_value": by_value}).mappings()
    return [
        _describe_message(dict(row))
        | {"rows": [number for number in row["rows"] if number is not None]}
        | {"fix": find_fix(row["code"], row["column_name"], row["value"])}
        for row in found
    ]


def _messages_of(connection: sa.Connection, batch_id: int, rows: Sequence[int]) -> dict[int, list[Key]]:
    columns = staging_message.c
    asked = sa.select(
        *(columns.row_no, columns.code, columns.severity, columns.column_name, columns.facts, columns.times),
        columns.value_redacted.label("value"),
    ).where(columns.batch_id == batch_id, columns.row_no.in_(rows))
    found: dict[int, list[Key]] = {}
    for row in connection.execute(asked.order_by(columns.id)).mappings():
        found.setdefault(row["row_no"], []).append(_describe_message(dict(row)))
    return found


def _describe_message(row: Mapping[str, Any]) -> Key:
    message = Message(Problem(row["code"], row["facts"], row["severity"]), None, row["column_name"], row["value"])
    return {
        "code": row["code"],
        "severity": row["severity"],
        "column": row["column_name"],
        "value": row["value"],
        "times": int(row["times"]),
        "facts": row["facts"],
        "text_en": message.describe("en"),
        "text_zh_hans": message.describe("zh_hans"),
    }


def _describe_failure(failure: Mapping[str, Any]) -> Key:
    problem = Problem(failure["code"], failure["facts"])
    texts = {
        f"text_{language}": f"{render_text(problem, language)} {render_remedy(problem, language)}".strip()
        for language in ("en", "zh_hans")
    }
    return {**failure, "severity": problem.weight, **texts}
