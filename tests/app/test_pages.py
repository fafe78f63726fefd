"""The page's routes: any link answered, nothing kept that changes, everything kept that does not."""

from __future__ import annotations

import re

import httpx
import pytest

pytestmark = pytest.mark.anyio


def find_files(page: str) -> list[str]:
    """Return the addresses with a hash that a page names."""
    return sorted(set(re.findall(r'(?:src|href)="(/(?:static|words|regions|topology|shell)[^"]*)"', page)))


async def test_every_file_of_the_page_is_there_and_kept_for_ever(client: httpx.AsyncClient) -> None:
    """What the page names exists, with its type, under an address that changes when it does."""
    files = find_files((await client.get("/")).text)
    assert len(files) > 15
    for address in files:
        answer = await client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable", address
        assert answer.headers["content-type"].split(";")[0] in {
            "text/javascript",
            "text/css",
            "application/json",
            "image/svg+xml",
        }


async def test_a_page_from_a_cache_gets_todays_files(client: httpx.AsyncClient) -> None:
    """An older hash is answered with today's file, which is not kept under that address."""
    for address in find_files((await client.get("/")).text):
        older = re.sub(r"[0-9a-f]{16,64}", "1" * 16, address)
        answer = await client.get(older)
        assert answer.status_code == 200, older
        assert answer.headers["cache-control"] == "no-cache", older


@pytest.mark.parametrize("address", ["/static/0/../pyproject.toml", "/static/0/js/none.js", "/words/fr.0.json"])
async def test_nothing_else_is_served(client: httpx.AsyncClient, address: str) -> None:
    """Files are served by name from a list, not from a folder."""
    assert (await client.get(address)).status_code == 404


async def test_an_unchanged_page_is_not_sent_again(client: httpx.AsyncClient) -> None:
    """The validator holds until the data changes."""
    first = await client.get("/?region=440000")
    again = await client.get("/?region=440000", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_each_selection_has_a_validator_of_its_own(client: httpx.AsyncClient) -> None:
    """A cache never gives one selection for another."""
    tags = [
        (await client.get(address)).headers["etag"]
        for address in ("/", "/?lang=zh-Hans", "/?region=440000", "/?layer=strikes", "/?tab=list", "/?theme=dark")
    ]
    assert len(set(tags)) == len(tags)


async def test_what_nobody_knows_is_left_out(client: httpx.AsyncClient) -> None:
    """Trackers' and other maps' parameters change nothing, not even the validator."""
    plain, tracked = await client.get("/"), await client.get("/?utm_source=mail&fbclid=7&colour=red")
    assert tracked.status_code == 200
    assert tracked.headers["etag"] == plain.headers["etag"]
    assert tracked.text == plain.text


@pytest.mark.parametrize(
    "query", ["region=999999", "region=x", "industry=nothing", "tab=none", "shade=colour&x=1", "datetime=2024-02-30"]
)
async def test_a_value_that_cannot_be_used_is_a_page_that_says_so(client: httpx.AsyncClient, query: str) -> None:
    """A 400 in the reader's language, with the way to the whole map, that no cache keeps."""
    answer = await client.get(f"/?lang=zh-Hans&{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert 'href="/?lang=zh-Hans"' in answer.text
    assert f"<code>{query.partition('=')[0]}</code>" in answer.text


async def test_a_language_nobody_speaks_is_refused_in_the_first_language(client: httpx.AsyncClient) -> None:
    """There is no guessing of languages."""
    answer = await client.get("/?lang=fr")
    assert answer.status_code == 400
    assert '<html lang="en">' in answer.text


async def test_a_record_that_is_not_there_is_a_404_page(client: httpx.AsyncClient) -> None:
    """The page says so in words, not in JSON."""
    answer = await client.get("/?record=S-1900-000001")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


async def test_the_page_counts_as_the_api_does(client: httpx.AsyncClient) -> None:
    """The total in the page is the API's, in the whole country and in a region."""
    for region in ("", "440000", "440300"):
        query = f"region={region}" if region else ""
        counts = (await client.get(f"/api/collections/incidents/counts?by=layer&{query}".rstrip("&"))).json()
        page = (await client.get(f"/?{query}")).text
        assert f"<strong data-total>{counts['total']}</strong>" in page


async def test_one_selection_has_one_page_however_it_is_written(client: httpx.AsyncClient) -> None:
    """The order of parameters and of codes, and what nobody knows, make no other page and no other validator."""
    one = await client.get("/?industry=services,mining&q=pay&layer=strikes")
    other = await client.get("/?layer=strikes&utm_source=mail&q=pay&industry=mining&industry=services")
    assert other.headers["etag"] == one.headers["etag"]
    assert other.text == one.text
    assert '<link rel="canonical" href="' in one.text
    assert "/?layer=strikes&amp;industry=mining,services&amp;q=pay" in one.text


async def test_filters_count_as_the_api_does(client: httpx.AsyncClient) -> None:
    """The numbers beside the options are those of the API's facets under the same other filters."""
    query = "layer=strikes,accidents&demands=wage_arrears"
    facet = (await client.get(f"/api/collections/records/facets?{query}")).json()["facets"]["demands"]
    page = (await client.get(f"/?{query}")).text
    shown = dict(re.findall(r'name="demands" value="(\w+)"[^>]*><span>[^<]*</span><b>(\d+)</b>', page))
    counts = {cell["value"]: cell["count"] for cell in facet["counts"]}
    assert {code: int(count) for code, count in shown.items() if count != "0"} == {
        **counts,
        "unknown": facet["total"] - facet["counted"],
    }
    assert facet["counts"]


async def test_filters_of_the_api_hold_for_the_page(client: httpx.AsyncClient) -> None:
    """The page's address takes the API's filters, and its numbers follow."""
    query = "datetime=2016-01-01/2016-12-31"
    counts = (await client.get(f"/api/collections/incidents/counts?by=layer&{query}")).json()
    assert f"<strong data-total>{counts['total']}</strong>" in (await client.get(f"/?{query}")).text


async def test_browsers_that_ask_by_habit_are_answered(client: httpx.AsyncClient) -> None:
    """The icon leads to ours, and robots may read the pages."""
    icon = await client.get("/favicon.ico")
    assert (icon.status_code, icon.headers["location"].startswith("/static/")) == (302, True)
    assert "Disallow: /api/" in (await client.get("/robots.txt")).text


async def test_a_list_leads_on_without_javascript(client: httpx.AsyncClient) -> None:
    """It says how many there are, as the API counts them; the way on is a page of the API with the same filters."""
    query = "region=440000&industry=manufacturing,construction"
    page = (await client.get(f"/?{query}&tab=list&lang=zh-Hans")).text
    items = (await client.get(f"/api/collections/records/items?{query}")).json()
    told = re.search(r'<p class="list-end"><span>([^<]*)</span>', page)
    assert told
    assert re.findall(r"\d+", told[1]) == [str(items["numberReturned"]), str(items["numberMatched"])]
