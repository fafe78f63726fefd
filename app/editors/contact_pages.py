"""Pages of a contact with a union: logged, changed, taken out of its case."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.case_forms import CONTACT_GROUPS, UNION_FIELDS, make_fields, make_groups, names_of, read_cells
from app.editors.case_pages import Reader, Writer
from app.editors.case_saving import CaseChange, find_case_for, submit_case
from app.editors.connections import Transaction
from app.editors.pages import answer_page
from app.editors.record_pages import SentForm, read_version_number
from geo.errors import DataError, NotFound, Stale
from geo.layers import ACCOUNTABILITY
from geo.loading.case_cells import read_case_cells
from geo.loading.single_record import Saved
from geo.records.record_keys import RecordKey
from geo.records.tables import union_contact
from geo.records.union_list import find_unions, get_union, list_candidates

router = APIRouter(prefix="/editor/cases/{name}/contacts", include_in_schema=False)
NEW = "new"


@router.get("/{number}")
def show_contact(request: Request, connection: Transaction, person: Reader, name: str, number: str) -> Response:
    """Show a contact in its form, or an empty form after the last one."""
    key = find_case_for(connection, person, name)
    contacts = read_case_cells(connection, key.id).contacts
    if number == NEW:
        last = max((int(contact["contact_no"]) for contact in contacts), default=0)
        cells = {"contact_no": str(last + 1), "contacted": "true", "method": "phone"}
    else:
        cells = contacts[find_place(contacts, number)]
    chosen = read_union_of(connection, key, cells["contact_no"]) if number != NEW else ""
    return show_form(request, connection, key, number, {"cells": cells, "union": chosen})


@router.post("/{number}")
def save_contact(
    request: Request, connection: Transaction, person: Writer, name: str, number: str, form: SentForm
) -> Response:
    """Save a contact, take it out, or look for unions and show the form again."""
    key = find_case_for(connection, person, name, "record:edit")
    cells, union = read_contact(connection, form)
    state: dict[str, Any] = {"cells": cells, "union": union, "version": str(form.get("version", ""))}
    if form.get("do") == "find":
        return show_form(request, connection, key, number, state | {"words": str(form.get("words", ""))[:200]})
    contacts: list[dict[str, str]] = list(read_case_cells(connection, key.id).contacts)
    at = len(contacts) if number == NEW else find_place(contacts, number)
    is_removed = form.get("do") == "remove"
    contacts[at : at + 1] = [] if is_removed else [cells]
    version = state["version"]
    change = CaseChange(
        contacts=contacts,
        version=int(version) if version.isdigit() else 0,
        reason=str(form.get("reason", "")),
        press=str(form.get("press", "")),
        confirmed=form.get("confirmed") == "true",
    )
    try:
        saved = submit_case(request, connection, person, key, change)
    except (Stale, DataError) as problem:
        return show_form(request, connection, key, number, state | {"problem": problem})
    if saved.outcome == "held":
        return RedirectResponse(f"/editor/batches/{saved.batch_id}", status_code=303)
    if saved.outcome == "rejected":
        return show_form(request, connection, key, number, state | {"saved": saved, "at": at + 1})
    told = "removed" if is_removed else "contact"
    return RedirectResponse(f"/editor/cases/{key.name}?saved={told}#contacts", status_code=303)


def find_place(contacts: Sequence[Mapping[str, str]], number: str) -> int:
    """Return where a contact stands among those of its case. Raises NotFound."""
    found = next((at for at, contact in enumerate(contacts) if contact["contact_no"] == number), None)
    if found is None:
        raise NotFound("The case has no such contact.")
    return found


def read_contact(connection: sa.Connection, form: FormData) -> tuple[dict[str, str], str]:
    """Return the cells of a contact and the union that is chosen; a union that is chosen gives its names and place."""
    cells = read_cells(form, (*names_of(CONTACT_GROUPS), *UNION_FIELDS))
    union = str(form.get("union", ""))
    if union.isdigit() and len(union) < len(str(2**63)):
        found = get_union(connection, int(union))
        named = (found.name_en, found.name_zh_hans, found.level, found.region_code)
        cells |= {name: text or "" for name, text in zip(UNION_FIELDS, named, strict=True)}
    return cells, union


def read_union_of(connection: sa.Connection, key: RecordKey, number: str) -> str:
    """Return the union of a contact, as the form names it."""
    contact = union_contact.c
    asked = sa.select(contact.union_id).where(contact.case_id == key.id, contact.contact_no == int(number))
    return str(connection.scalar(asked) or "")


def show_form(
    request: Request, connection: sa.Connection, key: RecordKey, number: str, state: Mapping[str, Any]
) -> Response:
    """Answer with the form of a contact; `state` has the cells, the chosen union, and what was wrong."""
    saved: Saved | None = state.get("saved")
    problem, words = state.get("problem"), state.get("words")
    language = request.app.state.pages.read_language(request)
    rows = {None, 1, state.get("at")}
    messages = [message for message in saved.messages if message.row_no in rows] if saved else []
    unions = list(find_unions(connection, words=words) if words else list_candidates(connection, key.id))
    if state["union"].isdigit() and int(state["union"]) not in {one.id for one in unions}:
        unions.append(get_union(connection, int(state["union"])))
    return answer_page(
        request,
        "contact.html",
        status=412 if isinstance(problem, Stale) else 400 if saved or problem else 200,
        key=key,
        number=number,
        groups=make_groups(CONTACT_GROUPS, state["cells"], messages, language),
        by_hand=make_fields(UNION_FIELDS, {} if state["union"] else state["cells"], messages, language),
        unions=unions,
        union=state["union"],
        words=words or "",
        faults=[message for message in messages if message.problem.rejects],
        problem=problem,
        version=state.get("version") or str(read_version_number(connection, key)),
        press=secrets.token_urlsafe(12),
        may_change=request.state.person.may("record:edit", ACCOUNTABILITY),
        speech="en" if language == "en" else "zh_hans",
        script=language.replace("-", "_").lower(),
    )
