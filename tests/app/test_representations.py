"""Who gets JSON and who gets a page, and that the page is over the same document."""

from __future__ import annotations

import html
import logging
import re

import httpx
import pytest

from app.readers.representations import PAGE_LIMIT, likes_html
from app.settings import ReaderSettings
from tests.app.conftest import open_client
from web.translations import LANGUAGES

pytestmark = pytest.mark.anyio

BROWSERS = {
    "Chromium": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Firefox": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Safari": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
}
PROGRAMS = {
    "curl": "*/*",
    "GDAL": "application/geo+json, application/json",
    "OWSLib": "application/json",
    "nobody": "",
    "csv": "text/csv, text/html;q=0.5",
    "both": "application/json, text/html",
}
BROWSER = {"Accept": BROWSERS["Chromium"]}
RESOURCES = [
    "/api",
    "/api/",
    "/api/conformance",
    "/api/collections",
    "/api/collections/strikes",
    "/api/collections/regions",
    "/api/collections/strikes/queryables",
    "/api/collections/strikes/sortables",
    "/api/collections/strikes/items",
    "/api/collections/regions/items?level=province",
    "/api/collections/strikes/items/S-2016-000001",
    "/api/collections/accountability/items/U-2016-000001",
    "/api/collections/regions/items/440000",
    "/api/collections/incidents/counts?by=province,industry",
    "/api/collections/strikes/counts?by=month",
    "/api/collections/records/facets",
    "/api/status",
    "/api/docs",
]


def add(url: str, query: str) -> str:
    """Return an address with one more parameter."""
    return f"{url}{'&' if '?' in url else '?'}{query}"


@pytest.mark.parametrize("accept", BROWSERS.values(), ids=BROWSERS)
def test_browsers_like_pages(accept: str) -> None:
    """What they send names text/html first and everything else after it."""
    assert likes_html(accept)


@pytest.mark.parametrize("accept", PROGRAMS.values(), ids=PROGRAMS)
def test_programs_do_not(accept: str) -> None:
    """Whoever does not mind, likes JSON as much, or likes another format better, gets no page."""
    assert not likes_html(accept)


@pytest.mark.parametrize("url", RESOURCES)
async def test_every_resource_has_a_page(client: httpx.AsyncClient, url: str) -> None:
    """By Accept and by `f`, in every language; it says its language and loads only what we serve."""
    for language in LANGUAGES:
        answer = await client.get(add(url, f"f=html&lang={language}"))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-language"] == language
        assert f'<html lang="{language}">' in answer.text
        assert "script" not in answer.headers["content-security-policy"]
    by_accept = await client.get(url, headers=BROWSER)
    assert by_accept.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept" in by_accept.headers["vary"]


@pytest.mark.parametrize("url", [url for url in RESOURCES if url != "/api/docs"])
async def test_programs_get_json(client: httpx.AsyncClient, url: str) -> None:
    """Without a word about formats, and whatever Accept says when `f=json` is there."""
    plain = await client.get(url)
    named = await client.get(add(url, "f=json"), headers=BROWSER)
    assert plain.headers["content-type"] == named.headers["content-type"]
    assert plain.headers["content-type"].partition(";")[0].endswith("json")
    assert plain.json().keys() == named.json().keys()


@pytest.mark.parametrize("url", RESOURCES)
async def test_each_representation_has_a_validator_of_its_own(client: httpx.AsyncClient, url: str) -> None:
    """A cache never shows one for another; each is found unchanged by its own."""
    if "etag" not in (await client.get(url)).headers:
        return
    forms = [add(url, query) for query in ("f=json", "f=html", "f=html&lang=zh-Hans")]
    tags = [(await client.get(form)).headers["etag"] for form in [url, *forms]]
    assert len(set(tags)) == 4
    for form, tag in zip([url, *forms], tags, strict=True):
        for given in tags:
            answer = await client.get(form, headers={"If-None-Match": given})
            assert answer.status_code == (304 if given == tag else 200), (form, given)
            assert answer.headers["etag"] == tag


