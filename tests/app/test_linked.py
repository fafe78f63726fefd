"""The unions of an incident and the records it is linked with, over the API; protected calls lead to nobody."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from app.settings import ReaderSettings
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine
from geo.publishing.publish import publish_all
from geo.records.federations import find_or_make_federation
from tests.app.conftest import open_client
from tests.conftest import copy_database
from tests.private_records import BAOAN, SHENZHEN, Records

pytestmark = pytest.mark.anyio

STRIKES, CALLS = "/api/collections/strikes/items", "/api/collections/calls_for_help/items"


def put(records: Records) -> None:
    """Put in a strike with a case, a protected call with a case that asked the same unions, and a call without one."""
    strike = records.incident("strikes", industry="education")
    call, _alone = (records.incident("calls_for_help", industry="education") for _ in range(2))
    district = records.union(name_en="Bao'an union", name_zh_hans="宝安区总工会", level="district", region_code=BAOAN)
    teachers = records.union(name_en="Teachers", level="sectoral", region_code=SHENZHEN, sector="education")
    far = records.union(name_en="Beijing hotline", level="hotline", region_code="110000")
    hidden = records.union(name_en="Secret sectoral", level="sectoral", region_code=SHENZHEN, sector="education")
    case = records.case(strike, awareness="aware", involvement="uninvolved")
    for number, union in enumerate((district, teachers, far), start=1):
        records.contact(case, contact_no=number, union_id=union, awareness="aware", quote_en=f"Answer {number}")
    guarded = records.case(call, awareness="unaware")
    records.contact(guarded, contact_no=1, union_id=find_or_make_federation(records.connection, SHENZHEN))
    records.contact(guarded, contact_no=2, union_id=hidden, union_level="sectoral", union_region=BAOAN)


@pytest.fixture(scope="module")
def linked_url(cluster: Cluster, template: str) -> Iterator[str]:
    """The reader's address of a database with those records."""
    name = f"linked_{secrets.token_hex(4)}"
    engine = make_engine(copy_database(cluster, template, name))
    with engine.begin() as connection:
        put(Records(connection))
        publish_all(connection)
    engine.dispose()
    yield cluster.url(name, READER_ROLE)
    cluster.drop_database(name)


