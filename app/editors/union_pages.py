"""Pages of unions: found, added, changed, and names made by rule confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.case_forms import make_fields
from app.editors.case_pages import Reader, Writer
from app.editors.connections import Transaction
from app.editors.pages import answer_page
from app.editors.record_pages import SentForm
from app.editors.signing import allow
from geo.errors import DataError
from geo.layers import ACCOUNTABILITY
from geo.publishing.publish import publish_batch
from geo.records.audit import note_action
from geo.records.union_list import EDITED, PAGE, add_union, change_union, find_unions, get_union
from geo.vocabularies import vocabularies

router = APIRouter(prefix="/editor/unions", include_in_schema=False)
FIELDS = {"level": "union_level", "region_code": "union_region"}
"""What the forms of contacts call the same thing."""


class Asked(BaseModel):
    """Which unions are asked for."""

    q: str = Field(default="", max_length=200)
    level: str = Field(default="", max_length=40)
    region: str = Field(default="", max_length=6)
    by_rule: bool = False
    after: int = Field(default=0, ge=0, lt=2**63)


@router.get("")
def show_unions(
    request: Request, connection: Transaction, person: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """Find unions by words, level and region."""
    found = find_unions(
        connection,
        words=asked.q or None,
        level=asked.level or None,
        regions=[asked.region] if asked.region else (),
        by_rule=True if asked.by_rule else None,
        after=asked.after,
    )
    return answer_page(
        request,
        "unions.html",
        unions=found,
        asked=asked,
        levels=list_levels(request),
        is_full=len(found) == PAGE,
        may_change=person.may("record:edit", ACCOUNTABILITY),
    )


@router.get("/{number}")
def show_union(request: Request, connection: Transaction, _person: Reader, number: str) -> Response:
    """Show a union in its form, or an empty form."""
    found = None if number == "new" else get_union(connection, read_number(number))
    values = {} if found is None else {name: getattr(found, name) or "" for name in EDITED}
    return show_form(request, number, values, found, None)


@router.post("/{number}")
def save_union(request: Request, connection: Transaction, person: Writer, number: str, form: SentForm) -> Response:
    """Add or change a union; a change confirms the name, and is published."""
    allow(person, "batch:commit", ACCOUNTABILITY)
    values = {name: str(form.get(FIELDS.get(name, name), "")).strip() for name in EDITED}
    found = None if number == "new" else get_union(connection, read_number(number))
    try:
        with connection.begin_nested():
            union_id = write_union(connection, found, values, person.name)
    except DataError as problem:
        return show_form(request, number, values, found, problem)
    note_action(connection, person.name, "union.add" if found is None else "union.change", f"union:{union_id}")
    return RedirectResponse(f"/editor/unions/{union_id}?saved=updated", status_code=303)


def write_union(connection: sa.Connection, found: Any, values: Mapping[str, str], actor: str) -> int:
    """Add a union, or change the one that is there and publish what names it; return its id."""
    if found is None:
        return add_union(connection, values)
    publish_batch(connection, change_union(connection, found.id, values, actor=actor))
    return int(found.id)


def read_number(number: str) -> int:
    """Return the id that an address names; one that is none finds nothing."""
    return int(number) if number.isdigit() and len(number) < len(str(2**63)) else 0


def list_levels(request: Request) -> list[tuple[str, str]]:
    """Return the levels of unions with their names."""
    (field,) = make_fields(("union_level",), {}, (), request.app.state.pages.read_language(request))
    return list(field.options)


def show_form(
    request: Request, number: str, values: Mapping[str, str], found: Any, problem: DataError | None
) -> Response:
    """Answer with the form of a union."""
    language = request.app.state.pages.read_language(request)
    cells = {FIELDS.get(name, name): value for name, value in values.items()}
    names = [FIELDS.get(name, name) for name in EDITED]
    return answer_page(
        request,
        "union.html",
        status=400 if problem else 200,
        number=number,
        found=found,
        fields=make_fields(names, cells, (), language),
        problem=problem,
        told=request.query_params.get("saved") == "updated",
        may_change=request.state.person.may("record:edit", ACCOUNTABILITY),
        levels=vocabularies()["union_level"].terms,
        speech="en" if language == "en" else "zh_hans",
        script=language.replace("-", "_").lower(),
    )
