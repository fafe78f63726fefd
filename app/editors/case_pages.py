"""Pages of cases: the list, what is due, opening one, its own fields, judging and publishing it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.editors.case_forms import (
    CASE_GROUPS,
    DECISION_FIELDS,
    JUDGEMENT_FIELDS,
    make_fields,
    make_groups,
    names_of,
    read_cells,
)
from app.editors.case_saving import CaseChange, find_case_for, submit_case
from app.editors.connections import Transaction
from app.editors.held_edits import may_write
from app.editors.pages import answer_page
from app.editors.record_pages import SentForm, read_version_number, write_decision
from app.editors.signing import require
from geo.accounts.people import Person
from geo.errors import DataError, NotFound, Stale
from geo.layers import ACCOUNTABILITY
from geo.loading.case_cells import CaseCells, read_case_cells
from geo.loading.request import CHINA_TIME
from geo.loading.single_record import Saved
from geo.records.case_list import PAGE, count_due, list_cases, list_due
from geo.records.held_edits import list_held
from geo.records.record_keys import RecordKey, find_record
from geo.records.roll_up import roll_up
from geo.records.tables import accountability_case

router = APIRouter(prefix="/editor/cases", include_in_schema=False)
Reader = Annotated[Person, Depends(require("record:read", ACCOUNTABILITY))]
Writer = Annotated[Person, Depends(require("record:edit", ACCOUNTABILITY))]
STATES = ("draft", "published", "retracted")
TOLD = frozenset({"inserted", "updated", "unchanged", "restored", "contact", "removed"})


class Asked(BaseModel):
    """Which cases are asked for."""

    q: str = Field(default="", max_length=200)
    status: str = Field(default="", max_length=20)
    before: int | None = Field(default=None, ge=1, lt=2**63)


def today() -> dt.date:
    """Return the day in China."""
    return dt.datetime.now(tz=CHINA_TIME).date()


@router.get("")
def show_cases(request: Request, connection: Transaction, person: Reader, asked: Annotated[Asked, Query()]) -> Response:
    """List the cases, newest first, with what the contacts said and when to ask again."""
    found = list_cases(
        connection, words=asked.q or None, status=asked.status if asked.status in STATES else None, before=asked.before
    )
    return answer_page(
        request,
        "cases.html",
        cases=found,
        asked=asked,
        states=STATES,
        due=count_due(connection, today()),
        today=today(),
        is_full=len(found) == PAGE,
        may_change=may_write(person, ACCOUNTABILITY),
    )


@router.get("/due")
def show_due(request: Request, connection: Transaction, _person: Reader) -> Response:
    """List the contacts that are to be followed up by now."""
    return answer_page(request, "cases_due.html", due=list_due(connection, today()), today=today())


@router.get("/new")
def begin_case(request: Request, connection: Transaction, _person: Writer) -> Response:
    """Show the form of a new case, about the incidents that the address names."""
    names = [name for name in request.query_params.getlist("incident")[:100] if name]
    cells = {"incident_ids": "; ".join(names)}
    days = [_read_day(connection, name) for name in names]
    cells |= {"starts_on": min(days).isoformat()} if days else {}
    return show_case(request, connection, None, CaseCells(cells, [], {}), {})


@router.post("/new")
def open_case(request: Request, connection: Transaction, person: Writer, form: SentForm) -> Response:
    """Open a case as a draft, or show the form again with what is wrong."""
    cells, decisions, rest = read_form(form)
    change = CaseChange(cells=cells, decisions=decisions | {"status": "draft"}, **rest)
    saved = submit_case(request, connection, person, None, change)
    if saved.record_id is None:
        return show_case(request, connection, None, CaseCells(cells, [], decisions), {"saved": saved})
    return RedirectResponse(f"/editor/cases/case-{saved.record_id}?saved={saved.outcome}", status_code=303)


@router.get("/{name}")
def show(request: Request, connection: Transaction, person: Reader, name: str) -> Response:
    """Show a case with its contacts."""
    key = find_case_for(connection, person, name)
    return show_case(request, connection, key, read_case_cells(connection, key.id), {})


@router.post("/{name}")
def change_case(request: Request, connection: Transaction, person: Writer, name: str, form: SentForm) -> Response:
    """Save a case, publish it or make it a draft again, or show the form with what is wrong."""
    key = find_case_for(connection, person, name, "record:edit")
    cells, decisions, rest = read_form(form)
    if form.get("status") in {"draft", "published"}:
        decisions |= {"status": str(form["status"])}
    version = str(form.get("version", ""))
    change = CaseChange(cells=cells, decisions=decisions, version=int(version) if version.isdigit() else 0, **rest)
    typed = CaseCells(cells, read_case_cells(connection, key.id).contacts, decisions)
    try:
        saved = submit_case(request, connection, person, key, change)
    except (Stale, DataError) as problem:
        return show_case(request, connection, key, typed, {"problem": problem, "version": version})
    if saved.outcome == "held":
        return RedirectResponse(f"/editor/batches/{saved.batch_id}", status_code=303)
    if saved.outcome == "rejected":
        return show_case(request, connection, key, typed, {"saved": saved, "version": version})
    return RedirectResponse(f"/editor/cases/{key.name}?saved={saved.outcome}", status_code=303)


def read_form(form: FormData) -> tuple[dict[str, str], dict[str, str], dict[str, Any]]:
    """Return the cells, the decisions and what the form says of itself."""
    cells = read_cells(form, names_of(CASE_GROUPS))
    decisions = read_cells(form, (*DECISION_FIELDS, *JUDGEMENT_FIELDS))
    rest = {"reason": str(form.get("reason", "")), "press": str(form.get("press", ""))}
    return cells, decisions, {**rest, "confirmed": form.get("confirmed") == "true"}


def show_case(
    request: Request, connection: sa.Connection, key: RecordKey | None, typed: CaseCells, state: Mapping[str, Any]
) -> Response:
    """Answer with a case as typed; `state` has what was saved, or the problem there was, and the version typed on."""
    saved: Saved | None = state.get("saved")
    problem = state.get("problem")
    language = request.app.state.pages.read_language(request)
    person: Person = request.state.person
    messages = saved.messages if saved else ()
    decided = {name: write_decision(value) for name, value in typed.decisions.items()}
    told = request.query_params.get("saved")
    return answer_page(
        request,
        "case.html",
        status=412 if isinstance(problem, Stale) else 400 if saved or problem else 200,
        key=key,
        case=None if key is None else read_state(connection, key),
        groups=make_groups(CASE_GROUPS, typed.case, messages, language),
        judgement=make_fields(JUDGEMENT_FIELDS, decided, messages, language),
        decisions=make_fields(DECISION_FIELDS, decided, messages, language),
        contacts=typed.contacts,
        rolled=roll_up(_read_answers(typed)),
        faults=[message for message in messages if message.problem.rejects],
        problem=problem,
        version=state.get("version") or (key and str(read_version_number(connection, key))) or "",
        press=secrets.token_urlsafe(12),
        told=told if told in TOLD else None,
        held=[] if key is None else list_held(connection, ACCOUNTABILITY, key.id),
        may_change=may_write(person, ACCOUNTABILITY),
        may_take_down=person.may("record:takedown", ACCOUNTABILITY),
        today=today().isoformat(),
        speech="en" if language == "en" else "zh_hans",
        script=language.replace("-", "_").lower(),
    )


def read_state(connection: sa.Connection, key: RecordKey) -> Any:
    """Return what stands above a case."""
    case = accountability_case.c
    columns = (case.title_en, case.title_zh_hans, case.status, case.withheld, case.override_reason, case.version)
    return connection.execute(sa.select(*columns).where(case.id == key.id)).one()


def _read_answers(typed: CaseCells) -> list[dict[str, Any]]:
    return [
        {name: cell or None for name, cell in contact.items()} | {"contacted": contact.get("contacted") != "false"}
        for contact in typed.contacts
    ]


def _read_day(connection: sa.Connection, name: str) -> dt.date:
    key = find_record(connection, name)
    if key.layer == ACCOUNTABILITY:
        raise NotFound("There is no incident of that name.")
    found: dt.date = connection.execute(sa.select(key.table.c.starts_on).where(key.table.c.id == key.id)).scalar_one()
    return found
