"""What the editors' API shows of batches: state, rows, differences, messages, map, report."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.editors.answers import answer_json
from app.editors.batch_access import BatchId, find_batch, may_review, uploads_of
from app.editors.connections import Transaction
from app.editors.held_edits import look_at_edit
from app.editors.signing import require
from geo.accounts.people import Person
from geo.layers import RECORDS
from geo.loading.map_preview import show_exact_map, show_public_map
from geo.loading.preview import CLASSES, LONGEST_PAGE, list_batches, list_differences, list_messages, list_rows
from geo.loading.reading import open_request
from geo.loading.report_file import REPORT_TYPES, write_report
from geo.loading.summary import walk_messages
from geo.loading.workflow import conflict, lock_batch
from geo.loading.workflow_look import request_of
from geo.publishing.publish import publish_batch
from geo.records.batch_tables import STATES
from geo.records.held_edits import WAITING

router = APIRouter(include_in_schema=False)

Reader = Annotated[Person, Depends(require("batch:read"))]
After = Annotated[int, Query(ge=0, lt=2**31)]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]


class RowQuery(BaseModel):
    """Which rows are asked for; `classes` may stand several times."""

    model_config = {"extra": "forbid"}

    classes: list[str] = Field(default_factory=list, max_length=len(CLASSES))
    code: str | None = Field(default=None, max_length=40)
    after: int = Field(default=0, ge=0, lt=2**31)
    limit: int = Field(default=50, ge=1, le=LONGEST_PAGE)


@router.get("/api/editing/batches")
def list_own_batches(
    connection: Transaction,
    person: Reader,
    state: Annotated[list[str], Query(max_length=len(STATES))] = [],  # noqa: B006  (FastAPI copies it)
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    limit: Limit = 50,
) -> Response:
    """List batches, the newest first: one's own, and all of the layers that one reviews."""
    reviewed = [layer for layer in RECORDS if may_review(person, layer)]
    found = list_batches(connection, layers=reviewed, states=state, before=before, limit=limit)
    own = [layer for layer in RECORDS if layer not in reviewed and person.may("batch:create", layer)]
    found += list_batches(connection, layers=own, actor=person.name, states=state, before=before, limit=limit)
    newest = sorted(found, key=lambda one: -one["id"])[:limit]
    return answer_json({"batches": newest, "next": newest[-1]["id"] if len(newest) == limit else None})


@router.get("/api/editing/batches/{batch_id}")
def show_batch(connection: Transaction, person: Reader, batch_id: BatchId) -> Response:
    """Say how far a batch is, and what it would do."""
    return answer_json(find_batch(connection, person, batch_id))


@router.get("/api/editing/batches/{batch_id}/rows")
def show_rows(
    connection: Transaction,
    person: Reader,
    batch_id: BatchId,
    asked: Annotated[RowQuery, Query()],
) -> Response:
    """List rows with their messages."""
    find_batch(connection, person, batch_id)
    classes = asked.classes or list(CLASSES)
    rows = list_rows(connection, batch_id, classes=classes, code=asked.code, after=asked.after, limit=asked.limit)
    return answer_json({"rows": rows, "next": rows[-1]["row_no"] if len(rows) == asked.limit else None})


@router.get("/api/editing/batches/{batch_id}/differences")
def show_differences(
    request: Request, connection: Transaction, person: Reader, batch_id: BatchId, after: After = 0, limit: Limit = 50
) -> Response:
    """List what would change, field by field."""
    shown = find_batch(connection, person, batch_id)
    if shown["kind"] == "edit" and shown["state"] in WAITING:
        return answer_json({"differences": [_describe_edit(request, connection, batch_id)], "next": None})
    found = list_differences(connection, batch_id, after=after, limit=limit)
    return answer_json({"differences": found, "next": found[-1]["row_no"] if len(found) == limit else None})


def _describe_edit(request: Request, connection: Transaction, batch_id: int) -> dict[str, Any]:
    """Return what a change of one record would do, as a row's differences, with what readers would see."""
    edit, foreseen = look_at_edit(request, connection, batch_id)
    fields = [{"column": one.field, "before": one.before, "after": one.after} for one in foreseen.differences]
    told = {"feature": foreseen.feature, "public_from": foreseen.public_from, "fault": foreseen.fault}
    return {"row_no": 1, "record_id": edit.record, "version": edit.version, "fields": fields, "op": edit.op, **told}


@router.get("/api/editing/batches/{batch_id}/messages")
def show_messages(connection: Transaction, person: Reader, batch_id: BatchId) -> Response:
    """List messages by code, with their times."""
    find_batch(connection, person, batch_id)
    return answer_json({"messages": list_messages(connection, batch_id)})


@router.get("/api/editing/batches/{batch_id}/map")
def show_map(
    connection: Transaction,
    person: Reader,
    batch_id: BatchId,
    after: After = 0,
    limit: Limit = LONGEST_PAGE,
    *,
    exact: bool = False,
) -> Response:
    """Show rows as GeoJSON: as the public would see them, or with `exact` as the editors know them."""
    find_batch(connection, person, batch_id)
    if exact:
        return answer_json(show_exact_map(connection, batch_id, after=after, limit=limit))
    row = lock_batch(connection, batch_id)
    return answer_json(show_public_map(connection, row, publish_batch, after=after, limit=limit))


@router.get("/api/editing/batches/{batch_id}/report")
def download_report(request: Request, connection: Transaction, person: Reader, batch_id: BatchId) -> Response:
    """Give the rows that were refused or warned of, in the format of the file, with what was said of each."""
    find_batch(connection, person, batch_id)
    row = lock_batch(connection, batch_id)
    kept = row["options"].get("report_as")
    if kept is not None and (uploads_of(request) / kept).is_file():
        kind = row["options"]["report_kind"]
        return _hand_out(uploads_of(request) / kept, batch_id, kind)
    asked = request_of(row, uploads_of(request))
    if row["stored_as"] is None or row["messages_to"] is None or not asked.path.is_file():
        raise conflict("FILE_GONE")
    with tempfile.NamedTemporaryFile(delete=False, suffix=".report") as made:
        path = Path(made.name)
    try:
        with open_request(asked) as table:
            kind = table.kind
            write_report(path, table, walk_messages(connection, batch_id))
    except BaseException:
        path.unlink()
        raise
    return _hand_out(path, batch_id, kind, BackgroundTask(path.unlink))


def _hand_out(path: Path, batch_id: int, kind: str, after: BackgroundTask | None = None) -> FileResponse:
    """Give a report, named by the format that it has."""
    ending, media_type = REPORT_TYPES[kind]
    return FileResponse(path, media_type=media_type, filename=f"report-{batch_id}.{ending}", background=after)
