"""What the form of a record asks about places: regions by name, and the outlines of provinces for its small map."""

from __future__ import annotations

from typing import Annotated

import orjson
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from app.editors.connections import Transaction
from app.editors.signing import require
from geo.accounts.people import Person
from geo.errors import AmbiguousPlace, UnknownPlace
from geo.regions.gazetteer import load_gazetteer, suggest

router = APIRouter(prefix="/api/editing", include_in_schema=False)
Reader = Annotated[Person, Depends(require("record:read"))]

_OUTLINES = """
SELECT json_build_object('type', 'FeatureCollection', 'features', json_agg(json_build_object(
    'type', 'Feature', 'properties', json_build_object('code', code),
    'geometry', ST_AsGeoJSON(ST_SimplifyPreserveTopology(geometry, 0.03), 3)::json)))::text
FROM editorial.region WHERE level = 'province' AND geometry IS NOT NULL
"""


@router.get("/regions")
def find_regions(
    connection: Transaction, _person: Reader, q: Annotated[str, Query(min_length=1, max_length=100)]
) -> Response:
    """Return the regions that a name or code means, or may mean: code and names."""
    try:
        found = load_gazetteer(connection)
        candidates = [found.describe(found.resolve(q).code)]
    except AmbiguousPlace as several:
        candidates = list(several.candidates)
    except UnknownPlace as unknown:
        candidates = list(unknown.suggestions) or list(suggest(connection, q))
    regions = [{"code": code, "level": level, "name_en": en, "name_zh_hans": zh} for code, level, en, zh in candidates]
    return Response(orjson.dumps({"regions": regions[:10]}), media_type="application/json")


@router.get("/outlines")
def send_outlines(connection: Transaction, _person: Reader) -> Response:
    """Return the outlines of provinces as GeoJSON, coarse enough for a small map."""
    return Response(str(connection.scalar(sa.text(_OUTLINES))), media_type="application/geo+json")
