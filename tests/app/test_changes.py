"""The feed of changes: nothing is missed, nothing is told twice, and little is told of what is gone."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from geo.serving.changes import ORDER
from geo.serving.parameters import write_token

pytestmark = pytest.mark.anyio

CHANGES = "/api/changes"


async def read(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """Return the document at an address."""
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def find_next(document: dict[str, Any]) -> str:
    """Return the link that continues the feed; it is always there."""
    (address,) = [str(link["href"]) for link in document["links"] if link["rel"] == "next"]
    return address


async def test_a_walk_tells_every_change_once_and_can_go_on(client: httpx.AsyncClient) -> None:
    """The last page is empty, and its next is itself."""
    told, address = [], f"{CHANGES}?limit=4"
    while (page := await read(client, address))["changes"]:
        told += [(one["dataset_version"], one["public_id"], one["op"]) for one in page["changes"]]
        address = find_next(page)
    assert told == [
        (1, "S-2016-000001", "insert"),
        (1, "H-2014-000009", "insert"),
        (2, "H-2014-000009", "update"),
        (2, "S-2016-000001", "update"),
        (4, "H-2014-000009", "delete"),
        (5, "U-2016-000001", "insert"),
    ]
    assert find_next(page) == address


@pytest.mark.parametrize(("since", "versions"), [(0, [1, 1, 2, 2, 4, 5]), (2, [4, 5]), (3, [4, 5]), (5, []), (99, [])])
async def test_since_tells_what_came_after_a_version(
    client: httpx.AsyncClient, since: int, versions: list[int]
) -> None:
    """Whoever holds version 2 needs all that later versions changed; from a version to come there is nothing yet."""
    page = await read(client, f"{CHANGES}?since={since}")
    assert [one["dataset_version"] for one in page["changes"]] == versions
    if not versions:
        assert find_next(page).endswith(f"since={since}")


async def test_an_update_names_what_differs_and_leads_to_the_record(client: httpx.AsyncClient) -> None:
    """As long as that is public."""
    page = await read(client, f"{CHANGES}?layer=strikes&since=1")
    (update,) = page["changes"]
    assert update["properties_changed"] == ["demands", "geometry"]
    assert (await read(client, update["href"]))["id"] == "S-2016-000001"


async def test_of_a_call_that_is_gone_only_that_is_told(client: httpx.AsyncClient) -> None:
    """Its id, as the feed already had it: neither why it went, nor what had been changed, nor a way to it."""
    page = await read(client, f"{CHANGES}?collection=calls_for_help")
    assert [one["op"] for one in page["changes"]] == ["insert", "update", "delete"]
    for one in page["changes"]:
        assert (one["properties_changed"], one["href"]) == (None, None)
        assert set(one) == {
            *("cursor", "dataset_version", "public_id", "layer", "op", "changed_on", "properties_changed", "href"),
        }
    gone = await client.get("/api/collections/calls_for_help/items/H-2014-000009")
    never = await client.get("/api/collections/calls_for_help/items/H-2014-000010")
    assert (gone.status_code, gone.json()["detail"]) == (never.status_code, never.json()["detail"])


async def test_collections_and_layers_choose_together(client: httpx.AsyncClient) -> None:
    """Incidents are three layers; `layer` narrows them."""
    incidents = await read(client, f"{CHANGES}?collection=incidents")
    assert {one["layer"] for one in incidents["changes"]} == {"strikes", "calls_for_help"}
    narrowed = await read(client, f"{CHANGES}?collection=incidents&layer=strikes,accountability")
    assert {one["layer"] for one in narrowed["changes"]} == {"strikes"}
    assert "layer=strikes" in find_next(narrowed)


async def test_the_history_of_one_record_can_be_asked_for(client: httpx.AsyncClient) -> None:
    """The changes of that record in order, and no other; of a record that never was there are none."""
    page = await read(client, f"{CHANGES}?public_id=S-2016-000001")
    assert [(one["public_id"], one["op"]) for one in page["changes"]] == [
        ("S-2016-000001", "insert"),
        ("S-2016-000001", "update"),
    ]
    assert "public_id=S-2016-000001" in find_next(page)
    assert (await read(client, f"{CHANGES}?public_id=S-1900-000001"))["changes"] == []


async def test_lines_hold_the_same_changes(client: httpx.AsyncClient) -> None:
    """One JSON object a line; the way on is in the header Link and in each line's cursor."""
    answer = await client.get(f"{CHANGES}?f=ndjson&limit=2")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == (await read(client, f"{CHANGES}?limit=2"))["changes"]
    further = answer.headers["link"].partition(">")[0].removeprefix("<")
    assert "f=ndjson" in further
    assert f"after={lines[-1]['cursor']}" in further
    assert json.loads((await client.get(further)).text.splitlines()[0])["op"] == "update"


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("since=-1", "since"),
        ("since=x", "since"),
        ("since=" + "9" * 5000, "since"),
        ("since=9223372036854775808", "since"),
        ("after=1", "after"),
        ("after=" + write_token(ORDER, "9" * 30), "after"),
        ("since=1&after=" + write_token(ORDER, 1), "since"),
        ("layer=regions", "layer"),
        ("collection=regions", "collection"),
        ("collection=strikes&layer=accidents", "layer"),
        ("public_id=1%27--", "public_id"),
        ("public_id=S-2016-000001,S-2016-000002", "public_id"),
        ("limit=0", "limit"),
        ("f=xml", "f"),
        ("offset=1", "offset"),
    ],
)
async def test_what_cannot_be_used_is_refused_by_name(client: httpx.AsyncClient, query: str, fault: str) -> None:
    """Never an error of the server."""
    answer = await client.get(f"{CHANGES}?{query}")
    assert answer.status_code == 400
    assert [one["name"] for one in answer.json()["invalid_params"]] == [fault]
