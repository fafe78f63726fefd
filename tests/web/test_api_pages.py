"""The pages of the API over documents of every shape: all of it shown, no text as markup, only http linked."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.conftest import NASTY, text
from web.api_addresses import Asked
from web.api_pages import DOCUMENT, TEMPLATES, ApiPages
from web.api_reference import generalise, read_operations
from web.page import Site
from web.translations import LANGUAGES

BIDI = "\u202egnp.exe\u2066\u05d0\u0645"
LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "https://a@evil.example",
]
SELF = "http://localhost/api/things"


def render(site: Site, document: Any, route: str = "/api/things", language: str = "en", **asked: Any) -> str:
    """Return the page over a document."""
    given = {"query": (), "parameters": {}, "path": route, **asked}
    return ApiPages(site).render(
        Asked(route=route, language=language, **given), document, {"440000": text("Guangdong")}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_document_has_a_page(site: Site, language: str) -> None:
    """Objects in objects, tables, lists of lists, nothing at all: every value is there."""
    document = {
        "title": "Things",
        "nothing": None,
        "no": False,
        "many": 1234567,
        "empty": {},
        "none": [],
        "lists": [[1, 2], [3]],
        "deep": {"deeper": {"deepest": ["a word", "another"]}},
        "rows": [{"code": "mining", "count": 2}, {"code": "other", "note": "rest"}],
        "like": {"strikes": {"count": 7}, "accidents": {"count": 8}},
        "mixed": [{"a": {"b": 1}}, 5],
        "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]]]},
        "links": [{"href": SELF, "rel": "self", "type": "application/json", "title": "Self"}],
    }
    page = render(site, document, language=language)
    for shown in ("Things", "1,234,567", "deepest", "a word", "another", "mining", "rest", "Polygon", "strikes", SELF):
        assert shown in page
    assert "coordinates" not in page


@pytest.mark.parametrize("document", [[], [1], "a text", 5, None, [{"a": 1}], {"items": {"id": 1}}], ids=repr)
def test_a_document_need_not_be_an_object(site: Site, document: Any) -> None:
    """Whatever a route answers, there is a page."""
    assert "</html>" in render(site, document)


@pytest.mark.parametrize("nasty", [NASTY, BIDI, "{{ 7*7 }}{% raw %}${7}", '" onmouseover="alert(1)', "&lt;i&gt;<i>"])
def test_values_and_names_stay_text(site: Site, nasty: str) -> None:
    """Attack 25: in every place of a document where a text may stand, its name and its address too."""
    link = {"href": SELF, "rel": nasty, "type": nasty, "title": nasty}
    document = {"title": nasty, "description": nasty, nasty: nasty, "rows": [{nasty: nasty}], "links": [link]}
    page = render(site, document, path=f"/api/{nasty}", query=((nasty, nasty),))
    body = page.partition("<body>")[2]
    assert not re.search(r"<(img|script|i)\b", body)
    assert "49" not in body
    assert not re.search(r"<[^>]*\son\w+=", body)
    assert ("<bdi>" in body) == bool(nasty)


@pytest.mark.parametrize("href", LINKS)
def test_only_web_addresses_are_linked(site: Site, href: str) -> None:
    """Attack 26: a value that looks like an address is text unless it is one of http or https."""
    page = render(site, {"url": href, "links": [{"href": href, "rel": "self", "title": "x"}]})
    assert href.replace("\n", "") not in re.sub(r"\s", "", "".join(re.findall(r'href="([^"]*)"', page)))


def test_foreign_links_tell_nothing(site: Site) -> None:
    """Links of editors name no referrer and give no standing; our own do not need to."""
    page = render(site, {"url": "https://example.org/a", "links": [{"href": SELF, "rel": "self", "title": "x"}]})
    assert '<a href="https://example.org/a" rel="noopener noreferrer nofollow">' in page
    assert f'<a href="{SELF}"><bdi>' in page


def test_own_links_stay_in_the_language(site: Site) -> None:
    """A Chinese page leads to Chinese pages, and to files as they are."""
    definition = {"href": "http://localhost/api/openapi.json", "rel": "service-desc"}
    links = [
        {"href": SELF, "rel": "self", "type": "application/json"},
        {"href": f"{SELF}?a=1", "rel": "next", "type": "application/geo+json"},
        {**definition, "type": "application/vnd.oai.openapi+json;version=3.0"},
        {"href": f"{SELF}/{{z}}", "rel": "item", "type": "application/json"},
    ]
    page = render(site, {"links": links}, language="zh-Hans")
    assert f'href="{SELF}?lang=zh-Hans"' in page
    assert f'href="{SELF}?a=1&amp;lang=zh-Hans"' in page
    assert 'href="http://localhost/api/openapi.json"' in page
    assert f'href="{SELF}/' not in page


def test_other_formats_are_offered(site: Site) -> None:
    """Every format that the document's links name stands beside JSON."""
    links = [{"href": f"{SELF}?f=csv", "rel": "alternate", "type": "text/csv"}, {"href": SELF, "rel": "self"}]
    assert f'<a href="{SELF}?f=csv">CSV</a>' in render(site, {"links": links})


def test_codes_are_told_with_their_labels(site: Site) -> None:
    """A property's label, and what its code is called, beside the words of the document."""
    page = render(site, {"industry": "mining", "rows": [{"industry": "mining"}]})
    assert page.count("<code>mining</code> Mining") == 2
    assert "Industry <code>industry</code>" in page


def test_the_version_changes_with_what_pages_are_made_of(site: Site) -> None:
    """A page kept by a browser is asked for again after a release that changes it."""
    assert re.fullmatch("[0-9a-f]{8}", ApiPages(site).version)


def test_every_template_exists(site: Site) -> None:
    """A route's template is a file."""
    for name in (DOCUMENT, *TEMPLATES.values()):
        assert site.templates.get_template(name)


def test_the_addresses_of_all_collections_are_told_once() -> None:
    """Parameters that only some have say which; values are those of all."""
    answer = {"200": {"description": "A page", "content": {"application/json": {}}}}

    def path(name: str, *parameters: dict[str, Any]) -> dict[str, Any]:
        described = {"summary": f"{name}: a page", "parameters": list(parameters), "responses": answer}
        return {f"/collections/{name}/items": {"get": described}}

    def parameter(name: str, *values: str) -> dict[str, Any]:
        items = {"type": "string", "enum": list(values)}
        return {"name": name, "in": "query", "schema": {"type": "array", "items": items}}

    paths = path("a", parameter("x", "1")) | path("b", parameter("x", "1", "2"), parameter("y"))
    (operation,) = read_operations({"paths": paths})
    assert (operation.path, operation.summary) == ("/collections/{collection_id}/items", "A page")
    assert operation.parameters["x"].values == ["1", "2"]
    assert operation.is_of_all(operation.parameters["x"])
    assert operation.parameters["y"].collections == ["b"]
    assert generalise("/status") == ("/status", None)
