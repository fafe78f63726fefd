"""The columns follow the data: what changed is read anew, and whoever waits gets what there is."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine, make_reader_engine
from geo.errors import NotReady
from geo.serving import column_keeper
from geo.serving.column_keeper import ColumnKeeper
from geo.serving.column_reading import BLOCK, load_columns, renew_columns
from geo.serving.columns import Columns
from geo.serving.filters import FeatureQuery
from geo.serving.matched import Matched
from geo.serving.tables import dataset_version, feature
from tests.geo.serving.varied import MANY, changing, tell_change, varied
from tests.published import make_record, put_records

__all__ = ["changing", "varied"]

pytestmark = pytest.mark.anyio


@pytest.fixture
async def reader(cluster: Cluster, changing: str) -> AsyncIterator[AsyncEngine]:
    """The reader's engine on records that are going to change."""
    engine = make_reader_engine(cluster.url(changing, READER_ROLE))
    yield engine.execution_options(isolation_level="REPEATABLE READ")
    await engine.dispose()


@pytest.fixture
def owner(cluster: Cluster, changing: str) -> Iterator[sa.Engine]:
    """The owner's engine on the same database."""
    engine = make_engine(cluster.url(changing))
    yield engine
    engine.dispose()


async def load(reader: AsyncEngine) -> Columns:
    """Return all columns as they are now."""
    async with reader.connect() as connection:
        return await load_columns(connection)


async def renew(reader: AsyncEngine, old: Columns) -> Columns:
    """Return the columns as they are now, from old ones."""
    async with reader.connect() as connection:
        return await renew_columns(connection, old)


def spell_out(columns: Columns) -> dict[int, tuple[object, ...]]:
    """Return all values of every record by its id."""
    held = [[column.entries[code] for code in column.codes.tolist()] for column in columns.held]
    places = zip(columns.keys.tolist(), columns.lon.tolist(), columns.lat.tolist(), strict=True)
    rows = zip(columns.ids.tolist(), places, *held, strict=True)
    return {key: tuple(map(str, rest)) for key, *rest in rows}


def change_some(connection: sa.Connection) -> None:
    """Change, remove and add a few records, as publishing does."""
    gone, changed = connection.scalars(sa.select(feature.c.public_id).order_by(feature.c.id).offset(3).limit(2))
    connection.execute(sa.delete(feature).where(feature.c.public_id == gone))
    values = {"industry": "mining", "demands": ["bonus", "fees", "pension"], "starts_on": dt.date(2001, 2, 3)}
    connection.execute(sa.update(feature).where(feature.c.public_id == changed).values(**values))
    added = (make_record("S-2020-900001", "2020-05-06", deaths=4_000), make_record("S-2020-900002", "2020-05-07"))
    put_records(connection, added, 5_000)
    tell_change(connection, "delete", gone)
    tell_change(connection, "update", changed)
    tell_change(connection, "insert", "S-2020-900001", "S-2020-900002")


async def test_a_few_changes_lead_to_what_reading_everything_does(reader: AsyncEngine, owner: sa.Engine) -> None:
    """Inserts, updates and deletes of several versions at once, with values that no record had before."""
    old = await load(reader)
    with owner.begin() as connection:
        change_some(connection)
    renewed = await renew(reader, old)
    assert spell_out(renewed) == spell_out(await load(reader))
    assert (len(old), len(renewed), renewed.dataset.version) == (MANY, MANY + 1, old.dataset.version + 3)
    assert (np.diff(renewed.ids) > 0).all()
    assert renewed.column("industry").hashes[: len(old.column("industry").hashes)].tolist() == (
        old.column("industry").hashes.tolist()
    )


async def test_a_column_grows_wider_with_its_entries(reader: AsyncEngine, owner: sa.Engine) -> None:
    """Numbers of one byte end at 255."""
    old = await load(reader)
    assert old.column("updated_on").codes.dtype == np.uint8
    days = [dt.date(2010, 1, 1) + dt.timedelta(days=number) for number in range(300)]
    added = tuple(make_record(f"S-2021-{n:06}", "2021-01-01", updated_on=day) for n, day in enumerate(days))
    with owner.begin() as connection:
        put_records(connection, added, 6_000)
        tell_change(connection, "insert", *(record["public_id"] for record in added))
    renewed = await renew(reader, old)
    assert renewed.column("updated_on").codes.dtype == np.uint16
    assert spell_out(renewed) == spell_out(await load(reader))


