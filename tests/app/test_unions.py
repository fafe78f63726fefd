"""The collection of unions, asked as any client asks for items."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio

ITEMS = "/api/collections/unions/items"


async def read(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """Return the document at an address."""
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_union_has_its_names_its_level_and_the_cases_that_name_it(client: httpx.AsyncClient) -> None:
    """The item and the page show the same."""
    item = await read(client, f"{ITEMS}/3")
    assert item["properties"] == {
        "name_en": "Shenzhen Federation of Trade Unions",
        "name_zh_hans": "深圳市总工会",
        "name_zh_hant": "深圳市總工會",
        "level": "municipal",
        "region_code": "440300",
        "sector": None,
        "name_by_rule": False,
        "cases": ["U-2016-000001", "U-2016-000002"],
        "case_count": 2,
    }
    page = await read(client, f"{ITEMS}?region=440300&level=municipal")
    assert page["features"] == [{name: item[name] for name in ("type", "id", "geometry", "properties")}]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["3", "7", "8"]),
        ("level=district,national", ["7", "8"]),
        ("region=440000", ["3", "7"]),
        ("region=440306", ["7"]),
        ("q=總工會", ["3", "7"]),
        ("q=Federation%20shenzhen", ["3"]),
        ("q=acftu", ["8"]),
        ("bbox=-180,-90,180,90", ["3"]),
        ("bbox=0,0,1,1", []),
        ("datetime=2016-01-01/..", ["3", "7", "8"]),
        ("filter=level='district' OR case_count = 0", ["7", "8"]),
        ("filter=A_CONTAINS(cases,('U-2016-000002'))", ["3"]),
        ("filter=region IN ('440300') AND name_en LIKE 'Shenzhen%25'", ["3"]),
        ("filter=S_INTERSECTS(geometry,BBOX(114,22,115,23))", ["3"]),
        ("bbox=22,114,23,115&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326", ["3"]),
    ],
)
async def test_unions_are_filtered(client: httpx.AsyncClient, query: str, ids: list[str]) -> None:
    """By level, region, words of their names in any script, and the point of their region; they have no time."""
    page = await read(client, f"{ITEMS}?{query}")
    assert [feature["id"] for feature in page["features"]] == ids
    assert page["numberMatched"] == page["numberReturned"] == len(ids)


async def test_unions_are_walked_by_key(client: httpx.AsyncClient) -> None:
    """Each once, and the last page has no next."""
    seen, address = [], f"{ITEMS}?limit=2"
    while address:
        page = await read(client, address)
        seen += [feature["id"] for feature in page["features"]]
        assert page["numberMatched"] == 3
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert seen == ["3", "7", "8"]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("level=galactic", "level"),
        ("region=999999", "region"),
        ("q=!!", "q"),
        ("after=x", "after"),
        ("after=dW5pb24taWR-LTE", "after"),
        ("sortby=id", "sortby"),
        ("bbox=1,2", "bbox"),
        ("filter=cases='x'", "filter"),
        ("filter=region='999999'", "filter"),
    ],
)
async def test_what_cannot_be_used_is_refused_by_name(client: httpx.AsyncClient, query: str, fault: str) -> None:
    """As for every collection."""
    answer = await client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert [one["name"] for one in answer.json()["invalid_params"]] == [fault]


@pytest.mark.parametrize("union", ["4", "x", "03", "-3", "9" * 40, "٣"])
async def test_a_union_that_is_not_there_is_not_found(client: httpx.AsyncClient, union: str) -> None:
    """Whatever is asked for."""
    assert (await client.get(f"{ITEMS}/{union}")).status_code == 404


async def test_the_collection_describes_itself(client: httpx.AsyncClient) -> None:
    """With its filters, and no orders but its own."""
    assert (await read(client, "/api/collections/unions"))["itemType"] == "feature"
    assert set((await read(client, "/api/collections/unions/queryables"))["properties"]) == {
        *("name_en", "name_zh_hans", "name_zh_hant", "level", "region_code", "sector", "name_by_rule"),
        *("cases", "case_count"),
        *("region", "geometry"),
    }
    assert (await read(client, "/api/collections/unions/sortables"))["properties"] == {}
    assert (await client.get("/api/collections/unions/counts?by=province")).status_code == 404
