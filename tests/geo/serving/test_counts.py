"""Counts: every record once, in a cell or in the remainder with its reason."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadRequest
from geo.serving.counts import DIMENSIONS, Counts, Remainder, count_features, parse_dimensions
from geo.serving.filters import parse_query
from tests.published import RECORDS

EVERY = [(one,) for one in DIMENSIONS] + [(one, other) for one in DIMENSIONS for other in DIMENSIONS if one != other]


async def count(reading: AsyncConnection, by: str, collection: str = "records", **parameters: str) -> Counts:
    """Return the counts that a request gets."""
    query = parse_query(collection, parameters.items(), paged=False)
    return await count_features(reading, query, parse_dimensions([by]))


def read_cells(counts: Counts) -> dict[tuple[str, ...], int]:
    """Return the counts by cell."""
    return {cell.keys: cell.count for cell in counts.counts}


def read_rest(counts: Counts) -> dict[str, int]:
    """Return the remainder by reason."""
    return {rest.reason: rest.count for rest in counts.remainder}


@pytest.mark.anyio
@pytest.mark.parametrize("by", EVERY, ids=",".join)
async def test_the_total_is_the_sum_of_cells_and_remainder(reading: AsyncConnection, by: tuple[str, ...]) -> None:
    """Every table sums to the total, whatever it is counted by."""
    counts = await count(reading, ",".join(by))
    assert counts.total == len(RECORDS)
    assert sum(read_cells(counts).values()) + sum(rest.count for rest in counts.remainder) == len(RECORDS)


@pytest.mark.anyio
async def test_a_record_of_several_provinces_is_in_no_province(reading: AsyncConnection) -> None:
    """Count records, draw places: it is counted once, in the remainder."""
    counts = await count(reading, "province", "strikes")
    assert read_cells(counts) == {("110000",): 2, ("440000",): 5}
    assert read_rest(counts) == {"several_places": 1}


@pytest.mark.anyio
async def test_each_reason_of_the_remainder_is_told_apart(reading: AsyncConnection) -> None:
    """Several places come first, then what is hidden to protect people, then what nobody knows finer."""
    counts = await count(reading, "county", "records")
    assert read_cells(counts) == {("110105",): 2, ("440305",): 1, ("440306",): 2}
    assert read_rest(counts) == {"several_places": 2, "not_shown_finer": 2, "not_known_finer": 5}


@pytest.mark.anyio
async def test_a_month_counts_what_lies_in_it_as_a_whole(reading: AsyncConnection) -> None:
    """A strike over the turn of a month belongs to neither; a call known to the month belongs to it."""
    counts = await count(reading, "month", "incidents")
    assert read_cells(counts) == {
        ("2016-05",): 5,
        ("2016-06",): 1,
        ("2016-07",): 2,
        ("2016-08",): 1,
        ("2017-01",): 1,
    }
    assert read_rest(counts) == {"not_known_to_the_month": 2}


@pytest.mark.anyio
async def test_a_year_counts_what_lies_in_it_as_a_whole(reading: AsyncConnection) -> None:
    """As for months."""
    counts = await count(reading, "year", "strikes")
    assert read_cells(counts) == {("2016",): 5, ("2017",): 1}
    assert read_rest(counts) == {"not_known_to_the_year": 2}


@pytest.mark.anyio
async def test_the_place_is_asked_before_the_month(reading: AsyncConnection) -> None:
    """A record that fits no cell for two reasons is counted under the first."""
    counts = await count(reading, "county,month", "strikes", province="440000")
    assert read_cells(counts) == {("440305", "2016-05"): 1, ("440306", "2016-05"): 1}
    assert read_rest(counts) == {"several_places": 1, "not_known_finer": 2}


@pytest.mark.anyio
async def test_a_crossing_with_the_layer_tells_the_remainder_by_layer(reading: AsyncConnection) -> None:
    """The layer is always known, so the remainder shows it."""
    counts = await count(reading, "province,layer")
    assert read_cells(counts)["440000", "strikes"] == 5
    assert counts.remainder == (
        Remainder("several_places", "strikes", 1),
        Remainder("not_shown_finer", "calls_for_help", 1),
        Remainder("not_known_finer", "accountability", 1),
    )


@pytest.mark.anyio
async def test_filters_apply_to_counts(reading: AsyncConnection) -> None:
    """The same filters as on items; a record of several places counts in each region that is asked for."""
    counts = await count(reading, "prefecture", "strikes", region="440000")
    assert counts.total == 6
    assert read_cells(counts) == {("440300",): 4}
    assert read_rest(counts) == {"several_places": 1, "not_known_finer": 1}


@pytest.mark.anyio
async def test_nothing_found_counts_nothing(reading: AsyncConnection) -> None:
    """An empty count is an answer."""
    counts = await count(reading, "province", datetime="1990-01-01")
    assert counts == Counts(by=("province",), total=0, counts=(), remainder=())


@pytest.mark.parametrize("by", ["", "industry", "province,county,month", "month,month", "province,"])
def test_dimensions_that_cannot_be_counted_by_are_refused(by: str) -> None:
    """One or two, different ones, of those declared."""
    with pytest.raises(BadRequest) as refused:
        parse_dimensions([by])
    assert refused.value.invalid[0].name == "by"
