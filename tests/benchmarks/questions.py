"""What the servers are asked: the same questions for each, drawn once, in an order that is the same at every run.

Positions of a walk are shuffled within blocks of a thousand, nearest first. A server that answers few questions a
second is therefore only asked for places near the beginning, which spares those that page by offset.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from geo.layers import INCIDENTS

SEED = 20_260_101
WALKS = 120_000
SHUFFLED = 1_000
ITEMS = 250_000
NEW_BOXES = 4_000
WALK = 3_000
"""Places at the beginning of a province's or a year's walk."""
TILE_TIMES = 20
"""How often a tile is asked for; as many different filters must be few, or statements could not be kept."""
YEARS = range(2011, 2025)

LATEST = "ORDER BY starts_on DESC, id DESC LIMIT :most"
PLACES = f"SELECT starts_on, id FROM published.feature {LATEST}"
BOX_WALK = f"""
SELECT starts_on, id FROM published.feature
WHERE ST_Intersects(geometry, ST_MakeEnvelope(:w, :s, :e, :n, 4326)) {LATEST}
"""
YEAR_WALK = f"""
SELECT starts_on, id FROM published.feature
WHERE layer = :layer AND starts_on <= :last AND ends_on >= :first {LATEST}
"""
IDS = "SELECT id, public_id FROM published.feature ORDER BY md5(id::text) LIMIT :most"
PROVINCES = """
SELECT ST_XMin(o) AS west, ST_YMin(o) AS south, ST_XMax(o) AS east, ST_YMax(o) AS north
FROM (SELECT outline_national AS o FROM published.region WHERE level = 'province' ORDER BY code) AS province
"""
TILES = """
SELECT floor((ST_X(geometry_3857) / :half + 1) / 2 * 2 ^ :zoom)::int AS x,
    floor((1 - ST_Y(geometry_3857) / :half) / 2 * 2 ^ :zoom)::int AS y, count(*) AS points
FROM published.feature WHERE geometry_3857 IS NOT NULL GROUP BY 1, 2 ORDER BY points DESC, 1, 2 LIMIT :most
"""
HALF = 20_037_508.342789244
"""Half the side of the world in EPSG:3857, metres."""


Place = tuple[dt.date, int]
"""A record in the order of a walk: its first day, and its id."""
Corners = tuple[float, float, float, float]
"""west, south, east, north in degrees."""


@dataclass(frozen=True)
class Page:
    """`limit` records after the first `position` ones, latest first; `after` is the last of those."""

    limit: int
    position: int
    after: Place


@dataclass(frozen=True)
class Box:
    """A page of the records in a box; the first one where there is no `after`."""

    limit: int
    box: Corners
    position: int = 0
    after: Place | None = None


@dataclass(frozen=True)
class Span:
    """A page of the records of a layer that have a day from `first` to `last`; the first where there is no `after`."""

    limit: int
    layer: str
    first: dt.date
    last: dt.date
    position: int = 0
    after: Place | None = None


@dataclass(frozen=True)
class Item:
    """One record, by the database's id and by the public one."""

    id: int
    public_id: str


@dataclass(frozen=True)
class Tile:
    """One vector tile of WebMercatorQuad. With `since`, of records that have a day on it or later: all of them."""

    z: int
    x: int
    y: int
    since: dt.date | None = None


Question = Page | Box | Span | Item | Tile


