"""Accountability cases: their place, what they are linked with, and what a call for help makes of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from geo.publishing.publish import publish_batch
from tests.private_records import BAOAN, GUANGZHOU, NANSHAN, SHENZHEN, Records

CASE, STRIKES, CALLS = "accountability", "strikes", "calls_for_help"


def contact(records: Records, case: int, **values: Any) -> int:
    """A contact with the federation of a district, which knew and made a promise. Returns the union."""
    union = records.union(name_en="Bao'an federation", level="district", region_code=BAOAN)
    said = {"quote_en": "We knew", "promise_en": "We shall see", "contacted_on": dt.date(2021, 3, 19)}
    records.contact(
        case, union_id=union, department="legal", awareness="aware", excuses=["jurisdiction"], **said | values
    )
    return union


def test_a_case_lies_in_the_lowest_common_public_region_of_its_incidents(records: Records) -> None:
    """Two districts of a city: the city; and the record says that there were several places."""
    case = records.case(records.incident(STRIKES, [BAOAN]), records.incident(STRIKES, [NANSHAN]))
    contact(records, case)
    records.publish()
    row = records.row(case, CASE)
    assert (row["regions"], row["prefecture"], row["county"]) == ([SHENZHEN], SHENZHEN, None)
    assert (row["location_precision"], row["several_places"]) == ("prefecture", True)
    assert row["regions_within"] == ["440000", SHENZHEN, NANSHAN, BAOAN], "and is found in each of the two"


def test_a_case_takes_the_place_that_the_public_sees(records: Records) -> None:
    """A strike shown by its province only keeps the case there."""
    case = records.case(records.incident(STRIKES, [BAOAN], override_precision="province"))
    records.publish()
    row = records.row(case, CASE)
    assert (row["regions"], row["location_precision"], row["coarsened"]) == (["440000"], "province", True)


def test_a_case_without_incidents_lies_where_the_unions_are(records: Records) -> None:
    """Those contacted, not those that were only suggested; a region of the contact's own goes before the union's."""
    case = records.case()
    contact(records, case)
    records.contact(case, contact_no=2, contacted=False, union_region=GUANGZHOU)
    records.publish()
    assert records.row(case, CASE)["regions"] == [BAOAN]
    records.contact(case, contact_no=3, contacted=True, union_region=NANSHAN)
    records.publish()
    assert records.row(case, CASE)["regions"] == [SHENZHEN]


def test_a_case_of_two_provinces_has_no_place(records: Records) -> None:
    """No common region, no point."""
    case = records.case(records.incident(STRIKES, [BAOAN]), records.incident(STRIKES, ["110105"]))
    records.publish()
    row = records.row(case, CASE)
    assert (row["location_precision"], row["geometry"]) == ("country", None)


def test_a_case_and_its_incidents_name_each_other(records: Records) -> None:
    """By public id, and only what is public."""
    strike, draft = records.incident(STRIKES), records.incident(STRIKES, status="draft")
    case = records.case(strike, draft)
    records.publish()
    assert records.properties(strike, STRIKES)["cases"] == [records.public_id(case, CASE)]
    assert records.properties(case, CASE)["incidents"] == [records.public_id(strike, STRIKES)]


def test_an_incident_that_comes_and_goes_takes_its_name_with_it(records: Records) -> None:
    """Cases linked with a changed incident are published again, and the other way round."""
    strike = records.incident(STRIKES, batch_id=records.batch())
    case = records.case(strike, batch_id=records.batch())
    publish_of = {
        "strike": "SELECT batch_id FROM editorial.incident",
        "case": "SELECT batch_id FROM editorial.accountability_case",
    }
    batches = {name: records.connection.execute(sa.text(asked)).scalar_one() for name, asked in publish_of.items()}
    publish_batch(records.connection, batches["case"])
    assert records.properties(case, CASE)["incidents"] == [records.public_id(strike, STRIKES)]
    records.change(strike, STRIKES, withheld=True)
    publish_batch(records.connection, batches["strike"])
    assert records.properties(case, CASE)["incidents"] == []
    records.change(strike, STRIKES, withheld=False)
    publish_batch(records.connection, batches["strike"])
    assert records.properties(strike, STRIKES)["cases"] == [records.public_id(case, CASE)]
    records.change(case, CASE, status="draft")
    publish_batch(records.connection, batches["case"])
    assert records.properties(strike, STRIKES)["cases"] == []


def test_excuses_levels_and_departments_are_of_unions_that_were_contacted(records: Records) -> None:
    """A union only suggested never counts, but stands in the list of contacts as what it is."""
    case = records.case()
    contact(records, case)
    records.contact(
        case, contact_no=2, contacted=False, union_level="provincial", department="women", excuses=["no_authority"]
    )
    records.publish()
    row = records.row(case, CASE)
    assert (row["excuses"], row["union_levels"], row["departments"]) == (["jurisdiction"], ["district"], ["legal"])
    assert [line["contacted"] for line in records.properties(case, CASE)["contacts"]] == [None, False]


def test_an_open_case_shows_what_the_union_said(records: Records) -> None:
    """Union, level, department, day, quote and promise are public; a person's name never."""
    case = records.case(records.incident(STRIKES))
    union = contact(records, case, person_name="Somebody")
    records.publish()
    (line,) = records.properties(case, CASE)["contacts"]
    assert (line["union_id"], line["union_name_en"], line["union_region"]) == (union, "Bao'an federation", BAOAN)
    assert (line["contacted_on"], line["quote_en"], line["promise_en"]) == ("2021-03-19", "We knew", "We shall see")
    assert "Somebody" not in str(line)
    assert records.connection.scalars(sa.text("SELECT name_en FROM published.union_organization")).all() == [
        "Bao'an federation"
    ]


