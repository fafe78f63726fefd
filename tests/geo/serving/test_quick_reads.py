"""Reading by one statement: bytes, cut connections, questions that are given up, too many at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.serving import quick_reads
from geo.serving.quick_reads import Compiled, QuickReads, compile_statement

pytestmark = pytest.mark.anyio

ONE = Compiled("SELECT 1", {})
SLOW = Compiled("SELECT pg_sleep(1.5)", {})


@pytest.fixture
async def reads(reader_url: str) -> AsyncIterator[QuickReads]:
    """Two connections of the reader's role."""
    made = QuickReads(reader_url, size=2)
    yield made
    await made.close()


async def test_texts_come_as_bytes_and_other_values_as_they_are(reads: QuickReads) -> None:
    """A finished text goes on to the reader as it is."""
    row = await reads.fetch_row(Compiled("SELECT %(word)s::text, 7, DATE '2016-05-01' IS NULL", {"word": "讨薪"}))
    assert row == ("讨薪".encode(), 7, False)
    assert await reads.fetch_row(Compiled("SELECT 1 WHERE false", {})) is None


async def test_a_compiled_statement_takes_other_values(reads: QuickReads) -> None:
    """The SQL is made once; a percent sign in it stays one."""
    statement = compile_statement(sa.select(sa.bindparam("n", 1, sa.Integer) * 2, sa.literal_column("'100%'")))
    assert await reads.fetch_row(statement) == (2, b"100%")
    assert await reads.fetch_row(statement.fill(n=21)) == (42, b"100%")


async def test_cut_connections_cost_no_answer(reads: QuickReads, cluster: Cluster, published: str) -> None:
    """After a restart of the database the first question is answered."""
    await asyncio.gather(*(reads.fetch_row(Compiled("SELECT pg_sleep(0.1)", {})) for _ in range(2)))
    superuser = sa.create_engine(cluster.url(published, "postgres"), isolation_level="AUTOCOMMIT")
    with superuser.connect() as connection:
        cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :n AND usename = :u"
        assert connection.scalar(sa.text(cut), {"n": published, "u": "labourmap_reader"}) == 2
    superuser.dispose()
    assert await asyncio.gather(*(reads.fetch_row(ONE) for _ in range(2))) == [(1,), (1,)]


async def test_a_question_that_was_given_up_does_not_answer_the_next(reads: QuickReads) -> None:
    """Its connection is closed, and its place is free."""
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await reads.fetch_row(SLOW)
    assert await asyncio.gather(*(reads.fetch_row(ONE) for _ in range(2))) == [(1,), (1,)]


async def test_who_finds_no_free_connection_is_told_so(reads: QuickReads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting has an end."""
    monkeypatch.setattr(quick_reads, "WAIT_SECONDS", 0.1)
    holding = [asyncio.create_task(reads.fetch_row(SLOW)) for _ in range(2)]
    await asyncio.sleep(0.3)
    with pytest.raises(TimeoutError):
        await reads.fetch_row(ONE)
    assert len(await asyncio.gather(*holding)) == 2


async def test_errors_are_the_drivers_and_leave_the_connection_usable(reads: QuickReads) -> None:
    """The statement's own limit of time is one of them."""
    with pytest.raises(psycopg.errors.UndefinedTable):
        await reads.fetch_row(Compiled("SELECT FROM nowhere", {}))
    with pytest.raises(psycopg.errors.QueryCanceled):
        await reads.fetch_row(Compiled("SELECT pg_sleep(9)", {}))
    assert await reads.fetch_row(ONE) == (1,)


async def test_a_statement_planned_once_is_not_planned_again(reads: QuickReads) -> None:
    """Though a plan for its values would seem better; other statements are planned for their values."""
    walk = "SELECT count(*) FROM published.feature WHERE id = ANY(%(ids)s::bigint[])"
    plans = Compiled("SELECT sum(generic_plans)::int, sum(custom_plans)::int FROM pg_prepared_statements", {}, True)  # noqa: FBT003
    for number in range(12):
        await reads.fetch_row(Compiled(walk, {"ids": [number]}, planned_once=True))
    assert await reads.fetch_row(plans) == (13, 0)  # and this one
    mode = await reads.fetch_row(Compiled("SELECT current_setting('plan_cache_mode')", {}))
    assert mode == (b"auto",)