async def test_more_records_than_a_block_are_read(reader: AsyncEngine, owner: sa.Engine) -> None:
    """Blocks follow each other by id, without a gap."""
    with owner.begin() as connection:
        columns = "layer, starts_on, ends_on, date_precision, regions, regions_within, several_places, coarsened"
        columns += ", location_precision, source_system, updated_on"
        connection.exec_driver_sql(
            f"INSERT INTO published.feature (id, public_id, {columns}) SELECT 10000 + n, 'S-2022-' || n, {columns} "
            f"FROM published.feature, generate_series(1, {BLOCK}) AS n WHERE id = 1"
        )
    columns_read = await load(reader)
    assert len(columns_read) == MANY + BLOCK
    assert len(set(columns_read.ids.tolist())) == MANY + BLOCK


async def test_what_nobody_told_is_found_by_the_number_of_records(reader: AsyncEngine, owner: sa.Engine) -> None:
    """After a restore the changes may be those of other data."""
    old = await load(reader)
    with owner.begin() as connection:
        connection.execute(sa.delete(feature).where(feature.c.id <= 10))
        tell_change(connection, "update")
    renewed = await renew(reader, old)
    assert len(renewed) == MANY - 10
    assert spell_out(renewed) == spell_out(await load(reader))


async def test_an_older_version_is_read_as_a_whole(reader: AsyncEngine, owner: sa.Engine) -> None:
    """A backup was restored."""
    old = await load(reader)
    with owner.begin() as connection:
        connection.execute(sa.update(feature).values(industry="mining"))
        connection.execute(sa.update(dataset_version).values(version=0))
    renewed = await renew(reader, old)
    assert renewed.dataset.version == 0
    assert set(renewed.column("industry").values("industry")) == {"mining"}


async def test_a_version_without_a_change_of_records_shares_the_columns(reader: AsyncEngine, owner: sa.Engine) -> None:
    """Terms, unions or what is searched may have changed."""
    old = await load(reader)
    with owner.begin() as connection:
        tell_change(connection, "update")
    renewed = await renew(reader, old)
    assert renewed.dataset.version == old.dataset.version + 1
    assert renewed.held is old.held


async def test_readers_get_the_version_they_ask_for(reader: AsyncEngine, owner: sa.Engine) -> None:
    """All that wait get the columns of one renewal."""
    keeper = ColumnKeeper()
    await keeper.start(reader)
    first = await keeper.current(1)
    assert await keeper.current(1) is first
    with owner.begin() as connection:
        change_some(connection)
    several = await asyncio.gather(*(keeper.current(4) for _ in range(5)))
    assert {columns.dataset.version for columns in several} == {4}
    assert all(columns is several[0] for columns in several)
    assert await keeper.current(3) is several[0]  # newer than asked for
    await keeper.stop()


async def test_who_does_not_wait_gets_the_version_before(reader: AsyncEngine, owner: sa.Engine) -> None:
    """Answers may be a minute old anyway, and name their version; a page is counted by the database meanwhile."""
    keeper = ColumnKeeper()
    await keeper.start(reader)
    first = await keeper.current(1)
    with owner.begin() as connection:
        change_some(connection)
    assert await keeper.current(4, patience=0) is first
    async with reader.connect() as connection:
        everything = FeatureQuery(collection="records")
        assert await Matched(keeper).count(connection, everything, 4) == MANY + 1
        assert await Matched().count(connection, everything, 4) == MANY + 1
    await keeper.stop()


async def test_without_columns_readers_are_told_to_come_again(cluster: Cluster) -> None:
    """A database that is away neither ends the start nor is asked for ever."""
    away = make_reader_engine(cluster.url("nowhere", READER_ROLE))
    keeper = ColumnKeeper()
    await keeper.start(away)
    with pytest.raises(NotReady):
        await keeper.current(1)
    await keeper.stop()
    await away.dispose()


async def test_a_stop_ends_a_reading(reader: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends does not wait for a million records."""
    monkeypatch.setattr(column_keeper, "STOP_SECONDS", 0.0)
    keeper = ColumnKeeper()
    waiting = asyncio.create_task(keeper.start(reader))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await keeper.stop()
    await waiting
    with pytest.raises(NotReady):
        await keeper.current(1, patience=0)
