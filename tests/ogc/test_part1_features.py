"""OGC API - Features - Part 1: Core 1.0.1 (17-069r4), Annex A.2: what `items` answers, in every collection.

Each test is named by its requirement; the identifier of the abstract test stands in its docstring.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from geo.layers import COLLECTIONS as OF_RECORDS
from tests.ogc.documents import API, COLLECTIONS, PROBLEM, get_link, ids_of, read, read_pages

pytestmark = pytest.mark.anyio

every_collection = pytest.mark.parametrize("collection", COLLECTIONS)
every_record_collection = pytest.mark.parametrize("collection", OF_RECORDS)


async def read_all(client: httpx.AsyncClient, collection: str, query: str = "") -> list[dict[str, Any]]:
    """Return all features of a collection under a filter, in one page."""
    page = await read(client, f"/api/collections/{collection}/items?limit=10000{query}")
    features: list[dict[str, Any]] = page["features"]
    assert page["numberMatched"] == page["numberReturned"] == len(features)
    return features


@every_collection
async def test_fc_op_and_response(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/core/fc-op, fc-response: a FeatureCollection with the members that Part 1 asks for."""
    answer = await client.get(f"/api/collections/{collection}/items")
    assert answer.headers["content-type"] == "application/geo+json"
    page = answer.json()
    assert page["type"] == "FeatureCollection"
    assert isinstance(page["features"], list)
    assert all(feature["type"] == "Feature" for feature in page["features"])
    assert all(feature["id"] for feature in page["features"])


