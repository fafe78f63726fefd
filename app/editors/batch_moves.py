"""The forms of a batch's pages: choose, apply, decide, commit, approve, send back, cancel, discard, revert.

Each does what the API's route of that name does, and leads back to the page.
"""

from __future__ import annotations

from typing import Annotated, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from fastapi import Form as FormOf
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.batch_access import BatchId, allow_commit, find_batch
from app.editors.batch_routes import Hash, Reason
from app.editors.connections import Transaction
from app.editors.held_edits import agree
from app.editors.signing import allow, require
from geo.accounts.people import Person
from geo.errors import BadRequest
from geo.loading import workflow
from geo.loading.preview import get_batch
from geo.loading.row_decisions import Decide, RowDecision, apply_suggestion, decide
from geo.loading.workflow_revert import request_revert
from geo.records.audit import note_action

router = APIRouter(include_in_schema=False)

Maker = Annotated[Person, Depends(require("batch:create"))]
Looker = Annotated[Person, Depends(require("batch:read"))]

BACK = r"^(rows(\?[a-zA-Z_=&0-9]*)?)?$"


class Form(BaseModel):
    """What every form of ours sends; `csrf` was looked at before."""

    model_config = {"extra": "forbid"}

    csrf: str = ""


class ChoicesSent(Form):
    """Choices for the whole file; an empty one is taken back."""

    encoding: str = Field(default="", max_length=40)
    sheet: str = Field(default="", max_length=200)
    delimiter: str = Field(default="", max_length=1)
    datum: str = Field(default="", max_length=20)
    source: str = Field(default="", max_length=100)


class SuggestionSent(Form):
    """A suggestion that is to hold for every row, or no longer."""

    code: str = Field(max_length=40)
    column: str = Field(default="", max_length=200)
    value: str = Field(default="", max_length=400)
    on: bool = True


class DecisionSent(Form):
    """What is to become of rows: one decision for all of them, or the record into which one is merged."""

    row: list[Annotated[int, Field(ge=1, lt=2**31)]] = Field(min_length=1, max_length=500)
    decision: Decide | None = None
    merge: int | None = Field(default=None, ge=1, lt=2**63)
    back: str = Field(default="", pattern=BACK)


class CommitSent(Form):
    """The content that was seen, and whether rows may be left out."""

    content_hash: Hash
    policy: Literal["all_or_nothing", "valid_rows_only"] = "all_or_nothing"


class ApprovalSent(Form):
    """The content that was seen."""

    content_hash: Hash


class ReasonSent(Form):
    """Why."""

    reason: Reason


@router.post("/editor/batches/{batch_id}/choices")
def choose(
    connection: Transaction, person: Maker, batch_id: BatchId, sent: Annotated[ChoicesSent, FormOf()]
) -> Response:
    """Choose for the file, which is read again."""
    allow(person, "batch:create", find_batch(connection, person, batch_id)["layer"])
    choices = {name: value for name, value in sent.model_dump(exclude={"csrf"}).items() if name in workflow.CHOICES}
    workflow.choose(connection, batch_id, person.name, choices)
    return _note(connection, person, "batch.choose", batch_id)


@router.post("/editor/batches/{batch_id}/suggestion")
def suggest(
    connection: Transaction, person: Maker, batch_id: BatchId, sent: Annotated[SuggestionSent, FormOf()]
) -> Response:
    """Apply a suggestion to every row, or take it back."""
    allow(person, "batch:create", find_batch(connection, person, batch_id)["layer"])
    fix = {"code": sent.code, "column": sent.column, "value": sent.value}
    apply_suggestion(connection, batch_id, person.name, fix, on=sent.on)
    return _note(connection, person, "batch.choose", batch_id)