@dataclass(frozen=True, kw_only=True)
class Pool:
    """All that questions are made from, read once. `box_walks` and `year_walks` begin each province and year."""

    places: list[Place]
    ids: list[Item]
    box_walks: dict[Corners, list[Place]]
    year_walks: dict[tuple[str, int], list[Place]]
    tiles: dict[int, list[Tile]]

    def pages(self, limit: int) -> list[Page]:
        """Return pages of `limit` at different positions, near ones first."""
        numbers = shuffle_near(np.arange(1, len(self.places)), SHUFFLED, [SEED, limit])
        return [Page(limit, int(n), self.places[n - 1]) for n in numbers]

    def boxes(self, limit: int) -> list[Box]:
        """Return pages of walks through the boxes of provinces, near positions first."""
        made = [
            Box(limit, box, position, place)
            for box, walk in self.box_walks.items()
            for position, place in enumerate(walk, 1)
        ]
        made.sort(key=lambda one: one.position)
        return [made[n] for n in shuffle_near(np.arange(len(made)), SHUFFLED, [SEED, limit, 1])]

    def new_boxes(self, limit: int) -> list[Box]:
        """Return boxes of provinces, each with its sides moved outward a little, so that none was asked before."""
        rng = np.random.default_rng([SEED, limit, 2])
        moved = rng.uniform(0, 0.2, (NEW_BOXES, 4)) * (-1, -1, 1, 1)
        known = np.array(list(self.box_walks))
        corners = (known[rng.integers(len(known), size=NEW_BOXES)] + moved).round(4)
        return [Box(limit, (float(w), float(s), float(e), float(n))) for w, s, e, n in corners]

    def years(self, limit: int) -> list[Span]:
        """Return pages of walks through a layer's years, near positions first."""
        made = [
            Span(limit, layer, dt.date(year, 1, 1), dt.date(year, 12, 31), position, place)
            for (layer, year), walk in self.year_walks.items()
            for position, place in enumerate(walk, 1)
        ]
        made.sort(key=lambda one: one.position)
        return [made[n] for n in shuffle_near(np.arange(len(made)), SHUFFLED, [SEED, limit, 3])]

    def new_spans(self, limit: int) -> list[Span]:
        """Return spans of a year's length, one for each layer and first day, in no order: none was asked before."""
        days = [dt.date(year, 1, 1) + dt.timedelta(days=n) for year in YEARS for n in range(1, 365)]
        made = [Span(limit, layer, day, day + dt.timedelta(days=365)) for layer in INCIDENTS for day in days]
        return [made[n] for n in np.random.default_rng([SEED, limit, 4]).permutation(len(made))]

    def new_tiles(self, zoom: int) -> list[Tile]:
        """Return each tile of a zoom several times, each time with another `since`, a day before all records."""
        days = [dt.date(2010, 1, 1) + dt.timedelta(days=n) for n in range(TILE_TIMES)]
        made = [replace(tile, since=day) for day in days for tile in self.tiles[zoom]]
        return [made[n] for n in np.random.default_rng([SEED, zoom, 5]).permutation(len(made))]


def shuffle_near(numbers: npt.NDArray[np.int64], block: int, seed: list[int]) -> npt.NDArray[np.int64]:
    """Return numbers shuffled within blocks."""
    rng = np.random.default_rng(seed)
    for start in range(0, len(numbers), block):
        rng.shuffle(numbers[start : start + block])
    return numbers


def read_pool(connection: sa.Connection) -> Pool:
    """Read from the published data what questions are made from."""

    def read(query: str, **values: object) -> list[sa.Row[Any]]:
        return list(connection.execute(sa.text(query), values).all())

    boxes = [(row.west, row.south, row.east, row.north) for row in read(PROVINCES)]
    box_walks = {box: read(BOX_WALK, most=WALK, **dict(zip("wsen", box, strict=True))) for box in boxes}
    year_walks = {
        (layer, year): read(YEAR_WALK, most=WALK, layer=layer, first=dt.date(year, 1, 1), last=dt.date(year, 12, 31))
        for layer in INCIDENTS
        for year in YEARS
    }
    tiles = {
        zoom: [Tile(zoom, row.x, row.y) for row in read(TILES, half=HALF, zoom=zoom, most=most)]
        for zoom, most in ((4, 12), (5, 30), (6, 60), (7, 100), (10, 400))
    }
    return Pool(
        places=[(row.starts_on, row.id) for row in read(PLACES, most=WALKS)],
        ids=[Item(row.id, row.public_id) for row in read(IDS, most=ITEMS)],
        box_walks={box: [(row.starts_on, row.id) for row in walk] for box, walk in box_walks.items()},
        year_walks={key: [(row.starts_on, row.id) for row in walk] for key, walk in year_walks.items()},
        tiles=tiles,
    )