@every_collection
async def test_fc_links(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/core/fc-links, fc-rel-type: self, the other formats, and more pages; each with rel and type."""
    page = await read(client, f"/api/collections/{collection}/items?limit=1")
    assert get_link(page, "self")["href"] == f"{API}/collections/{collection}/items?limit=1"
    other = get_link(page, "alternate", "text/html")
    answer = await client.get(other["href"])
    assert answer.headers["content-type"].startswith("text/html")
    assert all({"rel", "type"} <= set(link) for link in page["links"])
    assert (page["numberMatched"] > 1) == any(link["rel"] == "next" for link in page["links"])


@every_collection
async def test_fc_timestamp(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/core/fc-timestamp: a timeStamp, where there is one, is when the answer was made; ours has none."""
    assert "timeStamp" not in await read(client, f"/api/collections/{collection}/items")


@every_collection
async def test_fc_number_matched_and_returned(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/core/fc-numberMatched, fc-numberReturned: what all pages hold, and what this one does."""
    pages = await read_pages(client, f"/api/collections/{collection}/items?limit=2")
    found = ids_of(pages)
    assert {page["numberMatched"] for page in pages} == {len(found)}
    assert len(set(found)) == len(found)
    assert all(page["numberReturned"] == len(page["features"]) for page in pages)


@every_collection
@pytest.mark.parametrize("limit", [1, 3, 10000])
async def test_fc_limit_response(client: httpx.AsyncClient, collection: str, limit: int) -> None:
    """/conf/core/fc-limit-response-1: no more features than asked for."""
    page = await read(client, f"/api/collections/{collection}/items?limit={limit}")
    assert len(page["features"]) == min(limit, page["numberMatched"])


@every_collection
async def test_fc_limit_default_and_maximum(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/core/fc-limit-definition: 10 when nothing is said; above the maximum it is clipped, not refused."""
    definition = await read(client, "/api/openapi.json")
    parameters = definition["paths"][f"/collections/{collection}/items"]["get"]["parameters"]
    schema = next(parameter["schema"] for parameter in parameters if parameter["name"] == "limit")
    assert (schema["minimum"], schema["maximum"], schema["default"]) == (1, 10000, 10)
    page = await read(client, f"/api/collections/{collection}/items")
    assert len(page["features"]) == min(10, page["numberMatched"])
    assert (await client.get(f"/api/collections/{collection}/items?limit=10001")).status_code == 200


@every_collection
@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=x", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,2,3,4,5", "bbox=0,10,1,5"),
        *("datetime=2016-13-01", "datetime=x", "datetime=2017-01-01/2016-01-01", "datetime=../..", "unknown=1", "f=no"),
    ],
)
async def test_query_param_invalid_and_unknown(client: httpx.AsyncClient, collection: str, query: str) -> None:
    """/conf/core/query-param-invalid, query-param-unknown: 400 with the name of the parameter."""
    answer = await client.get(f"/api/collections/{collection}/items?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.json()["invalid_params"][0]["name"] == query.partition("=")[0]


@every_record_collection
@pytest.mark.parametrize(
    "bbox",
    [(113, 22, 115, 24), (-180, -90, 180, 90), (0, 0, 1, 1), (170, -90, -170, 90), (113.88, 22.55, 113.88, 22.55)],
)
async def test_fc_bbox_response(client: httpx.AsyncClient, collection: str, bbox: tuple[float, ...]) -> None:
    """/conf/core/fc-bbox-response: exactly the features whose geometry meets the box; it may cross the antimeridian."""
    west, south, east, north = bbox

    def is_inside(feature: dict[str, Any]) -> bool:
        if feature["geometry"] is None:
            return False
        lon, lat = feature["geometry"]["coordinates"]
        wide = west <= lon <= east if west <= east else lon >= west or lon <= east
        return bool(wide and south <= lat <= north)

    expected = {feature["id"] for feature in await read_all(client, collection) if is_inside(feature)}
    text = ",".join(map(str, bbox))
    assert {feature["id"] for feature in await read_all(client, collection, f"&bbox={text}")} == expected
    high = f"{west},{south},-100,{east},{north},9000"
    assert {feature["id"] for feature in await read_all(client, collection, f"&bbox={high}")} == expected


async def test_fc_bbox_response_of_regions(client: httpx.AsyncClient) -> None:
    """/conf/core/fc-bbox-response: outlines that meet the box, and no others."""
    codes = {feature["id"][-6:-4] for feature in await read_all(client, "regions", "&bbox=116.2,39.2,116.3,39.3")}
    assert codes == {"11"}


INTERVALS = ["2016-05-01", "2016-05-01/2016-05-31", "../2016-01-01", "2016-12-31/..", "/2016-01-01", "2017-01-02/"]
TIMES = ["2016-05-01T12:00:00Z", "2016-05-01T00:00:00Z/2016-05-20T23:59:59Z", "2016-05-01T08:30:00.5+08:00"]


@every_record_collection
@pytest.mark.parametrize("interval", INTERVALS + TIMES)
async def test_fc_time_response(client: httpx.AsyncClient, collection: str, interval: str) -> None:
    """/conf/core/fc-time-response: exactly the records whose days meet the day or interval, open ends too."""
    first, slash, last = interval.partition("/")
    start = first[:10] if first not in {"", ".."} else "0000"
    end = start if not slash else last[:10] if last not in {"", ".."} else "9999"

    def meets(feature: dict[str, Any]) -> bool:
        return bool(feature["properties"]["starts_on"] <= end and feature["properties"]["ends_on"] >= start)

    expected = {feature["id"] for feature in await read_all(client, collection) if meets(feature)}
    query = f"&datetime={interval}".replace("+", "%2B")
    assert {feature["id"] for feature in await read_all(client, collection, query)} == expected


async def test_fc_time_response_of_what_has_no_time(client: httpx.AsyncClient) -> None:
    """/conf/core/fc-time-response: features without time are found at any time."""
    every, then = await read_all(client, "regions"), await read_all(client, "regions", "&datetime=1900-01-01")
    assert [feature["id"] for feature in then] == [feature["id"] for feature in every]


@every_record_collection
async def test_properties_parameters(client: httpx.AsyncClient, collection: str) -> None:
    """/rec/core/fc-filters: a property's own name filters by its value, together with the other parameters."""
    every = await read_all(client, collection)
    layer = every[0]["properties"]["layer"]
    found = await read_all(client, collection, f"&layer={layer}&datetime=2016-01-01/..")
    expected = [f for f in every if f["properties"]["layer"] == layer and f["properties"]["ends_on"] >= "2016-01-01"]
    assert [feature["id"] for feature in found] == [feature["id"] for feature in expected]


@every_collection
async def test_f_op_success_and_links(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/core/f-op, f-success, f-links: each feature by its id, as in the page, with self, alternate, collection."""
    for feature in await read_all(client, collection):
        address = f"{API}/collections/{collection}/items/{feature['id']}"
        answer = await client.get(address)
        assert answer.headers["content-type"] == "application/geo+json"
        alone = answer.json()
        assert alone["properties"] == feature["properties"]
        assert get_link(alone, "self")["href"] == address
        assert get_link(alone, "alternate", "text/html")
        assert get_link(alone, "collection")["href"] == f"{API}/collections/{collection}"


@every_collection
async def test_f_op_of_what_is_not_there(client: httpx.AsyncClient, collection: str) -> None:
    """/conf/core/f-op: an id that no feature has is 404; a parameter that no feature takes is 400."""
    base = f"/api/collections/{collection}/items"
    assert (await client.get(f"{base}/nothing")).status_code == 404
    first = (await read_all(client, collection))[0]["id"]
    assert (await client.get(f"{base}/{first}?unknown=1")).status_code == 400
