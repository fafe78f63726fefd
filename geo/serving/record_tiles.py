"""Tiles of single records, selected and written by the database in one statement.

Each record is in exactly one tile of a matrix: tiles have no margin, so that whoever adds them up counts nothing twice.
Records stand where they may be shown, however many share the point; none is moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson
import sqlalchemy as sa

from geo.layers import COLLECTIONS, RECORDS, Kind, Property, properties_of
from geo.serving.conditions import conditions
from geo.serving.dataset import Dataset
from geo.serving.filters import FeatureQuery
from geo.serving.quick_reads import Compiled, QuickReads, compile_statement
from geo.serving.tables import dataset_version, feature
from geo.serving.tile_matrix import BORDER_M, EXTENT, Tile
from geo.serving.tile_places import OWN_PLACES, REGION_OF, StandIn

MOST_RECORDS: Final = 10_000
"""A tile with more records is grouped, at any zoom."""
GEOMETRY: Final = "geom"
EDGES: Final = ("west", "east", "north", "south", "scale")


@dataclass(frozen=True, kw_only=True)
class RecordTile:
    """The layer `records` of a tile, empty without records, and what it was read from.

    `found` is the number of records; above `MOST_RECORDS` the layer is not whole. `stand_ins` are None if not asked.
    """

    body: bytes
    found: int
    dataset: Dataset
    stand_ins: list[StandIn] | None


def tile_properties(collection: str) -> tuple[Property, ...]:
    """Return which properties the records of a collection have in tiles, beside `id`."""
    return tuple(prop for prop in properties_of(*COLLECTIONS[collection]) if prop.in_tiles)


async def fetch_record_tile(reads: QuickReads, query: FeatureQuery, tile: Tile, *, stand_ins: bool) -> RecordTile:
    """Return the records of a tile that match; with `stand_ins`, those at the points of regions counted there too.

    Raises psycopg's errors.
    """
    row = await reads.fetch_row(tile_statement(query, stand_ins=stand_ins).fill(**edges_of(tile)))
    assert row is not None  # noqa: S101  (an aggregate has a row)
    counted = row[4] if stand_ins else None
    return RecordTile(
        body=bytes(row[0] or b""),
        found=row[1],
        dataset=Dataset(row[2], row[3]),
        stand_ins=None if not stand_ins else [make_stand_in(*one) for one in orjson.loads(counted or b"[]")],
    )


def make_stand_in(x: int, y: int, precision: str, region: str, *counts: int) -> StandIn:
    """Return one line of the database's count."""
    return StandIn(x, y, precision, region, counts)


def edges_of(tile: Tile) -> dict[str, float]:
    """Return the values that a statement has of a tile; the sides of the world take in all that lies on them."""
    last = 2**tile.zoom - 1
    return {
        "west": tile.west - BORDER_M,
        "east": tile.east + (BORDER_M if tile.col == last else -BORDER_M),
        "north": tile.north + BORDER_M,
        "south": tile.south - (BORDER_M if tile.row == last else -BORDER_M),
        "scale": EXTENT / tile.size,
    }


@lru_cache(maxsize=256)
def tile_statement(query: FeatureQuery, *, stand_ins: bool) -> Compiled:
    """Return the statement for any tile of a query; `EDGES` are to be filled in."""
    found = select_records(query)
    version = sa.select(dataset_version.c.version).scalar_subquery()
    changed_at = sa.select(dataset_version.c.changed_at).scalar_subquery()
    if not stand_ins:
        records = found.subquery("found")
        counted = (as_layer("found", "records"), sa.func.count())
        return compile_statement(sa.select(*counted, version, changed_at).select_from(records))
    shared = found.cte("found")
    layer = sa.select(as_layer("found", "records")).select_from(shared).scalar_subquery()
    number = sa.select(sa.func.count()).select_from(shared).scalar_subquery()
    return compile_statement(sa.select(layer, number, version, changed_at, count_stand_ins(shared)))


def as_layer(rows: str, name: str) -> sa.ColumnElement[Any]:
    """Return the aggregate that writes `rows` as the layer `name`."""
    row: sa.ColumnElement[Any] = sa.literal_column(rows)
    return sa.func.ST_AsMVT(row, name, EXTENT, GEOMETRY, type_=sa.LargeBinary)


def select_records(query: FeatureQuery) -> sa.Select[Any]:
    """Return the statement of the records of a tile: properties, and the point in units of the tile.

    The box comes from the index, whose boxes are rounded outwards; the comparisons after it are exact.
    """
    edge = {name: sa.bindparam(name, 0.0, sa.Double) for name in EDGES}
    place = feature.c.geometry_3857
    x, y = (sa.func.ST_X(place, type_=sa.Double), sa.func.ST_Y(place, type_=sa.Double))
    box = sa.func.ST_MakeEnvelope(edge["west"], edge["south"], edge["east"], edge["north"], 3857)
    units = ((x - edge["west"] - BORDER_M), (edge["north"] - BORDER_M - y))
    point = sa.func.ST_MakePoint(*(within_tile(unit * edge["scale"]) for unit in units), type_=sa.Text)
    columns = [tile_column(prop) for prop in tile_properties(query.collection)]
    inside = (x >= edge["west"], x < edge["east"], y <= edge["north"], y > edge["south"])
    chosen = sa.select(feature.c.public_id.label("id"), *columns, point.label(GEOMETRY))
    return chosen.where(place.bool_op("&&")(box), *inside, *conditions(query)).limit(MOST_RECORDS + 1)


def within_tile(units: sa.ColumnElement[float]) -> sa.ColumnElement[float]:
    """Return whole units from 0 to the last, which clients of a tile draw; rounding must not lead out of it."""
    return sa.func.greatest(0, sa.func.least(EXTENT - 1, sa.func.floor(units)))


def tile_column(prop: Property) -> sa.ColumnElement[Any]:
    """Return a property as tiles have it: numbers as they are, days as ISO 8601."""
    column = feature.c[prop.name]
    return (sa.cast(column, sa.Text) if prop.kind is Kind.DATE else column).label(prop.name)


def count_stand_ins(records: sa.CTE) -> sa.ColumnElement[Any]:
    """Return the records at the points of regions, counted, as the text of a JSON array of `StandIn`'s values."""
    columns = records.c
    cases = {level: columns[name] for level, name in REGION_OF.items()}
    region = sa.func.coalesce(sa.case(cases, value=columns.location_precision), "")
    axes = (sa.func.ST_X(columns[GEOMETRY]), sa.func.ST_Y(columns[GEOMETRY]))
    keys = [*(sa.cast(axis, sa.Integer) for axis in axes), columns.location_precision, region]
    counts = [sa.func.count().filter(columns.layer == layer) for layer in RECORDS]
    named = [value.label(f"v{number}") for number, value in enumerate((*keys, *counts))]
    grouped = (
        sa.select(*named)
        .where(columns.location_precision.not_in(OWN_PLACES))
        .group_by(*(sa.literal_column(str(number + 1)) for number in range(len(keys))))
        .subquery("stand_ins")
    )
    line = sa.func.json_build_array(*grouped.c)
    return sa.select(sa.cast(sa.func.json_agg(line), sa.Text)).select_from(grouped).scalar_subquery()
