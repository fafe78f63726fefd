"""Where is it, and what is its code today: `/regions` finds regions by name, code or point."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import (
    JSON,
    Query,
    find_unchanged,
    make_address,
    make_etag,
    make_link,
    open_snapshot,
    send_json,
)
from app.readers.representations import link_self
from geo.errors import InvalidParameter
from geo.folded_names import normalise_name
from geo.serving.allow_list import Parameters, only, refuse
from geo.serving.dataset import Dataset
from geo.serving.parameters import DEFAULT_LIMIT, BadValue, parse_limit, parse_region, parse_text
from geo.serving.region_search import FoundRegion, Place, RegionIndex, find_key_at, load_region_index
from geo.serving.regions import Region

PARAMETERS = ("q", "code", "point", "limit")
WAYS = ("q", "code", "point")
"""One of these says what is looked for."""

_POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,15})?),(-?\d{1,2}(?:\.\d{1,15})?)", re.ASCII)
_NAMES = tuple(f"{kind}_{script}" for kind in ("name", "short_name") for script in ("en", "zh_hans", "zh_hant"))

router = APIRouter(prefix="/api")


@dataclass(frozen=True, kw_only=True)
class RegionSearch:
    """What is looked for: a name, a code, or a point (longitude, latitude)."""

    q: str | None = None
    code: str | None = None
    point: tuple[float, float] | None = None
    limit: int = DEFAULT_LIMIT

    def write(self) -> Query:
        """Return the parameters in their one canonical form."""
        point = None if self.point is None else ",".join(map(repr, self.point))
        asked = [("q", self.q), ("code", self.code), ("point", point)]
        limit = [("limit", str(self.limit))] if self.limit != DEFAULT_LIMIT else []
        return [(name, value) for name, value in asked if value is not None] + limit


def parse_name(text: str) -> str:
    """Read a name, folded as names are compared."""
    folded = normalise_name(parse_text(text))
    if not folded:
        raise BadValue("must hold at least one letter or digit")
    return folded


def parse_point(text: str) -> tuple[float, float]:
    """Read a point: longitude, latitude in degrees."""
    match = _POINT.fullmatch(text)
    if match is None or not math.isfinite(float(match[1])) or abs(float(match[1])) > 180 or abs(float(match[2])) > 90:  # noqa: PLR2004
        raise BadValue("must be longitude,latitude in degrees, like 114.06,22.54")
    return float(match[1]), float(match[2])


def parse_region_search(given: Query) -> RegionSearch:
    """Read the parameters. Raises BadRequest unless exactly one of `WAYS` says what is looked for."""
    own = Parameters(given)
    search = RegionSearch(
        q=own.read("q", only(parse_name), None),
        code=own.read("code", only(parse_region), None),
        point=own.read("point", only(parse_point), None),
        limit=own.read("limit", only(parse_limit), DEFAULT_LIMIT),
    )
    own.finish(PARAMETERS)
    asked = sorted({name for name, _text in given} & set(WAYS))
    if len(asked) != 1:
        refuse([InvalidParameter(asked[-1] if asked else "q", "give one of: q, code, point")])
    return search


async def recall_region_index(request: Request, connection: AsyncConnection, dataset: Dataset) -> RegionIndex:
    """Return the index of regions, made once for each version of the data."""
    remembered = request.app.state.region_index
    index: RegionIndex | None = remembered.find(dataset.version, "regions")
    if index is None:
        index = await load_region_index(connection)
        remembered.keep(dataset.version, "regions", index)
    return index


@router.get("/regions")
async def search_regions(request: Request) -> Response:
    """Find regions by name, code or point. Every one that fits is listed; none is guessed."""
    search = parse_region_search(request.query_params.multi_items())
    address = make_address(request, "/regions", search.write())
    async with open_snapshot(request) as (connection, dataset):
        etag = make_etag(dataset, address)
        if unchanged := find_unchanged(request, etag):
            return unchanged
        index = await recall_region_index(request, connection, dataset)
        found = await find_regions(connection, index, search)
    shown = found[: search.limit]
    document = {
        "regions": [describe_found(request, one, index) for one in shown],
        "numberMatched": len(found),
        "numberReturned": len(shown),
        "datasetVersion": dataset.version,
        "links": link_self(address, JSON, "What was found"),
    }
    return send_json(document, etag=etag)


async def find_regions(connection: AsyncConnection, index: RegionIndex, search: RegionSearch) -> list[FoundRegion]:
    """Return what fits: by name the best first; by point the regions that hold it, from the province down."""
    if search.q is not None:
        return index.find_name(search.q)
    if search.code is not None:
        found = index.find_code(search.code)
        return [] if found is None else [found]
    assert search.point is not None  # noqa: S101  (one of the three was asked for)
    key = await find_key_at(connection, *search.point)
    path = () if key is None else index.places[key].path
    return [FoundRegion(code=one.code, place=index.places[one.level, one.code]) for one in path]


def describe_found(request: Request, found: FoundRegion, index: RegionIndex) -> dict[str, Any]:
    """Return one answer. What is retired has its last name, its successors and where it is drawn today."""
    match = {} if found.match is None else {"match": found.match}
    drawn = None if found.drawn_at is None else describe_place(request, found.drawn_at)
    if found.place is not None:
        return {**match, "is_retired": False, **describe_place(request, found.place), "drawn_at": drawn}
    successors = [
        {
            "code": one.code,
            "kind": one.kind,
            "happened_on": one.happened_on,
            "source": one.source,
            "region": describe_place(request, index.bare[one.code]) if one.code in index.bare else None,
        }
        for one in found.successors
    ]
    named = {"code": found.code, "name_zh_hans": found.name_zh_hans}
    return {**match, "is_retired": True, **named, "successors": successors, "drawn_at": drawn}


def describe_place(request: Request, place: Place) -> dict[str, Any]:
    """Return a region of today with its way up, its point and its box."""
    region = place.region
    item = region.code if region.is_bare else f"{region.level}-{region.code}"
    return {
        **describe_region(region),
        "population": region.population,
        "path": [describe_region(step) for step in place.path],
        "point": place.point,
        "bbox": place.bbox,
        "links": [make_link("item", make_address(request, f"/collections/regions/items/{item}"), JSON, "The outline")],
    }


def describe_region(region: Region) -> dict[str, Any]:
    """Return a region's level, code and names."""
    return {"level": region.level, "code": region.code, **{name: getattr(region, name) for name in _NAMES}}