async def test_self_names_the_format_that_was_asked(client: httpx.AsyncClient) -> None:
    """Whoever asked for `f=json` goes on in JSON: self, next and prev say so, other links do not."""
    links = (await client.get("/api/collections/strikes/items?f=json&limit=2")).json()["links"]
    by_rel = {link["rel"]: link["href"] for link in links}
    assert by_rel["self"] == "http://localhost/api/collections/strikes/items?limit=2&f=json"
    assert by_rel["next"].endswith("&f=json")
    assert by_rel["alternate"].endswith("?limit=2&f=html")
    assert by_rel["collection"] == "http://localhost/api/collections/strikes"


@pytest.mark.parametrize("asked", ["10000", "51", "9" * 5000])
async def test_a_page_is_short(client: httpx.AsyncClient, asked: str) -> None:
    """A page for people shows fifty at most, and leads on from there; a shorter one is as it was asked."""
    long = await client.get(f"/api/collections/strikes/items?f=html&limit={asked}")
    assert f"limit={PAGE_LIMIT}" in long.text
    short = await client.get("/api/collections/strikes/items?f=html&limit=2")
    assert short.text.count('class="record-title"') == 2


async def test_empty_fields_of_a_form_are_left_out(client: httpx.AsyncClient) -> None:
    """A browser sends every field; to a program an empty value is a mistake."""
    assert (await client.get("/api/collections/strikes/items?q=&region=", headers=BROWSER)).status_code == 200
    assert (await client.get("/api/collections/strikes/items?q=&region=")).status_code == 400


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/api/status?f=xml", "f"),
        ("/api/status?f=json&f=html", "f"),
        ("/api/collections/strikes/items?nonsense=1&f=html", "nonsense"),
        ("/api/status?f=html&lang=xx", "lang"),
        ("/api/status?f=html&lang=en&lang=en", "lang"),
        ("/api/status?lang=en", "lang"),
        ("/api/status?f=json&lang=en", "lang"),
    ],
)
async def test_what_cannot_be_used_is_refused(client: httpx.AsyncClient, url: str, name: str) -> None:
    """An unknown format, an unknown language, and a language where there is no page."""
    answer = await client.get(url)
    assert answer.status_code == 400
    assert f"<code>{name}</code>" in answer.text or answer.json()["invalid_params"][0]["name"] == name


@pytest.mark.parametrize(
    ("url", "status"), [("/api/nothing", 404), ("/api/collections/strikes/items?x=1", 400), ("/api/collections/x", 404)]
)
async def test_a_browser_gets_problems_as_pages(client: httpx.AsyncClient, url: str, status: int) -> None:
    """Programs get problem+json, as ever; the page has the same facts and may not be kept either."""
    problem = await client.get(url)
    assert problem.headers["content-type"] == "application/problem+json"
    page = await client.get(url, headers=BROWSER)
    assert page.status_code == problem.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert problem.json()["detail"] in page.text


async def test_the_definition_stays_json_in_a_browser(client: httpx.AsyncClient) -> None:
    """Who follows the link to the OpenAPI document wants that document."""
    answer = await client.get("/api/openapi.json", headers=BROWSER)
    assert answer.headers["content-type"].startswith("application/vnd.oai.openapi+json")


async def test_the_reference_is_a_page_for_everybody(client: httpx.AsyncClient) -> None:
    """Its rel is service-doc, its type text/html; `f=json` there is the OpenAPI document."""
    assert (await client.get("/api/docs")).headers["content-type"] == "text/html; charset=utf-8"
    assert (await client.get("/api/docs?f=json")).json()["openapi"] == "3.0.3"


async def test_files_are_sent_as_they_are(client: httpx.AsyncClient) -> None:
    """A browser that asks for CSV by name gets CSV."""
    answer = await client.get("/api/collections/strikes/counts?by=year&f=csv", headers=BROWSER)
    assert answer.headers["content-type"].startswith("text/csv")


