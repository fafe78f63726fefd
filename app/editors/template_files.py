"""Files to begin with: the columns of a layer and an example, to be filled in and uploaded."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from app.editors.pages import texts_of
from app.editors.signing import allow, require
from geo.accounts.people import Person
from geo.errors import NotFound
from geo.layers import RECORDS
from geo.loading.templates import make_csv_template, make_geojson_template, make_xlsx_template
from web.translations import is_chinese

router = APIRouter(include_in_schema=False)

MAKERS: Final = {
    "csv": (make_csv_template, "text/csv"),
    "xlsx": (make_xlsx_template, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "geojson": (make_geojson_template, "application/geo+json"),
}

Kind = Literal["csv", "xlsx", "geojson"]


@router.get("/editor/template.{kind}")
def give_template(
    request: Request,
    person: Annotated[Person, Depends(require("batch:create"))],
    kind: Kind,
    layer: Annotated[str, Query(max_length=40)],
) -> Response:
    """Give the template of a layer; `lang` is the language of its example and codebook."""
    if layer not in RECORDS:
        raise NotFound("There is no such layer.")
    allow(person, "batch:create", layer)
    make, media_type = MAKERS[kind]
    body = make(layer, "zh_hans" if is_chinese(texts_of(request).language) else "en")
    return Response(
        body, headers={"Content-Disposition": f'attachment; filename="{layer}.{kind}"'}, media_type=media_type
    )
