"""OGC API - Features Part 2: reference systems by reference, by the names of its requirements."""

from __future__ import annotations

import httpx
import pytest

from geo.serving.crs import Crs
from tests.ogc.documents import COLLECTIONS, PROBLEM, ids_of, read

pytestmark = pytest.mark.anyio

ITEM = "/api/collections/strikes/items/S-2016-000001"
BAOAN = {
    Crs.CRS84: [113.88, 22.55],
    Crs.EPSG_4326: [22.55, 113.88],
    Crs.EPSG_3857: [12677063.61, 2577688.7],
}
"""The place of one strike, as PROJ gives it."""


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_req_fc_md_crs_list(client: httpx.AsyncClient, collection: str) -> None:
    """/req/crs/crs-uri, fc-md-crs-list: every collection lists its reference systems, CRS84 among them, as URIs."""
    document = await read(client, f"/api/collections/{collection}")
    assert document["crs"] == [crs.value for crs in Crs]
    assert document["crs"][0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_req_fc_md_storage_crs_valid_value(client: httpx.AsyncClient, collection: str) -> None:
    """/req/crs/fc-md-storageCrs-valid-value: the storage's reference system is one of the list."""
    document = await read(client, f"/api/collections/{collection}")
    assert document["storageCrs"] in document["crs"]


@pytest.mark.parametrize("crs", Crs)
async def test_req_fc_crs_action(client: httpx.AsyncClient, crs: Crs) -> None:
    """/req/crs/fc-crs-definition, fc-crs-action: coordinates come in the system asked for, axes in its order."""
    page = await read(client, f"/api/collections/strikes/items?crs={crs.value}&limit=100")
    places = {feature["id"]: feature["geometry"] for feature in page["features"]}
    assert places["S-2016-000001"]["coordinates"] == pytest.approx(BAOAN[crs], abs=0.01)
    assert places["S-2016-000002"] is None
    one = await read(client, f"{ITEM}?crs={crs.value}")
    assert one["geometry"]["coordinates"] == pytest.approx(BAOAN[crs], abs=0.01)
    assert {**one, "geometry": None, "links": []} == {**await read(client, ITEM), "geometry": None, "links": []}


@pytest.mark.parametrize("crs", Crs)
async def test_outlines_come_in_the_reference_system_too(client: httpx.AsyncClient, crs: Crs) -> None:
    """/req/crs/fc-crs-action: every position of nested rings is moved."""
    region = await read(client, f"/api/collections/regions/items/440000?crs={crs.value}")
    (ring,) = region["geometry"]["coordinates"][0]
    corner = {Crs.CRS84: [113, 22], Crs.EPSG_4326: [22, 113], Crs.EPSG_3857: [12579102.46, 2511525.23]}[crs]
    assert any(position == pytest.approx(corner, abs=0.01) for position in ring)
    assert len(ring) == 5


@pytest.mark.parametrize("path", ["/api/collections/strikes/items", ITEM, "/api/collections/regions/items/440000"])
async def test_req_fc_crs_default_value_and_header(client: httpx.AsyncClient, path: str) -> None:
    """/req/crs/fc-crs-default-value, ogc-crs-header-value: CRS84, unless asked; the header says which."""
    answer = await client.get(path)
    assert answer.headers["content-crs"] == f"<{Crs.CRS84.value}>"
    for crs in Crs:
        answer = await client.get(path, params={"crs": crs.value})
        assert answer.headers["content-crs"] == f"<{crs.value}>"


@pytest.mark.parametrize("name", ["crs", "bbox-crs", "filter-crs"])
@pytest.mark.parametrize("value", ["http://www.opengis.net/def/crs/EPSG/0/9999", "EPSG:4326", "", "x" * 300])
async def test_req_fc_crs_valid_value(client: httpx.AsyncClient, name: str, value: str) -> None:
    """/req/crs/fc-crs-valid-value, fc-bbox-crs-valid-value: a reference system that is not listed is 400."""
    answer = await client.get("/api/collections/strikes/items", params={name: value})
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.json()["invalid_params"][0]["name"] == name


BOXES = {
    Crs.CRS84: "113,22,115,23",
    Crs.EPSG_4326: "22,113,23,115",
    Crs.EPSG_3857: "12579103,2511526,12801742,2632019",
}


@pytest.mark.parametrize("crs", Crs)
async def test_req_fc_bbox_crs_action(client: httpx.AsyncClient, crs: Crs) -> None:
    """/req/crs/fc-bbox-crs-definition, fc-bbox-crs-action: the box is read in its reference system."""
    page = await read(client, f"/api/collections/strikes/items?bbox={BOXES[crs]}&bbox-crs={crs.value}")
    assert ids_of([page]) == ["S-2016-000001"]


async def test_req_fc_bbox_crs_default_value(client: httpx.AsyncClient) -> None:
    """/req/crs/fc-bbox-crs-default-value: without `bbox-crs` a box is CRS84, whatever `crs` says."""
    page = await read(client, f"/api/collections/strikes/items?bbox={BOXES[Crs.CRS84]}&crs={Crs.EPSG_4326.value}")
    assert ids_of([page]) == ["S-2016-000001"]


async def test_links_keep_the_reference_system(client: httpx.AsyncClient) -> None:
    """/req/crs/fc-crs-action: the next page is in the same one."""
    page = await read(client, f"/api/collections/strikes/items?limit=1&crs={Crs.EPSG_3857.value}")
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    assert (await client.get(following)).headers["content-crs"] == f"<{Crs.EPSG_3857.value}>"


async def test_a_safe_curie_names_a_reference_system(client: httpx.AsyncClient) -> None:
    """/rec of Part 2: `[EPSG:4326]` is its URI."""
    answer = await client.get(ITEM, params={"crs": "[EPSG:4326]"})
    assert answer.headers["content-crs"] == f"<{Crs.EPSG_4326.value}>"
