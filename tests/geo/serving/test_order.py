"""Orders of records: walks in them lead through every record once, on and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadRequest
from geo.layers import COLLECTIONS, properties_of
from geo.serving.features import Page, fetch_page
from geo.serving.filters import FeatureQuery, parse_query, write_query
from geo.serving.matched import Matched
from geo.serving.order import sortable_properties
from tests.published import RECORDS

SORTED = [sign + name for name in sortable_properties("records") for sign in ("", "+", " ", "-")]


def expected_order(sortby: str) -> list[str]:
    """Return the ids of all records in an order, sorted in the test: unknown last, then by key the same way."""
    name, descending = sortby.lstrip("+- "), sortby.startswith("-")
    keyed = [(record[name], key, record["public_id"]) for key, record in enumerate(RECORDS, start=1)]
    known = sorted((row for row in keyed if row[0] is not None), reverse=descending)
    unknown = sorted((row for row in keyed if row[0] is None), key=lambda row: row[1], reverse=descending)
    return [public_id for *_, public_id in (*known, *unknown)]


def read_ids(page: Page) -> list[str]:
    """Return the ids on a page, in its order."""
    return [feature["id"] for feature in json.loads(b"[" + page.features + b"]")]


async def walk(reading: AsyncConnection, query: FeatureQuery, way: str) -> list[Page]:
    """Return the pages from `query` on, following `next_query` or `prev_query` through its canonical text."""
    pages = []
    following: FeatureQuery | None = query
    while following is not None:
        assert parse_query(query.collection, write_query(following)) == following
        pages.append(await fetch_page(reading, following, Matched(), 1))
        following = getattr(pages[-1], way)
    return pages


@pytest.mark.anyio
@pytest.mark.parametrize("limit", [1, 3, 13, 14, 100])
@pytest.mark.parametrize("sortby", SORTED)
async def test_a_walk_in_any_order_meets_each_record_once_and_leads_back(
    reading: AsyncConnection, sortby: str, limit: int
) -> None:
    """Unknown values come last in both directions, and the way back shows the same pages."""
    pages = await walk(reading, parse_query("records", [("sortby", sortby), ("limit", str(limit))]), "next_query")
    assert [name for page in pages for name in read_ids(page)] == expected_order(sortby)
    assert all(page.number_matched == len(RECORDS) for page in pages)
    assert pages[0].prev_query is None
    if len(pages) > 1:
        assert pages[-1].prev_query is not None
        back = await walk(reading, pages[-1].prev_query, "prev_query")
        assert [read_ids(page) for page in back] == [read_ids(page) for page in reversed(pages[:-1])]
        assert back[0].next_query is not None
        again = await fetch_page(reading, back[0].next_query, Matched(), 1)
        assert read_ids(again) == read_ids(pages[-1])


@pytest.mark.anyio
async def test_filters_and_search_hold_in_every_order(reading: AsyncConnection) -> None:
    """What is asked for does not depend on how it is sorted."""
    asked = [("sortby", "-deaths"), ("region", "440000"), ("limit", "2")]
    pages = await walk(reading, parse_query("incidents", asked), "next_query")
    met = [name for page in pages for name in read_ids(page)]
    unsorted = await fetch_page(reading, parse_query("incidents", asked[1:2]), Matched(), 1)
    assert met[:2] == ["A-2016-000001", "A-2016-000002"]
    assert sorted(met) == sorted(read_ids(unsorted))
    found = await fetch_page(reading, parse_query("records", [("sortby", "deaths"), ("q", "富士康")]), Matched(), 1)
    assert read_ids(found) == ["S-2016-000001"]


@pytest.mark.anyio
async def test_frequent_words_are_walked_to_and_rare_ones_sorted(
    reading: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways give the same page."""
    query = parse_query("records", [("q", "foxconn")])
    few = await fetch_page(reading, query, Matched(), 1)
    monkeypatch.setattr("geo.serving.search.FEW", 0)
    monkeypatch.setattr("geo.serving.matched.FEW", 0)
    assert await fetch_page(reading, query, Matched(), 1) == few
    assert few.number_matched == 1


REFUSED: list[tuple[str, list[tuple[str, str]], str]] = [
    ("strikes", [("sortby", "deaths")], "must be one of these"),
    ("records", [("sortby", "title_en")], "must be one of these"),
    ("records", [("sortby", "--deaths")], "must be one of these"),
    ("records", [("sortby", "deaths,starts_on")], "must be one of these"),
    ("records", [("sortby", "")], "must be one of these"),
    ("records", [("sortby", "deaths"), ("sortby", "starts_on")], "may be given once"),
    ("records", [("skipGeometry", "yes")], "true or false"),
    ("records", [("properties", "contact")], "'contact' is not a property"),
    ("strikes", [("properties", "title_en,deaths")], "'deaths' is not a property"),
    ("records", [("properties", "")], "'' is not a property"),
    ("records", [("updated_since", "2016-01-01/..")], "must be a date"),
]


@pytest.mark.parametrize(("collection", "parameters", "reason"), REFUSED)
def test_what_is_not_declared_is_refused(collection: str, parameters: list[tuple[str, str]], reason: str) -> None:
    """An order or a selection is made of declared names alone."""
    with pytest.raises(BadRequest) as refused:
        parse_query(collection, parameters)
    assert [fault.name for fault in refused.value.invalid] == [parameters[0][0]]
    assert reason in refused.value.invalid[0].reason


@pytest.mark.anyio
async def test_a_token_belongs_to_one_order(reading: AsyncConnection) -> None:
    """In another order it would lead to a page that nobody can tell is wrong."""
    page = await fetch_page(reading, parse_query("records", [("limit", "2")]), Matched(), 1)
    assert page.next_query is not None
    (token,) = [text for name, text in write_query(page.next_query) if name == "after"]
    assert parse_query("records", [("after", token)]).after == page.next_query.after
    for sortby in ("starts_on", "-updated_on", "deaths"):
        with pytest.raises(BadRequest) as refused:
            parse_query("records", [("after", token), ("sortby", sortby)])
        assert [fault.name for fault in refused.value.invalid] == ["after"]
    with pytest.raises(BadRequest, match="cannot be used") as both:
        parse_query("records", [("after", token), ("before", token)])
    assert [fault.name for fault in both.value.invalid] == ["before"]


@pytest.mark.anyio
@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_a_selection_shows_what_the_whole_text_has(reading: AsyncConnection, collection: str) -> None:
    """The same values in the same order, and nothing else."""
    names = ("title_en", "deaths", "starts_on", "employers", "sources")
    asked = [("properties", ",".join(name for name in names if name in known_names(collection)))]
    whole = read_features(await fetch_page(reading, parse_query(collection, [("limit", "100")]), Matched(), 1))
    part = await fetch_page(reading, parse_query(collection, [("limit", "100"), *asked]), Matched(), 1)
    bare = await fetch_page(
        reading, parse_query(collection, [("limit", "100"), ("skipGeometry", "true")]), Matched(), 1
    )
    assert read_features(part) == [
        feature | {"properties": {name: value for name, value in feature["properties"].items() if name in names}}
        for feature in whole
    ]
    assert read_features(bare) == [feature | {"geometry": None} for feature in whole]


def known_names(collection: str) -> set[str]:
    """Return the names of a collection's properties."""
    return {prop.name for prop in properties_of(*COLLECTIONS[collection])}


def read_features(page: Page) -> list[dict[str, Any]]:
    """Return the features on a page."""
    return list(json.loads(b"[" + page.features + b"]"))
