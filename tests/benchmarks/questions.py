"""What the servers are asked: the same questions for each, drawn once, in an order that is the same at every run.

Positions of a walk are shuffled within blocks of a thousand, nearest first. A server that answers few questions a
second is therefore only asked for places near the beginning, which spares those that page by offset.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from geo.layers import INCIDENTS

SEED = 20_260_101
WALKS = 120_000
SHUFFLED = 1_000
ITEMS = 250_000
BOXES = 4_000
YEARS = range(2011, 2025)

PLACES = """
SELECT starts_on, id FROM published.feature ORDER BY starts_on DESC, id DESC LIMIT :most
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


@dataclass(frozen=True)
class Page:
    """`limit` records after the first `position` ones, latest first; `after` is the last of those."""

    limit: int
    position: int
    after: tuple[dt.date, int]


@dataclass(frozen=True)
class Box:
    """The latest `limit` records in a box: west, south, east, north in degrees."""

    limit: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Span:
    """The latest `limit` records of a layer that began in a span of days, about a year long."""

    limit: int
    layer: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Item:
    """One record, by the database's id and by the public one."""

    id: int
    public_id: str


@dataclass(frozen=True)
class Tile:
    """One vector tile of WebMercatorQuad with `points` records in it."""

    z: int
    x: int
    y: int
    points: int


Question = Page | Box | Span | Item | Tile


@dataclass(frozen=True, kw_only=True)
class Pool:
    """All that questions are made from, read once."""

    places: list[tuple[dt.date, int]]
    ids: list[Item]
    boxes: list[tuple[float, float, float, float]]
    tiles: dict[int, list[Tile]]

    def pages(self, limit: int) -> list[Page]:
        """Return pages of `limit` at different positions, near ones first."""
        rng = np.random.default_rng([SEED, limit])
        numbers = np.arange(1, len(self.places))
        for start in range(0, len(numbers), SHUFFLED):
            rng.shuffle(numbers[start : start + SHUFFLED])
        return [Page(limit, int(n), self.places[n - 1]) for n in numbers]

    def province_boxes(self, limit: int) -> list[Box]:
        """Return boxes of provinces, each with its sides moved outward a little, so that none is asked twice."""
        rng = np.random.default_rng([SEED, limit, 1])
        moved = rng.uniform(0, 0.2, (BOXES, 4)) * (-1, -1, 1, 1)
        chosen = rng.integers(len(self.boxes), size=BOXES)
        corners = (np.array(self.boxes)[chosen] + moved).round(4)
        return [Box(limit, (float(w), float(s), float(e), float(n))) for w, s, e, n in corners]

    def spans(self, limit: int) -> list[Span]:
        """Return spans of a year's length, one for each layer and first day, in no order."""
        rng = np.random.default_rng([SEED, limit, 2])
        days = [dt.date(year, 1, 1) + dt.timedelta(days=n) for year in YEARS for n in range(365)]
        made = [Span(limit, layer, day, day + dt.timedelta(days=365)) for layer in INCIDENTS for day in days]
        return [made[n] for n in rng.permutation(len(made))]


def read_pool(connection: sa.Connection) -> Pool:
    """Read from the published data what questions are made from."""
    places = connection.execute(sa.text(PLACES), {"most": WALKS}).all()
    ids = connection.execute(sa.text(IDS), {"most": ITEMS}).all()
    boxes = connection.execute(sa.text(PROVINCES)).all()
    tiles = {
        zoom: [
            Tile(zoom, row.x, row.y, row.points)
            for row in connection.execute(sa.text(TILES), {"half": HALF, "zoom": zoom, "most": most})
        ]
        for zoom, most in ((4, 12), (5, 30), (6, 60), (7, 100), (10, 400))
    }
    return Pool(
        places=[(row.starts_on, row.id) for row in places],
        ids=[Item(row.id, row.public_id) for row in ids],
        boxes=[(row.west, row.south, row.east, row.north) for row in boxes],
        tiles=tiles,
    )
