"""Pages of records, out of a real read model, as the reader's role."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadRequest
from geo.serving.features import Page, Retraction, fetch_page, find_feature, page_statement
from geo.serving.filters import parse_query
from geo.serving.matched import Matched
from tests.published import RECORDS

pytestmark = pytest.mark.anyio


async def ask(reading: AsyncConnection, collection: str, **parameters: str) -> Page:
    """Return the page that a request gets."""
    return await fetch_page(reading, parse_query(collection, parameters.items()), Matched(), 1)


def read_ids(page: Page) -> list[str]:
    """Return the ids on a page, in its order."""
    return [feature["id"] for feature in json.loads(b"[" + page.features + b"]")]


WANTED: list[tuple[str, dict[str, str], set[str]]] = [
    ("strikes", {"region": "440300", "industry": "manufacturing"}, {"S-2016-000001", "S-2016-000002"}),
    ("strikes", {"region": "440305"}, {"S-2016-000002", "S-2016-000006"}),
    ("strikes", {"province": "110000"}, {"S-2017-000001", "S-2015-000001"}),
    ("strikes", {"prefecture": "440300", "county": "unknown"}, {"S-2016-000003", "S-2016-000006"}),
    ("strikes", {"regions": "440300"}, {"S-2016-000003", "S-2016-000005"}),
    ("strikes", {"region": "440306,110105", "demands": "bonus,wage_arrears"}, {"S-2016-000001", "S-2017-000001"}),
    ("strikes", {"datetime": "2017-01-01"}, {"S-2016-000003", "S-2017-000001"}),
    ("strikes", {"datetime": "../2016-01-01"}, {"S-2015-000001"}),
    ("strikes", {"datetime": "2017-01-02/.."}, {"S-2016-000003"}),
    ("strikes", {"employers": "Foxconn, Longhua"}, {"S-2016-000001"}),
    ("strikes", {"employers": "Foxconn"}, set()),
    ("strikes", {"legacy_id": "1234567890123456789"}, {"S-2016-000001"}),
    ("strikes", {"source_system": "clb_export"}, {"S-2016-000001", "S-2016-000005"}),
    ("strikes", {"participants": "100-999"}, {"S-2016-000001"}),
    ("strikes", {"participants_min": "1"}, {"S-2016-000001", "S-2016-000004"}),
    ("strikes", {"participants_max": "999"}, {"S-2016-000001"}),
    ("strikes", {"industry": "services,unknown", "starts_on": "2016-06-01/2016-12-31"},
        {"S-2016-000004", "S-2016-000006"}),
    ("accidents", {"deaths": "0"}, {"A-2016-000002"}),
    ("accidents", {"injuries": "unknown"}, {"A-2016-000002"}),
    ("incidents", {"deaths": "3"}, {"A-2016-000001"}),
    ("records", {"outcome": "resolved_paid"}, {"U-2016-000001"}),
    ("records", {"outcome_on": "2016-06-01/.."}, {"U-2016-000001"}),
    ("records", {"amount_claimed_cny": "1500.5"}, {"H-2016-000001"}),
    ("records", {"coarsened": "true"}, {"S-2016-000006", "H-2016-000001", "H-2016-000002"}),
    ("records", {"region": "unknown"}, {"H-2016-000002", "U-2016-000002"}),
    ("records", {"layer": "accidents,accountability", "region": "440300"}, {"A-2016-000002", "U-2016-000001"}),
    ("records", {"bbox": "113.88,22.55,113.88,22.55"}, {"S-2016-000001"}),
    ("records", {"bbox": "113,22,117,40"}, {"S-2016-000001", "S-2017-000001"}),
    ("records", {"bbox": "170,0,-170,20"}, {"A-2016-000002"}),
    ("records", {"bbox": "113.8800001,22,114,23"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("collection", "parameters", "expected"), WANTED)
async def test_filters_choose_the_records_they_name(
    reading: AsyncConnection, collection: str, parameters: dict[str, str], expected: set[str]
) -> None:
    """What a filter means in SQL is what its words say."""
    page = await ask(reading, collection, **parameters)
    assert set(read_ids(page)) == expected
    assert page.number_matched == page.number_returned == len(expected)


async def test_records_come_latest_first_and_then_by_key(reading: AsyncConnection) -> None:
    """The order of the walk is the order of the page."""
    page = await ask(reading, "strikes", datetime="2016-06-01/2016-07-31", limit="100")
    assert read_ids(page) == ["S-2016-000005", "S-2016-000004"]
    same_day = await ask(reading, "records", starts_on="2016-05-03")
    assert read_ids(same_day) == ["U-2016-000002", "U-2016-000001"]


@pytest.mark.parametrize("limit", ["1", "3", "13", "14", "100"])
async def test_a_walk_meets_each_record_once(reading: AsyncConnection, limit: str) -> None:
    """Whatever the size of the pages, following the tokens gives every record, in order, and ends."""
    query = parse_query("records", [("limit", limit)])
    met: list[str] = []
    pages = 0
    following: Any = query
    while following is not None:
        page = await fetch_page(reading, following, Matched(), 1)
        assert page.number_matched == len(RECORDS)
        met += read_ids(page)
        pages += 1
        following = page.next_query
    keys = {record["public_id"]: (record["starts_on"], place) for place, record in enumerate(RECORDS)}
    assert met == sorted(keys, key=keys.__getitem__, reverse=True)
    assert pages == -(-len(RECORDS) // int(limit))


async def test_an_empty_page_has_no_features_and_no_next(reading: AsyncConnection) -> None:
    """Nothing found is an answer."""
    page = await ask(reading, "strikes", datetime="1990-01-01")
    assert page == Page(features=b"", number_returned=0, number_matched=0, next_query=None)


async def test_the_number_of_matches_is_counted_once_for_a_version(reading: AsyncConnection) -> None:
    """A page never pays a count that was made before; another version of the data does."""
    remembered = Matched()
    query = parse_query("records", [("limit", "2")])
    first = await fetch_page(reading, query, remembered, 1)
    remembered.keep(1, parse_query("records", []), 99)
    assert first.next_query is not None
    assert (await fetch_page(reading, first.next_query, remembered, 1)).number_matched == 99
    assert (await fetch_page(reading, query, remembered, 2)).number_matched == len(RECORDS)


async def test_a_page_reads_keys_by_index(reading: AsyncConnection) -> None:
    """A page of a whole collection walks the index of its order instead of sorting everything."""
    await reading.exec_driver_sql("SET LOCAL enable_seqscan = off")
    statement = page_statement(parse_query("records", []))
    text = str(statement.compile(reading.sync_connection, compile_kwargs={"literal_binds": True}))
    plan = "\n".join((await reading.exec_driver_sql(f"EXPLAIN {text}")).scalars())
    assert "ix_feature_walk" in plan


@pytest.mark.parametrize("name", ["region", "province", "regions"])
async def test_a_region_that_does_not_exist_is_refused(reading: AsyncConnection, name: str) -> None:
    """An unknown code would otherwise look like a place without records."""
    with pytest.raises(BadRequest) as refused:
        await ask(reading, "records", **{name: "440300,999999"})
    (fault,) = refused.value.invalid
    assert (fault.name, "999999" in fault.reason, "440300" in fault.reason) == (name, True, False)


async def test_one_record_is_found_in_its_collections_alone(reading: AsyncConnection) -> None:
    """A record belongs to its layer's collection and to those that hold the layer."""
    for collection, expected in {"strikes": True, "records": True, "accidents": False}.items():
        found = await find_feature(reading, collection, "S-2016-000001")
        assert (found is not None) is expected


async def test_what_stays_of_a_retracted_record_is_its_stub(reading: AsyncConnection) -> None:
    """Links to it may say that it was retracted, and nothing more."""
    found = await find_feature(reading, "strikes", "S-2014-000009")
    assert isinstance(found, Retraction)
    assert (found.public_id, found.layer) == ("S-2014-000009", "strikes")


async def test_the_reader_sees_no_private_table(reading: AsyncConnection) -> None:
    """The role of the public process is refused the editors' schema by the database itself."""
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        await reading.execute(sa.text("SELECT * FROM editorial.incident"))
