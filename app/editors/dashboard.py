"""The first page after signing in: the batches, the newest first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.connections import Transaction
from app.editors.pages import answer_page
from app.editors.signing import require
from geo.accounts.people import Person
from geo.records.batch_list import PAGE, list_batches

router = APIRouter(include_in_schema=False)


@router.get("/")
def lead_to_dashboard() -> Response:
    """Lead whoever types the bare address to the first page."""
    return RedirectResponse("/editor/", status_code=303)


@router.get("/editor/")
def show_dashboard(
    request: Request,
    connection: Transaction,
    _person: Annotated[Person, Depends(require("batch:read"))],
    before: int | None = None,
) -> Response:
    """List the batches, newest first; `before` is the id that the next page begins after."""
    return answer_page(request, "dashboard.html", batches=list_batches(connection, before=before), page_size=PAGE)
