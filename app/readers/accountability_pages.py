"""What unions knew, did and said, as pages: the figures (`/accountability`) and a report to print."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import orjson
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import cache_headers, find_unchanged, link_base, make_etag, open_snapshot
from app.readers.case_figures import make_figures, make_reference
from app.readers.dossiers import make_record
from app.readers.pages import pages_of, read_language, show_problem
from app.readers.record_pages import read_theme
from app.readers.union_pages import fetch_records
from geo.errors import BadRequest, InvalidParameter, NotFound
from geo.layers import ACCOUNTABILITY
from geo.serving.accountability import fetch_statistics
from geo.serving.allow_list import refuse
from geo.serving.dataset import Dataset
from geo.serving.features import fetch_page
from geo.serving.filters import FeatureQuery, filter_names, parse_query
from web.accountability_page import AccountabilityContent, Choice, render_accountability
from web.accountability_report import MOST_TOLD, render_report
from web.content import Record

router = APIRouter(include_in_schema=False)

ASKED = ("region", "industry", "from", "to")
DAY = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")


@dataclass(frozen=True)
class Asked:
    """A page that is being made: the request, which cases, and the snapshot they are read from."""

    request: Request
    choice: Choice
    query: FeatureQuery
    connection: AsyncConnection
    dataset: Dataset


@router.get("/accountability")
async def show_figures(request: Request) -> Response:
    """Show the figures of the cases that the address asks for."""
    return await answer(request, "/accountability", told=False)


@router.get("/accountability/report")
async def show_report(request: Request) -> Response:
    """Show a report on the cases of a period and a place, made to be printed."""
    return await answer(request, "/accountability/report", told=True)


async def answer(request: Request, path: str, *, told: bool) -> Response:
    """Answer with a page about the cases that the address asks for, or with what is wrong with it."""
    pages, language = pages_of(request), read_language(request)
    try:
        choice, query = read_choice(request)
        address = f"{pages.site.own.sha} {link_base(request)}{path} {choice!r}"
        async with open_snapshot(request) as (connection, dataset):
            etag = make_etag(dataset, address)
            if unchanged := find_unchanged(request, etag):
                return unchanged
            body = pages.rendered.find(dataset.version, address)
            if body is None:
                content = await gather(Asked(request, choice, query, connection, dataset), told=told)
                render = render_report if told else render_accountability
                body = render(pages.site, content).encode()
                pages.rendered.keep(dataset.version, address, body)
    except (BadRequest, NotFound) as fault:
        return show_problem(pages, language, fault)
    return Response(body, headers=cache_headers(etag), media_type="text/html")


def read_choice(request: Request) -> tuple[Choice, FeatureQuery]:
    """Read which cases are asked for. Parameters that nobody knows are left out. Raises BadRequest."""
    given = {name: request.query_params[name].strip() for name in ASKED if request.query_params.get(name)}
    wrong = [name for name in ("from", "to") if given.get(name) and not DAY.fullmatch(given[name])]
    refuse([InvalidParameter(name, "must be a year, a month or a day: 2020, 2020-06 or 2020-06-30") for name in wrong])
    starts, ends = given.get("from"), given.get("to")
    days = {"datetime": f"{first_day(starts)}/{last_day(ends)}"} if starts or ends else {}
    filters = [pair for pair in {**given, **days}.items() if pair[0] in known_filters()]
    query = parse_query(ACCOUNTABILITY, filters, paged=False)
    choice = Choice(
        language=read_language(request),
        theme=read_theme(request),
        region=given.get("region"),
        industry=dict(filters).get("industry"),
        starts=starts,
        ends=ends,
        query=tuple(filters),
    )
    return choice, query


def known_filters() -> frozenset[str]:
    """Return the filters of cases."""
    return frozenset(filter_names(ACCOUNTABILITY))


def first_day(text: str | None) -> str:
    """Return the first day of a year, a month or a day; without one the past is open."""
    return ".." if not text else text + "-01-01"[len(text) - len("2020") :]


def last_day(text: str | None) -> str:
    """Return the last day of a year, a month or a day; without one the future is open."""
    if not text:
        return ".."
    if len(text) != len("2020-06"):
        return text + "-12-31"[len(text) - len("2020") :]
    year, month = int(text[:4]), int(text[5:])
    return f"{text}-{DAYS[month - 1] + (month == FEBRUARY and is_leap(year))}"


FEBRUARY = 2
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Say whether a year has a 29th of February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


async def gather(asked: Asked, *, told: bool) -> AccountabilityContent:
    """Return what the page shows; the cases themselves only where they are `told`."""
    ground = await pages_of(asked.request).ground(asked.connection, asked.dataset)
    tree, region = ground.tree, asked.choice.region
    path = tree.path(region)
    with_industry = "industry" in known_filters()
    by = tuple(name for name in (tree.child_level(region), "industry" if with_industry else None, "year") if name)
    found = await fetch_statistics(asked.connection, asked.query, by)
    cases, incidents = await fetch_told(asked) if told else ((), ())
    return AccountabilityContent(
        choice=asked.choice,
        figures=make_figures(found),
        reference=make_reference(),
        names=tree.names,
        provinces=tuple(tree.regions[code] for code in tree.children.get(None, ())),
        path=path,
        with_industry=with_industry,
        dataset_version=asked.dataset.version,
        changed_on=asked.dataset.changed_at.date(),
        licence=asked.request.app.state.settings.data_licence,
        base=link_base(asked.request),
        land=ground.land,
        cases=cases,
        incidents=incidents,
    )


async def fetch_told(asked: Asked) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """Return the cases that a report tells, the first first, and the public incidents they are about."""
    query, matched = replace(asked.query, limit=MOST_TOLD), asked.request.app.state.matched
    page = await fetch_page(asked.connection, query, matched, asked.dataset.version)
    cases = tuple(make_record(feature) for feature in orjson.loads(b"[" + page.features + b"]"))
    linked = sorted({one for case in cases for one in case.properties.get("incidents") or ()})
    return cases, await fetch_records(asked.connection, linked)
