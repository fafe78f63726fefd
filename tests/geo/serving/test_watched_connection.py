"""The socket of a connection stays watched: large statements, cut connections, questions that are given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.serving.quick_reads import conninfo_of
from geo.serving.watched_connection import WatchedConnection

pytestmark = pytest.mark.anyio


@pytest.fixture
async def connection(reader_url: str) -> AsyncIterator[WatchedConnection]:
    """A connection of the reader's role."""
    made = await WatchedConnection.connect(conninfo_of(reader_url), autocommit=True)
    yield made
    await made.close()


async def test_a_statement_larger_than_the_socket_takes_is_sent_whole(connection: WatchedConnection) -> None:
    """And so is an answer as large; the next statement is small again."""
    text = "讨" * 1_000_000
    for question in (text, "薪"):
        row = await (await connection.execute("SELECT length(%s), %s", (question, question))).fetchone()
        assert row == (len(question), question)


async def test_a_connection_cut_between_statements_is_no_longer_watched(
    connection: WatchedConnection, cluster: Cluster, published: str
) -> None:
    """Its socket says for ever that there is something to read; the event loop must not turn for it."""
    await connection.execute("SELECT 1")
    assert connection.is_watched
    superuser = sa.create_engine(cluster.url(published, "postgres"), isolation_level="AUTOCOMMIT")
    with superuser.connect() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": connection.info.backend_pid})
    superuser.dispose()
    for _ in range(500):
        if not connection.is_watched:
            break
        await asyncio.sleep(0.01)
    assert not connection.is_watched
    with pytest.raises(psycopg.OperationalError):
        await connection.execute("SELECT 1")


async def test_who_gives_up_ends_the_statement_too(connection: WatchedConnection, reader_url: str) -> None:
    """The database does not go on working for nobody."""
    pid = connection.info.backend_pid
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await connection.execute("SELECT pg_sleep(1.9)")
    async with await psycopg.AsyncConnection.connect(conninfo_of(reader_url), autocommit=True) as other:
        row = await (await other.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", (pid,))).fetchone()
    assert row == ("idle",)
