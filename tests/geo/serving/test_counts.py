"""Counts: every record once, in a cell or in the remainder with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadRequest
from geo.layers import COLLECTIONS, Kind, filterable_by
from geo.serving.column_counts import EVERY, count_features, count_rows
from geo.serving.columns import Columns
from geo.serving.counts import Counts, Remainder
from geo.serving.dimensions import dimensions, parse_dimensions
from geo.serving.filters import parse_query
from tests.published import RECORDS

ALL = dimensions("records")
PLACES = ("province", "prefecture", "county")
CROSSINGS = [(one,) for one in ALL] + [
    (one, other) for one in (*PLACES, "month", "demands") for other in ALL if one != other
]


Counting = tuple[Columns, AsyncConnection]


@pytest.fixture
def counting(columns: Columns, reading: AsyncConnection) -> Counting:
    """What counts are made from."""
    return columns, reading


async def count(counting: Counting, by: str, collection: str = "records", **parameters: str) -> Counts:
    """Return the counts that a request gets."""
    query = parse_query(collection, parameters.items(), paged=False)
    return await count_features(*counting, query, parse_dimensions(collection, [by]))


def read_cells(counts: Counts) -> dict[tuple[str, ...], int]:
    """Return the counts by cell."""
    return {cell.keys: cell.count for cell in counts.counts}


def read_rest(counts: Counts) -> dict[str, int]:
    """Return the remainder by reason."""
    return {rest.reason: rest.count for rest in counts.remainder}


@pytest.mark.anyio
@pytest.mark.parametrize("by", CROSSINGS, ids=",".join)
async def test_the_total_is_what_is_in_cells_and_the_remainder(counting: Counting, by: tuple[str, ...]) -> None:
    """Single-valued tables sum to the total; under a list, cells may hold a record again, the remainder never."""
    counts = await count(counting, ",".join(by))
    cells = sum(read_cells(counts).values())
    assert counts.total == len(RECORDS)
    assert counts.counted + sum(rest.count for rest in counts.remainder) == len(RECORDS)
    assert counts.multi_valued == tuple(name for name in by if ALL[name].multi_valued)
    assert cells >= counts.counted if counts.multi_valued else cells == counts.counted


@pytest.mark.anyio
async def test_a_record_of_several_provinces_is_in_no_province(counting: Counting) -> None:
    """Count records, draw places: it is counted once, in the remainder."""
    counts = await count(counting, "province", "strikes")
    assert read_cells(counts) == {("110000",): 2, ("440000",): 5}
    assert read_rest(counts) == {"several_places": 1}


@pytest.mark.anyio
async def test_each_reason_of_the_remainder_is_told_apart(counting: Counting) -> None:
    """Several places come first, then what is hidden to protect people, then what nobody knows finer."""
    counts = await count(counting, "county", "records")
    assert read_cells(counts) == {("110105",): 2, ("440305",): 1, ("440306",): 2}
    assert read_rest(counts) == {"several_places": 2, "not_shown_finer": 2, "not_known_finer": 5}


@pytest.mark.anyio
async def test_a_month_counts_what_lies_in_it_as_a_whole(counting: Counting) -> None:
    """A strike over the turn of a month belongs to neither; a call known to the month belongs to it."""
    counts = await count(counting, "month", "incidents")
    assert read_cells(counts) == {
        ("2016-05",): 5,
        ("2016-06",): 1,
        ("2016-07",): 2,
        ("2016-08",): 1,
        ("2017-01",): 1,
    }
    assert read_rest(counts) == {"not_known_to_the_month": 2}


@pytest.mark.anyio
async def test_a_year_counts_what_lies_in_it_as_a_whole(counting: Counting) -> None:
    """As for months."""
    counts = await count(counting, "year", "strikes")
    assert read_cells(counts) == {("2016",): 5, ("2017",): 1}
    assert read_rest(counts) == {"not_known_to_the_year": 2}


@pytest.mark.anyio
async def test_the_place_is_asked_before_the_month(counting: Counting) -> None:
    """A record that fits no cell for two reasons is counted under the first."""
    counts = await count(counting, "county,month", "strikes", province="440000")
    assert read_cells(counts) == {("440305", "2016-05"): 1, ("440306", "2016-05"): 1}
    assert read_rest(counts) == {"several_places": 1, "not_known_finer": 2}


@pytest.mark.anyio
async def test_a_crossing_with_the_layer_tells_the_remainder_by_layer(counting: Counting) -> None:
    """The layer is always known, so the remainder shows it."""
    counts = await count(counting, "province,layer")
    assert read_cells(counts)["440000", "strikes"] == 5
    assert counts.remainder == (
        Remainder("several_places", "strikes", 1),
        Remainder("not_shown_finer", "calls_for_help", 1),
        Remainder("not_known_finer", "accountability", 1),
    )


@pytest.mark.anyio
async def test_filters_apply_to_counts(counting: Counting) -> None:
    """The same filters as on items; a record of several places counts in each region that is asked for."""
    counts = await count(counting, "prefecture", "strikes", region="440000")
    assert counts.total == 6
    assert read_cells(counts) == {("440300",): 4}
    assert read_rest(counts) == {"several_places": 1, "not_known_finer": 1}


@pytest.mark.anyio
async def test_a_record_is_counted_once_under_each_of_its_values(counting: Counting) -> None:
    """Two strikes demand wages, one of them social insurance too; so the counts add up to more than the records."""
    counts = await count(counting, "demands", "strikes")
    assert read_cells(counts) == {("bonus",): 1, ("social_insurance",): 1, ("wage_arrears",): 2}
    assert counts.remainder == (Remainder("unknown", None, 5, "demands"),)
    assert (counts.total, counts.counted, counts.multi_valued) == (8, 3, ("demands",))


@pytest.mark.anyio
async def test_a_value_that_is_listed_twice_is_counted_once(columns: Columns) -> None:
    """Nothing in the table keeps a list from naming a value again."""
    demands = columns.column("demands")
    entries = [(("bonus", "fees", "bonus"), *entry[1:]) if entry[0] else entry for entry in demands.entries]
    held = tuple(
        replace(column, entries=entries, worked_out={}) if column is demands else column for column in columns.held
    )
    counts = count_rows(replace(columns, held=held), "strikes", ("demands",), EVERY)
    assert read_cells(counts) == {("bonus",): 3, ("fees",): 3}


@pytest.mark.anyio
async def test_a_list_crossed_with_what_is_unknown_is_in_the_remainder_once(counting: Counting) -> None:
    """The strike with two demands in an unknown ownership would else be in the remainder twice."""
    counts = await count(counting, "demands,ownership", "strikes")
    assert read_cells(counts) == {("social_insurance", "private"): 1, ("wage_arrears", "private"): 1}
    assert counts.remainder == (Remainder("unknown", None, 5, "demands"), Remainder("unknown", None, 2, "ownership"))
    counts = await count(counting, "demands,sub_industry", "strikes")
    assert counts.counts == ()
    assert read_rest(counts) == {"unknown": 3}
    assert sum(rest.count for rest in counts.remainder) == 8


@pytest.mark.anyio
async def test_what_is_unknown_is_told_by_property(counting: Counting) -> None:
    """NULL is no value: it is the remainder, with the name of the dimension, and the filter `unknown` finds it."""
    counts = await count(counting, "industry", "strikes")
    assert read_cells(counts) == {("construction",): 2, ("manufacturing",): 2, ("services",): 1}
    assert counts.remainder == (Remainder("unknown", None, 3, "industry"),)
    assert (await count(counting, "layer", "strikes", industry="unknown")).total == 3


@pytest.mark.anyio
async def test_what_a_layer_does_not_have_is_not_unknown(counting: Counting) -> None:
    """An accident has no demands; nobody fails to know them."""
    counts = await count(counting, "demands", "incidents")
    assert counts.remainder == (
        Remainder("not_of_this_layer", None, 4, "demands"),
        Remainder("unknown", None, 5, "demands"),
    )


@pytest.mark.anyio
async def test_the_place_is_asked_before_what_is_unknown(counting: Counting) -> None:
    """A region level crossed with a property: the first reason that holds is given."""
    counts = await count(counting, "county,industry", "strikes")
    assert read_cells(counts) == {("440305", "manufacturing"): 1, ("440306", "manufacturing"): 1}
    assert read_rest(counts) == {"several_places": 2, "not_known_finer": 2, "unknown": 2}


def test_what_can_be_counted_by_is_what_is_declared() -> None:
    """Regions, month, year, and each filterable property with a vocabulary; a list is one wherever it is declared."""
    for collection, layers in COLLECTIONS.items():
        declared = {prop.name: prop for prop in filterable_by(*layers)}
        coded = {name for name, prop in declared.items() if prop.vocabulary}
        assert set(dimensions(collection)) == {*PLACES, "month", "year", *coded}
        lists = {name for name in coded if declared[name].kind is Kind.CODES}
        assert {name for name, dimension in dimensions(collection).items() if dimension.multi_valued} == lists


@pytest.mark.anyio
async def test_nothing_found_counts_nothing(counting: Counting) -> None:
    """An empty count is an answer."""
    counts = await count(counting, "province", datetime="1990-01-01")
    assert counts == Counts(by=("province",), total=0, counts=(), remainder=())


@pytest.mark.parametrize(
    "by", ["", "colour", "deaths", "severity", "coarsened", "province,county,month", "month,month", "province,"]
)
def test_dimensions_that_cannot_be_counted_by_are_refused(by: str) -> None:
    """One or two, different ones, of those declared."""
    with pytest.raises(BadRequest) as refused:
        parse_dimensions("strikes", [by])
    assert refused.value.invalid[0].name == "by"
