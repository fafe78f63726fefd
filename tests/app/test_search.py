"""Searching through the API."""

from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.anyio

STRIKES = "/api/collections/strikes"


@pytest.mark.parametrize("text", ["富士康", "FOXCONN", '"foxconn longhua"', "longhua 富士"])
async def test_items_and_counts_are_searched_alike(client: httpx.AsyncClient, text: str) -> None:
    """One record has both names of the employer."""
    page = (await client.get(f"{STRIKES}/items", params={"q": text})).json()
    assert [feature["id"] for feature in page["features"]] == ["S-2016-000001"]
    counts = (await client.get(f"{STRIKES}/counts", params={"q": text, "by": "province"})).json()
    assert (counts["total"], page["numberMatched"]) == (1, 1)


async def test_a_search_goes_with_every_other_filter(client: httpx.AsyncClient) -> None:
    """Different parameters must all hold."""
    answer = await client.get(f"{STRIKES}/items", params={"q": "富士康", "industry": "mining"})
    assert answer.json()["numberMatched"] == 0


@pytest.mark.parametrize("text", ["", "?!", "a" * 201, "a\x00"])
async def test_a_search_without_a_letter_or_too_long_is_refused(client: httpx.AsyncClient, text: str) -> None:
    """And the answer says which parameter it was."""
    answer = await client.get(f"{STRIKES}/items", params={"q": text})
    assert answer.status_code == 400
    assert [fault["name"] for fault in answer.json()["invalid_params"]] == ["q"]


async def test_regions_are_not_searched_by_words(client: httpx.AsyncClient) -> None:
    """They have no text that is searched."""
    assert (await client.get("/api/collections/regions/items?q=a")).status_code == 400
