"""Reads the columns from the database: all of them, or those of the records that changed since a copy was made.

The database gives for each column of a record one hash of its values, and blocks of records as one row of bytes each,
so that no object is made for a value or a record. What a hash stands for is read from one record that has it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.columns import HELD, Column, Columns, Numbers
from geo.serving.dataset import fetch_dataset
from geo.serving.tables import change, feature

BLOCK: Final = 8_192
"""Records that are read at once."""
LARGEST_SHARE: Final = 0.5
"""Of the records. When more have changed, all are read."""
LOOKED_UP: Final = 20_000
"""Records whose values are fetched by one statement."""

_HASHES: dict[type[sa.types.TypeEngine[Any]], str] = {
    sa.Text: "hashtextextended({}, {})",
    sa.ARRAY: "hash_array_extended({}, {})",
    sa.Integer: "hashint8extended({}::bigint, {})",
    sa.Boolean: "hashint8extended({}::integer::bigint, {})",
    sa.Date: "hashint8extended(({} - DATE '2000-01-01')::bigint, {})",
}
"""PostgreSQL's hash functions of 64 bits, as its hash indexes and partitions use them; the second value is a seed."""

_WHOLE = 2 + len(HELD)
"""Whole numbers of a record in a block: its id, the hash of its public id, and one hash a column."""
_ROW = np.dtype(
    {
        # array_send: dimensions, has NULL, type, length, lower bound (4 bytes each), then each value after its length.
        "names": [str(place) for place in range(_WHOLE)],
        "formats": [">i8"] * _WHOLE,
        "offsets": [24 + 12 * place for place in range(_WHOLE)],
        "itemsize": 20 + 12 * _WHOLE,
    }
)


def hash_of(names: tuple[str, ...]) -> str:
    """Return the SQL of one hash of several columns. NULL counts as nothing, and each column has a seed of its own."""
    made = []
    for seed, name in enumerate(names, start=1):
        kind = next(kind for kind in _HASHES if isinstance(feature.c[name].type, kind))
        made.append(f"COALESCE({_HASHES[kind].format(name, seed)}, 0)")
    return " # ".join(made)


_NUMBERS = ", ".join(("id", "hashtextextended(public_id, 0)", *map(hash_of, HELD)))
_READ = ", ".join(("id", "public_id", "geometry", *(name for names in HELD for name in names)))
_BLOCKS = f"""SELECT string_agg(array_send(ARRAY[{_NUMBERS}]), ''),
    string_agg(float8send(COALESCE(ST_X(geometry), 'NaN')), ''),
    string_agg(float8send(COALESCE(ST_Y(geometry), 'NaN')), ''), max(id)
FROM (SELECT {_READ} FROM published.feature WHERE id > %(after)s {{which}} ORDER BY id LIMIT {BLOCK}) AS block"""  # noqa: S608  (names of our own tables)

_EVERY = _BLOCKS.format(which="")
_CHANGED = _BLOCKS.format(
    which="AND public_id IN (SELECT public_id FROM published.change WHERE dataset_version > %(since)s)"
)


@dataclass
class Coder:
    """Makes one column: gives each hash a number, and remembers a record that has it. `old` entries keep theirs."""

    names: tuple[str, ...]
    old: list[tuple[Any, ...]] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    examples: list[int] = field(default_factory=list)
    values: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    chunks: list[Numbers] = field(default_factory=list)

    @classmethod
    def resume(cls, column: Column) -> Coder:
        """Return what codes more records as those of a column are."""
        numbers = {one: number for number, one in enumerate(column.hashes.tolist())}
        return cls(column.names, column.entries, numbers)

    def take(self, hashes: NDArray[np.int64], ids: NDArray[np.int64]) -> None:
        """Code the hashes of some more records."""
        different, firsts, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        found = np.empty(len(different), np.uint32)
        for place, (one, first) in enumerate(zip(different.tolist(), firsts.tolist(), strict=True)):
            number = self.numbers.get(one)
            if number is None:
                number = self.numbers[one] = len(self.numbers)
                self.examples.append(int(ids[first]))
            found[place] = number
        self.chunks.append(found.astype(width_of(len(self.numbers)))[inverse])

    def finish(self) -> Column:
        """Return the column of the records taken, once `values` has those of all examples.

        Entries are sorted, so that an interval is one run of them, unless there were old ones.
        """
        entries = [*self.old, *(self.values[example] for example in self.examples)]
        order = list(range(len(entries)))
        if not self.old:
            order.sort(key=lambda number: rank(entries[number]))
        places = np.empty(len(entries), width_of(len(entries)))
        places[order] = np.arange(len(entries))
        codes = np.empty(sum(map(len, self.chunks)), places.dtype)
        start = 0
        for chunk in self.chunks:
            codes[start : start + len(chunk)] = places[chunk]
            start += len(chunk)
        self.chunks.clear()
        hashes = np.fromiter(self.numbers, np.int64, len(self.numbers))[order]
        return Column(self.names, [entries[number] for number in order], hashes, codes)


def width_of(size: int) -> type[np.unsignedinteger[Any]]:
    """Return the narrowest type that holds the numbers below `size`."""
    return np.uint8 if size <= 2**8 else np.uint16 if size <= 2**16 else np.uint32