@router.post("/editor/batches/{batch_id}/decisions")
def settle(
    connection: Transaction, person: Maker, batch_id: BatchId, sent: Annotated[DecisionSent, FormOf()]
) -> Response:
    """Decide about rows; the preview is made anew."""
    allow(person, "batch:create", find_batch(connection, person, batch_id)["layer"])
    if sent.merge is not None:
        made = [RowDecision(row=row, decision="merge", record=sent.merge) for row in sent.row]
    elif sent.decision is not None:
        made = [RowDecision(row=row, decision=sent.decision) for row in sent.row]
    else:
        raise BadRequest("Say what is to become of the rows.")
    decide(connection, batch_id, person.name, made)
    return _note(connection, person, "batch.decide", batch_id, back=sent.back)


@router.post("/editor/batches/{batch_id}/commit")
def commit(
    connection: Transaction, person: Looker, batch_id: BatchId, sent: Annotated[CommitSent, FormOf()]
) -> Response:
    """Ask for the commit of what was seen."""
    allow_commit(person, find_batch(connection, person, batch_id))
    workflow.request_commit(connection, batch_id, person.name, sent.content_hash, sent.policy)
    return _note(connection, person, "batch.commit", batch_id)


@router.post("/editor/batches/{batch_id}/approve")
def approve(
    request: Request,
    connection: Transaction,
    person: Looker,
    batch_id: BatchId,
    sent: Annotated[ApprovalSent, FormOf()],
) -> Response:
    """Agree, as the second person, to what was seen."""
    allow(person, "batch:review", find_batch(connection, person, batch_id)["layer"])
    agree(request, connection, person, batch_id, sent.content_hash)
    return _note(connection, person, "batch.approve", batch_id)


@router.post("/editor/batches/{batch_id}/send-back")
def send_back(
    connection: Transaction, person: Looker, batch_id: BatchId, sent: Annotated[ReasonSent, FormOf()]
) -> Response:
    """Refuse a commit that was asked for, and say why."""
    allow(person, "batch:review", find_batch(connection, person, batch_id)["layer"])
    workflow.send_back(connection, batch_id, person.name, sent.reason)
    return _note(connection, person, "batch.send_back", batch_id)


@router.post("/editor/batches/{batch_id}/cancel")
def cancel(connection: Transaction, person: Looker, batch_id: BatchId, _sent: Annotated[Form, FormOf()]) -> Response:
    """Stop a commit that has not ended."""
    allow_commit(person, find_batch(connection, person, batch_id))
    workflow.cancel(connection, batch_id)
    return _note(connection, person, "batch.cancel", batch_id)


@router.post("/editor/batches/{batch_id}/discard")
def discard(connection: Transaction, person: Maker, batch_id: BatchId, _sent: Annotated[Form, FormOf()]) -> Response:
    """Give a batch up."""
    allow(person, "batch:create", find_batch(connection, person, batch_id)["layer"])
    workflow.discard(connection, batch_id, person.name)
    return _note(connection, person, "batch.discard", batch_id)


@router.post("/editor/batches/{batch_id}/revert")
def revert(
    connection: Transaction, person: Looker, batch_id: BatchId, sent: Annotated[ReasonSent, FormOf()]
) -> Response:
    """Queue the revert of a committed batch, and lead to its preview."""
    allow(person, "batch:revert", find_batch(connection, person, batch_id)["layer"])
    own = request_revert(connection, batch_id, person.name, sent.reason)
    note_action(connection, person.name, "batch.revert", f"batch:{batch_id}")
    return lead_back(own)


def lead_back(batch_id: int, to: str = "") -> Response:
    """Lead to a page of a batch."""
    return RedirectResponse(f"/editor/batches/{batch_id}{f'/{to}' if to else ''}", status_code=303)


def _note(connection: sa.Connection, person: Person, action: str, batch_id: int, *, back: str = "") -> Response:
    """Note what was done, and lead back."""
    shown = get_batch(connection, batch_id)
    note_action(connection, person.name, action, f"batch:{batch_id}", shown["content_hash"])
    return lead_back(batch_id, back)
