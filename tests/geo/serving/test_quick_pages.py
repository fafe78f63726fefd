"""Pages by one statement: the same as those in a transaction, whatever days are asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from geo.database import make_reader_engine
from geo.serving.column_keeper import ColumnKeeper
from geo.serving.features import fetch_page
from geo.serving.filters import parse_query
from geo.serving.matched import Matched
from geo.serving.quick_pages import QuickPages
from geo.serving.quick_reads import QuickReads

pytestmark = pytest.mark.anyio


@pytest.fixture
async def engine(reader_url: str) -> AsyncIterator[AsyncEngine]:
    """Connections that see one version of the data each."""
    made = make_reader_engine(reader_url).execution_options(isolation_level="REPEATABLE READ")
    yield made
    await made.dispose()


@pytest.fixture
async def matched(engine: AsyncEngine) -> AsyncIterator[Matched]:
    """What counts, with columns at hand."""
    keeper = ColumnKeeper()
    await keeper.start(engine)
    yield Matched(keeper)
    await keeper.stop()


@pytest.fixture
async def pages(reader_url: str, matched: Matched) -> AsyncIterator[QuickPages]:
    """What reads pages by one statement."""
    reads = QuickReads(reader_url, size=1)
    yield QuickPages(reads, matched)
    await reads.close()


def list_questions() -> Iterator[dict[str, str]]:
    """Days with either end open, the same shape with other days, and filters that need no database to be counted."""
    for datetime in ("2016-05-01/2016-05-31", "2016-01-01/2017-12-31", "1990-01-01", "../2016-06-15", "2016-06-15/.."):
        yield {"datetime": datetime}
        yield {"datetime": datetime, "sortby": "starts_on"}
    yield from ({}, {"bbox": "113,22,117,40"}, {"industry": "manufacturing,unknown"}, {"participants_min": "100"})
    yield {"datetime": "2016-05-01/2016-07-31", "sortby": "-updated_on", "industry": "manufacturing"}


async def test_pages_are_those_of_a_transaction(pages: QuickPages, reading: AsyncConnection) -> None:
    """Forwards to the end and backwards again, and the first question on a version is answered by one statement too."""
    for asked in list_questions():
        for collection in ("records", "strikes"):
            following: Any = parse_query(collection, [*asked.items(), ("limit", "2")])
            while following is not None:
                page = await pages.find(following, 1)
                assert page == await fetch_page(reading, following, Matched(), 1), following
                back = page.prev_query if page else None
                if back is not None:
                    assert await pages.find(back, 1) == await fetch_page(reading, back, Matched(), 1), back
                following = page.next_query if page else None


async def test_what_the_database_must_count_is_left_to_a_transaction(pages: QuickPages) -> None:
    """Words, employers, and regions, which must exist."""
    for name, value in (("q", "strike"), ("employers", "Foxconn"), ("region", "440300"), ("province", "440000")):
        assert await pages.find(parse_query("strikes", [(name, value)]), 1) is None
    assert await pages.find(parse_query("strikes", []), 2) is None
