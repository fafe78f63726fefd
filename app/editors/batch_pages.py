"""The pages of one batch: how far it is, what it would do, its rows, its differences, the records it made."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.editors.answers import answer_json
from app.editors.batch_access import BatchId, Shown, find_batch, may_commit, may_review
from app.editors.batch_row_words import describe_rows
from app.editors.connections import Transaction
from app.editors.edit_preview import preview_edit
from app.editors.pages import answer_page, texts_of
from app.editors.sheet_names import find_sheets
from app.editors.signing import require
from geo.accounts.people import Person
from geo.loading.preview import describe_same, list_differences, list_messages, list_rows
from geo.records.batch_list import find_revert, list_sources
from geo.records.batch_records import list_batch_records
from web.batch_values import write_value
from web.batch_words import BUSY, DONE, OPEN, classes_of, list_steps, list_tabs, read_text, say_commit, say_progress
from web.batch_words import say_size as write_size

router = APIRouter(include_in_schema=False)

Reader = Annotated[Person, Depends(require("batch:read"))]
After = Annotated[int, Query(ge=0, lt=2**63)]

PAGE = 25
LINKS = 5


class RowsAsked(BaseModel):
    """Which rows are asked for."""

    of_class: str | None = Field(default=None, alias="class", max_length=20)
    code: str | None = Field(default=None, max_length=40)
    after: int = Field(default=0, ge=0, lt=2**31)


def frame_batch(request: Request, person: Person, shown: Shown) -> dict[str, Any]:
    """Return what every page of a batch shows of it."""
    t = texts_of(request)
    return {
        "shown": shown,
        "tabs": list_tabs(shown),
        "steps": list_steps(shown),
        "size": write_size(t, shown["bytes"]),
        "read_text": read_text,
        "is_busy": shown["state"] in BUSY,
        "progress": say_progress(t, shown),
        "may_commit": may_commit(person, shown),
        "may_edit": person.may("batch:create", shown["layer"]),
    }


@router.get("/editor/batches/{batch_id}")
def show_batch(
    request: Request, connection: Transaction, person: Reader, batch_id: BatchId, *, same: bool = False
) -> Response:
    """Show how far a batch is, what it would do, and what can be decided."""
    shown = find_batch(connection, person, batch_id)
    t, state = texts_of(request), shown["state"]
    involved = {shown["actor"], shown["requested_by"], *shown["edited_by"]}
    reviews, is_open = may_review(person, shown["layer"]), state in OPEN
    return answer_page(
        request,
        "batch.html",
        **frame_batch(request, person, shown),
        edit=preview_edit(request, connection, person, shown),
        same=describe_same(shown) if same else None,
        is_open=is_open,
        has_counts=bool(shown["counts"]) and state in {*OPEN, *DONE, "committing"},
        classes=classes_of(shown),
        commit=say_commit(t, shown),
        messages=list_messages(connection, batch_id) if is_open or state == "failed" else [],
        fixes=shown["choices"].get("fixes", []),
        may_approve=reviews and person.name not in involved,
        may_revert=person.may("batch:revert", shown["layer"]),
        is_involved=person.name in involved,
        has_report=shown["kind"] == "load",
        sources=list_sources(connection, [shown["layer"]]),
        sheets=find_sheets(shown["failure"]),
        map_links=_link_records(request, connection, shown) if state == "committed" else [],
        taken_back_by=find_revert(connection, batch_id) if state == "reverted" else None,
    )


@router.get("/editor/batches/{batch_id}/progress")
def show_progress(request: Request, connection: Transaction, person: Reader, batch_id: BatchId) -> Response:
    """Say in one line how far a batch is; the page asks every second."""
    shown = find_batch(connection, person, batch_id)
    said = {"state": shown["state"], "busy": shown["state"] in BUSY, "words": say_progress(texts_of(request), shown)}
    return answer_json(said)


@router.get("/editor/batches/{batch_id}/rows")
def show_rows(
    request: Request,
    connection: Transaction,
    person: Reader,
    batch_id: BatchId,
    asked: Annotated[RowsAsked, Query()],
) -> Response:
    """Show rows of one class, or with one message, or all, each with its messages and what can be decided about it."""
    shown = find_batch(connection, person, batch_id)
    classes = classes_of(shown)
    of_class = asked.of_class if asked.of_class in classes else None
    rows = list_rows(
        connection,
        batch_id,
        classes=[of_class] if of_class else classes,
        code=asked.code,
        after=asked.after,
        limit=PAGE,
    )
    kept = [("class", of_class), ("code", asked.code)]
    query = "&".join(f"{name}={value}" for name, value in kept if value)
    address = f"/editor/batches/{batch_id}/rows" + (f"?{query}" if query else "")
    frame = frame_batch(request, person, shown)
    return answer_page(
        request,
        "batch_rows.html",
        **frame,
        classes=classes,
        asked={"class": of_class, "code": asked.code},
        rows=describe_rows(texts_of(request), connection, shown, rows),
        decidable=frame["may_edit"] and shown["state"] in OPEN and shown["kind"] == "load",
        back=address.removeprefix(f"/editor/batches/{batch_id}/"),
        address=address,
        next=rows[-1]["row_no"] if len(rows) == PAGE else None,
        is_first=asked.after == 0,
    )


@router.get("/editor/batches/{batch_id}/differences")
def show_differences(
    request: Request, connection: Transaction, person: Reader, batch_id: BatchId, after: After = 0
) -> Response:
    """Show what would change, field by field."""
    shown = find_batch(connection, person, batch_id)
    found = list_differences(connection, batch_id, after=after, limit=PAGE)
    return answer_page(
        request,
        "batch_differences.html",
        **frame_batch(request, person, shown),
        differences=found,
        write_value=write_value,
        address=f"/editor/batches/{batch_id}/differences",
        next=found[-1]["row_no"] if len(found) == PAGE else None,
        is_first=after == 0,
    )


@router.get("/editor/batches/{batch_id}/records")
def show_records(
    request: Request, connection: Transaction, person: Reader, batch_id: BatchId, after: After = 0
) -> Response:
    """Show which records a batch made, changed or removed, with links to the public map."""
    shown = find_batch(connection, person, batch_id)
    records = list_batch_records(connection, batch_id, after=after, limit=PAGE)
    return answer_page(
        request,
        "batch_records.html",
        **frame_batch(request, person, shown),
        records=records,
        map_address=request.app.state.pages.map_address,
        address=f"/editor/batches/{batch_id}/records",
        next=records[-1].record_id if len(records) == PAGE else None,
        is_first=after == 0,
    )


def _link_records(request: Request, connection: sa.Connection, shown: Shown) -> list[dict[str, str]]:
    """Return links to the first records of a batch that readers can see."""
    address, language = request.app.state.pages.map_address, texts_of(request).language
    if address is None:
        return []
    return [
        {
            "address": f"{address}/?record={one.public_id}&lang={language}",
            "title": (one.title_en if language == "en" else one.title_zh_hans) or "",
            "public_id": one.public_id,
        }
        for one in list_batch_records(connection, shown["id"], limit=LINKS)
        if one.is_public and one.public_id is not None
    ]