@pytest.fixture
async def linked(linked_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the public application on those records."""
    async with open_client(ReaderSettings(reader_url=linked_url)) as opened:
        yield opened


async def read(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """Return the document at an address."""
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def find_ids(client: httpx.AsyncClient, address: str) -> list[str]:
    """Return the ids of the records at an address."""
    return [feature["id"] for feature in (await read(client, address))["features"]]


async def test_the_unions_of_a_strike_come_nearest_first_with_their_answers(linked: httpx.AsyncClient) -> None:
    """District, city and province, then the sectoral one; whoever was asked without a duty comes last."""
    (strike,) = await find_ids(linked, STRIKES)
    found = await read(linked, f"{STRIKES}/{strike}/unions")
    shown = [(one["level"], one["name_en"], one["has_duty"], one["name_by_rule"]) for one in found["unions"]]
    assert shown == [
        ("district", "Bao'an union", True, False),
        ("municipal", "Shenzhen Municipal Federation of Trade Unions", True, True),
        ("provincial", "Guangdong Provincial Federation of Trade Unions", True, True),
        ("sectoral", "Teachers", True, False),
        ("hotline", "Beijing hotline", False, False),
    ]
    quotes = [[contact["quote_en"] for contact in one["contacts"]] for one in found["unions"]]
    assert quotes == [["Answer 1"], [], [], ["Answer 2"], ["Answer 3"]]
    assert [one["id"] is None for one in found["unions"]] == [False, True, True, False, False]
    assert found["unnamed"] == []


async def test_the_unions_of_a_protected_call_are_those_of_any_call_there(linked: httpx.AsyncClient) -> None:
    """City and province by rule, whether or not somebody asked them; no contact, and nobody's name."""
    calls = await find_ids(linked, CALLS)
    found = [await read(linked, f"{CALLS}/{call}/unions") for call in calls]
    assert [one["unions"] for one in found] == [found[0]["unions"]] * 2
    assert [one["level"] for one in found[0]["unions"]] == ["municipal", "provincial", "sectoral"]
    assert all(not one["contacts"] for one in found[0]["unions"])
    assert "Secret" not in str(found)
    assert [await find_ids(linked, f"{CALLS}/{call}/linked") for call in calls] == [[], []]


async def test_the_page_of_a_strike_names_its_unions(linked: httpx.AsyncClient) -> None:
    """Nearest first, each with what it answered or that nobody is known to have asked it; a case names its own."""
    (strike,) = await find_ids(linked, STRIKES)
    page = (await linked.get(f"/records/{strike}")).text.partition("in their care")[2]
    names = ("Bao&#39;an union", "Shenzhen Municipal", "Guangdong Provincial", "Teachers")
    places = [page.index(name) for name in names]
    assert places == sorted(places)
    assert page.count("No public record says that it was asked.") == 2
    assert "Beijing hotline" not in page, "it has no duty here"
    (case,) = await find_ids(linked, f"{STRIKES}/{strike}/linked")
    assert "in their care" not in (await linked.get(f"/records/{case}")).text


async def test_the_page_of_a_protected_call_names_nobody_who_was_asked(linked: httpx.AsyncClient) -> None:
    """The same federations by rule as for a call without a case."""
    pages = [(await linked.get(f"/records/{call}")).text for call in await find_ids(linked, CALLS)]
    unions = [page.partition("in their care")[2].partition("</ul>")[0] for page in pages]
    assert unions[0] == unions[1]
    assert unions[0].count("No public record says that it was asked.") == 3
    assert "Secret" not in "".join(pages)


@pytest.mark.parametrize(
    "asked", ["has_case=true", "awareness=unaware", "filter=has_case=TRUE", "union_levels=sectoral"]
)
async def test_no_filter_finds_a_protected_call_by_its_case(linked: httpx.AsyncClient, asked: str) -> None:
    """In plain form and in CQL2, on items, counts and facets."""
    assert await find_ids(linked, f"{CALLS}?{asked}") == []
    assert (await read(linked, f"/api/collections/calls_for_help/facets?{asked}"))["total"] == 0


@pytest.mark.parametrize(
    "asked",
    ["has_case=true", "awareness=aware", "involvement=uninvolved", "filter=awareness='aware' AND has_case=TRUE"],
)
async def test_a_strike_is_found_by_its_case(linked: httpx.AsyncClient, asked: str) -> None:
    """On items, facets and tiles' collections alike; of strikes alone, counts are of strikes."""
    assert len(await find_ids(linked, f"{STRIKES}?{asked}")) == 1
    counts = await read(linked, f"/api/collections/strikes/counts?by=awareness&{asked}")
    assert counts["counts"] == [{"awareness": "aware", "count": 1}]
    of_all = await read(linked, "/api/collections/records/counts?by=awareness")
    assert sum(cell["count"] for cell in of_all["counts"]) == 2, "of all records, the cases are counted"


async def test_a_case_leads_to_its_incidents_and_back(linked: httpx.AsyncClient) -> None:
    """With their points, for lines on the map."""
    (strike,) = await find_ids(linked, STRIKES)
    (case,) = await find_ids(linked, f"{STRIKES}/{strike}/linked")
    back = await read(linked, f"/api/collections/accountability/items/{case}/linked")
    assert [(one["id"], one["geometry"]["type"]) for one in back["features"]] == [(strike, "Point")]
    assert (await linked.get(f"/api/collections/accountability/items/{case}/unions")).status_code == 404


@pytest.mark.parametrize("part", ["unions", "linked"])
async def test_what_is_not_there_is_not_found(linked: httpx.AsyncClient, part: str) -> None:
    """And a parameter that is none is refused; an answer is kept."""
    (strike,) = await find_ids(linked, STRIKES)
    for address in (f"{STRIKES}/S-1999-000001/{part}", f"/api/collections/regions/items/440000/{part}"):
        assert (await linked.get(address)).status_code == 404
    address = f"{STRIKES}/{strike}/{part}"
    assert (await linked.get(f"{address}?colour=red")).status_code == 400
    tag = (await linked.get(address)).headers["etag"]
    assert (await linked.get(address, headers={"If-None-Match": tag})).status_code == 304
    page = await linked.get(f"{address}?f=html")
    assert page.headers["content-type"].startswith("text/html")
