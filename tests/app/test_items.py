"""Pages of a collection and single records, as GeoJSON."""

from __future__ import annotations

from typing import Any, Literal

import httpx
import pydantic
import pytest

from tests.published import RECORDS

pytestmark = pytest.mark.anyio

ITEMS = "/api/collections/records/items"


class Link(pydantic.BaseModel):
    """A link as OGC API has it."""

    href: pydantic.AnyHttpUrl
    rel: str
    type: str
    title: str


class Feature(pydantic.BaseModel, extra="forbid"):
    """A GeoJSON Feature of ours."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] | None
    properties: dict[str, Any]
    links: list[Link] = []


class FeatureCollection(pydantic.BaseModel, extra="forbid"):
    """A page."""

    type: Literal["FeatureCollection"]
    features: list[Feature]
    links: list[Link]
    numberMatched: int  # noqa: N815  (OGC's name)
    numberReturned: int  # noqa: N815  (OGC's name)
    datasetVersion: int  # noqa: N815  (as its neighbours)


async def read_page(client: httpx.AsyncClient, url: str, **parameters: str) -> FeatureCollection:
    """Return the page at an address."""
    answer = await client.get(url, params=parameters or None)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/geo+json"
    return FeatureCollection.model_validate(answer.json())


def find_link(links: list[Link], rel: str) -> str | None:
    """Return the address of a link."""
    return next((str(link.href) for link in links if link.rel == rel), None)


@pytest.mark.parametrize(
    "collection", ["strikes", "accidents", "calls_for_help", "accountability", "incidents", "records"]
)
async def test_a_page_is_a_geojson_feature_collection(client: httpx.AsyncClient, collection: str) -> None:
    """RFC 7946 with the members that OGC API - Features adds."""
    page = await read_page(client, f"/api/collections/{collection}/items")
    assert page.numberReturned == len(page.features) > 0
    assert page.numberMatched >= page.numberReturned


async def test_the_next_links_lead_through_the_whole_collection(client: httpx.AsyncClient) -> None:
    """Following the links meets every record once, with the filter kept, and ends."""
    page = await read_page(client, f"{ITEMS}?limit=4&layer=strikes,accidents")
    met = [feature.id for feature in page.features]
    while following := find_link(page.links, "next"):
        page = await read_page(client, following)
        assert page.numberMatched == 10
        met += [feature.id for feature in page.features]
    assert sorted(met) == sorted(record["public_id"] for record in RECORDS if record["public_id"][0] in "SA")


async def test_the_self_link_is_the_canonical_address(client: httpx.AsyncClient) -> None:
    """The same question has one address, however it was put."""
    one = await read_page(client, f"{ITEMS}?industry=services&industry=mining&bbox=113,22,115,24&limit=10")
    other = await read_page(client, f"{ITEMS}?bbox=113.0,22.0,115.0,24.0&industry=mining,services")
    assert find_link(one.links, "self") == find_link(other.links, "self")


async def test_one_record_is_a_feature_with_links(client: httpx.AsyncClient) -> None:
    """The id of a feature is the last part of its address."""
    answer = await client.get("/api/collections/strikes/items/S-2016-000001")
    feature = Feature.model_validate(answer.json())
    assert feature.id == "S-2016-000001"
    assert feature.properties["legacy_id"] == "1234567890123456789"
    assert find_link(feature.links, "self") == "http://localhost/api/collections/strikes/items/S-2016-000001"
    assert find_link(feature.links, "collection") == "http://localhost/api/collections/strikes"


async def test_a_record_of_an_unknown_place_has_no_geometry(client: httpx.AsyncClient) -> None:
    """It is in items all the same: unknown is null, never a guess."""
    answer = await client.get("/api/collections/records/items/U-2016-000002")
    assert answer.json()["geometry"] is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("strikes/items/S-2014-000009", 410),  # retracted
        ("calls_for_help/items/H-2014-000009", 404),  # retracted, and nobody is told that there was one
        ("calls_for_help/items/H-2014-000010", 404),
        ("strikes/items/S-1999-000001", 404),
        ("accidents/items/S-2016-000001", 404),
        ("strikes/items/%00", 404),
        ("strikes/items/%E2%80%AE", 404),
        (f"strikes/items/{'x' * 5000}", 404),
        ("strikes/items/' OR 1=1--", 404),
        ("regions/items/999999", 404),
        ("towns/items", 404),
    ],
)
async def test_what_is_not_there_is_told_apart_from_what_was_retracted(
    client: httpx.AsyncClient, path: str, status: int
) -> None:
    """410 for a retracted record, 404 for all else; a call for help is always 404."""
    assert (await client.get(f"/api/collections/{path}")).status_code == status


async def test_regions_are_a_collection_too(client: httpx.AsyncClient) -> None:
    """Outlines, names and where they stand."""
    page = await read_page(client, "/api/collections/regions/items?level=province")
    assert [feature.id for feature in page.features] == ["110000", "440000"]
    assert page.features[0].geometry is not None
    one = await client.get("/api/collections/regions/items/440300")
    assert one.json()["properties"]["parent_code"] == "440000"


@pytest.mark.parametrize(
    "value",
    ["' OR 1=1--", "'; DROP TABLE published.feature;--", "%' OR '1'='1", "\\'; SELECT pg_sleep(9)--", "$1", "%s"],
)
async def test_sql_in_a_text_is_a_text(client: httpx.AsyncClient, value: str) -> None:
    """Values are bound: such an employer has no record, and nothing happens to the table."""
    for name in ("employers", "source_system", "legacy_id"):
        assert (await read_page(client, ITEMS, **{name: value})).numberMatched == 0
    assert (await read_page(client, ITEMS)).numberMatched == len(RECORDS)


@pytest.mark.parametrize("bbox", ["113.87,22.54,113.89,22.56", "113,22,114,23", "113.88,22.55,113.88,22.55"])
async def test_a_box_tells_no_more_than_the_public_point(client: httpx.AsyncClient, bbox: str) -> None:
    """However small the box around a public point, the answer is the same."""
    page = await read_page(client, "/api/collections/strikes/items", bbox=bbox)
    assert [feature.id for feature in page.features] == ["S-2016-000001"]


async def test_head_has_the_headers_of_get_and_no_body(client: httpx.AsyncClient) -> None:
    """A client can ask how large an answer is."""
    got = await client.get(ITEMS, headers={"Accept-Encoding": "identity"})
    headed = await client.head(ITEMS, headers={"Accept-Encoding": "identity"})
    assert (headed.status_code, headed.content) == (200, b"")
    assert headed.headers["content-length"] == str(len(got.content))
    assert headed.headers["etag"] == got.headers["etag"]


async def test_an_unchanged_page_is_not_sent_again(client: httpx.AsyncClient) -> None:
    """The validator is of the data's version and the canonical question."""
    etag = (await client.get(ITEMS)).headers["etag"]
    again = await client.get(ITEMS, headers={"If-None-Match": f'"other", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag
    assert (await client.get(f"{ITEMS}?limit=1", headers={"If-None-Match": etag})).status_code == 200


async def test_an_answer_may_be_kept_for_a_minute(client: httpx.AsyncClient) -> None:
    """Then it is asked for again while the old one is shown."""
    answer = await client.get(ITEMS)
    assert answer.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600"


async def test_a_long_answer_is_compressed(client: httpx.AsyncClient) -> None:
    """With gzip, where the client takes it."""
    answer = await client.get(ITEMS, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    plain = await client.get(ITEMS, headers={"Accept-Encoding": "identity"})
    assert answer.json()["features"] == plain.json()["features"]
