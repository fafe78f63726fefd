"""The pages beside the map: who may frame what, what their links keep, and what a broken address gets."""

from __future__ import annotations

import csv
import html
import io
import re

import httpx
import pytest
from defusedxml.ElementTree import fromstring

from app.settings import ReaderSettings
from geo.serving.exports.formats import FORMATS as FORMATS_OF_API
from geo.serving.exports.packed import MOST_SHEET_ROWS as MOST_ROWS_OF_API
from tests.app.conftest import open_client
from tests.app.exported import read_csv
from web.export_links import FORMATS, MOST_SHEET_ROWS

pytestmark = pytest.mark.anyio

OTHERS = ["/", "/share", "/export", "/method", "/nothing", "/api", "/embed/", "/?region=x", "/embedded"]
QUERY = "layer=strikes,accidents&datetime=2016-01-01/..&region=440000&shade=none&lang=zh-Hans&theme=dark"


async def test_any_site_may_frame_the_embedded_map(client: httpx.AsyncClient) -> None:
    """The one page that may be framed has no forms and sets no cookie; all else of its policy is that of pages."""
    framed, page = await client.get("/embed"), await client.get("/")
    policy = framed.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "form-action 'none'" in policy
    assert framed.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in framed.headers
    assert "<form" not in framed.text
    own = page.headers["content-security-policy"]
    assert own.partition("form-action")[0] == policy.partition("form-action")[0]


@pytest.mark.parametrize("path", OTHERS)
async def test_no_other_page_may_be_framed(client: httpx.AsyncClient, path: str) -> None:
    """SAFETY.md, attack 38: whoever frames a page could have its readers click what they do not see."""
    policy = (await client.get(path)).headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "frame-ancestors *" not in policy


@pytest.mark.parametrize("path", ["/embed", "/share"])
async def test_a_broken_address_says_what_is_wrong(client: httpx.AsyncClient, path: str) -> None:
    """A 400 in the reader's language; inside a frame the way back stays inside."""
    answer = await client.get(f"{path}?lang=zh-Hans&region=999999")
    assert answer.status_code == 400
    assert "<code>region</code>" in answer.text
    assert f'href="{"/embed" if path == "/embed" else "/"}?lang=zh-Hans"' in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_links_of_the_embedded_map_stay_inside_but_one(china: httpx.AsyncClient) -> None:
    """Regions are steps inside the frame; the whole page opens elsewhere, with the same selection."""
    page = (await china.get(f"/embed?{QUERY}")).text
    links = re.findall(r'<a [^>]*href="([^"]*)"', page)
    outside = [link for link in links if not link.startswith("/embed?")]
    kept = "/?layer=strikes,accidents&amp;datetime=2016-01-01%2F..&amp;region=440000&amp;shade=none&amp;lang=zh-Hans"
    assert outside == [f"{kept}&amp;theme=dark"]
    assert 'target="_blank" rel="noopener"' in page


async def test_the_embedded_map_is_a_page_of_its_own_to_caches(client: httpx.AsyncClient) -> None:
    """What is remembered of one page is never sent for another."""
    first, framed, again = [await client.get(path) for path in ("/?lang=zh-Hant", "/embed?lang=zh-Hant", "/share")]
    assert len({answer.headers["etag"] for answer in (first, framed, again)}) == 3
    assert 'class="embed"' in framed.text
    assert 'class="embed"' not in (await client.get("/?lang=zh-Hant")).text


async def test_what_is_shared_begins_with_the_address_that_readers_know(reader_url: str) -> None:
    """The link and the frame's code are absolute, and keep the whole selection."""
    settings = ReaderSettings(reader_url=reader_url, base_url="https://map.example")
    async with open_client(settings) as client:
        page = (await client.get("/share?layer=strikes&theme=dark", headers={"Host": "map.example"})).text
    assert 'value="https://map.example/?layer=strikes&amp;theme=dark"' in page
    assert "src=&#34;https://map.example/embed?layer=strikes&amp;amp;theme=dark&#34;" in page


async def test_every_host_is_shared_under_its_own_name(client: httpx.AsyncClient) -> None:
    """A page that was made for one host is not remembered for another."""
    for host in ("localhost:8000", "127.0.0.1:9000"):
        page = (await client.get("/share", headers={"Host": host})).text
        assert f'value="http://{host}/"' in page


def test_pages_offer_what_the_api_has() -> None:
    """Every format, and the same limit of a workbook."""
    assert set(FORMATS) == set(FORMATS_OF_API)
    assert MOST_SHEET_ROWS == MOST_ROWS_OF_API


