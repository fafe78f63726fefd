"""Counts, facets, items and tables against a plain reading of CLB's files."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clb.conftest import find_clb_files
from tests.clb.source_rows import ACTIONS, DEMANDS, RESPONSES, Row, read_rows

pytestmark = [pytest.mark.anyio, pytest.mark.clb]

STRIKES = "/api/collections/strikes"
CLB = "source_system=clb_export"


@pytest.fixture(scope="session")
def rows(clb_folder: Path) -> list[Row]:
    """Every row of the seven files."""
    return read_rows(find_clb_files(clb_folder))


async def read(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    """Return a JSON answer about the export's strikes."""
    answer = await client.get(f"{STRIKES}/{path}{'&' if '?' in path else '?'}{CLB}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def count_items(client: httpx.AsyncClient, query: str) -> int:
    """Return how many items a query matches."""
    return int((await read(client, f"items?limit=1&{query}"))["numberMatched"])


def cells_of(counts: dict[str, Any]) -> dict[tuple[str, ...], int]:
    """Return the counts by keys."""
    return {tuple(cell[name] for name in counts["by"]): cell["count"] for cell in counts["counts"]}


def rests_of(counts: dict[str, Any]) -> dict[tuple[str, str | None], int]:
    """Return the remainder by reason and dimension."""
    return {(rest["reason"], rest.get("dimension")): rest["count"] for rest in counts["remainder"]}


def values_of(facet: dict[str, Any]) -> dict[str, int]:
    """Return the counts of a facet by value."""
    return {part["value"]: part["count"] for part in facet["counts"]}


def tally(rows: Iterable[Row], *names: str) -> dict[tuple[str, ...], int]:
    """Count rows by properties, where all of them are known."""
    keys = (tuple(getattr(row, name) for name in names) for row in rows)
    return dict(Counter(key for key in keys if None not in key))


@pytest.mark.parametrize(
    ("names", "rests"),
    [
        (("province", "industry"), {("several_places", None): 7, ("unknown", "industry"): 7}),
        (("province", "year"), {("several_places", None): 7}),
        (("industry", "year"), {("unknown", "industry"): 7}),
        (("month", "province"), {("several_places", None): 7}),
        (("participants", "year"), {("unknown", "participants"): 347}),
        (("ownership", "year"), {("unknown", "ownership"): 2530}),
    ],
)
async def test_each_crossing_is_as_in_the_files(
    clb_client: httpx.AsyncClient, rows: list[Row], names: tuple[str, str], rests: dict[tuple[str, str | None], int]
) -> None:
    """Cell for cell, with the remainder, whose blanks are those of the files."""
    counts = await read(clb_client, f"counts?by={','.join(names)}")
    assert cells_of(counts) == tally(rows, *names)
    assert rests_of(counts) == rests
    assert sum(cells_of(counts).values()) + sum(rests.values()) == counts["total"] == len(rows)


async def test_ownership_by_participants_has_each_blank_once(clb_client: httpx.AsyncClient, rows: list[Row]) -> None:
    """A row with both blank is unknown by the first dimension."""
    counts = await read(clb_client, "counts?by=ownership,participants")
    assert cells_of(counts) == tally(rows, "ownership", "participants")
    assert rests_of(counts) == {
        ("unknown", "ownership"): sum(row.ownership is None for row in rows),
        ("unknown", "participants"): sum(row.ownership is not None and row.participants is None for row in rows),
    }


async def test_manufacturing_by_province_and_year_is_found_as_items(
    clb_client: httpx.AsyncClient, rows: list[Row]
) -> None:
    """Province x industry x year: counts, and items of some cells."""
    counts = cells_of(await read(clb_client, "counts?by=province,year&industry=manufacturing"))
    assert counts == tally((row for row in rows if row.industry == "manufacturing"), "province", "year")
    for province, year in [("440000", "2016"), ("320000", "2014"), ("310000", "2011"), ("640000", "2017")]:
        query = f"industry=manufacturing&province={province}&datetime={year}-01-01/{year}-12-31"
        assert await count_items(clb_client, query) == counts.get((province, year), 0)


LISTS: list[tuple[str, dict[str, str]]] = [("demands", DEMANDS), ("responses", RESPONSES), ("actions", ACTIONS)]


@pytest.mark.parametrize(("name", "known"), LISTS, ids=[name for name, _ in LISTS])
async def test_a_list_is_counted_under_each_of_its_values(
    clb_client: httpx.AsyncClient, rows: list[Row], name: str, known: dict[str, str]
) -> None:
    """In counts, in the facet, and as items; terms that other spellings share may have more."""
    expected = Counter(code for row in rows for code in getattr(row, name))
    counts = await read(clb_client, f"counts?by={name}")
    facet = (await read(clb_client, "facets"))["facets"][name]
    cells = {key: count for (key,), count in cells_of(counts).items()}
    assert values_of(facet) == cells
    for code in known.values():
        assert cells[code] == expected[code] == await count_items(clb_client, f"{name}={code}"), code
    assert counts["multi_valued"] == [name]
    assert sum(cells.values()) > counts["counted"]
    assert counts["counted"] + facet["unknown"] == counts["total"] == len(rows)


@pytest.mark.parametrize("name", ["demands", "responses"])
async def test_a_list_by_year_is_as_in_the_files(clb_client: httpx.AsyncClient, rows: list[Row], name: str) -> None:
    """A row of two values is in two cells of its year."""
    expected = Counter((row.year, code) for row in rows for code in getattr(row, name))
    counts = cells_of(await read(clb_client, f"counts?by=year,{name}"))
    assert {key: counts.get(key, 0) for key in expected} == expected


async def test_pairs_of_actions_and_responses_are_as_in_the_files(
    clb_client: httpx.AsyncClient, rows: list[Row]
) -> None:
    """Two lists crossed, and one list under a filter on itself."""
    pairs = Counter((action, response) for row in rows for action in row.actions for response in row.responses)
    counts = await read(clb_client, "counts?by=actions,responses")
    assert {key: cells_of(counts).get(key, 0) for key in pairs} == pairs
    assert counts["multi_valued"] == ["actions", "responses"]
    beside = Counter(action for row in rows if "strike" in row.actions for action in row.actions)
    counts = await read(clb_client, "counts?by=actions&actions=strike")
    assert {code: cells_of(counts)[code,] for code in beside} == beside
    assert counts["total"] == beside["strike"]


async def test_demands_that_nobody_reported_are_unknown(clb_client: httpx.AsyncClient, rows: list[Row]) -> None:
    """Blank cells, in counts, facets and items."""
    blank = sum(row.blank_demands for row in rows)
    assert rests_of(await read(clb_client, "counts?by=demands")) == {("unknown", "demands"): blank}
    assert (await read(clb_client, "facets"))["facets"]["demands"]["unknown"] == blank
    assert await count_items(clb_client, "demands=unknown") == blank


async def test_ownership_that_nobody_reported_is_unknown(clb_client: httpx.AsyncClient, rows: list[Row]) -> None:
    """CLB's word "Unknown" and blank cells, by province too."""
    blank = [row for row in rows if row.ownership is None]
    assert (await read(clb_client, "facets?ownership=private"))["facets"]["ownership"]["unknown"] == len(blank)
    assert cells_of(await read(clb_client, "counts?by=province&ownership=unknown")) == tally(blank, "province")
    assert await count_items(clb_client, "ownership=unknown&region=440000") == tally(blank, "province")["440000",]


@pytest.mark.parametrize(
    ("first", "last"), [("2015-01-15", "2015-03-10"), ("2013-12-31", "2014-01-01"), ("2011-01-01", "2017-12-31")]
)
async def test_months_of_a_range_are_as_in_the_files(
    clb_client: httpx.AsyncClient, rows: list[Row], first: str, last: str
) -> None:
    """Both ends belong to the range; counts and items agree."""
    within = [row for row in rows if first <= row.date <= last]
    counts = await read(clb_client, f"counts?by=month&datetime={first}/{last}")
    assert cells_of(counts) == tally(within, "month")
    assert counts["total"] == len(within) == await count_items(clb_client, f"datetime={first}/{last}")


FACETS: list[tuple[str, dict[str, Callable[[Row], bool]]]] = [
    ("industry=construction", {"industry": lambda row: row.industry == "construction"}),
    (
        "industry=transport,services&datetime=2014-01-01/2015-12-31&ownership=unknown",
        {
            "industry": lambda row: row.industry in {"transport", "services"},
            "year": lambda row: row.year in {"2014", "2015"},
            "ownership": lambda row: row.ownership is None,
        },
    ),
    (
        "region=440000&participants=100-999&demands=wage_arrears",
        {
            "province": lambda row: row.province == "440000",
            "participants": lambda row: row.participants == "100-999",
            "demands": lambda row: "wage_arrears" in row.demands,
        },
    ),
]


@pytest.mark.parametrize(("query", "tests"), FACETS, ids=[query for query, _ in FACETS])
async def test_each_facet_leaves_out_its_own_filter_only(
    clb_client: httpx.AsyncClient, rows: list[Row], query: str, tests: dict[str, Callable[[Row], bool]]
) -> None:
    """Each facet against the rows that pass all filters but its own."""
    facets = (await read(clb_client, f"facets?{query}"))["facets"]
    for name in ("province", "year", "industry", "ownership", "participants"):
        passing = [row for row in rows if all(test(row) for other, test in tests.items() if other != name)]
        assert values_of(facets[name]) == {key: count for (key,), count in tally(passing, name).items()}, name
        assert facets[name]["total"] == len(passing)
        several = {"reason": "several_places", "count": sum(row.province is None for row in passing)}
        assert facets[name]["remainder"] == ([several] if name == "province" and several["count"] else [])
        blank = sum(getattr(row, name) is None for row in passing)
        assert facets[name]["unknown"] == (0 if name == "province" else blank)
    passing = [row for row in rows if all(test(row) for other, test in tests.items() if other != "demands")]
    wages = sum("wage_arrears" in row.demands for row in passing)
    assert values_of(facets["demands"])["wage_arrears"] == wages


async def test_the_table_is_that_of_the_files(clb_client: httpx.AsyncClient, rows: list[Row]) -> None:
    """As CSV, its rows add up to all rows of the files."""
    answer = await clb_client.get(f"{STRIKES}/counts?by=province,industry&f=csv&labels=en&{CLB}")
    table = list(csv.DictReader(io.StringIO(answer.text)))
    cells = {(line["province"], line["industry"]): int(line["count"]) for line in table if not line["remainder"]}
    assert cells == tally(rows, "province", "industry")
    assert sum(int(line["count"]) for line in table) == len(rows) == int(table[0]["total"])


async def test_the_drawn_provinces_are_those_of_the_files(clb_client: httpx.AsyncClient, rows: list[Row]) -> None:
    """As GeoJSON, each with an outline."""
    drawn = await read(clb_client, "counts?by=province&f=geojson&responses=police")
    found = {(feature["properties"]["code"],): feature["properties"]["count"] for feature in drawn["features"]}
    assert found == tally((row for row in rows if "police" in row.responses), "province")
    assert all(feature["geometry"] for feature in drawn["features"])


@pytest.mark.parametrize("filters", ["", "&industry=construction", "&demands=wage_arrears&region=440000"])
async def test_finer_levels_know_fewer_places_of_the_same_records(clb_client: httpx.AsyncClient, filters: str) -> None:
    """County, prefecture and province have one total; what is not known finer moves to the remainder."""
    levels = [await read(clb_client, f"counts?by={level}{filters}") for level in ("province", "prefecture", "county")]
    assert len({counts["total"] for counts in levels}) == 1
    assert levels[0]["counted"] >= levels[1]["counted"] >= levels[2]["counted"]
    assert levels[0]["total"] == await count_items(clb_client, filters.removeprefix("&"))
