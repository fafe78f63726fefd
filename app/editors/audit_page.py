"""Who did what, and when, for admins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from app.editors.connections import Transaction
from app.editors.pages import answer_page
from app.editors.signing import require
from geo.accounts.people import Person
from geo.records.audit import PAGE, list_actions

router = APIRouter(include_in_schema=False)


@router.get("/editor/audit")
def show_audit(
    request: Request,
    connection: Transaction,
    _admin: Annotated[Person, Depends(require("audit:read"))],
    before: int | None = None,
) -> Response:
    """List what was done, newest first; `before` is the id that the next page begins after."""
    return answer_page(request, "audit.html", entries=list_actions(connection, before=before), page_size=PAGE)
