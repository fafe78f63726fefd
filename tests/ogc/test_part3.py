"""OGC API - Features Part 3 and CQL2: filters, by the names of their requirements."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from app.readers.conformance import CONFORMANCE
from geo.serving.crs import Crs
from tests.ogc.documents import COLLECTIONS, PROBLEM, get_link, ids_of, read, read_pages

pytestmark = pytest.mark.anyio

RECORDS = "/api/collections/records/items"


async def find(client: httpx.AsyncClient, text: str, **more: str) -> set[str]:
    """Return the ids of the records that a filter finds."""
    answer = await client.get(RECORDS, params={"limit": "100", "filter": text, **more})
    assert answer.status_code == 200, (text, answer.text)
    page = answer.json()
    assert page["numberMatched"] == page["numberReturned"]
    return set(ids_of([page]))


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_req_queryables(client: httpx.AsyncClient, collection: str) -> None:
    """/req/queryables/queryables-link, get-queryables-op, get-queryables-response: a JSON Schema, linked."""
    document = await read(client, f"/api/collections/{collection}")
    link = get_link(document, "http://www.opengis.net/def/rel/ogc/1.0/queryables", "application/schema+json")
    queryables = await read(client, link["href"])
    assert queryables["$id"] == link["href"]
    assert "geometry" in queryables["properties"]


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_req_filter_param(client: httpx.AsyncClient, collection: str) -> None:
    """/req/filter/filter-param, features-filter: every queryable of every collection can be filtered by."""
    for name in (await read(client, f"/api/collections/{collection}/queryables"))["properties"]:
        url = f"/api/collections/{collection}/items"
        known = await client.get(url, params={"filter": f'"{name}" IS NOT NULL', "limit": "1"})
        unknown = await client.get(url, params={"filter": f"{name} IS NULL", "limit": "1"})
        assert (known.status_code, unknown.status_code) == (200, 200), name
        total = (await read(client, f"{url}?limit=1"))["numberMatched"]
        assert known.json()["numberMatched"] + unknown.json()["numberMatched"] == total, name


@pytest.mark.parametrize("text", ["nothing = 1", "contact LIKE '1%'", "exact_geom IS NULL", "title_en = 'x'"])
async def test_req_expression_construction(client: httpx.AsyncClient, text: str) -> None:
    """/req/queryables/expression-construction: a name that is no queryable is 400."""
    answer = await client.get(RECORDS, params={"filter": text})
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.json()["invalid_params"][0]["name"] == "filter"


async def test_req_filter_lang_param(client: httpx.AsyncClient) -> None:
    """/req/filter/filter-lang-param: text if nothing is said, JSON when asked, another language is 400."""
    as_json = json.dumps({"op": "=", "args": [{"property": "deaths"}, 3]})
    assert await find(client, "deaths = 3") == {"A-2016-000001"}
    assert await find(client, "deaths = 3", **{"filter-lang": "cql2-text"}) == {"A-2016-000001"}
    assert await find(client, as_json, **{"filter-lang": "cql2-json"}) == {"A-2016-000001"}
    answer = await client.get(RECORDS, params={"filter": "deaths = 3", "filter-lang": "ecql"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("crs", "box"),
    [
        (Crs.CRS84, "113,22,115,23"),
        (Crs.EPSG_4326, "22,113,23,115"),
        (Crs.EPSG_3857, "12579103,2511526,12801742,2632019"),
    ],
)
async def test_req_filter_crs_param(client: httpx.AsyncClient, crs: Crs, box: str) -> None:
    """/req/filter/filter-crs-param, filter-crs-wgs84: coordinates are CRS84, or what `filter-crs` says."""
    text = f"S_INTERSECTS(geometry, BBOX({box}))"
    more = {} if crs is Crs.CRS84 else {"filter-crs": crs.value}
    assert await find(client, text, **more) == {"S-2016-000001"}


async def test_req_mixing_expressions(client: httpx.AsyncClient) -> None:
    """/req/filter/mixing-expressions: `filter` and all other parameters must hold together."""
    found = await find(client, "industry = 'manufacturing' OR deaths = 3", region="440306", datetime="2016-05-01")
    assert found == {"S-2016-000001"}


async def test_req_response(client: httpx.AsyncClient) -> None:
    """/req/filter/response: the pages together hold exactly what the filter finds, and links carry it."""
    text = "layer = 'strikes' AND NOT (industry = 'construction' AND region = '440000')"
    pages = await read_pages(client, f"{RECORDS}?limit=2&filter={text}")
    assert set(ids_of(pages)) == await find(client, text)
    assert {page["numberMatched"] for page in pages} == {len(ids_of(pages))}
    assert "S-2016-000003" not in ids_of(pages)


FOUND: list[tuple[str, str, set[str]]] = [
    # requirement, filter, records
    ("basic-cql2", "participants_min >= 1 AND participants_min < 100", {"S-2016-000004"}),
    ("basic-cql2", "industry <> 'manufacturing' and layer = 'strikes'",
     {"S-2016-000003", "S-2016-000004", "S-2016-000005"}),
    ("basic-cql2", "NOT deaths = 3", {"A-2016-000002"}),
    ("basic-cql2", "deaths IS NOT NULL OR outcome_on = DATE('2016-06-01')",
     {"A-2016-000001", "A-2016-000002", "U-2016-000001"}),
    ("basic-cql2", "starts_on < TIMESTAMP('2016-01-01T00:00:00Z')", {"S-2015-000001"}),
    ("basic-cql2", "coarsened = TRUE AND layer = 'strikes'", {"S-2016-000006"}),
    ("basic-cql2", "FALSE", set()),
    ("basic-cql2", "amount_claimed_cny = 1500.5", {"H-2016-000001"}),
    ("advanced-comparison-operators", "legacy_id LIKE '12345%'", {"S-2016-000001"}),
    ("advanced-comparison-operators", "legacy_id LIKE '_234567890123456789'", {"S-2016-000001"}),
    ("advanced-comparison-operators", "legacy_id LIKE '_123%'", set()),
    ("advanced-comparison-operators", "source_system LIKE 'clb\\_%' AND legacy_id IS NULL", {"S-2016-000005"}),
    ("advanced-comparison-operators", "source_system LIKE 'cl\\%'", set()),
    ("advanced-comparison-operators", "participants_min BETWEEN 1 AND 99", {"S-2016-000004"}),
    ("advanced-comparison-operators", "deaths IN (1, 2, 3)", {"A-2016-000001"}),
    ("advanced-comparison-operators", "id NOT IN ('A-2016-000001') AND deaths >= 0", {"A-2016-000002"}),
    ("case-insensitive-comparison", "CASEI(source_system) = CASEI('CLB_Export')", {"S-2016-000001", "S-2016-000005"}),
    ("case-insensitive-comparison", "CASEI(source_system) LIKE CASEI('CLB%')", {"S-2016-000001", "S-2016-000005"}),
    ("case-insensitive-comparison", "CASEI('Straße ΣΑΣ') = CASEI('STRASSE σας') AND deaths = 3", {"A-2016-000001"}),
    ("basic-spatial-functions", "S_INTERSECTS(geometry, POINT(113.88 22.55))", {"S-2016-000001"}),
    ("basic-spatial-functions", "S_INTERSECTS(geometry, BBOX(179, 0, -179, 20))", {"A-2016-000002"}),
    ("basic-spatial-functions-plus", "S_INTERSECTS(geometry, LINESTRING(113.88 22.55, 116.48 39.92))",
     {"S-2016-000001", "S-2017-000001"}),
    ("basic-spatial-functions-plus", "S_INTERSECTS(geometry, POLYGON((113 22,115 22,115 24,113 24,113 22)))",
     {"S-2016-000001"}),
    ("basic-spatial-functions-plus", "S_INTERSECTS(geometry, MULTIPOINT((113.88 22.55),(0 0)))", {"S-2016-000001"}),
    ("basic-spatial-functions-plus", "S_INTERSECTS(geometry, MULTILINESTRING((0 0,1 1),(113 22.55,114 22.55)))",
     {"S-2016-000001"}),
    ("basic-spatial-functions-plus",
     "S_INTERSECTS(geometry, MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((116 39,117 39,117 40,116 40,116 39))))",
     {"S-2017-000001"}),
    ("basic-spatial-functions-plus",
     "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(113.88 22.55),LINESTRING(116 39.92,117 39.92)))",
     {"S-2016-000001", "S-2017-000001"}),
    ("spatial-functions", "S_WITHIN(geometry, BBOX(113,22,115,24))", {"S-2016-000001"}),
    ("spatial-functions", "S_DISJOINT(geometry, BBOX(113,22,115,24))", {"S-2017-000001", "A-2016-000002"}),
    ("spatial-functions", "S_EQUALS(geometry, POINT(113.88 22.55))", {"S-2016-000001"}),
    ("spatial-functions", "S_TOUCHES(geometry, BBOX(113.88,22,115,24))", {"S-2016-000001"}),
    ("spatial-functions", "S_CONTAINS(geometry, POINT(113.88 22.55))", {"S-2016-000001"}),
    ("spatial-functions", "S_CROSSES(geometry, BBOX(113,22,115,24)) OR S_OVERLAPS(geometry, POINT(0 0))", set()),
    ("array-functions", "A_OVERLAPS(demands, ('bonus','social_insurance'))", {"S-2016-000001", "S-2017-000001"}),
    ("array-functions", "A_CONTAINS(demands, ('social_insurance','wage_arrears'))", {"S-2016-000001"}),
    ("array-functions", "A_CONTAINEDBY(demands, ('wage_arrears','bonus'))", {"S-2016-000002", "S-2017-000001"}),
    ("array-functions", "A_EQUALS(demands, ('wage_arrears'))", {"S-2016-000002"}),
    ("array-functions", "A_CONTAINS(regions, ('440300','110105'))", {"S-2016-000005"}),
    ("array-functions", "A_OVERLAPS(employers, ('富士康'))", {"S-2016-000001"}),
    ("temporal-functions", "T_AFTER(starts_on, DATE('2016-12-31'))", {"S-2017-000001"}),
    ("temporal-functions", "T_BEFORE(ends_on, DATE('2016-04-01'))", {"S-2015-000001"}),
    ("temporal-functions", "T_INTERSECTS(INTERVAL(starts_on,ends_on), INTERVAL('2016-12-31','2017-12-31'))",
     {"S-2016-000003", "S-2017-000001"}),
    ("temporal-functions", "T_DISJOINT(INTERVAL(starts_on,ends_on), INTERVAL('..','2016-12-30'))", {"S-2017-000001"}),
    ("temporal-functions", "T_EQUALS(INTERVAL(starts_on,ends_on), INTERVAL('2016-06-01','2016-06-30'))",
     {"H-2016-000002"}),
    ("temporal-functions", "T_CONTAINS(INTERVAL(starts_on,ends_on), INTERVAL('2016-06-10','2016-06-11'))",
     {"H-2016-000002"}),
    ("temporal-functions", "T_DURING(INTERVAL(starts_on,ends_on), INTERVAL('2016-05-31','2016-07-01'))",
     {"H-2016-000002"}),
    ("temporal-functions", "T_STARTEDBY(INTERVAL(starts_on,ends_on), INTERVAL('2016-06-01','2016-06-02'))",
     {"H-2016-000002"}),
    ("temporal-functions", "T_STARTS(INTERVAL(starts_on,ends_on), INTERVAL('2016-06-01','2016-07-02'))",
     {"H-2016-000002"}),
    ("temporal-functions", "T_FINISHES(INTERVAL(starts_on,ends_on), INTERVAL('2016-05-30','2016-06-30'))",
     {"H-2016-000002"}),
    ("temporal-functions", "T_FINISHEDBY(INTERVAL(starts_on,ends_on), INTERVAL('2016-06-02','2016-06-30'))",
     {"H-2016-000002"}),
    ("temporal-functions", "T_MEETS(INTERVAL(starts_on,ends_on), INTERVAL('2016-06-30','..'))", {"H-2016-000002"}),
    ("temporal-functions", "T_METBY(INTERVAL(starts_on,ends_on), INTERVAL('..','2016-06-01'))", {"H-2016-000002"}),
    ("temporal-functions", "T_OVERLAPS(INTERVAL(starts_on,ends_on), INTERVAL('2016-06-20','2016-07-20'))",
     {"H-2016-000002"}),
    ("temporal-functions", "T_OVERLAPPEDBY(INTERVAL(starts_on,ends_on), INTERVAL('2016-05-20','2016-06-20'))",
     {"H-2016-000002"}),
    ("region", "region = '110000'", {"S-2016-000005", "S-2017-000001", "S-2015-000001"}),
    ("region", "region IS NULL", {"H-2016-000002", "U-2016-000002"}),
    ("region", "NOT region IN ('440000','110000')", set()),
]  # fmt: skip


@pytest.mark.parametrize(("requirement", "text", "ids"), FOUND)
async def test_req_cql2(client: httpx.AsyncClient, requirement: str, text: str, ids: set[str]) -> None:
    """/req/<requirement class>: the filter finds these records, on items as in counts."""
    assert await find(client, text) == ids, requirement
    counts = await client.get("/api/collections/records/counts", params={"by": "layer", "filter": text})
    assert counts.json()["total"] == len(ids)


async def test_facets_and_regions_take_filters(client: httpx.AsyncClient) -> None:
    """/req/features-filter: facets hold the filter, and regions have their own queryables."""
    facets = await client.get("/api/collections/strikes/facets", params={"filter": "industry = 'construction'"})
    assert facets.json()["total"] == 2
    text = "level = 'county' AND CASEI(name_en) LIKE CASEI('NAN%') AND S_INTERSECTS(geometry, POINT(114 23))"
    regions = await client.get("/api/collections/regions/items", params={"filter": text})
    assert ids_of([regions.json()]) == ["440305"]
    inside = await client.get("/api/collections/regions/items", params={"filter": "region = '440300'", "limit": "100"})
    assert set(ids_of([inside.json()])) == {"440300", "440305", "440306"}


@pytest.mark.parametrize("collection", ["records", "regions"])
async def test_a_region_that_does_not_exist_is_refused(client: httpx.AsyncClient, collection: str) -> None:
    """A misspelt code cannot look like an answer, as with the plain parameter."""
    answer = await client.get(f"/api/collections/{collection}/items", params={"filter": "region = '990000'"})
    assert answer.status_code == 400
    assert "990000" in answer.json()["invalid_params"][0]["reason"]


ATTACKS: list[tuple[str, dict[str, str]]] = [
    # of SAFETY: number and input
    ("2", {"filter": "title='a');DROP TABLE x--"}),
    ("2", {"filter": "pg_sleep(9)=1"}),
    ("2", {"filter": '"id"); SELECT pg_sleep(9); --" = 1'}),
    ("3", {"filter": '"exact_geom" IS NULL'}),
    ("3", {"filter": "* = 1"}),
    ("4", {"filter": "contact LIKE '1%'"}),
    ("4", {"filter": "exact_lon > 100"}),
    ("9", {"filter": "S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))"}),
    ("9", {"filter": "S_INTERSECTS(geometry, " + "(" * 1500}),
    ("9", {"filter": "S_INTERSECTS(geometry, MULTIPOINT(" + ",".join(["1 2"] * 1001) + "))"}),
    ("10", {"filter": "(" * 1000 + "TRUE" + ")" * 1000}),
    ("10", {"filter": "NOT (" * 500 + "TRUE" + ")" * 500}),
    ("10", {"filter": " AND ".join(["TRUE"] * 500)}),
    ("10", {"filter": '{"op":"not","args":[' * 100 + "true" + "]}" * 100, "filter-lang": "cql2-json"}),
    ("11", {"filter": "legacy_id LIKE '" + "%_" * 200 + "'"}),
    ("11", {"filter": "legacy_id LIKE '\\'"}),
    ("13", {"filter": '{"op":"=","args":[{"property":"deaths"},1e999]}', "filter-lang": "cql2-json"}),
]


@pytest.mark.parametrize(("number", "parameters"), ATTACKS)
async def test_an_attack_is_answered_400(client: httpx.AsyncClient, number: str, parameters: dict[str, str]) -> None:
    """Short problem documents without an echo of what was sent, and the process answers on."""
    answer = await client.get(RECORDS, params=parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM), number
    assert len(answer.content) < 2000
    assert answer.json()["invalid_params"][0]["name"] == "filter"


@pytest.mark.parametrize("text", ["legacy_id LIKE '(a+)+$'", "legacy_id = ''' OR 1=1--'", "legacy_id LIKE '%_%_%_%_%'"])
async def test_a_value_is_nothing_but_a_value(client: httpx.AsyncClient, text: str) -> None:
    """Attacks 2 and 11: quotes and regular expressions have no meaning in a text."""
    found: Any = await find(client, text)
    assert found in (set(), {"S-2016-000001"})


async def test_declared_classes_are_tested(client: httpx.AsyncClient) -> None:
    """Every class of CQL2 that is declared for evaluation has examples here."""
    declared = {name.rpartition("/")[2] for name in CONFORMANCE if "/cql2/" in name}
    assert declared - {"cql2-text", "cql2-json"} <= {requirement for requirement, _, _ in FOUND}
    assert (await read(client, "/api/conformance"))["conformsTo"] == CONFORMANCE
