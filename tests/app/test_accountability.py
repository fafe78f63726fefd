"""Statistics of accountability over the API: 127 cases with the counts of the published report, loaded from a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.settings import ReaderSettings
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine
from geo.loading.load import load_file
from geo.loading.request import LoadRequest
from geo.publishing.publish import publish_all
from tests.app.conftest import open_client
from tests.conftest import copy_database

pytestmark = pytest.mark.anyio

STATISTICS = "/api/accountability/statistics"
COUNTS = (
    # awareness, involvement, timing, number of cases
    ("unaware", "involved", "after_contact", 7),
    ("unaware", "uninvolved", "", 70),
    ("aware", "involved", "before_contact", 24),
    ("aware", "uninvolved", "", 19),
    ("aware", "", "", 4),
    ("no_response", "", "", 3),
)
"""One of the tables that fit every count of the report."""


def list_cases() -> list[dict[str, str]]:
    """Return 127 rows, a case each: one in three in Guangdong, the others in Beijing."""
    answers = [entry[:3] for entry in COUNTS for _ in range(entry[3])]
    return [
        {
            "source_id": f"C{number}",
            "starts_on": f"{2018 + number % 4}-11",
            "title_en": f"Case {number}",
            "sources": "A report, p. 4",
            "contact_no": "1",
            "contacted": "true",
            "union_level": "municipal" if number % 3 == 0 else "provincial",
            "union_region": "440300" if number % 3 == 0 else "110000",
            "awareness": awareness,
            "involvement": involvement,
            "involvement_timing": timing,
            "excuses": "not_member;jurisdiction" if involvement == "uninvolved" else "",
            "outcome": "partial" if timing == "after_contact" else "",
            "amount_recovered_cny": "3000" if timing == "after_contact" else "",
        }
        for number, (awareness, involvement, timing) in enumerate(answers)
    ]


@pytest.fixture(scope="module")
def cases_url(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The reader's address of a database with those cases."""
    rows = list_cases()
    path: Path = tmp_path_factory.mktemp("cases") / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    name = f"cases_{secrets.token_hex(4)}"
    engine = make_engine(copy_database(cluster, template, name))
    with engine.begin() as connection:
        today = dt.date(2026, 11, 22)
        report = load_file(connection, LoadRequest(layer="accountability", path=path, source="test", today=today))
        assert report.loaded, report
        publish_all(connection)
    engine.dispose()
    yield cluster.url(name, READER_ROLE)
    cluster.drop_database(name)


