"""Orders, links back and forth, and pages of chosen properties, through the API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from geo.layers import COLLECTIONS
from geo.serving.order import sortable_properties

pytestmark = pytest.mark.anyio

RECORDS = "/api/collections/records/items"


async def read(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """Return the document at an address."""
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def find_link(document: dict[str, Any], rel: str) -> str:
    """Return the address of a link that must be there."""
    return next(str(link["href"]) for link in document["links"] if link["rel"] == rel)


async def test_prev_leads_back_to_where_next_came_from(client: httpx.AsyncClient) -> None:
    """With the order, the filter and the selection kept."""
    asked = f"{RECORDS}?sortby=-participants_min&limit=3&layer=strikes&properties=participants_min&skipGeometry=true"
    first = await read(client, asked)
    second = await read(client, find_link(first, "next"))
    assert {link["rel"] for link in first["links"]} == {"self", "alternate", "collection", "next"}
    assert (await read(client, find_link(second, "prev")))["features"] == first["features"]
    assert [feature["properties"] for feature in first["features"]] == [
        {"participants_min": 100},
        {"participants_min": 1},
        {"participants_min": None},
    ]
    assert [feature["geometry"] for feature in first["features"]] == [None] * 3


async def test_a_plus_sign_may_be_written_bare(client: httpx.AsyncClient) -> None:
    """It reaches the server as a space."""
    plain = await read(client, f"{RECORDS}?sortby=deaths")
    assert (await read(client, f"{RECORDS}?sortby=+deaths"))["features"] == plain["features"]
    assert (await read(client, f"{RECORDS}?sortby=%2Bdeaths"))["features"] == plain["features"]
    assert plain["features"][0]["id"] == "A-2016-000002"


async def test_what_changed_since_a_day(client: httpx.AsyncClient) -> None:
    """That day is among them; counts agree."""
    for day, some in {"2026-01-02": True, "2026-01-03": False}.items():
        page = await read(client, f"{RECORDS}?updated_since={day}")
        counts = await read(client, f"/api/collections/records/counts?by=layer&updated_since={day}")
        assert (page["numberMatched"] > 0) is some
        assert counts["total"] == page["numberMatched"]


async def test_regions_have_an_order_of_their_own(client: httpx.AsyncClient) -> None:
    """What is a parameter of records is none of regions."""
    assert (await client.get("/api/collections/regions/items?sortby=code")).status_code == 400
    assert (await read(client, "/api/collections/regions/sortables"))["properties"] == {}


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_every_sortable_sorts(client: httpx.AsyncClient, collection: str) -> None:
    """What is said to be sortable is, both ways, and the collection links to the list."""
    described = await read(client, f"/api/collections/{collection}")
    schema = await read(client, find_link(described, "http://www.opengis.net/def/rel/ogc/1.0/sortables"))
    assert set(schema["properties"]) == set(sortable_properties(collection))
    for name in schema["properties"]:
        for sign in ("", "-"):
            await read(client, f"/api/collections/{collection}/items?sortby={sign}{name}")
