"""Counts and facets over HTTP: their members, formats, labels and what is refused."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app.main import public_app
from app.readers.formats import accept_format
from app.settings import ReaderSettings
from geo.layers import COLLECTIONS
from geo.serving.dimensions import dimensions

pytestmark = pytest.mark.anyio

STRIKES = "/api/collections/strikes"
OFFERED = {"json": "application/json", "csv": "text/csv", "geojson": "application/geo+json"}


async def read(client: httpx.AsyncClient, url: str, **headers: str) -> httpx.Response:
    """Return a good answer."""
    answer = await client.get(url, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def read_rows(client: httpx.AsyncClient, url: str) -> list[dict[str, str]]:
    """Return the rows of a CSV answer."""
    answer = await read(client, url)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_counts_are_shown_by_the_names_of_their_dimensions(client: httpx.AsyncClient) -> None:
    """One object a cell; the remainder has its reason."""
    counts = (await read(client, "/api/collections/incidents/counts?by=province,layer&layer=strikes")).json()
    assert counts == {
        "by": ["province", "layer"],
        "total": 8,
        "counted": 7,
        "multi_valued": [],
        "counts": [
            {"province": "110000", "layer": "strikes", "count": 2},
            {"province": "440000", "layer": "strikes", "count": 5},
        ],
        "remainder": [{"reason": "several_places", "layer": "strikes", "count": 1}],
        "datasetVersion": 1,
    }


async def test_what_is_counted_several_times_is_said_so(client: httpx.AsyncClient) -> None:
    """The answer itself says that its counts do not add up to records, and how many records they speak of."""
    counts = (await read(client, f"{STRIKES}/counts?by=demands")).json()
    assert counts["multi_valued"] == ["demands"]
    assert (counts["total"], counts["counted"]) == (8, 3)
    assert sum(cell["count"] for cell in counts["counts"]) == 4
    assert counts["remainder"] == [{"reason": "unknown", "dimension": "demands", "count": 5}]


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_every_declared_dimension_works(client: httpx.AsyncClient, collection: str) -> None:
    """Alone, and crossed with a region level."""
    for name in dimensions(collection):
        await read(client, f"/api/collections/{collection}/counts?by={name}")
        if name != "county":
            await read(client, f"/api/collections/{collection}/counts?by=county,{name}")


async def test_labels_stand_beside_the_codes(client: httpx.AsyncClient) -> None:
    """On request, in the scripts asked for; years need none."""
    url = f"{STRIKES}/counts?by=year,industry&labels=zh-Hant,en&industry=services"
    assert (await read(client, url)).json()["counts"] == [
        {
            "year": "2016",
            "industry": "services",
            "industry_label_en": "Services",
            "industry_label_zh_hant": "服務業",
            "count": 1,
        }
    ]
    counts = (await read(client, f"{STRIKES}/counts?by=province&labels=en")).json()["counts"]
    assert counts[1] == {"province": "440000", "province_label_en": "Guangdong", "count": 5}


async def test_a_table_has_the_remainder_and_the_total_in_it(client: httpx.AsyncClient) -> None:
    """Its rows add up to `total`, which stands in each of them."""
    rows = await read_rows(client, f"{STRIKES}/counts?by=province,layer&f=csv")
    assert list(rows[0]) == [
        "province", "layer", "count", "remainder", "remainder_dimension", "total", "multi_valued",
    ]  # fmt: skip
    assert [(row["province"], row["layer"], row["count"], row["remainder"]) for row in rows] == [
        ("110000", "strikes", "2", ""),
        ("440000", "strikes", "5", ""),
        ("", "strikes", "1", "several_places"),
    ]
    assert {row["total"] for row in rows} == {"8"}


async def test_a_table_says_which_dimension_has_several_values(client: httpx.AsyncClient) -> None:
    """Whoever opens the file alone is not misled."""
    rows = await read_rows(client, f"{STRIKES}/counts?by=demands&f=csv&labels=zh-Hans")
    assert {row["multi_valued"] for row in rows} == {"demands"}
    assert rows[-1] == {
        "demands": "", "demands_label_zh_hans": "", "count": "5", "remainder": "unknown",
        "remainder_dimension": "demands", "total": "8", "multi_valued": "demands",
    }  # fmt: skip
    assert rows[-2]["demands_label_zh_hans"] == "欠薪"


async def test_a_table_is_named_after_its_question_and_version(client: httpx.AsyncClient) -> None:
    """A saved file tells what it is."""
    answer = await read(client, f"{STRIKES}/counts?by=county,year&f=csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="strikes-by-county-year-v1.csv"'


async def test_one_region_level_can_be_drawn(client: httpx.AsyncClient) -> None:
    """Features of the regions with outline, names and count; the remainder beside them."""
    answer = await read(client, f"{STRIKES}/counts?by=province&f=geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    drawn = answer.json()
    counts = (await read(client, f"{STRIKES}/counts?by=province")).json()
    shown = {feature["id"]: feature["properties"]["count"] for feature in drawn["features"]}
    assert shown == {cell["province"]: cell["count"] for cell in counts["counts"]}
    assert {feature["geometry"]["type"] for feature in drawn["features"]} == {"MultiPolygon"}
    assert drawn["features"][0]["properties"]["name_en"] == "Beijing"
    for name in ("by", "total", "counted", "multi_valued", "remainder", "datasetVersion"):
        assert drawn[name] == counts[name]


async def test_a_municipality_is_drawn_at_the_level_asked_for(client: httpx.AsyncClient) -> None:
    """Its code stands at two levels; the feature is that of the prefecture."""
    drawn = (await read(client, f"{STRIKES}/counts?by=prefecture&f=geojson&region=110000")).json()
    (feature,) = drawn["features"]
    assert (feature["id"], feature["properties"]["level"]) == ("prefecture-110000", "prefecture")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("counts?by=year&f=geojson", "f"),
        ("counts?by=province,layer&f=geojson", "f"),
        ("counts?by=year&f=xlsx", "f"),
        ("counts?by=year&f=csv&f=csv", "f"),
        ("counts?by=year&labels=fr", "labels"),
        ("counts?by=year&labels=", "labels"),
        ("counts?by=severity", "by"),
        ("facets?by=year", "by"),
        ("facets?f=csv", "f"),
        ("facets?labels=de", "labels"),
        ("facets?limit=1", "limit"),
        ("facets?region=999999", "region"),
        ("facets?industry=x", "industry"),
    ],
)
async def test_what_cannot_be_counted_or_shown_is_refused(client: httpx.AsyncClient, query: str, name: str) -> None:
    """The parameter at fault is named."""
    answer = await client.get(f"{STRIKES}/{query}")
    assert answer.status_code == 400
    assert [fault["name"] for fault in answer.json()["invalid_params"]] == [name]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("*/*", "json"),
        ("", "json"),
        ("text/csv", "csv"),
        ("TEXT/CSV; q=0.5, application/json;q=0.4", "csv"),
        ("text/*", "csv"),
        ("application/geo+json", "geojson"),
        ("text/csv;q=0, */*", "json"),
        ("application/json;q=0.1, */*;q=0.2", "csv"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "json"),
        ("image/png", "json"),
        ("text/csv;q=9e99,;;,q", "csv"),
    ],
)
def test_the_header_accept_chooses_the_format(header: str, name: str) -> None:
    """The most specific range counts; what is not understood breaks nothing."""
    assert accept_format(header, OFFERED) == name


async def test_a_format_may_be_asked_for_by_header(client: httpx.AsyncClient) -> None:
    """The answer varies by it, and has another validator; `f` comes first."""
    table = await read(client, f"{STRIKES}/counts?by=year", accept="text/csv")
    document = await read(client, f"{STRIKES}/counts?by=year", accept="application/json")
    assert table.headers["content-type"].startswith("text/csv")
    assert "Accept" in table.headers["vary"].split(", ")
    assert table.headers["etag"] != document.headers["etag"]
    chosen = await read(client, f"{STRIKES}/counts?by=year&f=json", accept="text/csv")
    assert chosen.json() == document.json()
    again = await client.get(f"{STRIKES}/counts?by=year", headers={"If-None-Match": table.headers["etag"]})
    assert again.status_code == 200


async def test_the_same_question_gets_the_same_answer_again(client: httpx.AsyncClient) -> None:
    """What is remembered is told apart by collection, filter, dimension, labels and format."""
    urls = [
        f"/api/collections/{collection}/{rest}"
        for collection in ("strikes", "incidents")
        for rest in (
            "counts?by=province", "counts?by=year", "counts?by=province&labels=en", "counts?by=province&f=csv",
            "counts?by=province&industry=unknown", "facets", "facets?labels=en", "facets?industry=services",
        )
    ]  # fmt: skip
    first = [(await read(client, url)).content for url in urls]
    assert len(set(first)) == len(urls)
    assert [(await read(client, url)).content for url in urls] == first


@pytest.mark.parametrize("path", ["counts?by=province&labels=en", "counts?by=county&f=geojson", "facets?employers=x"])
async def test_what_was_counted_is_not_counted_again(reader_url: str, path: str) -> None:
    """While the data stays, the same question asks the database for its version only."""
    app = public_app(ReaderSettings(reader_url=reader_url))
    statements: list[str] = []
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as asking,
    ):
        heard = (app.state.engine.sync_engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        sa.event.listen(*heard)
        first = await read(asking, f"{STRIKES}/{path}")
        assert any("published.region" in statement or "int8send" in statement for statement in statements)
        statements.clear()
        again = await read(asking, f"{STRIKES}/{path}")
    assert again.content == first.content
    assert not any("published.region" in statement or "int8send" in statement for statement in statements)


async def test_facets_are_shown_with_what_is_unknown(client: httpx.AsyncClient) -> None:
    """Every facet has the same members; a value has its label when asked for."""
    document: dict[str, Any] = (await read(client, f"{STRIKES}/facets?industry=construction&labels=en")).json()
    assert document["total"] == 2
    assert document["datasetVersion"] == 1
    assert document["facets"]["industry"] == {
        "total": 8,
        "counted": 5,
        "multi_valued": False,
        "counts": [
            {"value": "construction", "label_en": "Construction", "count": 2},
            {"value": "manufacturing", "label_en": "Manufacturing", "count": 2},
            {"value": "services", "label_en": "Services", "count": 1},
        ],
        "unknown": 3,
        "remainder": [],
    }
    assert document["facets"]["province"]["remainder"] == [{"reason": "several_places", "count": 1}]
    assert document["facets"]["year"]["remainder"] == [{"reason": "not_known_to_the_year", "count": 1}]
    assert document["facets"]["demands"]["multi_valued"] is True


async def test_every_facet_sums_to_its_total(client: httpx.AsyncClient) -> None:
    """Different records in values, unknown and remainder: all records that the other filters match."""
    facets = (await read(client, "/api/collections/records/facets?layer=strikes,accidents")).json()["facets"]
    for name, facet in facets.items():
        rest = facet["unknown"] + sum(part["count"] for part in facet["remainder"])
        assert facet["counted"] + rest == facet["total"], name
        values = sum(part["count"] for part in facet["counts"])
        assert values >= facet["counted"] if facet["multi_valued"] else values == facet["counted"], name
    assert facets["layer"]["total"] == 14
