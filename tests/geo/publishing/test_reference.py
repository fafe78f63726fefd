"""Regions, vocabularies and unions: copies of what records refer to."""

from __future__ import annotations

import sqlalchemy as sa

from geo.publishing.publish import publish_all, publish_reference
from tests.private_records import BAOAN, Records


def test_regions_and_terms_are_published_once(connection: sa.Connection) -> None:
    """The second time nothing differs, and nothing is written."""
    assert publish_reference(connection)
    assert not publish_reference(connection)
    for public, private in (("region", "region"), ("term", "term"), ("topology", "region_topology")):
        counts = sa.text(
            f"SELECT (SELECT count(*) FROM published.{public}), (SELECT count(*) FROM editorial.{private})"
        )
        there, wanted = connection.execute(counts).one()
        assert there == wanted > 0


def test_a_region_knows_where_it_stands(connection: sa.Connection) -> None:
    """Province and prefecture, and which of two regions with one code a bare code means."""
    publish_reference(connection)
    asked = sa.text(
        "SELECT level, code, province, prefecture, is_bare FROM published.region "
        "WHERE code IN ('440306', '110000') ORDER BY code, level"
    )
    assert [tuple(row) for row in connection.execute(asked)] == [
        ("prefecture", "110000", "110000", "110000", False),
        ("province", "110000", "110000", None, True),
        ("county", "440306", "440000", "440300", True),
    ]


def test_a_term_that_changed_is_changed_alone(connection: sa.Connection) -> None:
    """And a term that is gone goes."""
    publish_reference(connection)
    others = sa.text("SELECT ctid::text FROM published.term WHERE code <> 'strike' ORDER BY vocabulary, code")
    before = connection.scalars(others).all()
    connection.exec_driver_sql("UPDATE editorial.term SET label_en = 'Walkout' WHERE code = 'strike'")
    assert publish_reference(connection)
    assert connection.scalar(sa.text("SELECT label_en FROM published.term WHERE code = 'strike'")) == "Walkout"
    assert connection.scalars(others).all() == before
    connection.exec_driver_sql("DELETE FROM editorial.term WHERE code = 'strike'")
    assert publish_reference(connection)
    assert connection.scalar(sa.text("SELECT count(*) FROM published.term WHERE code = 'strike'")) == 0


def test_new_boundaries_move_the_points_of_records(records: Records) -> None:
    """A record of a district stands at the district's point, so it is published again when that moves."""
    made = records.incident("strikes")
    publish_all(records.connection)
    moved = sa.text("UPDATE editorial.region SET point = 'SRID=4326;POINT(113.5 22.5)' WHERE code = :code")
    records.connection.execute(moved, {"code": BAOAN})
    assert publish_reference(records.connection)
    found = records.feature(made, "strikes")
    assert found is not None
    assert found["geometry"]["coordinates"] == [113.5, 22.5]


def test_other_rules_publish_every_record_again(records: Records) -> None:
    """A release with another policy must not leave what the old one showed."""
    made = records.incident("strikes")
    publish_all(records.connection)
    records.connection.exec_driver_sql("UPDATE published.feature SET county = NULL")
    assert not publish_reference(records.connection)
    records.connection.exec_driver_sql("UPDATE editorial.publishing_rules SET sha256 = 'of an older release'")
    assert publish_reference(records.connection)
    shown = sa.text("SELECT county FROM published.feature WHERE public_id = :id")
    found = records.feature(made, "strikes")
    assert found is not None
    assert records.connection.scalar(shown, {"id": found["id"]}) == BAOAN


def test_names_and_succession_of_regions_are_published(connection: sa.Connection) -> None:
    """A retired code has its last name, what took its place, and today's code under which it is drawn."""
    publish_reference(connection)
    drawn = sa.text(
        "SELECT code, name_zh_hans, drawn_code FROM published.drawn_code WHERE code IN ('371200', '460302')"
    )
    assert sorted(map(tuple, connection.execute(drawn))) == [("371200", "莱芜市", "370100"), ("460302", None, "460321")]
    kinds = sa.text("SELECT new_code, kind FROM published.region_succession WHERE old_code = '371200' ORDER BY 1")
    assert [tuple(row) for row in connection.execute(kinds)] == [("370116", "split"), ("370117", "split")]
    alias = sa.text("SELECT code FROM published.region_name WHERE alias = 'shenzhen'")
    assert connection.scalars(alias).all() == ["440300"]


def test_a_term_has_the_spellings_of_the_export(connection: sa.Connection) -> None:
    """They are facts about files that CLB published."""
    publish_reference(connection)
    spelling = sa.text("SELECT clb_value FROM published.term WHERE vocabulary = 'demand' AND code = 'wage_arrears'")
    assert connection.scalar(spelling) == "Wage Arrears"


def test_a_union_names_the_open_cases_alone(records: Records) -> None:
    """A union of an open case and of a guarded one must not lead from the one to the other."""
    union = records.union()
    is_open, guarded = records.case(), records.case(records.incident("calls_for_help"))
    for case in (is_open, guarded):
        records.contact(case, union_id=union)
    publish_all(records.connection)
    cases = records.connection.scalar(sa.text("SELECT cases FROM published.union_organization"))
    assert cases == [records.public_id(is_open, "accountability")]
    assert records.feature(guarded, "accountability") is not None
