"""What a batch would do, beside the records that are there: for its preview, and once more for its commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from geo.loading.limits import UPLOAD_LIMITS
from geo.loading.messages import refuse
from geo.loading.reading import Loading, make_loading, recall_headings
from geo.loading.request import CHINA_TIME, LoadReport, LoadRequest
from geo.loading.settle import find_last_version, find_review_reasons, hash_content, settle_again
from geo.loading.sources import is_source_name
from geo.loading.summary import summarise
from geo.loading.workflow import CHOICES, FORGOTTEN_REQUEST, Key, describe_failure

_COUNTED: Final = ("inserted", "updated", "unchanged", "rejected", "held", "excluded", "warned", "contacts", "rows")
_SHOWN_CONFLICTS: Final = 100


def request_of(row: Key, folder: Path) -> LoadRequest:
    """Make the request that a batch stands for."""
    choices: Mapping[str, Any] = row["options"].get("choices", {})
    if choices.get("source") is not None and not is_source_name(choices["source"]):
        raise refuse("SOURCE_NAME")
    created: dt.datetime = row["created_at"]
    return LoadRequest(
        layer=row["layer"],
        path=folder / (row["stored_as"] or "gone"),
        policy=row["policy"],
        actor=row["actor"],
        limits=UPLOAD_LIMITS,
        today=created.astimezone(CHINA_TIME).date(),
        **{name: value for name, value in choices.items() if name in CHOICES},
    )


def look(connection: sa.Connection, row: Key, request: LoadRequest) -> tuple[Loading, Key]:
    """Look at what is staged beside the records that are there.

    Return what can now write the records, and what the batch says of itself.
    """
    batch_id, layer = row["id"], row["layer"]
    loading = make_loading(connection, request, recall_headings(layer, row["options"]))
    report = LoadReport(layer=layer, file_name=row["file_name"] or "")
    settle_again(connection, batch_id, loading, report, messages_to=row["messages_to"])
    summarise(connection, batch_id, report)
    return loading, {
        "counts": {name: getattr(report, name) for name in _COUNTED} | {"codes": dict(report.by_code)},
        "review_reasons": find_review_reasons(connection, batch_id, report, by_key=bool(row["options"].get("by_key"))),
        "content_hash": hash_content(connection, batch_id, layer, row["options"]),
        "seen_version": find_last_version(connection, layer),
    }


def find_again(connection: sa.Connection, row: Key, request: LoadRequest) -> tuple[Loading, Key] | None:
    """Find the records again, without looking at everything, where none of the layer changed since the preview.

    Return as `look` does, or None when records changed after all, or something is not as it was.
    """
    if row["seen_version"] != find_last_version(connection, row["layer"]):
        return None
    loading = make_loading(connection, request, recall_headings(row["layer"], row["options"]))
    report = LoadReport(layer=row["layer"], file_name="")
    loading.find(row["id"], report)
    if any(getattr(report, name) != row["counts"][name] for name in ("inserted", "updated", "unchanged")):
        return None
    same = ("counts", "review_reasons", "content_hash", "seen_version")
    return loading, {name: row[name] for name in same}


def go_on(row: Key, seen: Key) -> tuple[str, Key]:
    """Return the state after a preview: where this content was asked for, and approved if need be, it goes on."""
    if row["requested_hash"] != seen["content_hash"]:
        return "validated", FORGOTTEN_REQUEST
    approved = row["approved_hash"] == seen["content_hash"] and row["approved_by"] is not None
    return ("in_review" if seen["review_reasons"] and not approved else "committing"), {}


REMEMBER: Final = """
CREATE TEMP TABLE seen_before ON COMMIT DROP AS
SELECT row_no, foreseen, record_id, base_version FROM editorial.staging_row WHERE batch_id = :batch
"""

_CONFLICTS: Final = """
SELECT s.row_no, b.foreseen AS before, s.foreseen AS now, coalesce(s.outcome, '') AS outcome, b.base_version AS version,
    s.base_version AS version_now, s.record_id, count(*) OVER () AS total
FROM seen_before b JOIN editorial.staging_row s ON s.batch_id = :batch AND s.row_no = b.row_no
WHERE (b.foreseen, b.record_id, b.base_version) IS DISTINCT FROM (s.foreseen, s.record_id, s.base_version)
ORDER BY s.row_no LIMIT :shown
"""


def describe_conflicts(connection: sa.Connection, batch_id: int) -> str:
    """Say which rows would by now do something else than before `REMEMBER`, as a failure."""
    asked = {"batch": batch_id, "shown": _SHOWN_CONFLICTS}
    found = [dict(row) for row in connection.execute(sa.text(_CONFLICTS), asked).mappings()]
    total = found[0]["total"] if found else 0
    return describe_failure("BATCH_CONFLICT", rows=total, conflicts=found)