def rank(entry: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what an entry is sorted by: its values in turn, what is not known first."""
    # Nothing in the table keeps a list from holding NULL, which has no order.
    values = (tuple(map(str, value)) if isinstance(value, tuple) else value for value in entry)
    return tuple((False,) if value is None else (True, value) for value in values)


@dataclass
class Blocks:
    """Records as they are read: coded column by column."""

    coders: list[Coder]
    ids: list[NDArray[np.int64]] = field(default_factory=list)
    keys: list[NDArray[np.int64]] = field(default_factory=list)
    lon: list[NDArray[np.float64]] = field(default_factory=list)
    lat: list[NDArray[np.float64]] = field(default_factory=list)

    def take(self, numbers: bytes, lon: bytes, lat: bytes) -> None:
        """Take one block."""
        rows = np.frombuffer(numbers, _ROW)
        ids, keys, *hashes = (rows[str(place)].astype(np.int64) for place in range(_WHOLE))
        self.ids.append(ids)
        self.keys.append(keys)
        self.lon.append(np.frombuffer(lon, ">f8").astype(np.float64))
        self.lat.append(np.frombuffer(lat, ">f8").astype(np.float64))
        for coder, column in zip(self.coders, hashes, strict=True):
            coder.take(column, ids)


async def load_columns(connection: AsyncConnection) -> Columns:
    """Read all records that the connection's transaction sees; it must see one version throughout."""
    dataset = await fetch_dataset(connection)
    blocks = Blocks([Coder(names) for names in HELD])
    await _read(connection, blocks, _EVERY, {})
    await _look_up(connection, blocks)
    return Columns(
        dataset=dataset,
        ids=_join(blocks.ids, np.int64),
        keys=_join(blocks.keys, np.int64),
        lon=_join(blocks.lon, np.float64),
        lat=_join(blocks.lat, np.float64),
        held=await asyncio.to_thread(lambda: tuple(coder.finish() for coder in blocks.coders)),
    )


async def renew_columns(connection: AsyncConnection, old: Columns | None) -> Columns:
    """Return the columns of the version that the connection's transaction sees, from `old` ones when few differ.

    What changed is told by `published.change`. All is read when that does not lead to the number of records there are:
    after a restore, the versions may be those of other data.
    """
    dataset = await fetch_dataset(connection)
    if old is not None and dataset == old.dataset:
        return old
    if old is None or dataset.version <= old.dataset.version:
        return await load_columns(connection)
    key = sa.func.hashtextextended(change.c.public_id, sa.literal_column("0"), type_=sa.BigInteger)
    changed = sa.select(key).where(change.c.dataset_version > old.dataset.version).distinct()
    moved = np.array((await connection.scalars(changed)).all(), np.int64)
    if len(moved) > LARGEST_SHARE * len(old):
        return await load_columns(connection)
    blocks = Blocks([Coder.resume(column) for column in old.held])
    if len(moved):
        await _read(connection, blocks, _CHANGED, {"since": old.dataset.version})
        await _look_up(connection, blocks)
    made = await asyncio.to_thread(_merge, replace(old, dataset=dataset), blocks, moved)
    count = await connection.scalar(sa.select(sa.func.count()).select_from(feature))
    return made if len(made) == count else await load_columns(connection)


async def _read(connection: AsyncConnection, blocks: Blocks, statement: str, values: dict[str, int]) -> None:
    """Take all blocks of a statement. The driver's own cursor gives bytes as they are, without writing them as text."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None  # noqa: S101  (a connection that is open has one)
    async with driver.cursor(binary=True) as cursor:
        after = -1
        while after is not None:
            await cursor.execute(statement, {"after": after, **values})
            numbers, lon, lat, after = await cursor.fetchone()
            if after is not None:
                await asyncio.to_thread(blocks.take, numbers, lon, lat)


async def _look_up(connection: AsyncConnection, blocks: Blocks) -> None:
    """Fetch what the hashes stand for."""
    for coder in blocks.coders:
        columns = [feature.c[name] for name in coder.names]
        for start in range(0, len(coder.examples), LOOKED_UP):
            some = sa.bindparam("some", coder.examples[start : start + LOOKED_UP], ARRAY(sa.BigInteger))
            rows = await connection.execute(sa.select(feature.c.id, *columns).where(feature.c.id == sa.any_(some)))
            coder.values |= {key: tuple(tuple(v) if isinstance(v, list) else v for v in rest) for key, *rest in rows}


def _merge(old: Columns, blocks: Blocks, moved: NDArray[np.int64]) -> Columns:
    """Return the old columns without the records that `moved`, and with those of the blocks."""
    ids = _join(blocks.ids, np.int64)
    kept = ~np.isin(old.keys, moved)
    places = np.searchsorted(old.ids[kept], ids)

    def merge(before: NDArray[Any], after: NDArray[Any]) -> NDArray[Any]:
        made: NDArray[Any] = np.insert(before[kept].astype(after.dtype, copy=False), places, after)
        return made

    return replace(
        old,
        ids=merge(old.ids, ids),
        keys=merge(old.keys, _join(blocks.keys, np.int64)),
        lon=merge(old.lon, _join(blocks.lon, np.float64)),
        lat=merge(old.lat, _join(blocks.lat, np.float64)),
        held=tuple(
            replace(made, codes=merge(column.codes, made.codes))
            for column, made in zip(old.held, (coder.finish() for coder in blocks.coders), strict=True)
        ),
    )


def _join(chunks: list[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    """Return chunks as one array, and let go of them."""
    joined: NDArray[Any] = np.concatenate(chunks) if chunks else np.zeros(0, kind)
    chunks.clear()
    return joined
