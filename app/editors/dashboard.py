"""The first page after signing in: the batches, the newest first, and those that wait for a second person."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.batch_access import may_open, may_review
from app.editors.case_pages import today
from app.editors.connections import Transaction
from app.editors.pages import answer_page, texts_of
from app.editors.signing import require
from geo.accounts.people import Person
from geo.layers import ACCOUNTABILITY, RECORDS
from geo.loading import preview
from geo.records.batch_list import PAGE, Sieve, list_actors, list_batches
from geo.records.batch_tables import STATES
from geo.records.case_list import count_due

router = APIRouter(include_in_schema=False)


class Asked(BaseModel):
    """Which batches are asked for; the empty choice of a list asks for all."""

    state: str = Field(default="", max_length=40)
    layer: str = Field(default="", max_length=40)
    actor: str = Field(default="", max_length=200)
    before: int | None = Field(default=None, ge=1, lt=2**63)
    lang: str = Field(default="", max_length=20)


@router.get("/")
def lead_to_dashboard() -> Response:
    """Lead whoever types the bare address to the first page."""
    return RedirectResponse("/editor/", status_code=303)


@router.get("/editor/")
def show_dashboard(
    request: Request,
    connection: Transaction,
    person: Annotated[Person, Depends(require("batch:read"))],
    asked: Annotated[Asked, Query()],
) -> Response:
    """List the batches, newest first; those that somebody may look into are links."""
    t = texts_of(request)
    seen = [layer for layer in RECORDS if person.may("batch:read", layer)]
    sieve = Sieve(
        layers=seen,
        state=asked.state or None,
        layer=asked.layer or None,
        actor=asked.actor or None,
        before=asked.before,
    )
    batches = list_batches(connection, sieve)
    older = None
    if len(batches) == PAGE:
        kept = {"state": asked.state, "layer": asked.layer, "actor": asked.actor, "before": batches[-1].id}
        older = f"/editor/?{urlencode({name: value for name, value in kept.items() if value})}"
    return answer_page(
        request,
        "dashboard.html",
        batches=batches,
        open={line.id for line in batches if may_open(person, line.layer, {line.actor, *line.edited_by})},
        asked=asked,
        older=older,
        states=[(state, t[f"editor.state.{state}"]) for state in STATES],
        layers=[(layer, t[f"editor.layer.{layer}"]) for layer in seen],
        actors=[(name, name) for name in list_actors(connection, seen)],
        may_create=person.may("batch:create"),
        due=count_due(connection, today()) if person.may("record:read", ACCOUNTABILITY) else 0,
    )


@router.get("/editor/review")
def show_review_queue(
    request: Request, connection: Transaction, person: Annotated[Person, Depends(require("batch:review"))]
) -> Response:
    """List the batches that wait for a second person, the oldest first."""
    reviewed = [layer for layer in RECORDS if may_review(person, layer)]
    waiting = preview.list_batches(connection, layers=reviewed, states=["in_review"], limit=200)[::-1]
    involved = {one["id"] for one in waiting if person.name in {one["actor"], one["requested_by"], *one["edited_by"]}}
    return answer_page(request, "review.html", waiting=waiting, involved=involved)
