"""What codes mean, and how fresh the data is."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

pytestmark = pytest.mark.anyio


async def test_the_vocabularies_are_listed_with_titles_and_counts(client: httpx.AsyncClient) -> None:
    """The title is that of the property that has the terms for values; the link leads to the terms."""
    document = (await client.get("/api/vocabularies")).json()
    (industry,) = document["vocabularies"]
    link = industry.pop("links")[0]["href"]
    assert industry == {
        "name": "industry",
        "title_en": "Industry",
        "title_zh_hans": "行业",
        "title_zh_hant": "行業",
        "properties": ["industry"],
        "term_count": 1,
        "retired_count": 0,
    }
    assert (await client.get(link)).json()["name"] == "industry"


async def test_a_term_has_three_labels_and_the_spellings_of_the_export(client: httpx.AsyncClient) -> None:
    """As JSON and as CSV."""
    (term,) = (await client.get("/api/vocabularies/industry")).json()["terms"]
    assert term == {
        "code": "mining",
        "label_en": "Mining",
        "label_zh_hans": "采矿",
        "label_zh_hant": "採礦",
        "clb_values": ["Mining", "Coal*"],
        "position": 1,
        "retired_on": None,
    }
    answer = await client.get("/api/vocabularies/industry?f=csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="industry-v1.csv"'
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["label_zh_hant"], row["clb_values"], row["retired_on"]) == ("採礦", "Mining; Coal*", "")
    accepted = await client.get("/api/vocabularies/industry", headers={"Accept": "text/csv"})
    assert accepted.content == answer.content
    assert "Accept" in accepted.headers["vary"]


@pytest.mark.parametrize("name", ["nothing", "term", "industry'--", "industry%2F..", "%00"])
async def test_a_vocabulary_that_is_not_there_is_not_found(client: httpx.AsyncClient, name: str) -> None:
    """Whatever is asked for."""
    assert (await client.get(f"/api/vocabularies/{name}")).status_code == 404


async def test_formats_and_parameters_that_are_not_offered_are_refused(client: httpx.AsyncClient) -> None:
    """By name."""
    for query in ("f=xml", "limit=1"):
        answer = await client.get(f"/api/vocabularies/industry?{query}")
        assert answer.status_code == 400
        assert [one["name"] for one in answer.json()["invalid_params"]] == [query.partition("=")[0]]


async def test_the_status_says_whose_boundaries_and_which_licence(client: httpx.AsyncClient) -> None:
    """And that no record of a place does not mean that nothing happened there."""
    document = (await client.get("/api/status")).json()
    assert document["boundaries"] == {
        "name": "test",
        "source": "a test",
        "licence": "none",
        "vintage": "2026",
        "attribution": "Boundaries: a test",
    }
    assert document["licence"] == "CC BY 4.0"
    assert "does not mean that nothing happened" in document["coverage"]
    assert document["layers"]["calls_for_help"]["latestEndsOn"] == "2016-06-30"
