"""Records that one looks like which is being typed: asked by the form while somebody types."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.editors.answers import answer_json
from app.editors.connections import Transaction
from app.editors.pages import texts_of
from app.editors.signing import require
from geo.accounts.people import Person
from geo.errors import AmbiguousPlace, UnknownPlace
from geo.layers import INCIDENTS
from geo.loading.dates import parse_date
from geo.loading.near_duplicates import Typed, find_near
from geo.loading.request import CHINA_TIME
from geo.records.record_keys import find_record
from geo.regions.gazetteer import load_gazetteer
from web.translations import Texts

router = APIRouter(prefix="/api/editing", include_in_schema=False)
_KILOMETRE = 1000


class TypedSoFar(BaseModel):
    """Cells as they are typed. `name` is the record's own, where it is there already."""

    model_config = {"extra": "forbid"}
    layer: str = Field(max_length=40)
    starts_on: str = Field(default="", max_length=40)
    region: str = Field(default="", max_length=200)
    title_en: str = Field(default="", max_length=400)
    title_zh_hans: str = Field(default="", max_length=400)
    lon: str = Field(default="", max_length=40)
    lat: str = Field(default="", max_length=40)
    datum: str = Field(default="", max_length=10)
    name: str = Field(default="", max_length=40)


@router.get("/near")
def list_near(
    request: Request,
    connection: Transaction,
    person: Annotated[Person, Depends(require("record:read"))],
    asked: Annotated[TypedSoFar, Query()],
) -> Response:
    """List records that look like what is typed so far; nothing while too little is known to tell."""
    typed = read_typed(connection, asked)
    if typed is None or not person.may("record:read", typed.layer):
        return answer_json({"records": []})
    t = texts_of(request)
    found = [
        {"name": one.public_id or f"incident-{one.id}", "title": one.title, "words": describe_pair(t, one)}
        for one in find_near(connection, typed)
    ]
    return answer_json({"records": found})


def read_typed(connection: sa.Connection, asked: TypedSoFar) -> Typed | None:
    """Return what is typed as values; None where day, title or region cannot be read yet."""
    today = dt.datetime.now(tz=CHINA_TIME).date()
    day, _ = parse_date(asked.starts_on, today)
    title_en, title_zh_hans = asked.title_en.strip() or None, asked.title_zh_hans.strip() or None
    if asked.layer not in INCIDENTS or day is None or day.first != day.last or not (title_en or title_zh_hans):
        return None
    try:
        region = load_gazetteer(connection).resolve(asked.region.strip()).code
    except (AmbiguousPlace, UnknownPlace):
        return None
    lon, lat = (read_number(text) if asked.datum == "wgs84" else None for text in (asked.lon, asked.lat))
    return Typed(
        layer=asked.layer,
        day=day.first,
        region=region,
        title_en=title_en,
        title_zh_hans=title_zh_hans,
        lon=lon,
        lat=lat,
        record=find_record(connection, asked.name).id if asked.name else None,
    )


def read_number(text: str) -> float | None:
    """Return a number that is typed, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def describe_pair(t: Texts, one: sa.Row[tuple[object, ...]]) -> str:
    """Say how much alike two records are."""
    said = [t.count("editor.near.days", one.days)] if one.days else [t["editor.near.same_day"]]
    if one.metres is not None:
        said.append(t.fill("editor.near.away", distance=f"{one.metres / _KILOMETRE:.1f}"))
    said.append(t.fill("editor.near.alike", share=f"{one.alike * 100:.0f}"))
    return t.list(said)
