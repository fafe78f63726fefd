"""Links that reports and theses made to CLB's maps lead to the record, or to what else they ask for."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import pytest

from app.readers.clb_links import read_month
from tests.app.conftest import SHARED_ID

pytestmark = pytest.mark.anyio

HELD = "1234567890123456789"
NOT_HELD = "2020101312203812345"


async def follow(client: httpx.AsyncClient, address: str) -> dict[str, str]:
    """Return the parameters of the page that an address leads to, which must be one of our own."""
    answer = await client.get(address)
    assert answer.status_code == 302, answer.text
    target = answer.headers["location"]
    assert target == "/" or target.startswith("/?")
    assert (urlsplit(target).scheme, urlsplit(target).netloc, urlsplit(target).path) == ("", "", "/")
    assert (await client.get(target)).status_code == 200, target
    return dict(parse_qsl(urlsplit(target).query))


@pytest.mark.parametrize("path", ["/clb", "/", "/strikes", "/accidents"])
async def test_an_event_that_is_held_leads_to_its_record(client: httpx.AsyncClient, path: str) -> None:
    """Whichever way it is asked for; its id has more digits than a number of JavaScript holds."""
    found = await follow(client, f"{path}?i18n_language=en_US&map=1&startDate=2020-07&endDate=2020-07&eventId={HELD}")
    assert found == {"record": "S-2016-000001", "lang": "en"}


async def test_an_event_that_is_not_held_leads_to_what_else_is_asked(client: httpx.AsyncClient) -> None:
    """The map, both months as a whole, the words and the industry, with a notice."""
    found = await follow(
        client,
        f"/?i18n_language=zh_CN&map=1&startDate=2020-07&endDate=2020-09&eventId={NOT_HELD}"
        "&keyword=danke&industry=5&industryName=Construction",
    )
    assert found == {
        "layer": "strikes",
        "datetime": "2020-07-01/2020-09-30",
        "q": "danke",
        "industry": "construction",
        "notice": "not_held",
        "lang": "zh-Hans",
    }


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("/clb", {}),
        ("/strikes", {"layer": "strikes"}),
        ("/strikes/en", {"layer": "strikes", "lang": "en"}),
        ("/accidents", {"layer": "accidents"}),
        ("/callsforhelp", {"layer": "calls_for_help"}),
        ("/clb?map=2", {"layer": "accidents"}),
        ("/?map=3&startDate=2021-02", {"layer": "calls_for_help", "datetime": "2021-02-01/.."}),
        ("/?map=1&endDate=2020-02", {"layer": "strikes", "datetime": "../2020-02-29"}),
        ("/?addressId=440300&address=" + quote("深圳市"), {"region": "440300"}),
        ("/?addressId=440000", {"region": "440000"}),
        ("/?parentAddressId=440000&addressId=999999", {"region": "440000", "notice": "addressId"}),
        ("/clb?industry=manufacturing", {"industry": "manufacturing"}),
        ("/clb?industryName=" + quote("建筑业"), {"industry": "construction"}),
        ("/clb?parentIndustry=" + quote("Kite flying"), {"notice": "parentIndustry"}),
        ("/?keyword=" + quote('wage "arrears'), {"q": "arrears wage"}),
    ],
)
async def test_a_view_is_asked_for_in_our_own_words(
    client: httpx.AsyncClient, address: str, wanted: dict[str, str]
) -> None:
    """Every parameter of CLB's grammar that can be known, and the older paths."""
    assert await follow(client, address) == wanted


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("map=9", "map"),
        ("startDate=2020-13", "startDate"),
        ("startDate=0000-01", "startDate"),
        ("startDate=2020-07&endDate=2020-01", "startDate,endDate"),
        ("endDate=" + "9" * 4000, "endDate"),
        ("addressId=1304%27--", "addressId"),
        ("addressId=%00&address=%00", "addressId,address"),
        ("keyword=!!!", "keyword"),
        ("keyword=%00", "keyword"),
        ("keyword=" + "a" * 201, "keyword"),
        ("i18n_language=fr_FR", "i18n_language"),
        ("industryName=%3Cscript%3E", "industryName"),
        ("industry=17&map=1", "industry"),
        ("eventId=%3Cscript%3Ealert(1)%3C/script%3E", "not_held"),
        ("eventId=%00", "not_held"),
        ("eventId=" + "1" * 4000, "not_held"),
    ],
)
async def test_what_cannot_be_used_is_left_out_and_named(client: httpx.AsyncClient, query: str, notice: str) -> None:
    """Nothing of it is repeated, and nothing fails."""
    found = await follow(client, f"/clb?{query}")
    assert found == {"notice": notice} | ({"layer": "strikes"} if query.endswith("map=1") else {})


