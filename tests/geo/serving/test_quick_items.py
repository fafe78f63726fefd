"""Single records, read together."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import psycopg
import pytest
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.serving.quick_items import QuickItems
from geo.serving.quick_reads import Compiled, QuickReads, Row
from tests.published import RECORDS

pytestmark = pytest.mark.anyio


class CountedReads(QuickReads):
    """Real reads that are counted."""

    statements = 0

    async def fetch_rows(self, statement: Compiled) -> list[Row]:
        """Count, and read."""
        self.statements += 1
        return await super().fetch_rows(statement)


@pytest.fixture
async def reads(reader_url: str) -> AsyncIterator[CountedReads]:
    """Two connections of the reader's role."""
    made = CountedReads(reader_url, size=2)
    yield made
    await made.close()


async def read_version(reads: QuickReads) -> int:
    """Return the version of the data."""
    row = await reads.fetch_row(Compiled("SELECT version FROM published.dataset_version", {}))
    assert row is not None
    return int(row[0])


async def test_who_comes_at_once_is_answered_together(reads: CountedReads) -> None:
    """Each gets the record asked for; two statements answer fifty-six questions."""
    items, version = QuickItems(reads), await read_version(reads)
    reads.statements = 0
    ids = [record["public_id"] for record in RECORDS] * 4
    found = await asyncio.gather(*(items.find("records", public_id, version) for public_id in ids))
    assert [json.loads(text or b"{}")["id"] for text in found] == ids
    assert reads.statements <= 2


async def test_a_record_is_found_in_its_collections_and_its_version_alone(reads: CountedReads) -> None:
    """Whatever else is asked in the same moment."""
    items, version = QuickItems(reads), await read_version(reads)
    asked = [
        ("strikes", "S-2016-000001", version),
        ("accidents", "S-2016-000001", version),
        ("records", "S-1999-000001", version),
        ("records", "S-2016-000001", version - 1),
    ]
    found = await asyncio.gather(*(items.find(*question) for question in asked))
    assert [text is not None for text in found] == [True, False, False, False]


async def test_an_error_is_told_to_all_and_the_next_is_answered(
    reads: CountedReads, cluster: Cluster, published: str
) -> None:
    """Here a table is locked for longer than a statement may take."""
    items, version = QuickItems(reads), await read_version(reads)
    owner = sa.create_engine(cluster.url(published))
    with owner.begin() as holding:
        holding.exec_driver_sql("LOCK TABLE published.feature_text IN ACCESS EXCLUSIVE MODE")
        asked = [items.find("records", f"S-2016-00000{n}", version) for n in (1, 2)]
        found = await asyncio.gather(*asked, return_exceptions=True)
    owner.dispose()
    assert [type(error) for error in found] == [psycopg.errors.QueryCanceled] * 2
    assert await items.find("records", "S-2016-000001", version) is not None


async def test_who_gives_up_takes_nobody_along(reads: CountedReads) -> None:
    """Two wait for the same record, and one goes away."""
    items, version = QuickItems(reads), await read_version(reads)
    one, other = (asyncio.create_task(items.find("records", "S-2016-000001", version)) for _ in range(2))
    await asyncio.sleep(0)
    one.cancel()
    assert await other is not None
    assert one.cancelled()
