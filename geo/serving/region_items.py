"""The collection `regions`: admin regions as GeoJSON with outlines, from coarse to fine and by code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    BadValue,
    Bbox,
    Interval,
    parse_interval,
    parse_limit,
    parse_region,
    read_token,
    write_token,
)
from geo.serving.regions import LEVEL_ORDER, LEVELS, REGION_COLUMNS, Region, check_codes
from geo.serving.tables import published_region

COLLECTION = "regions"
ORDER = "level-code"
BANDS = ("national", "z7", "z8")
"""Outlines from simple to detailed: within 0.02, 0.01 and 0.005 degrees of the boundary."""

BAND_OF_LEVEL = dict(zip(LEVELS, BANDS, strict=True))
PARAMETERS = ("bbox", "datetime", "level", "code", "parent", "province", "region", "band", *FILTER_NAMES)
"""Every parameter that chooses regions (all but `limit`, `after` and `crs`)."""

_DIGITS = 5
"""Decimals of a degree in outlines: about a metre, finer than any band."""


@dataclass(frozen=True, kw_only=True)
class RegionQuery:
    """What is asked of the regions. `region` means that region and all inside it; a region has no time of its own.

    `band` chooses how detailed the outlines are; None takes what suits each level.
    """

    bbox: Bbox | None = None
    datetime: Interval | None = None
    filter: Filter | None = None
    level: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    parent: tuple[str, ...] = ()
    province: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    band: str | None = None
    limit: int = DEFAULT_LIMIT
    after: tuple[int, str] | None = None
    crs: Crs = Crs.CRS84


@dataclass(frozen=True, kw_only=True)
class RegionPage:
    """One page: GeoJSON Feature texts joined by commas, and the query for the page after it."""

    features: bytes
    number_returned: int
    number_matched: int
    next_query: RegionQuery | None


@cache
def region_fields() -> Fields:
    """Return by name what a CQL2 filter of regions may speak of; `geometry` is the most detailed outline."""
    columns = published_region.c
    codes = {"code": columns.code, "parent": columns.parent_code, "parent_code": columns.parent_code}
    codes |= {"province": columns.province, "prefecture": columns.prefecture}
    names = [f"{length}name_{script}" for length in ("", "short_") for script in ("en", "zh_hans", "zh_hant")]
    inside: sa.ColumnElement[Any] = pg.array([columns.code, columns.province, columns.prefecture])
    return {
        "level": Field(type=Type.TEXT, column=columns.level, codes=LEVELS),
        **{name: Field(type=Type.TEXT, column=column, is_region=True) for name, column in codes.items()},
        "parent_level": Field(type=Type.TEXT, column=columns.parent_level, codes=LEVELS),
        **{name: Field(type=Type.TEXT, column=columns[name]) for name in names},
        **{name: Field(type=Type.NUMBER, column=columns[name]) for name in ("population", "uncertainty_m")},
        "region": Field(type=Type.WITHIN, column=inside, is_region=True),
        "geometry": Field(type=Type.GEOMETRY, column=columns.outline_z8),
    }


def parse_region_query(parameters: Iterable[tuple[str, str]], *, paged: bool = True) -> RegionQuery:
    """Read the parameters of a request for regions; without `paged`, `limit`, `after` and `crs` are unknown.

    Raises BadRequest that names every parameter at fault.
    """
    given = Parameters(parameters)
    nothing: tuple[str, ...] = ()
    query = RegionQuery(
        bbox=read_bbox(given),
        datetime=given.read("datetime", only(parse_interval), None),
        filter=read_filter(given, region_fields()),
        level=given.read("level", parse_levels, nothing),
        code=given.read("code", parse_codes, nothing),
        parent=given.read("parent", parse_codes, nothing),
        province=given.read("province", parse_codes, nothing),
        region=given.read("region", parse_codes, nothing),
        band=given.read("band", only(parse_band), None),
        limit=given.read("limit", only(parse_limit), DEFAULT_LIMIT) if paged else DEFAULT_LIMIT,
        after=given.read("after", only(parse_after), None) if paged else None,
        crs=given.read("crs", only(parse_crs), Crs.CRS84) if paged else Crs.CRS84,
    )
    given.finish((*PARAMETERS, *(("limit", "after", "crs") if paged else ())))
    return query


def parse_codes(texts: list[str]) -> tuple[str, ...]:
    """Read codes of regions."""
    return unique(parse_region(part) for part in split(texts))


def parse_levels(texts: list[str]) -> tuple[str, ...]:
    """Read levels."""
    parts = unique(split(texts))
    if set(parts) - set(LEVELS):
        raise BadValue(f"must be one of: {', '.join(LEVELS)}")
    return parts


def parse_band(text: str) -> str:
    """Read the band of the outlines."""
    if text not in BANDS:
        raise BadValue(f"must be one of: {', '.join(BANDS)}")
    return text


def parse_after(text: str) -> tuple[int, str]:
    """Read the token of a page of regions."""
    level, code = read_token(ORDER, text, 2)
    if level not in LEVELS:
        raise BadValue("is not a token of this list: follow its link with rel=next")
    return LEVELS.index(level), parse_region(code)


def write_region_query(query: RegionQuery) -> list[tuple[str, str]]:
    """Return the parameters of a query in their one canonical form."""
    written: list[tuple[str, str]] = []
    if query.bbox is not None:
        box = query.bbox
        written.append(("bbox", f"{box.west!r},{box.south!r},{box.east!r},{box.north!r}"))
    if query.datetime is not None:
        written.append(("datetime", str(query.datetime)))
    lists = {name: getattr(query, name) for name in ("level", "code", "parent", "province", "region")}
    written += [(name, ",".join(values)) for name, values in lists.items() if values]
    if query.filter is not None:
        written.append(("filter", write_filter(query.filter)))
    if query.band is not None:
        written.append(("band", query.band))
    if query.limit != DEFAULT_LIMIT:
        written.append(("limit", str(query.limit)))
    if query.after is not None:
        written.append(("after", write_token(ORDER, LEVELS[query.after[0]], query.after[1])))
    return written + write_crs(query.crs)


def region_conditions(query: RegionQuery) -> list[Condition]:
    """Return what must hold for a region to be asked for, whatever the page."""
    columns = published_region.c
    made = [] if query.bbox is None else [intersects_box(columns.outline_z8, query.bbox)]
    wanted = {columns.level: query.level, columns.code: query.code, columns.parent_code: query.parent}
    wanted[columns.province] = query.province
    made += [column.in_(values) for column, values in wanted.items() if values]
    if query.region:
        inside = (column.in_(query.region) for column in (columns.code, columns.province, columns.prefecture))
        made.append(sa.or_(*inside))
    if query.filter is not None:
        made.append(make_condition(query.filter, region_fields()))
    return made


async def check_region_query(connection: AsyncConnection, query: RegionQuery) -> None:
    """Raise BadRequest when the query names a region that does not exist."""
    names = ("code", "parent", "province", "region")
    asked = {name: list(getattr(query, name)) for name in names}
    if query.filter is not None:
        asked["filter"] = sorted(find_codes(query.filter, region_fields()))
    await check_codes(connection, asked)


async def fetch_region_page(connection: AsyncConnection, query: RegionQuery) -> RegionPage:
    """Return one page of regions. Raises BadRequest when the query names a region that does not exist."""
    await check_region_query(connection, query)
    which = region_conditions(query)
    counted = sa.select(sa.func.count()).select_from(published_region).where(*which)
    matched = (await connection.execute(counted)).scalar_one()
    here = sa.tuple_(LEVEL_ORDER, published_region.c.code)
    after = [] if query.after is None else [here > sa.tuple_(*(sa.literal(key) for key in query.after))]
    walk = region_statement(query.band).where(*which, *after)
    rows = (await connection.execute(walk.order_by(LEVEL_ORDER, published_region.c.code).limit(query.limit + 1))).all()
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    last = (LEVELS.index(shown[-1].level), shown[-1].code) if more else None
    return RegionPage(
        features=b",".join(render_region(row) for row in shown),
        number_returned=len(shown),
        number_matched=matched,
        next_query=replace(query, after=last) if more else None,
    )


async def find_region_feature(connection: AsyncConnection, feature_id: str) -> bytes | None:
    """Return the GeoJSON text of one region, by its bare code or as `level-code`; None when there is none."""
    level, _, code = feature_id.partition("-")
    columns = published_region.c
    if level in LEVELS:
        which = (columns.level == level, columns.code == code)
    else:
        which = (columns.is_bare, columns.code == feature_id)
    row = (await connection.execute(region_statement(None).where(*which))).one_or_none()
    return None if row is None else render_region(row)


def region_statement(band: str | None) -> sa.Select[tuple[object, ...]]:
    """Return the statement of regions with their outline as GeoJSON text, outer rings counter-clockwise (RFC 7946)."""
    outlines = {name: published_region.c[f"outline_{name}"] for name in BANDS}
    suited = {level: outlines[name] for level, name in BAND_OF_LEVEL.items()}
    chosen = sa.case(suited, value=published_region.c.level) if band is None else outlines[band]
    turned = sa.func.ST_ForcePolygonCCW(chosen, type_=sa.Text)
    return sa.select(*REGION_COLUMNS, sa.func.ST_AsGeoJSON(turned, _DIGITS, type_=sa.Text).label("outline"))


def render_region(row: sa.Row[tuple[object, ...]], more: Mapping[str, object] | None = None) -> bytes:
    """Return one region as a GeoJSON Feature, with `more` properties. Its id is the bare code where that means it."""
    # Names of columns are a kind of str that orjson refuses.
    properties = {str(name): value for name, value in row._mapping.items()}  # noqa: SLF001  (the documented way)
    outline = properties.pop("outline")
    is_bare = properties.pop("is_bare")
    return orjson.dumps(
        {
            "type": "Feature",
            "id": properties["code"] if is_bare else f"{properties['level']}-{properties['code']}",
            "geometry": None if outline is None else orjson.Fragment(outline),
            "properties": {**properties, **(more or {})},
        }
    )


def region_property_names() -> tuple[str, ...]:
    """Return the names of a region's properties, in the order they are shown."""
    return tuple(name for name in Region.__dataclass_fields__ if name != "is_bare")
