"""Facets: all filter counts at once, each without its own filter."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadRequest
from geo.layers import COLLECTIONS
from geo.serving.columns import Columns
from geo.serving.counts import Counts
from geo.serving.dimensions import dimensions
from geo.serving.facets import Facets, count_facets, facet_dimensions
from geo.serving.filters import parse_query
from geo.vocabularies import vocabularies
from tests.geo.serving.sql_counts import count_by_sql, without_own_filter
from tests.published import RECORDS

pytestmark = pytest.mark.anyio

FILTERS: list[dict[str, str]] = [
    {},
    {"industry": "manufacturing"},
    {"industry": "manufacturing,unknown", "demands": "wage_arrears", "datetime": "2016-01-01/2016-12-31"},
    {"region": "440300", "layer": "first", "severity": "unknown"},
    {"province": "440000", "bbox": "113,22,115,24"},
    {"datetime": "1990-01-01"},
]


async def count(columns: Columns, reading: AsyncConnection, collection: str = "records", **parameters: str) -> Facets:
    """Return the facets that a request gets."""
    return await count_facets(columns, reading, parse_query(collection, parameters.items(), paged=False))


def read_values(counts: Counts) -> dict[str, int]:
    """Return the counts of a facet by value."""
    return {cell.keys[0]: cell.count for cell in counts.counts}


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("filters", FILTERS, ids=str)
async def test_each_facet_is_what_counts_say_without_its_filter(
    columns: Columns, reading: AsyncConnection, collection: str, filters: dict[str, str]
) -> None:
    """All facets from the columns, and each by the database: the same cells, remainder and total."""
    known = {*dimensions(collection), "bbox", "region", "datetime"}
    given = {name: text for name, text in filters.items() if name in known}
    if "layer" in given:
        given["layer"] = COLLECTIONS[collection][0]
    query = parse_query(collection, given.items(), paged=False)
    facets = await count_facets(columns, reading, query)
    assert list(facets.facets) == [dimension.name for dimension in facet_dimensions(collection)]
    for name, facet in facets.facets.items():
        alone = await count_by_sql(reading, without_own_filter(query, name), (name,))
        assert read_values(facet) == {cell.keys[0]: cell.count for cell in alone.counts}, name
        rests = {(rest.reason, rest.dimension, rest.count) for rest in alone.remainder}
        assert {(rest.reason, rest.dimension, rest.count) for rest in facet.remainder} == rests, name
        assert (facet.total, facet.counted, facet.multi_valued) == (alone.total, alone.counted, alone.multi_valued)


async def test_a_facet_shows_what_another_choice_would_find(columns: Columns, reading: AsyncConnection) -> None:
    """The own filter is left out of one facet, and holds in all others."""
    facets = await count(columns, reading, "strikes", industry="construction")
    assert facets.total == 2
    assert read_values(facets.facets["industry"]) == {"construction": 2, "manufacturing": 2, "services": 1}
    assert facets.facets["industry"].total == 8
    assert read_values(facets.facets["province"]) == {"440000": 1}
    assert facets.facets["demands"].counted == 0


async def test_the_province_leaves_out_the_region_and_the_year_the_interval(
    columns: Columns, reading: AsyncConnection
) -> None:
    """Those are the filters that a choice of a province or a year sets."""
    facets = await count(columns, reading, "strikes", region="440300", datetime="2017-01-01/..")
    assert facets.total == 1
    assert read_values(facets.facets["province"]) == {"110000": 1, "440000": 1}
    assert read_values(facets.facets["year"]) == {"2016": 4}
    assert facets.facets["layer"].total == 1


async def test_values_come_in_the_order_of_their_vocabulary(columns: Columns, reading: AsyncConnection) -> None:
    """Bands and outcomes are read in their order, not by spelling."""
    facets = await count(columns, reading)
    places = {term.code: term.position for term in vocabularies()["demand"].terms}
    shown = list(read_values(facets.facets["demands"]))
    assert shown == ["wage_arrears", "social_insurance", "bonus"]
    assert all(places[one] < places[other] for one, other in pairwise(shown))


async def test_what_is_unknown_is_told(columns: Columns, reading: AsyncConnection) -> None:
    """Unknown is neither zero nor what a layer does not have."""
    facets = await count(columns, reading)
    rests = {rest.reason: rest.count for rest in facets.facets["severity"].remainder}
    assert rests == {"not_of_this_layer": len(RECORDS) - 2, "unknown": 1}


async def test_a_region_that_does_not_exist_is_refused(columns: Columns, reading: AsyncConnection) -> None:
    """As for items and counts."""
    with pytest.raises(BadRequest):
        await count(columns, reading, region="999999")
