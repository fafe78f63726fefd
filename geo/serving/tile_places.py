"""The different places of the records, in the order of tiles: what tiles of counted points are made from.

Many records share a point: the fixed one of the region that they are shown in. Places are sorted along a curve that
fills every tile of every matrix before it goes on to the next (Morton's order), so a tile is a slice of them, and a
cell of a tile a slice of that. Counting them under a filter is one pass over the records, remembered for the other
tiles of the same map.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.layers import RECORDS
from geo.serving.columns import Columns, Mask
from geo.serving.tile_matrix import BORDER_M, EXTENT, HALF_WORLD_M, Tile
from geo.serving.vector_tile import write_points
from geo.vocabularies import vocabularies

CELLS_LOG2: Final = 5
"""A tile of counts has 2^5 = 32 cells to a side."""

Counts = NDArray[np.int32]
"""How many records each place has, by layer: one row a place, columns in the order of `geo.layers.RECORDS`."""

OWN_PLACES: Final = ("exact", "street")
"""Values of `location_precision` where the point is the record's own. Any other is the fixed point of a region."""

REGION_OF: Final = {level: level for level in ("province", "prefecture", "county")}
"""Which property names the region that a point stands for, by `location_precision`."""

_LEVEL: Final = 29
"""Places in one cell of this level are one: cells of 7 cm. Two coordinates of 29 bits and a precision fill 61 bits."""
_PRECISION_BITS: Final = 3
_SPREADS: Final = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


@dataclass(frozen=True, order=True, slots=True)
class StandIn:
    """Records at the point of a region, in a tile: units from its north-western corner, then counts by layer.

    `region` is the code of the region that the point stands for, at the level that `location_precision` says.
    """

    x: int
    y: int
    location_precision: str
    region: str
    counts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Places:
    """All places of one version of the data, by ascending `keys`: Morton's number of the cell, then the precision.

    `x` and `y` are metres in EPSG:3857. `records` has for each place the number of one record there. `codes` has for
    each record four times the number of its place plus that of its layer; records without a place have the number of a
    place after the last. `counts` are of all records.
    """

    columns: Columns
    keys: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    records: NDArray[np.int64]
    codes: NDArray[np.int32]
    counts: Counts

    @property
    def version(self) -> int:
        """The version of the data."""
        return self.columns.dataset.version

    def count(self, mask: Mask) -> Counts:
        """Count the records of a mask at each place."""
        return _count(self.codes[mask], len(self.keys))

    def slice_of(self, tile: Tile) -> slice:
        """Return which places lie in a tile."""
        shift = 2 * (_LEVEL - tile.zoom) + _PRECISION_BITS
        first = int(interleave(np.array([tile.col]), np.array([tile.row]))[0])
        start, stop = np.searchsorted(self.keys, [first << shift, (first + 1) << shift])
        return slice(int(start), int(stop))

    def total(self, tile: Tile, counts: Counts) -> int:
        """Return how many of the counted records lie in a tile."""
        return int(counts[self.slice_of(tile)].sum())

    def write_cells(self, tile: Tile, counts: Counts, layers: tuple[str, ...]) -> bytes:
        """Return the layer `cells` of a tile: the records in each cell, at their mean place."""
        here = self.slice_of(tile)
        held = counts[here]
        some = np.flatnonzero(held.any(axis=1))
        if not len(some):
            return b""
        held = held[some]
        cells = self.keys[here][some] >> (2 * (_LEVEL - CELLS_LOG2 - tile.zoom) + _PRECISION_BITS)
        starts = np.flatnonzero(np.concatenate(([True], cells[1:] != cells[:-1])))
        by_layer = np.add.reduceat(held, starts)
        weights = held.sum(axis=1)
        totals = np.add.reduceat(weights, starts)
        mean_x = np.add.reduceat(self.x[here][some] * weights, starts) / totals
        mean_y = np.add.reduceat(self.y[here][some] * weights, starts) / totals
        properties = {"count": totals.tolist()}
        properties |= {layer: by_layer[:, RECORDS.index(layer)].tolist() for layer in layers}
        xs, ys = to_units(tile, mean_x, mean_y)
        return write_points("cells", xs, ys, properties)

    def list_stand_ins(self, tile: Tile, counts: Counts) -> list[StandIn]:
        """Return the counted records of a tile that are not at a place of their own."""
        here = self.slice_of(tile)
        precisions = self.keys[here] & (2**_PRECISION_BITS - 1)
        names = _precisions()
        chosen = np.flatnonzero((precisions >= _first_stand_in()) & counts[here].any(axis=1))
        xs, ys = to_units(tile, self.x[here][chosen], self.y[here][chosen])
        found = []
        for place, x, y in zip(chosen.tolist(), xs, ys, strict=True):
            precision = names[int(precisions[place])]
            region = self._region_at(here.start + place, precision)
            found.append(StandIn(x, y, precision, region, tuple(counts[here.start + place].tolist())))
        return found

    def _region_at(self, place: int, precision: str) -> str:
        """Return the code of the region that a place is the point of."""
        name = REGION_OF.get(precision)
        if name is None:
            return ""
        column = self.columns.column(name)
        entry = column.entries[int(column.codes[self.records[place]])]
        return entry[column.names.index(name)] or ""


