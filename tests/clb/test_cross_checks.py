"""Thirty questions, each put in six ways: items, counts, facets, CQL2, the CSV file, and a plain reading of files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import opencc
import pytest

from tests.clb.conftest import find_clb_files
from tests.clb.source_rows import Row, read_rows
from tests.clb.test_search import read_texts

pytestmark = [pytest.mark.anyio, pytest.mark.clb]

STRIKES = "/api/collections/strikes"
Holds = Callable[[Row, str], bool]


@dataclass(frozen=True)
class Question:
    """A question in the plain form, in CQL2 (empty where that has no words for it), and as it is asked of a row.

    A row comes with its title, description and employer, in lower case and Simplified characters.
    """

    plain: dict[str, str]
    cql: str
    holds: Holds


def span(first: str, last: str) -> str:
    """Return the CQL2 of days between two, both belonging to it."""
    return f"starts_on <= DATE('{last}') AND ends_on >= DATE('{first}')"


QUESTIONS = [
    Question({}, "source_system = 'clb_export'", lambda *_: True),
    # Province, industry and year.
    Question(
        {"province": "440000", "industry": "manufacturing", "datetime": "2016-01-01/2016-12-31"},
        f"province = '440000' AND industry = 'manufacturing' AND {span('2016-01-01', '2016-12-31')}",
        lambda r, _: (r.province, r.industry, r.year) == ("440000", "manufacturing", "2016"),
    ),
    Question(
        {"province": "320000", "industry": "construction", "datetime": "2015-01-01/2015-12-31"},
        f"province = '320000' AND industry = 'construction' AND {span('2015-01-01', '2015-12-31')}",
        lambda r, _: (r.province, r.industry, r.year) == ("320000", "construction", "2015"),
    ),
    Question(
        {"province": "510000,500000", "industry": "transport", "datetime": "../2013-12-31"},
        "province IN ('510000', '500000') AND industry = 'transport' AND starts_on <= DATE('2013-12-31')",
        lambda r, _: r.province in {"510000", "500000"} and r.industry == "transport" and r.year <= "2013",
    ),
    Question(
        {"region": "410000", "industry": "mining"},
        "region = '410000' AND industry = 'mining'",
        lambda r, _: (r.province, r.industry) == ("410000", "mining"),
    ),
    Question({"region": "540000"}, "region = '540000'", lambda r, _: r.province == "540000"),
    # What is not known.
    Question({"province": "unknown"}, "province IS NULL", lambda r, _: r.province is None),
    Question({"industry": "unknown"}, "industry IS NULL", lambda r, _: r.industry is None),
    Question(
        {"ownership": "unknown", "datetime": "2017-01-01/.."},
        "ownership IS NULL AND ends_on >= DATE('2017-01-01')",
        lambda r, _: r.ownership is None and r.year == "2017",
    ),
    Question(
        {"participants": "unknown,10000-plus"},
        "participants IS NULL OR participants = '10000-plus'",
        lambda r, _: r.participants in {None, "10000-plus"},
    ),
    Question({"demands": "unknown"}, "demands IS NULL", lambda r, _: r.blank_demands),
    # Demands.
    Question(
        {"demands": "wage_arrears"},
        "A_CONTAINS(demands, ('wage_arrears'))",
        lambda r, _: "wage_arrears" in r.demands,
    ),
    Question(
        {"demands": "social_insurance,housing_fund"},
        "A_OVERLAPS(demands, ('social_insurance', 'housing_fund'))",
        lambda r, _: bool(r.demands & {"social_insurance", "housing_fund"}),
    ),
    Question(
        {"demands": "relocation_closure", "province": "440000"},
        "A_OVERLAPS(demands, ('relocation_closure')) AND province = '440000'",
        lambda r, _: "relocation_closure" in r.demands and r.province == "440000",
    ),
    Question(
        {"demands": "pay_increase", "industry": "transport,education"},
        "A_OVERLAPS(demands, ('pay_increase')) AND industry IN ('transport', 'education')",
        lambda r, _: "pay_increase" in r.demands and r.industry in {"transport", "education"},
    ),
    # Actions, and pairs of them.
    Question({"actions": "sit_in"}, "A_OVERLAPS(actions, ('sit_in'))", lambda r, _: "sit_in" in r.actions),
    Question(
        {"actions": "strike", "responses": "arrest"},
        "A_OVERLAPS(actions, ('strike')) AND A_OVERLAPS(responses, ('arrest'))",
        lambda r, _: "strike" in r.actions and "arrest" in r.responses,
    ),
    Question(
        {"actions": "transport_strike,block_road", "datetime": "2014-01-01/2014-12-31"},
        f"A_OVERLAPS(actions, ('transport_strike', 'block_road')) AND {span('2014-01-01', '2014-12-31')}",
        lambda r, _: bool(r.actions & {"transport_strike", "block_road"}) and r.year == "2014",
    ),
    # Responses.
    Question({"responses": "police"}, "A_OVERLAPS(responses, ('police'))", lambda r, _: "police" in r.responses),
    Question(
        {"responses": "beaten", "industry": "construction"},
        "A_OVERLAPS(responses, ('beaten')) AND industry = 'construction'",
        lambda r, _: "beaten" in r.responses and r.industry == "construction",
    ),
    Question(
        {"responses": "mediation,negotiation", "ownership": "soe"},
        "A_OVERLAPS(responses, ('mediation', 'negotiation')) AND ownership = 'soe'",
        lambda r, _: bool(r.responses & {"mediation", "negotiation"}) and r.ownership == "soe",
    ),
    # Participants.
    Question({"participants": "1000-9999"}, "participants = '1000-9999'", lambda r, _: r.participants == "1000-9999"),
    Question(
        {"participants_min": "1000"},
        "participants_min >= 1000",
        lambda r, _: r.participants in {"1000-9999", "10000-plus"},
    ),
    Question(
        {"participants": "100-999", "ownership": "foreign,jv"},
        "participants = '100-999' AND ownership IN ('foreign', 'jv')",
        lambda r, _: r.participants == "100-999" and r.ownership in {"foreign", "jv"},
    ),
    # Ranges of months.
    Question(
        {"datetime": "2015-12-01/2016-02-29"},
        span("2015-12-01", "2016-02-29"),
        lambda r, _: "2015-12" <= r.month <= "2016-02",
    ),
    Question(
        {"datetime": "2011-01-01/2011-06-30", "industry": "manufacturing"},
        f"{span('2011-01-01', '2011-06-30')} AND industry = 'manufacturing'",
        lambda r, _: "2011-01" <= r.month <= "2011-06" and r.industry == "manufacturing",
    ),
    # Words, in both languages.
    Question({"q": "讨薪"}, "", lambda _, text: "讨薪" in text),
    Question(
        {"q": "計程車", "datetime": "../2015-12-31"},
        "",
        lambda r, text: "计程车" in text and r.year <= "2015",
    ),
    Question(
        {"q": "taxi", "industry": "transport"},
        "",
        lambda r, text: bool(re.search(r"(?<![^\W_])taxi(?![^\W_])", text)) and r.industry == "transport",
    ),
    Question({"q": "富士康", "province": "440000"}, "", lambda r, text: "富士康" in text and r.province == "440000"),
]


@pytest.fixture(scope="module")
def rows(clb_folder: Path) -> list[tuple[Row, str]]:
    """Every row of the files with its text."""
    convert = opencc.OpenCC("t2s").convert
    texts = [convert(text) for text in read_texts(clb_folder)]
    return list(zip(read_rows(find_clb_files(clb_folder)), texts, strict=True))


async def read(client: httpx.AsyncClient, resource: str, **asked: str) -> dict[str, Any]:
    """Return a JSON answer about the export's strikes."""
    answer = await client.get(f"{STRIKES}/{resource}", params={**asked, "source_system": "clb_export"})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_there_are_thirty_questions_that_differ(rows: list[tuple[Row, str]]) -> None:
    """Each finds something, and few find the same, so that the comparison says something."""
    found = [sum(question.holds(*row) for row in rows) for question in QUESTIONS]
    assert len(found) == 30
    assert min(found) > 0
    assert len(set(found)) >= 25