@pytest.fixture
async def cases(cases_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the public application on those cases."""
    async with open_client(ReaderSettings(reader_url=cases_url)) as opened:
        yield opened


async def read(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """Return the document at an address."""
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def shares(entries: list[dict[str, Any]]) -> dict[str, tuple[int, int, float | None]]:
    """Return numerator, denominator and percentage by value."""
    return {entry["value"]: (entry["numerator"], entry["denominator"], entry["percent"]) for entry in entries}


async def test_127_cases_give_the_counts_of_the_report(cases: httpx.AsyncClient) -> None:
    """77, 47, 3; 89, 31, 7; 7 of 77 taken up after contact, 24 and 19 of 47: each with its denominator."""
    found = await read(cases, STATISTICS)
    assert (found["unit"], found["cases"], found["warning"]) == ("case", 127, None)
    assert shares(found["awareness"]) == {
        "unaware": (77, 127, 60.6),
        "aware": (47, 127, 37.0),
        "no_response": (3, 127, 2.4),
        "unknown": (0, 127, 0.0),
    }
    assert shares(found["involvement"]) == {
        "involved": (31, 127, 24.4),
        "uninvolved": (89, 127, 70.1),
        "unknown": (7, 127, 5.5),
    }
    assert shares(found["involvement_timing"]) == {
        "before_contact": (24, 31, 77.4),
        "after_contact": (7, 31, 22.6),
        "unknown": (0, 31, 0.0),
    }
    assert shares(found["rates"]) == {
        "taken_up_after_contact": (7, 77, 9.1),
        "aware_involved": (24, 47, 51.1),
        "aware_uninvolved": (19, 47, 40.4),
        "aware_involvement_unknown": (4, 47, 8.5),
    }
    answers = {(cell["awareness"], cell["involvement"], cell["involvement_timing"]): cell for cell in found["table"]}
    for awareness, involvement, timing, count in COUNTS:
        assert answers[awareness, involvement or "unknown", timing or None]["cases"] == count
    assert sum(cell["cases"] for cell in found["table"]) == 127


async def test_excuses_outcomes_and_amounts_are_of_cases(cases: httpx.AsyncClient) -> None:
    """A case counts under each of its excuses; what is not known is told."""
    found = await read(cases, STATISTICS)
    assert shares(found["excuses"]) == {
        "jurisdiction": (89, 127, 70.1),
        "not_member": (89, 127, 70.1),
        "unknown": (38, 127, 29.9),
    }
    assert shares(found["outcomes"]) == {"partial": (7, 127, 5.5), "unknown": (120, 127, 94.5)}
    assert found["amounts"] == {
        "known": {"numerator": 7, "denominator": 127, "percent": 5.5},
        "unknown": 120,
        "total_cny": 21000.0,
    }
    assert shares(found["union_levels"])["municipal"][0] == 43


async def test_groups_and_their_remainder_make_the_whole(cases: httpx.AsyncClient) -> None:
    """By province, year and industry; what is not known is in no group, and few cases are warned of."""
    found = await read(cases, f"{STATISTICS}?by=province,year,industry&datetime=2018-01-01/2018-12-31")
    assert found["cases"] == 32
    for groups in found["groups"]:
        assert sum(entry["cases"] for entry in (*groups["groups"], *groups["remainder"])) == 32
    province, year = (next(one for one in found["groups"] if one["by"] == by) for by in ("province", "year"))
    assert {entry["province"] for entry in province["groups"]} == {"110000", "440000"}
    assert [entry["year"] for entry in year["groups"]] == ["2018"]
    few = next(entry for entry in province["groups"] if entry["province"] == "440000")
    assert few["cases"] < 20
    assert "20" in few["warning"]


async def test_the_filters_of_cases_hold(cases: httpx.AsyncClient) -> None:
    """The same as on items; what is none is refused by its name."""
    matched = (await read(cases, "/api/collections/accountability/items?region=440000&awareness=aware"))[
        "numberMatched"
    ]
    assert (await read(cases, f"{STATISTICS}?region=440000&awareness=aware"))["cases"] == matched > 0
    for wrong in ("colour=red", "by=colour", "limit=3", "f=pdf", "region=999999"):
        answer = await cases.get(f"{STATISTICS}?{wrong}")
        assert answer.status_code == 400, wrong
        assert [fault["name"] for fault in answer.json()["invalid_params"]] == [wrong.partition("=")[0]]


async def test_the_table_has_a_numerator_and_a_denominator_in_every_row(cases: httpx.AsyncClient) -> None:
    """As CSV, with the same figures; the reference is in rows of its own."""
    answer = await cases.get(f"{STATISTICS}?by=province&f=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert all(row["numerator"].isdigit() and row["denominator"].isdigit() for row in rows)
    taken_up = next(row for row in rows if row["by"] == "" and row["value"] == "taken_up_after_contact")
    assert (taken_up["numerator"], taken_up["denominator"], taken_up["percent"]) == ("7", "77", "9.1")
    assert {row["by"] for row in rows} == {"", "province", "reference"}


async def test_an_answer_is_kept_and_is_a_page_too(cases: httpx.AsyncClient) -> None:
    """304 to whoever has it, in both formats; a browser gets a page."""
    for address in (STATISTICS, f"{STATISTICS}?f=csv", f"{STATISTICS}?f=json"):
        first = await cases.get(address)
        again = await cases.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    page = await cases.get(f"{STATISTICS}?by=year&f=html&lang=zh-Hans")
    assert page.headers["content-type"].startswith("text/html")
    assert "9.1" in page.text
    reference = await read(cases, "/api/accountability/reference")
    assert (await read(cases, STATISTICS))["reference"]["figures"] == reference["figures"]
