"""Accountability: rows of contacts become cases with their incidents and unions."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.geo.loading.conftest import STRIKE, Load, codes_of

CASE: dict[str, str] = {
    "source_id": "U1",
    "incident_ids": "1",
    "starts_on": "2020-05",
    "title_en": "Two unions asked about a strike",
    "sources": "A report, p. 3",
}
SHENZHEN: dict[str, str] = {
    "contact_no": "1",
    "contacted": "true",
    "union_name_zh_hans": "深圳市总工会",
    "union_level": "municipal",
    "union_region": "440300",
    "awareness": "unaware",
    "involvement": "uninvolved",
    "excuses": "not_member;jurisdiction",
}
BAOAN: dict[str, str] = {
    "contact_no": "2",
    "contacted": "false",
    "union_name_zh_hans": "宝安区总工会",
    "union_level": "district",
    "union_region": "宝安区",
    "awareness": "aware",
}


@pytest.fixture(autouse=True)
def strike(load: Load) -> None:
    """The incident that the cases are about."""
    assert load([STRIKE]).loaded


def test_rows_of_one_case_become_one_record(load: Load, connection: sa.Connection) -> None:
    """Side by side or not, in any order; contacts keep their numbers."""
    other = CASE | {"source_id": "U2", "title_en": "Another case", "incident_ids": ""}
    report = load([CASE | BAOAN, other | SHENZHEN, CASE | SHENZHEN], layer="accountability")
    assert (report.loaded, report.inserted, report.contacts) == (True, 2, 3)
    contacts = connection.execute(
        sa.text(
            "SELECT c.source_id, u.contact_no, u.union_region, o.name_zh_hans FROM editorial.union_contact u"
            " JOIN editorial.accountability_case c ON c.id = u.case_id"
            " JOIN editorial.union_organization o ON o.id = u.union_id ORDER BY 1, 2"
        )
    ).all()
    assert contacts == [
        ("U1", 1, "440300", "深圳市总工会"),
        ("U1", 2, "440306", "宝安区总工会"),
        ("U2", 1, "440300", "深圳市总工会"),
    ]


def test_a_case_rolls_its_contacts_up(load: Load, connection: sa.Connection) -> None:
    """A union that was only mentioned does not count."""
    load([CASE | SHENZHEN, CASE | BAOAN], layer="accountability")
    rolled = connection.execute(
        sa.text("SELECT awareness, involvement, regions FROM editorial.accountability_case")
    ).one()
    assert tuple(rolled) == ("unaware", "uninvolved", ["440300"])


def test_a_case_about_nothing_loaded_lies_where_its_unions_are(load: Load, connection: sa.Connection) -> None:
    """Without incidents, the unions that were really contacted give the place."""
    load([CASE | SHENZHEN | {"incident_ids": ""}, CASE | BAOAN | {"incident_ids": ""}], layer="accountability")
    assert connection.scalar(sa.text("SELECT regions FROM editorial.accountability_case")) == ["440300"]


def test_cases_load_again_unchanged(load: Load, connection: sa.Connection) -> None:
    """In another order of rows too; a changed contact makes version 2."""
    load([CASE | SHENZHEN, CASE | BAOAN], layer="accountability")
    again = load([CASE | BAOAN, CASE | SHENZHEN], layer="accountability")
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 1)
    changed = load([CASE | SHENZHEN | {"awareness": "aware"}, CASE | BAOAN], layer="accountability")
    assert changed.updated == 1
    assert connection.execute(sa.text("SELECT version, awareness FROM editorial.accountability_case")).all() == [
        (2, "aware")
    ]


def test_an_overridden_roll_up_stays(load: Load, connection: sa.Connection) -> None:
    """An editor judged the case, with a reason; loading it again does not undo that."""
    load([CASE | SHENZHEN], layer="accountability")
    connection.execute(
        sa.text("UPDATE editorial.accountability_case SET awareness = 'aware', override_reason = 'CLB judged so'")
    )
    load([CASE | SHENZHEN | {"title_en": "A better title"}], layer="accountability")
    found = connection.execute(sa.text("SELECT title_en, awareness FROM editorial.accountability_case")).one()
    assert tuple(found) == ("A better title", "aware")


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (CASE | BAOAN | {"title_en": "Another title"}, "CASE_DIFFERS"),
        (CASE | BAOAN | {"contact_no": "1"}, "CONTACT_DUP"),
        (CASE | BAOAN | {"contact_no": ""}, "CONTACT_MISSING"),
        (CASE | BAOAN | {"union_level": ""}, "UNION_LEVEL_MISSING"),
        (CASE | BAOAN | {"excuses": "too busy"}, "VOC_UNKNOWN"),
        (CASE | BAOAN | {"union_region": "朝阳区"}, "REGION_AMBIGUOUS"),
    ],
)
def test_a_faulty_row_keeps_its_case_out(load: Load, second: dict[str, str], code: str) -> None:
    """A case is loaded whole or not at all; the sound row says why it is left out."""
    report = load([CASE | SHENZHEN, second], layer="accountability", policy="valid_rows_only")
    assert code in codes_of(report)
    assert (report.loaded, report.rejected) == (False, 2)


def test_an_unknown_incident_is_refused(load: Load) -> None:
    """With the ids that were not found."""
    report = load([CASE | SHENZHEN | {"incident_ids": "1;99"}], layer="accountability")
    said = next(message for message in report.messages if message.problem.code == "INCIDENT_UNKNOWN")
    assert said.problem.facts["ids"] == "99"


def test_a_union_may_be_unnamed(load: Load, connection: sa.Connection) -> None:
    """Its answer counts all the same."""
    unnamed = {"contact_no": "1", "contacted": "true", "awareness": "aware"}
    assert load([CASE | unnamed], layer="accountability").loaded
    assert connection.execute(sa.text("SELECT union_id, awareness FROM editorial.union_contact")).all() == [
        (None, "aware")
    ]


def test_a_case_about_a_call_for_help_names_no_county(load: Load) -> None:
    """Its text would undo what is held back of the call."""
    call = {"source_id": "H1", "starts_on": "2020-05-02", "title_en": "A worker asks for wages", "region": "440300"}
    assert load([call], layer="calls_for_help").loaded
    case = CASE | SHENZHEN | {"incident_ids": "H1", "title_en": "County union asked about a worker in Bao'an District"}
    assert "PLACE_IN_TEXT" in codes_of(load([case], layer="accountability"))


def test_a_public_id_finds_its_case(load: Load, connection: sa.Connection) -> None:
    """Under the heading of ids too; an unknown one is refused."""
    load([CASE | SHENZHEN], layer="accountability")
    case_id = connection.scalar(sa.text("SELECT id FROM editorial.accountability_case"))
    given = sa.text("INSERT INTO editorial.publication VALUES (1, 'U-2020-000001', 'accountability', :id)")
    connection.execute(given, {"id": case_id})
    row = CASE | SHENZHEN | {"source_id": "U-2020-000001", "title_en": "A better title"}
    assert load([row], layer="accountability").updated == 1
    report = load([row | {"source_id": "U-2020-000009"}], layer="accountability")
    assert "ID_UNKNOWN" in codes_of(report)
