"""Regions found by name, by a code of today or of the past, or by a point.

Names are compared folded (`geo.folded_names`): Traditional finds Simplified, and neither capitals nor marks matter. All
regions that fit are found and none is chosen: several have one name. An index of a few thousand regions and their names
is made once for each version of the data; looking through it takes a millisecond or two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.folded_names import normalise_name
from geo.serving.regions import LEVELS, REGION_COLUMNS, Region
from geo.serving.tables import drawn_code, published_region, region_name, succession

MATCHES = ("exact", "prefix", "contains")
"""How a name fits, the best first."""

Key = tuple[str, str]
"""(level, code) of a region."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A region of today: itself, the regions it lies in, its representative point and its box (degrees).

    `path` leads from the province down to the region itself. `point` is (longitude, latitude), `bbox` is (west, south,
    east, north); both are None for a region that the boundary set does not draw.
    """

    region: Region
    path: tuple[Region, ...]
    point: tuple[float, float] | None
    bbox: tuple[float, float, float, float] | None


@dataclass(frozen=True, kw_only=True)
class Successor:
    """What took the place of a retired code. `kind` is rename, recode, upgrade, merge or split."""

    code: str
    kind: str
    happened_on: dt.date | None
    source: str


@dataclass(frozen=True, kw_only=True)
class FoundRegion:
    """One answer: a code, how its name fits, and what is known of it.

    `place` is None for a retired code, which has a name and successors instead. `drawn_at` is the region of today under
    which records of the code are drawn when that is another one.
    """

    code: str
    match: str | None = None
    place: Place | None = None
    name_zh_hans: str | None = None
    successors: tuple[Successor, ...] = ()
    drawn_at: Place | None = None


@dataclass(frozen=True)
class RegionIndex:
    """All that is looked through, of one version of the data. Built by `load_region_index`."""

    places: dict[Key, Place]
    bare: dict[str, Place]
    aliases: tuple[tuple[str, str], ...]
    drawn: dict[str, tuple[str | None, str]]
    successors: dict[str, tuple[Successor, ...]]
    by_alias: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def find_code(self, code: str, match: str | None = None) -> FoundRegion | None:
        """Return what is known of a code, in force or retired; None when no region ever had it."""
        place = self.bare.get(code)
        name, drawn = self.drawn.get(code, (None, code))
        if place is None and code not in self.drawn:
            return None
        return FoundRegion(
            code=code,
            match=match,
            place=place,
            name_zh_hans=None if place else name,
            successors=self.successors.get(code, ()) if place is None else (),
            drawn_at=self.bare.get(drawn) if drawn != code else None,
        )

    def find_today(self, code: str) -> Place | None:
        """Return the region of today that a code in force or retired is drawn at; None when no region ever had it."""
        found = self.find_code(code)
        return None if found is None else found.drawn_at or found.place

    def find_name(self, text: str) -> list[FoundRegion]:
        """Return every code with a name like `text`: the same first, then those that begin so, then those that hold it.

        Among equals the coarser region is first, retired codes are last, and then the code decides.
        """
        wanted = normalise_name(text)
        best: dict[str, int] = {}
        for alias, code in self.aliases:
            if wanted in alias:
                rank = 0 if alias == wanted else 1 if alias.startswith(wanted) else 2
                best[code] = min(rank, best.get(code, rank))
        known = ((rank, code) for code, rank in best.items() if code in self.bare or code in self.drawn)
        ranked = sorted(known, key=lambda one: (one[0], self._level_rank(one[1]), one[1]))
        found = (self.find_code(code, MATCHES[rank]) for rank, code in ranked)
        return [one for one in found if one is not None]

    def find_same_name(self, text: str) -> list[Place]:
        """Return every region of today with exactly this name, full or short."""
        codes = self.by_alias.get(normalise_name(text), ())
        return [self.bare[code] for code in codes if code in self.bare]

    def _level_rank(self, code: str) -> int:
        place = self.bare.get(code)
        return len(LEVELS) if place is None else LEVELS.index(place.region.level)


async def load_region_index(connection: AsyncConnection) -> RegionIndex:
    """Read every region, name and succession."""
    box, point = published_region.c.outline_z8, published_region.c.point
    measured = (sa.func.ST_X(point), sa.func.ST_Y(point))
    sides = (sa.func.ST_XMin(box), sa.func.ST_YMin(box), sa.func.ST_XMax(box), sa.func.ST_YMax(box))
    rows = (await connection.execute(sa.select(*REGION_COLUMNS, *measured, *sides))).all()
    known = len(REGION_COLUMNS)
    names = [column.name for column in REGION_COLUMNS]
    regions = [Region(**dict(zip(names, row[:known], strict=True))) for row in rows]
    by_key = {(region.level, region.code): region for region in regions}
    places = {
        (region.level, region.code): Place(
            region=region,
            path=tuple(walk_up(by_key, region)),
            point=None if row[known] is None else (round(row[known], 6), round(row[known + 1], 6)),
            bbox=None if row[known + 2] is None else tuple(round(side, 5) for side in row[known + 2 :]),
        )
        for region, row in zip(regions, rows, strict=True)
    }
    aliases = sa.select(region_name.c.alias, region_name.c.code).order_by(region_name.c.alias, region_name.c.code)
    pairs = tuple((alias, code) for alias, code in await connection.execute(aliases))
    drawn = await connection.execute(sa.select(drawn_code.c.code, drawn_code.c.name_zh_hans, drawn_code.c.drawn_code))
    return RegionIndex(
        places=places,
        bare={place.region.code: place for place in places.values() if place.region.is_bare},
        aliases=pairs,
        drawn={code: (name, under) for code, name, under in drawn},
        successors=await fetch_successors(connection),
        by_alias=group(pairs),
    )


def walk_up(by_key: dict[Key, Region], region: Region) -> Iterable[Region]:
    """Return the regions that `region` lies in, from the province down to itself."""
    steps = [region]
    while (up := (steps[-1].parent_level, steps[-1].parent_code)) in by_key:
        steps.append(by_key[str(up[0]), str(up[1])])
    return reversed(steps)


def group(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the codes by alias."""
    codes: dict[str, list[str]] = {}
    for alias, code in pairs:
        codes.setdefault(alias, []).append(code)
    return {alias: tuple(found) for alias, found in codes.items()}


async def fetch_successors(connection: AsyncConnection) -> dict[str, tuple[Successor, ...]]:
    """Return by retired code what took its place, by code."""
    columns = succession.c
    found: dict[str, list[Successor]] = {}
    for row in await connection.execute(sa.select(succession).order_by(columns.old_code, columns.new_code)):
        one = Successor(code=row.new_code, kind=row.kind, happened_on=row.happened_on, source=row.source)
        found.setdefault(row.old_code, []).append(one)
    return {code: tuple(successors) for code, successors in found.items()}


async def find_key_at(connection: AsyncConnection, lon: float, lat: float) -> Key | None:
    """Return the key of the finest region that holds a point (degrees, WGS 84); None where there is none.

    On a border it is any of those that meet there. Outlines are those of the band z8, within 0.005 degrees.
    """
    columns = published_region.c
    point = sa.func.ST_SetSRID(sa.func.ST_MakePoint(lon, lat), 4326)
    finest = sa.case({level: -place for place, level in enumerate(LEVELS)}, value=columns.level)
    statement = (
        sa.select(columns.level, columns.code)
        .where(sa.func.ST_Intersects(columns.outline_z8, point))
        .order_by(finest, columns.code)
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else (row.level, row.code)
