"""Incidents are found by the public cases about them, and cases by their incidents; protected calls by nothing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.private_records import BAOAN, GUANGZHOU, SHENZHEN, Records

CASE, STRIKES, CALLS = "accountability", "strikes", "calls_for_help"
OF_CASES = ("has_case", "awareness", "involvement", "involvement_timing", "excuses", "union_levels", "departments")


def told(records: Records, record: int, layer: str) -> dict[str, Any]:
    """What a record is found by through cases."""
    row = records.row(record, layer)
    return {name: row[name] for name in (*OF_CASES, "outcome")}


def test_a_strike_is_found_by_what_its_cases_say_together(records: Records) -> None:
    """As the contacts of one case are taken together; it shows none of it. The outcome is that of the last case."""
    strike = records.incident(STRIKES)
    first = records.case(strike, awareness="unaware", involvement="uninvolved", outcome="unresolved")
    records.contact(first, union_level="district", department="legal_work", excuses=["jurisdiction"])
    second = records.case(
        *(strike,), awareness="aware", involvement="involved", involvement_timing="after_contact", outcome="partial"
    )
    records.contact(second, union_level="municipal", excuses=["not_member", "jurisdiction"])
    records.contact(second, contact_no=2, union_level="provincial", excuses=["weak_case"], contacted=False)
    records.publish()
    assert told(records, strike, STRIKES) == {
        "has_case": True,
        "awareness": "aware",
        "involvement": "involved",
        "involvement_timing": "after_contact",
        "excuses": ["jurisdiction", "not_member"],
        "union_levels": ["district", "municipal"],
        "departments": ["legal_work"],
        "outcome": "partial",
    }
    assert not {*OF_CASES, "outcome"} & records.properties(strike, STRIKES).keys()


def test_a_strike_without_a_case_is_found_by_none(records: Records) -> None:
    """A draft is none; when a case comes, the strike is found."""
    strike = records.incident(STRIKES)
    case = records.case(strike, status="draft", awareness="aware")
    records.publish()
    assert told(records, strike, STRIKES) == dict.fromkeys((*OF_CASES, "outcome")) | {"has_case": False}
    records.change(case, CASE, status="published")
    records.publish()
    assert (told(records, strike, STRIKES)["has_case"], told(records, strike, STRIKES)["awareness"]) == (True, "aware")


def test_a_protected_call_is_found_by_nothing_that_its_case_says(records: Records) -> None:
    """The same row with a case and without: no filter can tell. The mark opens it; the outcome is its own."""
    call, alone = (records.incident(CALLS, outcome="lost") for _ in range(2))
    case = records.case(call, awareness="aware", involvement="involved", outcome="partial")
    records.contact(case, union_level="municipal", excuses=["not_member"])
    records.publish()
    assert told(records, call, CALLS) == told(records, alone, CALLS)
    assert told(records, call, CALLS)["has_case"] is False
    records.change(call, CALLS, already_public=True)
    records.publish()
    opened = told(records, call, CALLS)
    assert (opened["has_case"], opened["excuses"], opened["outcome"]) == (True, ["not_member"], "lost")


def test_a_case_is_found_by_the_industry_of_the_incidents_it_may_name(records: Records) -> None:
    """Not by that of a hidden call, nor where they differ; it shows none."""
    mine = records.incident(STRIKES, industry="mining")
    case = records.case(mine, records.incident(CALLS, industry="retail"))
    hidden = records.case(records.incident(CALLS, industry="retail"))
    differing = records.case(mine, records.incident(STRIKES, industry="education"))
    records.publish()
    found = [records.row(one, CASE)["industry"] for one in (case, hidden, differing)]
    assert found == ["mining", None, None]
    assert "industry" not in records.properties(case, CASE)


def test_a_case_of_two_provinces_is_found_in_each(records: Records) -> None:
    """By every public region of its incidents; it has no point."""
    case = records.case(records.incident(STRIKES, [BAOAN]), records.incident(STRIKES, ["110105"]))
    records.publish()
    row = records.row(case, CASE)
    assert row["regions"] == ["110105", BAOAN]
    assert set(row["regions_within"]) == {"110000", "110105", "440000", SHENZHEN, BAOAN}
    assert (row["geometry"], row["several_places"]) == (None, True)


def test_a_guarded_case_is_found_by_what_its_places_have_in_common_only(records: Records) -> None:
    """Were it found in Guangzhou, that would tell where the hidden call is."""
    case = records.case(records.incident(STRIKES, [SHENZHEN]), records.incident(CALLS, [GUANGZHOU]))
    records.publish()
    row = records.row(case, CASE)
    assert (row["regions"], row["regions_within"]) == (["440000"], ["440000"])


def test_a_public_union_says_whether_it_was_named_by_rule(records: Records) -> None:
    """And its sector."""
    case = records.case(records.incident(STRIKES))
    union = records.union(name_by_rule=True, sector="education")
    records.contact(case, union_id=union)
    records.publish()
    asked = "SELECT id, name_by_rule, sector FROM published.union_organization"
    assert records.connection.execute(sa.text(asked)).all() == [(union, True, "education")]
