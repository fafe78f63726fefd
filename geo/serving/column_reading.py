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
from geo.serving.dataset import Dataset, fetch_dataset
from geo.serving.tables import change, feature

BLOCK: Final = 8_192
"""Records that are read at once."""
LARGEST_SHARE: Final = 0.5
"""Of the records. When more have changed, all are read."""
LOOKED_UP: Final = 20_000
"""Records whose values are fetched by one statement."""

_HASHES: dict[type[sa.types.TypeEngine[Any]], str] = {
    sa.Text: "hashtextextended({}, {})",
    # PostgreSQL's hash of an empty array knows no seed.
    sa.ARRAY: "hash_array_extended({0}, {1}) # hashint8extended(cardinality({0}), {1})",
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
    """Makes one column: gives each hash a number, and remembers a record that has it. `old` entries keep theirs.

    `codes` has a place for every record that will be taken; it is made wider when the numbers need it.
    """

    names: tuple[str, ...]
    codes: Numbers
    old: list[tuple[Any, ...]] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    examples: list[int] = field(default_factory=list)
    values: dict[int, tuple[Any, ...]] = field(default_factory=dict)

    @classmethod
    def resume(cls, column: Column, size: int) -> Coder:
        """Return what codes `size` more records as those of a column are."""
        numbers = {one: number for number, one in enumerate(column.hashes.tolist())}
        return cls(column.names, np.zeros(size, column.codes.dtype), column.entries, numbers)

    def take(self, hashes: NDArray[np.int64], ids: NDArray[np.int64], start: int) -> None:
        """Code the hashes of some more records, from the place `start` on."""
        different, firsts, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        found = np.empty(len(different), np.uint32)
        for place, (one, first) in enumerate(zip(different.tolist(), firsts.tolist(), strict=True)):
            number = self.numbers.get(one)
            if number is None:
                number = self.numbers[one] = len(self.numbers)
                self.examples.append(int(ids[first]))
            found[place] = number
        self.codes = self.codes.astype(np.promote_types(self.codes.dtype, width_of(len(self.numbers))), copy=False)
        self.codes[start : start + len(hashes)] = found[inverse]

    def finish(self, size: int) -> Column:
        """Return the column of the `size` records taken, once `values` has those of all examples.

        Entries are sorted, so that an interval is one run of them, unless there were old ones.
        """
        entries = [*self.old, *(self.values[example] for example in self.examples)]
        hashes = np.fromiter(self.numbers, np.int64, len(self.numbers))
        codes = self.codes[:size]
        if not self.old:
            order = sorted(range(len(entries)), key=lambda number: rank(entries[number]))
            places = np.empty(len(entries), codes.dtype)
            places[order] = np.arange(len(entries))
            entries, hashes, codes = [entries[number] for number in order], hashes[order], places[codes]
        return Column(self.names, entries, hashes, codes)


def width_of(size: int) -> type[np.unsignedinteger[Any]]:
    """Return the narrowest type that holds the numbers below `size`."""
    return np.uint8 if size <= 2**8 else np.uint16 if size <= 2**16 else np.uint32


def rank(entry: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what an entry is sorted by: its values in turn, what is not known first."""
    # Nothing in the table keeps a list from holding NULL, which has no order.
    values = (tuple(map(str, value)) if isinstance(value, tuple) else value for value in entry)
    return tuple((False,) if value is None else (True, value) for value in values)


class Blocks:
    """Records as they are read, `size` of them at most: coded column by column."""

    def __init__(self, size: int, coders: list[Coder]) -> None:
        self.coders = coders
        self.taken = 0
        self._ids, self._keys = np.zeros(size, np.int64), np.zeros(size, np.int64)
        self._lon, self._lat = np.zeros(size, np.float64), np.zeros(size, np.float64)

    def take(self, numbers: bytes, lon: bytes, lat: bytes) -> None:
        """Take one block."""
        rows = np.frombuffer(numbers, _ROW)
        start, end = self.taken, self.taken + len(rows)
        ids, keys, *hashes = (rows[str(place)].astype(np.int64) for place in range(_WHOLE))
        self._ids[start:end], self._keys[start:end] = ids, keys
        self._lon[start:end], self._lat[start:end] = np.frombuffer(lon, ">f8"), np.frombuffer(lat, ">f8")
        for coder, column in zip(self.coders, hashes, strict=True):
            coder.take(column, ids, start)
        self.taken = end

    def finish(self, dataset: Dataset) -> Columns:
        """Return the records taken."""
        return Columns(
            dataset=dataset,
            ids=self._ids[: self.taken],
            keys=self._keys[: self.taken],
            lon=self._lon[: self.taken],
            lat=self._lat[: self.taken],
            held=tuple(coder.finish(self.taken) for coder in self.coders),
        )


async def load_columns(connection: AsyncConnection) -> Columns:
    """Read all records that the connection's transaction sees; it must see one version throughout."""
    dataset = await fetch_dataset(connection)
    size = await _count(connection)
    blocks = Blocks(size, [Coder(names, np.zeros(size, np.uint8)) for names in HELD])
    await _read(connection, blocks, _EVERY, {})
    await _look_up(connection, blocks)
    return await asyncio.to_thread(blocks.finish, dataset)


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
    made = replace(old, dataset=dataset)
    if len(moved):
        blocks = Blocks(len(moved), [Coder.resume(column, len(moved)) for column in old.held])
        await _read(connection, blocks, _CHANGED, {"since": old.dataset.version})
        await _look_up(connection, blocks)
        made = await asyncio.to_thread(_merge, old, blocks.finish(dataset), moved)
    return made if len(made) == await _count(connection) else await load_columns(connection)


async def _count(connection: AsyncConnection) -> int:
    """Return how many records there are."""
    return int(await connection.scalar(sa.select(sa.func.count()).select_from(feature)) or 0)


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


def _merge(old: Columns, new: Columns, moved: NDArray[np.int64]) -> Columns:
    """Return the old records without those that `moved`, and the new ones."""
    kept = ~np.isin(old.keys, moved)
    places = np.searchsorted(old.ids[kept], new.ids)

    def merge(before: NDArray[Any], after: NDArray[Any]) -> NDArray[Any]:
        made: NDArray[Any] = np.insert(before[kept].astype(after.dtype, copy=False), places, after)
        return made

    return Columns(
        dataset=new.dataset,
        ids=merge(old.ids, new.ids),
        keys=merge(old.keys, new.keys),
        lon=merge(old.lon, new.lon),
        lat=merge(old.lat, new.lat),
        held=tuple(
            Column(after.names, after.entries, after.hashes, merge(before.codes, after.codes))
            for before, after in zip(old.held, new.held, strict=True)
        ),
    )
