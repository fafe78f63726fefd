"""Federations are made by rule, once, with the levels above them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from geo.records.federations import find_or_make_federation
from geo.records.unions import find_contacted_union, find_or_make_union

UNIONS = sa.text("SELECT * FROM editorial.union_organization ORDER BY id")


def read(connection: sa.Connection, union: int | None) -> dict[str, Any]:
    """The row of a union."""
    return next(dict(row) for row in connection.execute(UNIONS).mappings() if row["id"] == union)


@pytest.mark.parametrize(
    ("code", "level", "name_en", "name_zh_hans", "name_zh_hant"),
    [
        ("440000", "provincial", "Guangdong Provincial", "广东省总工会", "廣東省總工會"),
        ("450000", "provincial", "Guangxi Autonomous Region", "广西壮族自治区总工会", "廣西壯族自治區總工會"),
        ("110000", "provincial", "Beijing Municipal", "北京市总工会", "北京市總工會"),
        ("440300", "municipal", "Shenzhen Municipal", "深圳市总工会", "深圳市總工會"),
        (
            "222400",
            "municipal",
            "Yanbian Korean Autonomous Prefecture",
            "延边朝鲜族自治州总工会",
            "延邊朝鮮族自治州總工會",
        ),
        ("152500", "municipal", "Xilingol League", "锡林郭勒盟总工会", "錫林郭勒盟總工會"),
        ("440306", "district", "Bao'an District", "宝安区总工会", "寶安區總工會"),
        ("510725", "county", "Zitong County", "梓潼县总工会", "梓潼縣總工會"),
        ("520281", "county", "Panzhou Municipal", "盘州市总工会", "盤州市總工會"),
        ("150423", "county", "Bairin Right Banner", "巴林右旗总工会", "巴林右旗總工會"),
        ("469021", "county", "Ding'an County", "定安县总工会", "定安縣總工會"),
    ],
)
def test_every_kind_of_region_has_its_federation(
    connection: sa.Connection, code: str, level: str, name_en: str, name_zh_hans: str, name_zh_hant: str
) -> None:
    """Named by rule in three scripts, and said to be."""
    row = read(connection, find_or_make_federation(connection, code))
    assert (row["level"], row["region_code"], row["name_by_rule"]) == (level, code, True)
    assert row["name_en"] == f"{name_en} Federation of Trade Unions"
    assert (row["name_zh_hans"], row["name_zh_hant"]) == (name_zh_hans, name_zh_hant)


@pytest.mark.parametrize("code", ["710000", "810000", "820000", "460321", "999999", ""])
def test_nothing_is_named_by_rule_elsewhere(connection: sa.Connection, code: str) -> None:
    """Taiwan, Hong Kong and Macau have none of these federations; neither has a place without a kind."""
    assert find_or_make_federation(connection, code) is None
    assert connection.execute(UNIONS).all() == []


def test_its_superiors_are_made_with_it_and_none_twice(connection: sa.Connection) -> None:
    """District, city, province; asked again, nothing is added."""
    district = find_or_make_federation(connection, "440306")
    chain = []
    above: int | None = district
    while above is not None:
        row = read(connection, above)
        chain.append(row["region_code"])
        above = row["parent_id"]
    assert chain == ["440306", "440300", "440000"]
    assert find_or_make_federation(connection, "440306") == district
    assert len(connection.execute(UNIONS).all()) == 3


def test_a_district_of_a_municipality_stands_right_under_it(connection: sa.Connection) -> None:
    """Its city and its province are one area."""
    row = read(connection, find_or_make_federation(connection, "110105"))
    assert read(connection, row["parent_id"])["name_zh_hans"] == "北京市总工会"
    assert len(connection.execute(UNIONS).all()) == 2


@pytest.mark.parametrize(
    ("name_en", "name_zh_hans", "level"),
    [
        ("Bao'an Union", "宝安区总工会", "district"),
        (None, "寶安區總工會", "district"),
        ("Bao'an District Federation of Trade Unions, Shenzhen", None, "district"),
        ("Baoan district union", None, "district"),
        (None, " 宝安区总工会 ", "county"),
    ],
)
def test_a_file_that_names_it_finds_it(
    connection: sa.Connection, name_en: str | None, name_zh_hans: str | None, level: str
) -> None:
    """However it is spelt, and whichever way round."""
    made = find_or_make_federation(connection, "440306")
    found = find_or_make_union(
        connection, name_en=name_en, name_zh_hans=name_zh_hans, level=level, region_code="440306"
    )
    assert found == made


def test_one_that_a_file_named_first_is_completed(connection: sa.Connection) -> None:
    """What it was called stays; its other names and its superior are added, and it was not named by rule."""
    first = find_or_make_union(
        connection, name_en="Zitong county union", name_zh_hans=None, level="county", region_code="510725"
    )
    assert find_or_make_federation(connection, "510725") == first
    row = read(connection, first)
    assert (row["name_en"], row["name_zh_hans"]) == ("Zitong county union", "梓潼县总工会")
    assert (row["name_by_rule"], read(connection, row["parent_id"])["region_code"]) == (False, "510700")


def test_another_union_of_the_region_is_not_taken_for_it(connection: sa.Connection) -> None:
    """A teachers' union of the same level is no federation."""
    named = {"level": "district", "region_code": "440306"}
    teachers = find_or_make_union(connection, name_en="Bao'an District Teachers' Union", name_zh_hans=None, **named)
    federation = find_or_make_federation(connection, "440306")
    assert federation != teachers
    other = find_or_make_union(connection, name_en="Bao'an Teachers' Union", name_zh_hans=None, **named)
    assert other not in {federation, teachers}


def test_a_contact_without_a_name_means_the_federation_of_its_level(connection: sa.Connection) -> None:
    """A district's union of a city does not; nor does a level that has no federation."""
    contact = {"union_level": "municipal", "union_region": "440300"}
    assert find_contacted_union(connection, contact) == find_or_make_federation(connection, "440300")
    assert find_contacted_union(connection, {**contact, "union_level": "district"}) is None
    assert find_contacted_union(connection, {**contact, "union_level": "enterprise"}) is None
    assert find_contacted_union(connection, {"union_level": None, "union_region": "440300"}) is None