@pytest.mark.parametrize("question", QUESTIONS, ids=[str(question.plain) for question in QUESTIONS])
async def test_every_way_to_ask_finds_what_the_files_hold(
    clb_client: httpx.AsyncClient, rows: list[tuple[Row, str]], question: Question
) -> None:
    """Items, counts by three levels, facets, CQL2 and the file of all that matches."""
    expected = sum(question.holds(*row) for row in rows)
    items = await read(
        clb_client, "items", **question.plain, limit="10000", properties="starts_on", skipGeometry="true"
    )
    assert items["numberMatched"] == items["numberReturned"] == expected
    assert sorted(one["properties"]["starts_on"] for one in items["features"]) == sorted(
        row.date for row, text in rows if question.holds(row, text)
    )
    remainders = []
    for level in ("province", "prefecture", "county"):
        counts = await read(clb_client, "counts", **question.plain, by=level)
        assert counts["total"] == expected
        assert counts["counted"] + sum(rest["count"] for rest in counts["remainder"]) == expected
        remainders.append(expected - counts["counted"])
    assert remainders == sorted(remainders)
    assert (await read(clb_client, "facets", **question.plain))["total"] == expected
    if question.cql:
        assert (await read(clb_client, "items", filter=question.cql, limit="1"))["numberMatched"] == expected
    answer = await clb_client.get(
        f"{STRIKES}/items", params={**question.plain, "source_system": "clb_export", "f": "csv"}
    )
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(lines) == expected
    assert {line["id"] for line in lines} == {one["id"] for one in items["features"]}
