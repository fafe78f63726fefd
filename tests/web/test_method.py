"""The page about the method: whole in every language, with the facts of the day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest

from app.readers.page_content import make_words
from tests.web.conftest import LAYERS
from web.content import Attribution, Selection
from web.method import SECTIONS, Freshness, MethodFacts, render_method
from web.page import Site

DAY = dt.date(2026, 11, 22)
FACTS = MethodFacts(
    version=12,
    changed_on=DAY,
    layers=[
        Freshness(layer=LAYERS[0], count=9224, first=dt.date(2011, 1, 10), latest=dt.date(2017, 12, 21), changed=DAY)
    ],
    boundaries=Attribution(source="A <survey>", licence="None found", vintage="mid-2023", notice="As given"),
    licence="CC BY 4.0",
    contact=None,
    base="https://map.example",
)


@pytest.fixture(scope="module")
def whole_site() -> Site:
    """The site with all its words."""
    return Site(make_words(), "en", frozenset(), ())


def render(site: Site, language: str = "en", **changes: Any) -> str:
    """Return the page."""
    return render_method(site, Selection(language=language, layers=LAYERS), replace(FACTS, **changes))


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_every_part_is_there_and_in_the_contents(whole_site: Site, language: str) -> None:
    """Each heading has the anchor that the contents lead to."""
    page = render(whole_site, language)
    assert re.findall(r'<h2 id="(\w+)">', page) == ["contents", *SECTIONS]
    assert re.findall(r'<a href="#(\w+)">', page) == list(SECTIONS)


def test_the_facts_of_the_day_are_in_it(whole_site: Site) -> None:
    """Version, freshness, licence, boundaries and how to cite; what the source says stays text."""
    page = render(whole_site)
    assert "<td>10 Jan 2011</td><td>21 Dec 2017</td><td>22 Nov 2026</td>" in page
    assert "Version 12, 22 Nov 2026. https://map.example/ (accessed on [date])." in page
    assert "A &lt;survey&gt;" in page
    assert "5 to 10 percent" in page


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("editors@map.example", "mailto:editors@map.example"),
        ("mailto:editors@map.example", "mailto:editors@map.example"),
        ("https://map.example/write", "https://map.example/write"),
        ("javascript:alert(1)", None),
        ("Room 5, some street", None),
    ],
)
def test_a_contact_is_a_link_where_it_can_be_one(whole_site: Site, contact: str, link: str | None) -> None:
    """A mail or web address; whatever else an operator writes is shown as it stands."""
    page = render(whole_site, contact=contact)
    assert contact.removeprefix("mailto:") in page
    assert re.findall(r'<a href="([^"]*)" rel="noopener noreferrer">', page) == ([link] if link else [])


def test_without_a_contact_the_page_says_so(whole_site: Site) -> None:
    """It does not promise an address that nobody has given."""
    assert "has given no address" in render(whole_site)
