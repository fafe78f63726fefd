"""CLB's own figures, from its files through loading, publishing and the API, against counts made by hand."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

pytestmark = [pytest.mark.anyio, pytest.mark.clb]

STRIKES = "/api/collections/strikes"
CLB = "source_system=clb_export"
TOTAL = 9224

BY_YEAR = {"2011": 184, "2012": 382, "2013": 645, "2014": 1358, "2015": 2774, "2016": 2663, "2017": 1218}

INDUSTRIES = {
    "construction": 2935,
    "manufacturing": 2866,
    "transport": 1298,
    "services": 950,
    "education": 356,
    "other": 280,
    "mining": 275,
    "retail": 257,
    "unknown": 7,
}
OWNERSHIPS = {
    "private": 4775,
    "soe": 1068,
    "foreign": 377,
    "hmt": 338,
    "jv": 136,
    "unknown": 2530,
}
PARTICIPANTS = {"1-99": 6680, "100-999": 1842, "1000-9999": 347, "10000-plus": 8, "unknown": 347}
RESPONSES = {"police": 2338, "arrest": 520, "mediation": 488, "negotiation": 295, "beaten": 70}
PROVINCES = {
    "440000": 1635, "320000": 662, "370000": 657, "410000": 610, "130000": 507, "510000": 481, "330000": 407,
    "610000": 383, "420000": 318, "340000": 307, "140000": 275, "350000": 259, "430000": 241, "110000": 229,
    "210000": 226, "310000": 215, "530000": 214, "450000": 180, "360000": 168, "150000": 158, "520000": 156,
    "220000": 156, "500000": 155, "230000": 144, "620000": 142, "120000": 91, "650000": 72, "460000": 71,
    "640000": 71, "630000": 23, "540000": 4,
}  # fmt: skip

FIGURES = [
    *(("industry", code, count) for code, count in INDUSTRIES.items()),
    *(("ownership", code, count) for code, count in OWNERSHIPS.items()),
    *(("participants", code, count) for code, count in PARTICIPANTS.items()),
    *(("responses", code, count) for code, count in RESPONSES.items()),
]


async def count_matched(client: httpx.AsyncClient, query: str) -> int:
    """Return how many strikes a query matches."""
    answer = await client.get(f"{STRIKES}/items?limit=1&{query}")
    assert answer.status_code == 200, answer.text
    return int(answer.json()["numberMatched"])


async def read_counts(client: httpx.AsyncClient, query: str) -> dict[str, Any]:
    """Return the counts of strikes."""
    answer = await client.get(f"{STRIKES}/counts?{query}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_every_row_of_the_export_is_a_strike(clb_client: httpx.AsyncClient) -> None:
    """Nothing is lost, nothing is doubled."""
    assert await count_matched(clb_client, CLB) == TOTAL


@pytest.mark.parametrize(("name", "code", "count"), FIGURES)
async def test_each_value_is_as_frequent_as_in_the_export(
    clb_client: httpx.AsyncClient, name: str, code: str, count: int
) -> None:
    """CLB's "Unknown" and its blanks are both unknown here."""
    assert await count_matched(clb_client, f"{CLB}&{name}={code}") == count


async def test_each_year_is_as_frequent_as_in_the_export(clb_client: httpx.AsyncClient) -> None:
    """By counts, and by the interval of the year."""
    counts = await read_counts(clb_client, f"by=year&{CLB}")
    assert {cell["year"]: cell["count"] for cell in counts["counts"]} == BY_YEAR
    for year, count in BY_YEAR.items():
        assert await count_matched(clb_client, f"{CLB}&datetime={year}-01-01/{year}-12-31") == count


async def test_each_province_is_as_frequent_as_in_the_export(clb_client: httpx.AsyncClient) -> None:
    """The seven rows whose province is "0" are of several places, shown as the remainder."""
    counts = await read_counts(clb_client, f"by=province&{CLB}")
    assert {cell["province"]: cell["count"] for cell in counts["counts"]} == PROVINCES
    assert counts["remainder"] == [{"reason": "several_places", "count": 7}]
    assert counts["total"] == sum(PROVINCES.values()) + 7 == TOTAL


@pytest.mark.parametrize("code", ["440000", "110000", "540000"])
async def test_a_region_matches_what_its_counts_say(clb_client: httpx.AsyncClient, code: str) -> None:
    """Items by region and counts by province agree where no record is of several provinces."""
    assert await count_matched(clb_client, f"{CLB}&region={code}") == PROVINCES[code]


async def test_manufacturing_in_guangdong_in_2016(clb_client: httpx.AsyncClient) -> None:
    """The figure that the acceptance names."""
    query = "region=440000&industry=manufacturing&datetime=2016-01-01/2016-12-31"
    assert await count_matched(clb_client, query) == 163


@pytest.mark.parametrize("by", ["province", "prefecture", "county", "month", "year", "layer", "prefecture,year"])
async def test_every_table_sums_to_the_total(clb_client: httpx.AsyncClient, by: str) -> None:
    """Cells and remainder together are all records."""
    counts = await read_counts(clb_client, f"by={by}&{CLB}")
    cells = sum(cell["count"] for cell in counts["counts"])
    assert cells + sum(rest["count"] for rest in counts["remainder"]) == counts["total"] == TOTAL


async def test_a_walk_through_the_export_meets_every_strike_once(clb_client: httpx.AsyncClient) -> None:
    """Following the links with full filters gives 9,224 different ids."""
    met: list[str] = []
    following: str | None = f"{STRIKES}/items?limit=2000&{CLB}"
    while following is not None:
        page = (await clb_client.get(following)).json()
        met += [feature["id"] for feature in page["features"]]
        following = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(met) == len(set(met)) == TOTAL
