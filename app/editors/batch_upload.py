"""A file comes in: as a part of a form, or as the whole body. Both end in one function, `take_upload`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.editors.answers import answer_json
from app.editors.batch_access import find_batch, uploads_of
from app.editors.signing import allow, require
from geo.accounts.people import Person
from geo.errors import BadRequest, NotFound
from geo.loading.preview import describe_same, get_batch
from geo.loading.stored_files import Incoming, shred_file
from geo.loading.workflow import CHOICES, Upload, upload
from geo.records.audit import note_action

router = APIRouter(include_in_schema=False)

MOST_A_DAY: Final = 200
"""Batches that one person may make in a day."""

FORM: Final = "multipart/form-data"
_FIELDS: Final = frozenset({"layer", "title", "policy", "file_name", "csrf"})
_TEXTS: Final = CHOICES - {"mapping", "fixes"}
"""Choices that are one word; the others are made once the file was looked at."""
_POLICIES: Final = frozenset({"all_or_nothing", "valid_rows_only"})
_PIECE: Final = 2**20
_LONGEST: Final = 200
_UNSHOWN: Final = re.compile(r"[^\w .,()\[\]+\-–—·（）、]+")


@router.post("/api/editing/batches")
async def create_batch(request: Request, person: Annotated[Person, Depends(require("batch:create"))]) -> Response:
    """Queue a file: 201, or 200 for one that is there already."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() == FORM:
        async with request.form(max_files=1, max_fields=40) as form:
            files = [value for value in form.values() if isinstance(value, UploadFile)]
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            if len(files) != 1:
                raise BadRequest("Send one file.")
            fields["file_name"] = files[0].filename or ""
            return await take_upload(request, person, fields, read_pieces(files[0]))
    return await take_upload(request, person, dict(request.query_params), request.stream())


async def take_upload(
    request: Request, person: Person, fields: Mapping[str, str], pieces: AsyncIterator[bytes]
) -> Response:
    """Store what comes and queue it; answer with the batch."""
    batch_id, is_new = await receive_file(request, person, fields, pieces)
    return await run_in_threadpool(_answer, request, person, batch_id, is_new=is_new)


async def receive_file(
    request: Request,
    person: Person,
    fields: Mapping[str, str],
    pieces: AsyncIterator[bytes],
    mapping: Mapping[str, str | None] | None = None,
) -> tuple[int, bool]:
    """Store what comes and queue it; return the batch, and whether it is new. `mapping` is one that was saved.

    Raises:
        BadRequest: a field is unknown. NotAllowed: the layer is not theirs. FileRefused: the file is too big.
    """
    unknown = sorted(fields.keys() - _FIELDS - _TEXTS)
    if unknown:
        raise BadRequest(f"There is no field {unknown[0][:40]!r}.")
    layer = fields.get("layer", "")
    allow(person, "batch:create", layer)
    if fields.get("policy", "all_or_nothing") not in _POLICIES:
        raise BadRequest(f"A policy is one of {', '.join(sorted(_POLICIES))}.")
    engine: sa.Engine = request.app.state.engine
    await run_in_threadpool(_check_day, engine, person)
    incoming = await run_in_threadpool(Incoming, uploads_of(request))
    try:
        async for piece in pieces:
            await run_in_threadpool(incoming.write, piece)
        stored = await run_in_threadpool(incoming.finish)
    except BaseException:
        incoming.abandon()
        raise
    given = Upload(
        layer=layer,
        file_name=clean_name(fields.get("file_name", "")),
        stored=stored,
        actor=person.name,
        choices={name: value for name, value in fields.items() if name in _TEXTS} | {"mapping": dict(mapping or {})},
        policy="valid_rows_only" if fields.get("policy") == "valid_rows_only" else "all_or_nothing",
        title=clean_name(fields.get("title", "")) or None,
        by_key=person.scopes is not None,
    )
    return await run_in_threadpool(_queue, request, person, given)


def clean_name(name: str) -> str:
    """Return a name as it may be shown; it is never used as a path."""
    return " ".join(_UNSHOWN.sub(" ", re.split(r"[/\\]", name)[-1]).split())[:_LONGEST]


def _queue(request: Request, person: Person, given: Upload) -> tuple[int, bool]:
    engine: sa.Engine = request.app.state.engine
    try:
        with engine.begin() as connection:
            batch_id, is_new = upload(connection, given)
            if is_new:
                note_action(connection, person.name, "batch.create", f"batch:{batch_id}", given.stored.sha256)
    except BaseException:
        shred_file(uploads_of(request), given.stored.name)
        raise
    if not is_new:
        shred_file(uploads_of(request), given.stored.name)
    return batch_id, is_new


def _answer(request: Request, person: Person, batch_id: int, *, is_new: bool) -> Response:
    engine: sa.Engine = request.app.state.engine
    with engine.begin() as connection:
        shown = get_batch(connection, batch_id)
        seen = shown if is_new else _show_same(connection, person, shown)
    return answer_json(seen, 201 if is_new else 200, {"Location": f"/api/editing/batches/{batch_id}"})


def _show_same(connection: sa.Connection, person: Person, shown: dict[str, Any]) -> dict[str, Any]:
    """Say that it is there already; whoever may not look into that batch is told no more than whose it is."""
    said = {"same": describe_same(shown)}
    try:
        return find_batch(connection, person, shown["id"]) | said
    except NotFound:
        return {"id": shown["id"], "state": shown["state"]} | said


def _check_day(engine: sa.Engine, person: Person) -> None:
    asked = sa.text(
        "SELECT count(*) FROM editorial.batch "
        "WHERE actor = :actor AND kind = 'load' AND created_at > now() - interval '1 day'"
    )
    with engine.connect() as connection:
        made = connection.scalar(asked, {"actor": person.name}) or 0
    if made >= MOST_A_DAY:
        raise HTTPException(429, f"More than {MOST_A_DAY} batches in a day.", {"Retry-After": "3600"})


async def read_pieces(file: UploadFile) -> AsyncIterator[bytes]:
    """Read a file of a form piece by piece."""
    while piece := await file.read(_PIECE):
        yield piece
