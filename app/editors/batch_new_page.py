"""The page where a file comes in: a plain form, onto which a file can be dropped as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.batch_upload import read_pieces, receive_file
from app.editors.connections import Transaction
from app.editors.pages import answer_page, texts_of
from app.editors.said import Said, say_error, say_text
from app.editors.signing import allow, require
from app.editors.template_files import MAKERS
from geo.accounts.people import Person
from geo.errors import DataError
from geo.layers import RECORDS
from geo.records.batch_list import list_sources
from geo.records.saved_mappings import get_mapping, list_mappings

router = APIRouter(include_in_schema=False)

Maker = Annotated[Person, Depends(require("batch:create"))]

_SENT = ("layer", "source", "datum", "title", "saved", "encoding", "sheet", "policy")
_MORE = ("title", "saved", "encoding", "sheet", "policy")
_BETWEEN = ":"
"""Parts the layer of a saved mapping from its name, in the value of its choice."""


@router.get("/editor/batches/new")
def show_form(request: Request, connection: Transaction, person: Maker) -> Response:
    """Show the form; the layer may stand in the address."""
    return _answer_form(request, connection, person, dict(request.query_params), None)


@router.post("/editor/batches")
async def take_form(request: Request, person: Maker) -> Response:
    """Queue the file and lead to its batch; what is missing is said above the form."""
    async with request.form(max_files=1, max_fields=40) as form:
        given = {name: str(form.get(name) or "") for name in _SENT}
        file = form.get("file")
        if not given["layer"] or not isinstance(file, UploadFile) or not file.filename:
            text = texts_of(request)["editor.new.missing"]
            return await run_in_threadpool(_refuse, request, person, given, say_text(request, text))
        return await _queue(request, person, given, file)


async def _queue(request: Request, person: Person, given: Mapping[str, str], file: UploadFile) -> Response:
    engine: sa.Engine = request.app.state.engine
    allow(person, "batch:create", given["layer"])
    fields = {name: value for name, value in given.items() if value and name != "saved"}
    fields["file_name"] = file.filename or ""
    mapping = await run_in_threadpool(_find_mapping, engine, person, given)
    try:
        batch_id, is_new = await receive_file(request, person, fields, read_pieces(file), mapping)
    except DataError as problem:
        return await run_in_threadpool(_refuse, request, person, given, say_error(request, problem))
    return RedirectResponse(f"/editor/batches/{batch_id}{'' if is_new else '?same=true'}", status_code=303)


def _find_mapping(engine: sa.Engine, person: Person, given: Mapping[str, str]) -> dict[str, str | None]:
    """Return the saved mapping that was chosen; one of another layer holds for nothing."""
    layer, _, name = given["saved"].partition(_BETWEEN)
    if not name or layer != given["layer"]:
        return {}
    with engine.begin() as connection:
        return get_mapping(connection, person.name, layer, name)


def _refuse(request: Request, person: Person, given: Mapping[str, str], fault: Said) -> Response:
    engine: sa.Engine = request.app.state.engine
    with engine.begin() as connection:
        return _answer_form(request, connection, person, given, fault)


def _answer_form(
    request: Request, connection: sa.Connection, person: Person, given: Mapping[str, str], fault: Said | None
) -> Response:
    t = texts_of(request)
    layers = [layer for layer in RECORDS if person.may("batch:create", layer)]
    known: dict[str, Any] = {name: given.get(name, "") for name in _SENT}
    saved = [(layer, name) for layer in layers for name in list_mappings(connection, person.name, layer)]
    return answer_page(
        request,
        "batch_new.html",
        status=400 if fault else 200,
        layers=layers,
        given=known | {"is_more": any(known[name] for name in _MORE)},
        fault=fault,
        mappings=[(f"{layer}{_BETWEEN}{name}", f"{t[f'editor.layer.{layer}']}: {name}") for layer, name in saved],
        sources=list_sources(connection, layers),
        templates=list(MAKERS),
    )
