"""Admin regions as the public sees them: names, the way up and down, topologies and where the boundaries come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadRequest, InvalidParameter
from geo.layers import Kind
from geo.serving.cql2.fields import find_codes
from geo.serving.filters import FeatureQuery, Value, filter_fields, filterable_properties
from geo.serving.tables import boundaries, published_region, topology

LEVELS = ("province", "prefecture", "county")
"""From coarse to fine."""


@dataclass(frozen=True, kw_only=True)
class Region:
    """One admin region. Its key is level and code: a municipality stands under one code at two levels.

    `is_bare` marks the row that the code alone means. `population` is residents on 1 November 2020.
    """

    level: str
    code: str
    parent_level: str | None
    parent_code: str | None
    province: str
    prefecture: str | None
    name_en: str
    name_zh_hans: str
    name_zh_hant: str
    short_name_en: str
    short_name_zh_hans: str
    short_name_zh_hant: str
    population: int | None
    uncertainty_m: int | None
    is_bare: bool


@dataclass(frozen=True, kw_only=True)
class Boundaries:
    """Where the boundaries come from, and the words that must stand beside them."""

    name: str
    source: str
    licence: str
    vintage: str
    attribution: str


REGION_COLUMNS = tuple(published_region.c[name] for name in Region.__dataclass_fields__)
LEVEL_ORDER = sa.case({level: place for place, level in enumerate(LEVELS)}, value=published_region.c.level)


async def fetch_region(connection: AsyncConnection, code: str, level: str | None = None) -> Region | None:
    """Return the region that a bare code means, or the one of that code and level; None when there is none."""
    which = published_region.c.is_bare if level is None else published_region.c.level == level
    found = await _fetch(connection, published_region.c.code == code, which)
    return found[0] if found else None


async def fetch_children(connection: AsyncConnection, parent: Region | None = None) -> list[Region]:
    """Return the regions directly inside `parent`, by code; without a parent, all provinces."""
    if parent is None:
        return await _fetch(connection, published_region.c.level == LEVELS[0])
    columns = published_region.c
    return await _fetch(connection, columns.parent_level == parent.level, columns.parent_code == parent.code)


async def fetch_regions(connection: AsyncConnection) -> list[Region]:
    """Return every region, by code and from coarse to fine."""
    return await _fetch(connection, sa.true())


async def fetch_ancestors(connection: AsyncConnection, region: Region) -> list[Region]:
    """Return the regions that `region` lies in, from the province down; empty for a province."""
    above: list[Region] = []
    here: Region | None = region
    while here is not None and here.parent_code is not None:
        here = await fetch_region(connection, here.parent_code, here.parent_level)
        above += [here] if here is not None else []
    return above[::-1]


async def fetch_boundaries(connection: AsyncConnection) -> Boundaries | None:
    """Return where the boundaries come from; None before they are published."""
    columns = [boundaries.c[name] for name in Boundaries.__dataclass_fields__]
    row = (await connection.execute(sa.select(*columns).limit(1))).one_or_none()
    return None if row is None else Boundaries(**row._mapping)  # noqa: SLF001  (the documented way to names)


async def fetch_topology_hashes(connection: AsyncConnection) -> dict[str, str]:
    """Return by name (province, prefecture, county-<province code>) the SHA-256 of each topology's text."""
    rows = await connection.execute(sa.select(topology.c.name, topology.c.sha256))
    return {row.name: row.sha256 for row in rows}


async def fetch_topology(connection: AsyncConnection, name: str) -> tuple[str, str] | None:
    """Return the SHA-256 and the TopoJSON text of one topology; None when there is none of that name."""
    row = (
        await connection.execute(sa.select(topology.c.sha256, topology.c.topojson).where(topology.c.name == name))
    ).one_or_none()
    return None if row is None else (row.sha256, row.topojson)


def names_regions(query: FeatureQuery) -> bool:
    """Say whether a filter names regions, or may: each of them must exist today."""
    return query.filter is not None or bool(query.region or _region_properties(query))


async def check_regions(connection: AsyncConnection, query: FeatureQuery) -> None:
    """Raise BadRequest when a filter names a region that does not exist today."""
    asked = _region_properties(query)
    if query.region:
        asked["region"] = query.region
    if query.filter is not None:
        asked["filter"] = tuple(find_codes(query.filter, filter_fields(query.collection)))
    await check_codes(connection, {name: [str(value) for value in asked[name] if value] for name in asked})


def _region_properties(query: FeatureQuery) -> dict[str, tuple[Value, ...]]:
    declared = filterable_properties(query.collection)
    kinds = {Kind.REGION, Kind.REGIONS}
    return {name: values for name, values in query.properties if declared[name].kind in kinds}


async def check_codes(connection: AsyncConnection, asked: dict[str, list[str]]) -> None:
    """Raise BadRequest that names each parameter of `asked` with a code that no region has."""
    codes = {code for values in asked.values() for code in values}
    if not codes:
        return
    statement = sa.select(published_region.c.code).where(published_region.c.code.in_(sorted(codes)))
    known = set((await connection.scalars(statement)).all())
    faults = [
        InvalidParameter(name, f"no region has the code {', '.join(sorted(missing))} today")
        for name, values in asked.items()
        if (missing := set(values) - known)
    ]
    if faults:
        raise BadRequest("The request names regions that do not exist.", *faults)


async def _fetch(connection: AsyncConnection, *which: sa.ColumnElement[bool]) -> list[Region]:
    """Return the regions that meet all conditions, by code and from coarse to fine."""
    statement = sa.select(*REGION_COLUMNS).where(*which).order_by(published_region.c.code, LEVEL_ORDER)
    return make_regions(await connection.execute(statement))


def make_regions(rows: Iterable[sa.Row[tuple[object, ...]]]) -> list[Region]:
    """Return regions from rows of `REGION_COLUMNS`."""
    return [Region(**row._mapping) for row in rows]  # noqa: SLF001  (the documented way to names)
