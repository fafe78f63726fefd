"""What the editors' API lets people do with a batch: choose, decide, commit, approve, discard, revert.

Each answers with the batch as it then is. What does not fit its state is 409, with the code of a message.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Body, Depends
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.editors.answers import answer_json
from app.editors.batch_access import BatchId, allow_commit, find_batch
from app.editors.connections import Transaction
from app.editors.held_edits import agree
from app.editors.signing import allow, require
from geo.accounts.people import Person
from geo.loading import workflow
from geo.loading.preview import get_batch
from geo.loading.row_decisions import MOST_DECISIONS, Decide, RowDecision, apply_suggestion, decide
from geo.loading.workflow_revert import request_revert
from geo.records.audit import note_action

router = APIRouter(include_in_schema=False)

Maker = Annotated[Person, Depends(require("batch:create"))]
Looker = Annotated[Person, Depends(require("batch:read"))]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Reason = Annotated[str, Field(min_length=1, max_length=500)]


class _Strict(BaseModel):
    model_config = {"extra": "forbid"}


class Choices(_Strict):
    """Choices for the file; one that is null or empty is taken back."""

    choices: dict[Annotated[str, Field(max_length=40)], Any] = Field(max_length=20)


class Suggestion(_Strict):
    """A fix as `messages` gives it, to be applied to every row, or taken back."""

    code: str = Field(max_length=40)
    column: str | None = Field(default=None, max_length=200)
    value: str | None = Field(default=None, max_length=400)
    on: bool = True


class Decision(_Strict):
    """What is to become of one row."""

    row: int = Field(ge=1, lt=2**31)
    decision: Decide
    record: int | None = Field(default=None, ge=1, lt=2**63)


class Decisions(_Strict):
    """What is to become of rows."""

    decisions: list[Decision] = Field(min_length=1, max_length=MOST_DECISIONS)


class Commit(_Strict):
    """The content that was seen; the policy is said again where rows are left out."""

    content_hash: Hash
    policy: Literal["all_or_nothing", "valid_rows_only"] | None = None


class Approval(_Strict):
    """The content that was seen."""

    content_hash: Hash


class Remark(_Strict):
    """Why."""

    reason: Reason


@router.post("/api/editing/batches/{batch_id}/choices")
def choose(connection: Transaction, person: Maker, batch_id: BatchId, given: Annotated[Choices, Body()]) -> Response:
    """Choose for the file, which is read again."""
    allow(person, "batch:create", find_batch(connection, person, batch_id)["layer"])
    workflow.choose(connection, batch_id, person.name, given.choices)
    return _answer(connection, person, "batch.choose", batch_id)


@router.post("/api/editing/batches/{batch_id}/suggestions")
def suggest(
    connection: Transaction, person: Maker, batch_id: BatchId, given: Annotated[Suggestion, Body()]
) -> Response:
    """Apply a suggestion to every row; the file is read again."""
    allow(person, "batch:create", find_batch(connection, person, batch_id)["layer"])
    fix = {"code": given.code, "column": given.column or "", "value": given.value or ""}
    apply_suggestion(connection, batch_id, person.name, fix, on=given.on)
    return _answer(connection, person, "batch.choose", batch_id)


@router.post("/api/editing/batches/{batch_id}/decisions")
def settle(connection: Transaction, person: Maker, batch_id: BatchId, given: Annotated[Decisions, Body()]) -> Response:
    """Decide about rows; the preview is made anew."""
    allow(person, "batch:create", find_batch(connection, person, batch_id)["layer"])
    made = [RowDecision(row=one.row, decision=one.decision, record=one.record) for one in given.decisions]
    decide(connection, batch_id, person.name, made)
    return _answer(connection, person, "batch.decide", batch_id)


@router.post("/api/editing/batches/{batch_id}/commit")
def commit(connection: Transaction, person: Looker, batch_id: BatchId, given: Annotated[Commit, Body()]) -> Response:
    """Ask for the commit of what was seen: 202, since the worker does it, or a second person must agree first."""
    allow_commit(person, find_batch(connection, person, batch_id))
    workflow.request_commit(connection, batch_id, person.name, given.content_hash, given.policy)
    return _answer(connection, person, "batch.commit", batch_id, 202)


@router.post("/api/editing/batches/{batch_id}/approve")
def approve(
    request: Request,
    connection: Transaction,
    person: Looker,
    batch_id: BatchId,
    given: Annotated[Approval, Body()],
) -> Response:
    """Agree, as the second person, to what was seen."""
    allow(person, "batch:review", find_batch(connection, person, batch_id)["layer"])
    agree(request, connection, person, batch_id, given.content_hash)
    return _answer(connection, person, "batch.approve", batch_id, 202)


@router.post("/api/editing/batches/{batch_id}/send-back")
def send_back(connection: Transaction, person: Looker, batch_id: BatchId, given: Annotated[Remark, Body()]) -> Response:
    """Refuse a commit that was asked for, and say why."""
    allow(person, "batch:review", find_batch(connection, person, batch_id)["layer"])
    workflow.send_back(connection, batch_id, person.name, given.reason)
    return _answer(connection, person, "batch.send_back", batch_id)


@router.post("/api/editing/batches/{batch_id}/discard")
def discard(connection: Transaction, person: Maker, batch_id: BatchId) -> Response:
    """Give a batch up."""
    allow(person, "batch:create", find_batch(connection, person, batch_id)["layer"])
    workflow.discard(connection, batch_id, person.name)
    return _answer(connection, person, "batch.discard", batch_id)


@router.post("/api/editing/batches/{batch_id}/cancel")
def cancel(connection: Transaction, person: Looker, batch_id: BatchId) -> Response:
    """Stop a commit that has not ended."""
    allow_commit(person, find_batch(connection, person, batch_id))
    workflow.cancel(connection, batch_id)
    return _answer(connection, person, "batch.cancel", batch_id)


@router.post("/api/editing/batches/{batch_id}/revert")
def revert(connection: Transaction, person: Looker, batch_id: BatchId, given: Annotated[Remark, Body()]) -> Response:
    """Queue the revert of a committed batch; the answer is the revert's own batch, with a preview to look at."""
    allow(person, "batch:revert", find_batch(connection, person, batch_id)["layer"])
    own = request_revert(connection, batch_id, person.name, given.reason)
    note_action(connection, person.name, "batch.revert", f"batch:{batch_id}")
    return answer_json(get_batch(connection, own), 201, {"Location": f"/api/editing/batches/{own}"})


def _answer(connection: sa.Connection, person: Person, action: str, batch_id: int, status: int = 200) -> Response:
    """Note what was done, and answer with the batch as it is now."""
    shown = get_batch(connection, batch_id)
    note_action(connection, person.name, action, f"batch:{batch_id}", shown["content_hash"])
    return answer_json(shown, status)
