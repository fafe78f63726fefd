"""The collection `unions`: the trade unions that public cases name, each at the point of its region, by id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.allow_list import Parameters, only, split, unique
from geo.serving.conditions import Condition, intersects_box
from geo.serving.cql2.fields import Field, Fields, Type, find_codes
from geo.serving.cql2.nodes import Filter
from geo.serving.cql2.request import FILTER_NAMES, read_bbox, read_filter
from geo.serving.cql2.to_sql import make_condition
from geo.serving.cql2.to_text import write_filter
from geo.serving.crs import Crs, parse_crs, write_crs
from geo.serving.parameters import (
    DEFAULT_LIMIT,
    LARGEST_INTEGER,
    BadValue,
    Bbox,
    Interval,
    parse_integer,
    parse_interval,
    parse_limit,
    read_token,
    write_token,
)
from geo.serving.region_items import parse_codes
from geo.serving.regions import check_codes
from geo.serving.search import parse_search, write_search
from geo.serving.tables import published_region, published_union
from geo.vocabularies import vocabularies

COLLECTION = "unions"
ORDER = "union-id"
UNION_PARAMETERS = ("bbox", "datetime", "level", "region", "q", *FILTER_NAMES)
"""Every parameter that chooses unions (all but `limit`, `after` and `crs`)."""
UNION_LEVELS = tuple(term.code for term in vocabularies()["union_level"].terms)
SECTORS = tuple(term.code for term in vocabularies()["industry"].terms)
UNION_CASES = "cases"
UNION_PROPERTIES = (
    "name_en",
    "name_zh_hans",
    "name_zh_hant",
    "level",
    "region_code",
    "sector",
    "name_by_rule",
    UNION_CASES,
    "case_count",
)
"""The names of a union's properties, in the order they are shown."""

_NAMES = tuple(published_union.c[name] for name in ("name_en", "name_zh_hans", "name_zh_hant"))
_JOINED = published_union.outerjoin(
    published_region,
    sa.and_(published_region.c.code == published_union.c.region_code, published_region.c.is_bare),
)


@dataclass(frozen=True, kw_only=True)
class UnionQuery:
    """What is asked of the unions. `region` means that region and all inside it; a union has no time of its own.

    `q` holds words and phrases that must all occur in its names. `after` is the id of the last union of a page.
    """

    bbox: Bbox | None = None
    datetime: Interval | None = None
    filter: Filter | None = None
    level: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    q: tuple[str, ...] = ()
    limit: int = DEFAULT_LIMIT
    after: int | None = None
    crs: Crs = Crs.CRS84


@dataclass(frozen=True, kw_only=True)
class UnionPage:
    """One page: GeoJSON Feature texts joined by commas, and the query for the page after it."""

    features: bytes
    number_returned: int
    number_matched: int
    next_query: UnionQuery | None


@cache
def union_fields() -> Fields:
    """Return by name what a CQL2 filter of unions may speak of; `geometry` is the point of the union's region."""
    union, region = published_union.c, published_region.c
    inside: sa.ColumnElement[Any] = pg.array([region.code, region.province, region.prefecture])
    return {
        **{str(column.name): Field(type=Type.TEXT, column=column) for column in _NAMES},  # orjson wants plain names
        "level": Field(type=Type.TEXT, column=union.level, codes=UNION_LEVELS),
        "region_code": Field(type=Type.TEXT, column=union.region_code, is_region=True),
        "sector": Field(type=Type.TEXT, column=union.sector, codes=SECTORS),
        "name_by_rule": Field(type=Type.TRUTH, column=union.name_by_rule),
        "cases": Field(type=Type.LIST, column=union.cases),
        "case_count": Field(type=Type.NUMBER, column=sa.func.cardinality(union.cases)),
        "region": Field(type=Type.WITHIN, column=inside, is_region=True),
        "geometry": Field(type=Type.GEOMETRY, column=region.point),
    }


def parse_union_query(parameters: Iterable[tuple[str, str]]) -> UnionQuery:
    """Read the parameters of a request for unions. Raises BadRequest that names every parameter at fault."""
    given = Parameters(parameters)
    query = UnionQuery(
        bbox=read_bbox(given),
        datetime=given.read("datetime", only(parse_interval), None),
        filter=read_filter(given, union_fields()),
        level=given.read("level", parse_union_levels, ()),
        region=given.read("region", parse_codes, ()),
        q=given.read("q", only(parse_search), ()),
        limit=given.read("limit", only(parse_limit), DEFAULT_LIMIT),
        after=given.read("after", only(parse_after), None),
        crs=given.read("crs", only(parse_crs), Crs.CRS84),
    )
    given.finish((*UNION_PARAMETERS, "limit", "after", "crs"))
    return query


