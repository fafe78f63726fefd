"""How a file is read: its first rows, what is left open, and which column means what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Form
from pydantic import Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.batch_access import BatchId, Shown, find_batch, read_row, uploads_of
from app.editors.batch_moves import Form as Sent
from app.editors.batch_moves import Maker, lead_back
from app.editors.batch_pages import Reader, frame_batch
from app.editors.connections import Transaction
from app.editors.pages import answer_page
from app.editors.said import say_error
from app.editors.sheet_names import find_sheets
from app.editors.signing import allow
from geo.errors import BadRequest, FileRefused
from geo.loading.first_look import FirstLook, look_at_file
from geo.loading.workflow import choose, conflict
from geo.loading.workflow_look import request_of
from geo.records.audit import note_action
from geo.records.batch_list import list_sources
from geo.records.saved_mappings import get_mapping, list_mappings, save_mapping

router = APIRouter(include_in_schema=False)

Cell = Annotated[str, Field(max_length=1000)]


class MappingSent(Sent):
    """One header, its column as it was shown, and its column as it is to be, for each column of the file."""

    header: list[Cell] = Field(max_length=250)
    guessed: list[Cell] = Field(max_length=250)
    column: list[Cell] = Field(max_length=250)
    save_as: str = Field(default="", max_length=100)


class SavedSent(Sent):
    """The name of a saved mapping."""

    saved: str = Field(max_length=100)


@router.get("/editor/batches/{batch_id}/file")
def show_file(request: Request, connection: Transaction, person: Reader, batch_id: BatchId) -> Response:
    """Show the first rows and the columns; where the file cannot be read so, what it asks."""
    shown = find_batch(connection, person, batch_id)
    look, refused = _look(connection, shown, uploads_of(request))
    owned = {"actor": person.name, "layer": shown["layer"]}
    return answer_page(
        request,
        "batch_file.html",
        **frame_batch(request, person, shown),
        look=look,
        fault=None if refused is None else say_error(request, refused),
        columns=[] if look is None else look.columns.columns,
        column_choices=[] if look is None else look.columns.choices,
        mappings=[(name, name) for name in list_mappings(connection, owned["actor"], owned["layer"])],
        sources=list_sources(connection, [shown["layer"]]),
        sheets=find_sheets(shown["failure"]),
    )


@router.post("/editor/batches/{batch_id}/mapping")
def map_columns(
    connection: Transaction, person: Maker, batch_id: BatchId, sent: Annotated[MappingSent, Form()]
) -> Response:
    """Read the file with the columns as they were chosen, and keep that under a name if one is given."""
    shown = find_batch(connection, person, batch_id)
    allow(person, "batch:create", shown["layer"])
    if not len(sent.header) == len(sent.guessed) == len(sent.column):
        raise BadRequest("Each column of the file needs one choice.")
    chosen: dict[str, Any] = dict(shown["choices"].get("mapping", {}))
    for header, guessed, column in zip(sent.header, sent.guessed, sent.column, strict=True):
        if column != guessed and header:
            chosen[header] = column or None
    if sent.save_as.strip():
        whole = {header: column or None for header, column in zip(sent.header, sent.column, strict=True) if header}
        save_mapping(connection, person.name, shown["layer"], sent.save_as, whole)
    _read_again(connection, person.name, batch_id, chosen)
    return lead_back(batch_id)


@router.post("/editor/batches/{batch_id}/saved-mapping")
def use_saved(
    connection: Transaction, person: Maker, batch_id: BatchId, sent: Annotated[SavedSent, Form()]
) -> Response:
    """Read the file with a mapping that was saved."""
    shown = find_batch(connection, person, batch_id)
    allow(person, "batch:create", shown["layer"])
    _read_again(connection, person.name, batch_id, get_mapping(connection, person.name, shown["layer"], sent.saved))
    return RedirectResponse(f"/editor/batches/{batch_id}", status_code=303)


def _read_again(connection: sa.Connection, actor: str, batch_id: int, mapping: dict[str, Any]) -> None:
    choose(connection, batch_id, actor, {"mapping": mapping})
    note_action(connection, actor, "batch.choose", f"batch:{batch_id}")


def _look(connection: sa.Connection, shown: Shown, folder: Path) -> tuple[FirstLook | None, Exception | None]:
    """Return the beginning of a file, and why it, or its columns, cannot be so."""
    row = read_row(connection, shown["id"])
    if row["kind"] != "load" or row["stored_as"] is None:
        raise conflict("FILE_GONE")
    try:
        asked = request_of(row, folder)
        if not asked.path.is_file():
            raise conflict("FILE_GONE")
        look = look_at_file(asked)
    except FileRefused as problem:
        return None, problem
    return look, look.refused