def find_files(page: str) -> list[tuple[str, str]]:
    """Return (format, address) of the files that a page offers."""
    found = re.findall(r'href="(/api/collections/[^"]*)" data-format="(\w+)"', page)
    return [(form, html.unescape(address)) for address, form in found]


@pytest.mark.parametrize(
    "query", ["", "layer=strikes,accidents&which=accidents", "datetime=2016-01-01/..&layer=strikes"]
)
async def test_files_hold_the_rows_that_the_page_promises(client: httpx.AsyncClient, query: str) -> None:
    """Rows of the CSV, numberMatched and the page say the same, and the file has the filter that the page shows."""
    page = (await client.get(f"/export?{query}")).text
    files = dict(find_files(page))
    assert list(files) == list(FORMATS)
    promised = re.search(r"<b data-rows>([\d,]+) record", page)
    shown = re.search(r"<code>(.*?)</code>", page)
    assert promised
    assert shown
    rows = (await client.get(files["csv"])).text
    matched = (await client.get(files["geojson"].replace("download=true", "limit=1"))).json()["numberMatched"]
    assert len(read_csv(rows)) == matched == int(promised[1].replace(",", ""))
    about = next(csv.DictReader(io.StringIO(rows, newline="")))["_about"]
    assert f"filter: {html.unescape(shown[1])}" in about.lower().replace("filter=", "filter: ")


async def test_every_file_that_the_page_names_is_there(client: httpx.AsyncClient) -> None:
    """Also the counts, with labels and the mark that Excel wants."""
    page = (await client.get("/export?labels=en,zh-Hans,zh-Hant&bom=true&lang=zh-Hans")).text
    addresses = [html.unescape(address) for address in re.findall(r'href="(/api/collections/[^"]*)"', page)]
    assert len(addresses) == len(FORMATS) + 2
    for address in addresses:
        answer = await client.get(address)
        assert answer.status_code == 200, address
        assert answer.content.startswith(b"\xef\xbb\xbf") == ("bom=true" in address)


@pytest.mark.parametrize("query", ["which=rings", "labels=fr", "bom=2", "which=all&region=x"])
async def test_an_option_that_nobody_offers_is_refused(client: httpx.AsyncClient, query: str) -> None:
    """As any value that cannot be used."""
    answer = await client.get(f"/export?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")


async def test_each_option_has_a_page_of_its_own(client: httpx.AsyncClient) -> None:
    """A cache never gives one for another."""
    tags = [(await client.get(f"/export?{query}")).headers["etag"] for query in ("", "bom=true", "labels=none")]
    assert len(set(tags)) == 3


async def test_the_method_says_what_the_status_says(client: httpx.AsyncClient) -> None:
    """Version and counts of the page are those of the API."""
    status = (await client.get("/api/status")).json()
    page = (await client.get("/method")).text
    assert f"This is version {status['datasetVersion']} of the data" in page
    counts = re.findall(r'<td class="figure">([\d,]+)</td>', page)
    assert [int(count.replace(",", "")) for count in counts] == [one["count"] for one in status["layers"].values()]


async def test_the_method_keeps_language_and_colours_alone(client: httpx.AsyncClient) -> None:
    """Whatever else an address has is left out, so that caches hold few pages."""
    plain = await client.get("/method?lang=zh-Hant&theme=dark")
    full = await client.get("/method?lang=zh-Hant&theme=dark&region=nowhere&layer=x&utm_source=mail")
    assert full.headers["etag"] == plain.headers["etag"]
    assert full.text == plain.text
    assert (await client.get("/method?theme=green")).status_code == 400


async def test_a_picture_of_the_map_needs_no_script(client: httpx.AsyncClient) -> None:
    """The page of files links it; it is SVG to keep, with counts, licence and source, and what was asked stays text."""
    page = await client.get("/export", params={"region": "440000", "theme": "dark"})
    link = html.unescape(re.search(r'href="([^"]+)" data-picture', page.text).group(1))  # type: ignore[union-attr]
    assert link == "/export/map.svg?region=440000&theme=dark"
    answer = await client.get(link)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-disposition"].startswith("attachment")
    picture = fromstring(answer.text)
    words = ["".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert "Guangdong – Labour Map" in words
    assert any("Licence: CC BY 4.0" in line for line in words)
    assert any(link.partition("?")[2] in line for line in words)
    hostile = fromstring((await client.get("/export/map.svg", params={"q": "<img src=x onerror=alert(1)>"})).text)
    assert not list(hostile.iter("{http://www.w3.org/2000/svg}img"))
    assert (await client.get("/export/map.svg?region=x")).status_code == 400