def parse_union_levels(texts: list[str]) -> tuple[str, ...]:
    """Read levels of unions."""
    parts = unique(split(texts))
    if set(parts) - set(UNION_LEVELS):
        raise BadValue(f"must be one of: {', '.join(UNION_LEVELS)}")
    return parts


def parse_after(text: str) -> int:
    """Read the token of a page of unions."""
    (key,) = read_token(ORDER, text, 1)
    try:
        return parse_integer(key)
    except BadValue:
        raise BadValue("is not a token of this list: follow its link with rel=next") from None


def write_union_query(query: UnionQuery) -> list[tuple[str, str]]:
    """Return the parameters of a query in their one canonical form."""
    written: list[tuple[str, str]] = []
    if query.bbox is not None:
        box = query.bbox
        written.append(("bbox", f"{box.west!r},{box.south!r},{box.east!r},{box.north!r}"))
    if query.datetime is not None:
        written.append(("datetime", str(query.datetime)))
    lists = {"level": query.level, "region": query.region}
    written += [(name, ",".join(values)) for name, values in lists.items() if values]
    if query.q:
        written.append(("q", write_search(query.q)))
    if query.filter is not None:
        written.append(("filter", write_filter(query.filter)))
    if query.limit != DEFAULT_LIMIT:
        written.append(("limit", str(query.limit)))
    if query.after is not None:
        written.append(("after", write_token(ORDER, query.after)))
    return written + write_crs(query.crs)


def union_conditions(query: UnionQuery) -> list[Condition]:
    """Return what must hold for a union to be asked for, whatever the page."""
    made = [] if query.bbox is None else [intersects_box(published_region.c.point, query.bbox)]
    if query.level:
        made.append(published_union.c.level.in_(query.level))
    if query.region:
        columns = published_region.c
        inside = (column.in_(query.region) for column in (columns.code, columns.province, columns.prefecture))
        made.append(sa.or_(*inside))
    functions = sa.func.published
    words = functions.search_words(sa.func.concat_ws("\n", *_NAMES), type_=sa.Text)
    for phrase in query.q:
        found = functions.search_vector(words).bool_op("@@")(functions.search_query(phrase))
        made += [found, words.like(functions.search_pattern(phrase))]
    if query.filter is not None:
        made.append(make_condition(query.filter, union_fields()))
    return made


async def check_union_query(connection: AsyncConnection, query: UnionQuery) -> None:
    """Raise BadRequest when the query names a region that does not exist."""
    asked = {"region": list(query.region)}
    if query.filter is not None:
        asked["filter"] = sorted(find_codes(query.filter, union_fields()))
    await check_codes(connection, asked)


async def fetch_union_page(connection: AsyncConnection, query: UnionQuery) -> UnionPage:
    """Return one page of unions. Raises BadRequest when the query names a region that does not exist."""
    await check_union_query(connection, query)
    which = union_conditions(query)
    counted = sa.select(sa.func.count()).select_from(_JOINED).where(*which)
    matched = (await connection.execute(counted)).scalar_one()
    after = [] if query.after is None else [published_union.c.id > query.after]
    walk = union_statement().where(*which, *after).order_by(published_union.c.id).limit(query.limit + 1)
    rows = (await connection.execute(walk)).all()
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    return UnionPage(
        features=b",".join(render_union(row) for row in shown),
        number_returned=len(shown),
        number_matched=matched,
        next_query=replace(query, after=shown[-1].id) if more else None,
    )


async def find_union_feature(connection: AsyncConnection, feature_id: str) -> bytes | None:
    """Return the GeoJSON text of one union by its id; None when there is none."""
    if not feature_id.isdigit() or int(feature_id) > LARGEST_INTEGER or str(int(feature_id)) != feature_id:
        return None
    which = published_union.c.id == int(feature_id)
    row = (await connection.execute(union_statement().where(which))).one_or_none()
    return None if row is None else render_union(row)


def union_statement() -> sa.Select[tuple[object, ...]]:
    """Return the statement of unions with the point of their region as GeoJSON text."""
    point = sa.func.ST_AsGeoJSON(published_region.c.point, 6, type_=sa.Text).label("point")
    return sa.select(published_union, point).select_from(_JOINED)


def render_union(row: sa.Row[tuple[object, ...]]) -> bytes:
    """Return one union as a GeoJSON Feature. `cases` names the public cases about it, `case_count` is their number."""
    known = {str(name): value for name, value in row._mapping.items()}  # noqa: SLF001  (the documented way to names)
    cases = known["cases"]
    known["case_count"] = len(cases) if isinstance(cases, list) else 0
    point = known["point"]
    return orjson.dumps(
        {
            "type": "Feature",
            "id": str(known["id"]),
            "geometry": None if point is None else orjson.Fragment(str(point)),
            "properties": {name: known[name] for name in UNION_PROPERTIES},
        }
    )
