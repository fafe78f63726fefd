"""Attacks on the reading routes, by their number in the list of the safety document; others stand beside their subject.

2, 3, 4, 9, 10, 11: tests/ogc/test_part3.py. 6, 39: tests/ogc/test_tile_contents.py and test_tiles.py. 14, 43:
test_patience.py. 23, 24, 46: test_export_attacks.py. 25, 26: tests/web/test_api_pages.py. 36: test_representations.py.
12, 47: test_problems.py. 30, 31: test_headers.py and test_problems.py. 38: test_sharing.py.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.app.test_problems import check_problem

pytestmark = pytest.mark.anyio

RECORDS = "/api/collections/records"
ITEMS = f"{RECORDS}/items"
RESOURCES = [ITEMS, f"{RECORDS}/facets", f"{RECORDS}/counts?by=province", f"{RECORDS}/tiles/WebMercatorQuad/4/6/13"]


def add(url: str, query: str) -> str:
    """Return an address with more parameters."""
    return f"{url}{'&' if '?' in url else '?'}{query}"


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize(
    "name", ["region", "province", "industry", "deaths", "datetime", "bbox", "updated_since", "after"]
)
async def test_1_sql_in_a_value_is_no_value(client: httpx.AsyncClient, resource: str, name: str) -> None:
    """400: what is compared is a code, a number, a day or a token."""
    for value in ("' OR 1=1--", "1; DROP TABLE published.feature", "1) OR (1=1", "pg_sleep(9)", "\\'; --"):
        answer = await client.get(add(resource, str(httpx.QueryParams({name: value}))))
        check_problem(answer, 400)


@pytest.mark.parametrize("name", ["employers", "legacy_id", "source_system", "q"])
async def test_1_sql_in_a_text_is_a_text(client: httpx.AsyncClient, name: str) -> None:
    """200, and nothing is found."""
    answer = await client.get(ITEMS, params={name: "' OR 1=1--"})
    assert (answer.status_code, answer.json()["numberMatched"]) == (200, 0)


async def test_5_boxes_tell_no_more_than_the_public_point(client: httpx.AsyncClient) -> None:
    """Halving a box 28 times around a record known to a county ends at the point that everybody is shown."""
    shown = (await client.get(f"{ITEMS}/S-2016-000001")).json()
    lon, lat = shown["geometry"]["coordinates"]
    assert shown["properties"]["location_precision"] == "county"
    box = [73.0, 18.0, 135.0, 54.0]
    for step in range(56):
        west_or_south, east_or_north = step % 2, step % 2 + 2
        middle = (box[west_or_south] + box[east_or_north]) / 2
        half = list(box)
        half[east_or_north] = middle
        parameters = {"bbox": ",".join(f"{side:.17f}" for side in half), "limit": "100"}
        found = {one["id"] for one in (await client.get(ITEMS, params=parameters)).json()["features"]}
        box[east_or_north if "S-2016-000001" in found else west_or_south] = middle
    assert (box[0], box[1]) == pytest.approx((lon, lat), abs=1e-6)


@pytest.mark.parametrize("limit", ["0", "-1", "1e9", "1.5", "", " 1", "0x10", "٣", "unknown", "9" * 5000 + "x"])
async def test_7_a_limit_is_a_whole_number(client: httpx.AsyncClient, limit: str) -> None:
    """400."""
    check_problem(await client.get(ITEMS, params={"limit": limit}), 400)


@pytest.mark.parametrize("limit", ["10001", "1000000000", "9223372036854775808", "9" * 5000])
async def test_7_a_limit_that_is_too_large_is_cut(client: httpx.AsyncClient, limit: str) -> None:
    """As OGC API - Features has it: the page is as large as pages get."""
    assert (await client.get(ITEMS, params={"limit": limit})).status_code == 200


@pytest.mark.parametrize("name", ["offset", "startindex", "page", "start"])
async def test_7_there_is_no_offset(client: httpx.AsyncClient, name: str) -> None:
    """Pages are walked by key."""
    check_problem(await client.get(ITEMS, params={name: "1000000000000"}), 400)


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize(
    "bbox",
    [
        "NaN,1,2,3",
        "1,2,inf,4",
        "1,2,3",
        "1,2,3,4,5",
        "1,2,3,4,5,6,7",
        "1e308,0,2,3",
        "0,9,1,8",
        "-181,0,1,1",
        "0,0,1,91",
    ],
)
async def test_8_a_box_that_is_none_is_refused(client: httpx.AsyncClient, resource: str, bbox: str) -> None:
    """Wherever boxes are asked for."""
    check_problem(await client.get(add(resource, f"bbox={bbox}")), 400)


@pytest.mark.parametrize(
    ("bbox", "expected"), [("170,0,-170,20", 1), ("113.88,22.55,113.88,22.55", 1), ("-180,-90,180,90", 3)]
)
async def test_8_boxes_at_the_edges_are_right(client: httpx.AsyncClient, bbox: str, expected: int) -> None:
    """Across the antimeridian, without area, and the whole world; counts agree with items."""
    assert (await client.get(ITEMS, params={"bbox": bbox})).json()["numberMatched"] == expected
    assert (await client.get(f"{RECORDS}/facets", params={"bbox": bbox})).json()["total"] == expected


JSONS = [
    '{"op":"=","args":[{"property":"deaths"},NaN]}',
    '{"op":"=","args":[{"property":"deaths"},1e999]}',
    '{"op":"=","args":[{"property":"legacy_id"},"\\ud800"]}',
    '{"op":"=","args":[{"property":"legacy_id"},"a\x00b"]}',
    '{"op":"=","args":[{"property":"legacy_id"},"a\\u0000b"]}',
    "[" * 500 + "]" * 500,
    '{"op":"=","args":[{"property":"deaths"},' + "9" * 5000 + "]}",
    '{"op":"=","op":"<>","args":[{"property":"deaths"},1]}',
    "\ufeff{}",
    "{}",
    "null",
    '"text"',
    "",
]


@pytest.mark.parametrize("text", JSONS, ids=range(len(JSONS)))
async def test_13_json_that_is_none_or_too_much_is_refused(client: httpx.AsyncClient, text: str) -> None:
    """NaN, numbers beyond measure, lone surrogates, NUL, depth, keys that occur twice, a byte-order mark."""
    answer = await client.get(ITEMS, params={"filter": text, "filter-lang": "cql2-json"})
    check_problem(answer, 400 if len(str(answer.url)) < 8_192 else 414)


async def test_15_an_address_or_a_head_that_is_too_long_is_refused(client: httpx.AsyncClient) -> None:
    """414 and 431, whatever they hold."""
    check_problem(await client.get(f"{ITEMS}?employers={'x' * 60_000}"), 414)
    check_problem(await client.get("/" + "x" * 9_000), 414)
    check_problem(await client.get(ITEMS, headers=[(f"X-{n}", "x" * 40) for n in range(1_000)]), 431)


POISON: list[dict[str, str]] = [
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Proto": "evil"},
    {"X-Forwarded-Prefix": "/evil"},
    {"X-Original-URL": "/api/status?evil"},
    {"X-Rewrite-URL": "/evil"},
    {"Forwarded": "host=evil.example"},
    {"Accept-Language": "evil"},
    {"Origin": "https://evil.example"},
    {"Cookie": "evil=1"},
    {"Range": "bytes=0-1"},
]


@pytest.mark.parametrize("headers", POISON, ids=lambda headers: str(next(iter(headers))))
@pytest.mark.parametrize("path", [ITEMS, "/"])
async def test_32_no_header_but_those_that_vary_changes_an_answer(
    client: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    """What one visitor sends cannot get into what is kept for the next."""
    poisoned, plain = await client.get(path, headers=headers), await client.get(path)
    assert poisoned.status_code == 200
    assert poisoned.content == plain.content
    assert poisoned.headers["etag"] == plain.headers["etag"]
    assert "evil" not in poisoned.text


@pytest.mark.parametrize("path", [f"{ITEMS}/x.css", "/api/status/x.js", "/api/;x.css", "/index.html", "/api/a.json"])
async def test_32_no_other_address_shows_the_same(client: httpx.AsyncClient, path: str) -> None:
    """A cache that keeps what looks like a file finds nothing to keep."""
    check_problem(await client.get(path), 404)


async def test_45_nobody_learns_that_there_was_a_call_for_help(client: httpx.AsyncClient) -> None:
    """One that was removed, one that was retracted and one that never was get the same answer."""
    ids = ["H-2014-000009", "H-2014-000008", "H-1999-999999"]
    answers: list[dict[str, Any]] = []
    for collection in ("calls_for_help", "incidents", "records"):
        for public_id in ids:
            answer = await client.get(f"/api/collections/{collection}/items/{public_id}")
            problem = check_problem(answer, 404)
            problem.pop("request_id")
            answers.append(problem)
    assert all(answer == answers[0] for answer in answers)
    for public_id in ids:
        found = await client.get(ITEMS, params={"filter": f"legacy_id = '{public_id}'"})
        assert found.json()["numberMatched"] == 0


async def test_45_a_retracted_record_of_another_layer_says_so_and_no_more(client: httpx.AsyncClient) -> None:
    """Its id, its layer and the day."""
    problem = check_problem(await client.get(f"{ITEMS}/S-2014-000009"), 410)
    assert problem["detail"] == "S-2014-000009 (strikes) was retracted on 2026-01-01."