async def test_a_list_offers_its_files(client: httpx.AsyncClient) -> None:
    """Beside JSON stand the files of all that matches, and each is sent."""
    page = await client.get("/api/collections/strikes/items?industry=construction&limit=1", headers=BROWSER)
    files = re.findall(r'href="([^"]+&amp;f=(?:csv|kml))"', page.text)
    assert len(files) == 2
    for address in files:
        answer = await client.get(html.unescape(address), headers=BROWSER)
        assert answer.status_code == 200
        assert "html" not in answer.headers["content-type"]
    assert "f=csv" in page.text


async def test_head_answers_as_get_does(client: httpx.AsyncClient) -> None:
    """The same headers, no body."""
    answer = await client.head("/api/status", headers=BROWSER)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_every_operation_of_the_definition_has_its_page(client: httpx.AsyncClient) -> None:
    """Whatever is declared to be a page too, is one: no route needs to be named here."""
    paths = (await client.get("/api/openapi.json")).json()["paths"]
    for path, operations in paths.items():
        operation = operations["get"]
        needed = [parameter["name"] for parameter in operation["parameters"] if parameter["required"]]
        if "text/html" in operation["responses"]["200"]["content"] and needed in ([], ["by"]):
            asked = {"/regions": "&q=guang"}.get(path, "&by=year" if needed else "")
            answer = await client.get(add(f"/api{path}", "f=html") + asked)
            assert answer.status_code == 200, path
            assert answer.headers["content-type"] == "text/html; charset=utf-8", path


async def test_pages_of_a_database_that_is_away(caplog: pytest.LogCaptureFixture) -> None:
    """What is not made of data is still shown; the rest says, as a page, when to ask again."""
    url = "postgresql+psycopg://labourmap_reader:password@/labourmap?host=/nowhere"
    with caplog.at_level(logging.CRITICAL):
        async with open_client(ReaderSettings(reader_url=url)) as client:
            for path in ("/api", "/api/docs", "/api/conformance", "/api/collections/strikes/queryables"):
                assert (await client.get(path, headers=BROWSER)).status_code == 200, path
            away = await client.get("/api/collections/strikes/items", headers=BROWSER)
    assert away.status_code == 503
    assert away.headers["content-type"] == "text/html; charset=utf-8"
    assert away.headers["retry-after"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/api/docs", 405),
        ("PUT", "/api/collections/strikes/items/S-2016-000001", 405),
        ("DELETE", "/api/collections/strikes", 405),
        ("TRACE", "/api", 405),
        ("PROPFIND", "/api/status", 405),
        ("GET", "/api//collections", 404),
        ("GET", "//api/collections", 404),
        ("GET", "/api/collections/", 404),
        ("GET", "/api/collections/strikes.", 404),
        ("GET", "/api/%2e%2e/docs", 404),
        ("GET", "/api/docs%00", 404),
        ("GET", "/api/docs/..%2f..%2fetc/passwd", 404),
        ("GET", "/api/DOCS", 404),
        ("GET", "/redoc", 404),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", BROWSERS["Chromium"]], ids=["program", "browser"])
async def test_other_verbs_and_addresses_are_refused(
    client: httpx.AsyncClient, method: str, path: str, status: int, accept: str
) -> None:
    """Attack 36: only what is there, only to be read; an overriding header changes nothing."""
    headers = {"Accept": accept, "X-HTTP-Method-Override": "GET"}
    answer = await client.request(method, path, headers=headers)
    assert answer.status_code == status
    assert len(answer.content) < 5_000
    read = await client.request("GET", "/api/status", headers={"X-HTTP-Method-Override": "DELETE"})
    assert read.status_code == 200


async def test_a_page_of_a_problem_repeats_little(client: httpx.AsyncClient) -> None:
    """At most 100 printable characters of what was asked come back, wherever they stood."""
    answer = await client.get(f"/api/{'p' * 300}?{'n' * 300}={'v' * 300}", headers=BROWSER)
    assert answer.status_code == 404
    assert not any(letter * 101 in answer.text for letter in "pnv")
    answer = await client.get(f"/api/collections/strikes/items?{'n' * 300}={'v' * 300}", headers=BROWSER)
    assert answer.status_code == 400
    assert not any(letter * 101 in answer.text for letter in "pnv")