@pytest.mark.parametrize("status", ["published", "draft"])
def test_a_case_about_a_call_without_the_mark_is_guarded(records: Records, status: str) -> None:
    """Months, levels and prefectures; no name, quote, day, source or link, whether or not the call is public."""
    call = records.incident(CALLS, status=status)
    case = records.case(call, legacy_id="2021031700000000000", outcome_on=dt.date(2021, 3, 20))
    contact(records, case)
    records.publish()
    told = records.properties(case, CASE)
    assert (told["starts_on"], told["ends_on"], told["date_precision"]) == ("2021-03-01", "2021-03-31", "month")
    assert (told["incidents"], told["sources"], told["legacy_id"], told["outcome_on"]) == ([], [], None, None)
    (line,) = told["contacts"]
    assert (line["union_level"], line["union_region"], line["department"]) == ("district", SHENZHEN, "legal")
    hidden = ("union_id", "union_name_en", "contacted_on", "quote_en", "promise_en", "follow_up_on")
    assert [line[name] for name in hidden] == [None] * len(hidden)
    assert records.connection.scalars(sa.text("SELECT name_en FROM published.union_organization")).all() == []


def test_a_guarded_case_is_shown_by_prefecture_at_the_finest(records: Records) -> None:
    """Even when a strike in the same case is shown by its district."""
    strike = records.incident(STRIKES, [BAOAN])
    case = records.case(strike, records.incident(CALLS, [BAOAN]))
    records.publish()
    row = records.row(case, CASE)
    assert (row["regions"], row["location_precision"], row["coarsened"]) == ([SHENZHEN], "prefecture", True)
    assert records.properties(case, CASE)["incidents"] == [records.public_id(strike, STRIKES)]


def test_the_mark_opens_the_case_and_the_link(records: Records) -> None:
    """Text, names, links and the case's dates; the call keeps its prefecture and month."""
    call = records.incident(CALLS, already_public=True)
    case = records.case(call)
    contact(records, case)
    records.publish()
    told = records.properties(case, CASE)
    assert (told["starts_on"], told["date_precision"], len(told["sources"])) == ("2021-03-17", "day", 1)
    assert told["contacts"][0]["quote_en"] == "We knew"
    assert told["incidents"] == [records.public_id(call, CALLS)]
    assert records.properties(call, CALLS)["cases"] == [records.public_id(case, CASE)]
    assert records.row(call, CALLS)["location_precision"] == "prefecture"


def test_taking_the_mark_away_guards_the_case_again(records: Records) -> None:
    """A change of the call alone reaches the case, the link and the union's name."""
    call = records.incident(CALLS, already_public=True)
    case = records.case(call, batch_id=records.batch())
    contact(records, case)
    records.publish()
    records.change(call, CALLS, already_public=False)
    records.publish()
    assert records.properties(case, CASE)["incidents"] == []
    assert records.properties(call, CALLS)["cases"] == []
    assert records.connection.scalar(sa.text("SELECT count(*) FROM published.union_organization")) == 0


def test_a_source_that_a_reviewer_made_public_is_shown_without_its_day(records: Records) -> None:
    """The default is hidden for calls and for cases about them; the day on which it appeared stays hidden."""
    source = {"type": "news", "title": "A paper", "published_on": "2021-03-18"}
    call = records.incident(CALLS, sources=[source, source | {"title": "Another", "public": True}])
    case = records.case(call, sources=[source | {"public": True}, source])
    records.publish()
    assert records.properties(call, CALLS)["sources"] == [{"title": "Another", "type": "news"}]
    assert records.properties(case, CASE)["sources"] == [{"title": "A paper", "type": "news"}]