async def test_nothing_leads_elsewhere(client: httpx.AsyncClient) -> None:
    """Neither by a value nor by a host, and trackers' parameters stay ignored."""
    for query in ("keyword=//evil.example/", "url=//evil.example", "keyword=%0d%0aLocation:%20//evil.example"):
        answer = await client.get(f"/clb?{query}")
        assert answer.status_code == 302
        assert answer.headers["location"].startswith("/")
        assert not answer.headers["location"].startswith("//")
        assert "\n" not in answer.headers["location"]
    assert (await client.get("/?utm_source=x&fbclid=y")).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "is not held here"), ("zh-Hans", "本站没有收录"), ("zh-Hant", "本站沒有收錄")],
)
async def test_the_page_says_what_is_not_held(client: httpx.AsyncClient, language: str, words: str) -> None:
    """In the reader's language, written by the server; only words of our own, whatever the address says."""
    page = (await client.get(f"/?notice=not_held,keyword,%3Cb%3E,evil&lang={language}")).text
    assert words in page
    assert "<code>keyword</code>" in page
    assert "evil" not in page
    assert 'id="notice"' not in (await client.get(f"/?notice=evil&lang={language}")).text


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (f"map=1&eventId={SHARED_ID}", {"record": "S-2020-000001"}),
        (f"map=3&eventId={SHARED_ID}", {"record": "S-2020-000001"}),
        ("map=2&eventId=2020101312203812346", {"legacy_id": "2020101312203812346", "tab": "list"}),
        ("map=1&startDate=2020-07&endDate=2020-07&addressId=130900&address=" + quote("沧州市"),
         {"layer": "strikes", "datetime": "2020-07-01/2020-07-31", "region": "130900"}),
        ("addressId=371200", {"region": "370100"}),
        ("addressId=520222", {"region": "520281"}),
        ("addressId=110100", {"region": "110000"}),
        ("address=" + quote("石家庄市"), {"region": "130100"}),
        ("address=" + quote("鼓楼区"), {"notice": "address"}),
        ("address=" + quote("鼓楼区") + "&parentAddress=" + quote("福建省"), {"region": "350000", "notice": "address"}),
    ],
)  # fmt: skip
async def test_regions_and_records_of_the_real_grammar(
    china: httpx.AsyncClient, query: str, wanted: dict[str, str]
) -> None:
    """Codes of the past lead to today, names only when one region has them; an incident goes before its case."""
    assert await follow(china, f"/clb?{query}") == wanted


async def test_a_call_that_shows_no_id_is_not_held(china: httpx.AsyncClient) -> None:
    """The same as one that never was: an unmarked call has no id of CLB's in what is public."""
    assert await follow(china, "/clb?map=3&eventId=2020101312203899999") == {
        "layer": "calls_for_help",
        "notice": "not_held",
    }


@pytest.mark.parametrize(
    ("text", "day"), [("2020-02", "2020-02-29"), ("2019-2", "2019-02-28"), ("9999-12", "9999-12-31")]
)
def test_a_month_ends_with_its_last_day(text: str, day: str) -> None:
    """Leap years too."""
    assert str(read_month(text, at_end=True)) == day