def find_places(columns: Columns) -> Places:
    """Sort out the places of all records. It takes about a fifth of a second for 1,000,000 of them."""
    x, y = columns.x, columns.y  # made anew each time: they are not to be held
    cols, rows = _cells(x + HALF_WORLD_M), _cells(HALF_WORLD_M - y)
    placed = np.flatnonzero((cols >= 0) & (rows >= 0))
    column = columns.column("location_precision")
    numbers = np.array([_precisions().index(name) for name in column.values("location_precision")], np.int64)
    precisions = numbers[column.codes[placed]] if len(placed) else np.zeros(0, np.int64)
    keys = (interleave(cols[placed], rows[placed]) << _PRECISION_BITS) | precisions
    unique, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    records = placed[first]
    codes = np.full(len(columns), len(unique), np.int32)
    codes[placed] = inverse
    codes = codes * len(RECORDS) + columns.layer
    return Places(
        columns=columns,
        keys=unique,
        x=x[records],
        y=y[records],
        records=records,
        codes=codes,
        counts=_count(codes, len(unique)),
    )


def interleave(cols: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return Morton's numbers: the bits of column and row by turns, a row's before a column's."""
    for shift, mask in _SPREADS:
        cols = (cols | (cols << shift)) & mask
        rows = (rows | (rows << shift)) & mask
    return cols | (rows << 1)


def to_units(tile: Tile, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[list[int], list[int]]:
    """Return places of a tile, in metres, as units from its north-western corner."""
    scale = EXTENT / tile.size
    found = (np.floor((x - tile.west) * scale), np.floor((tile.north - y) * scale))
    xs, ys = (np.clip(units, 0, EXTENT - 1).astype(np.int64).tolist() for units in found)
    return xs, ys


def write_stand_ins(found: list[StandIn], layers: tuple[str, ...]) -> bytes:
    """Return the layer `places` of a tile; what shares a unit and a region is counted together."""
    together: dict[tuple[int, int, str, str], list[int]] = {}
    for one in found:
        sums = together.setdefault((one.x, one.y, one.location_precision, one.region), [0] * len(RECORDS))
        sums[:] = map(sum, zip(sums, one.counts, strict=True))
    places = sorted(together)
    counts = [together[place] for place in places]
    properties: dict[str, Any] = {
        "location_precision": [place[2] for place in places],
        "region": [place[3] for place in places],
        "count": [sum(sums) for sums in counts],
    }
    properties |= {layer: [sums[RECORDS.index(layer)] for sums in counts] for layer in layers}
    return write_points("places", [place[0] for place in places], [place[1] for place in places], properties)


def _cells(metres: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the number of the cell at a distance from the western or northern side of the world; -1 outside of it."""
    scaled = np.floor((metres + BORDER_M) / (2 * HALF_WORLD_M) * 2**_LEVEL)
    inside = (metres >= -BORDER_M) & (metres <= 2 * HALF_WORLD_M + BORDER_M)
    return np.where(inside, np.clip(scaled, 0, 2**_LEVEL - 1), -1).astype(np.int64)


def _count(codes: NDArray[np.int32], places: int) -> Counts:
    """Count records by place and layer; those without a place are left out."""
    width = len(RECORDS)
    return np.bincount(codes, minlength=(places + 1) * width)[: places * width].reshape(-1, width).astype(np.int32)


def _precisions() -> list[str]:
    """Return the codes of `location_precision`, those of places of their own first."""
    codes = [term.code for term in vocabularies()["location_precision"].terms]
    return [*OWN_PLACES, *(code for code in codes if code not in OWN_PLACES)]


def _first_stand_in() -> int:
    """Return the number of the first precision that is not of a place of its own."""
    return len(OWN_PLACES)
