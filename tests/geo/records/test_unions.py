"""Union organizations are found again, or made."""

from __future__ import annotations

import sqlalchemy as sa

from geo.records.unions import find_or_make_union

BAOAN = {"level": "district", "region_code": "440306"}


def test_a_union_is_made_once(connection: sa.Connection) -> None:
    """The same name, level and region are the same union."""
    first = find_or_make_union(connection, name_en="Bao'an Union", name_zh_hans="宝安区总工会", **BAOAN)
    assert find_or_make_union(connection, name_en="Bao'an Union", name_zh_hans="宝安区总工会", **BAOAN) == first


def test_the_chinese_name_decides(connection: sa.Connection) -> None:
    """An English name is a translation and may vary."""
    first = find_or_make_union(connection, name_en="Bao'an Union", name_zh_hans="宝安区总工会", **BAOAN)
    assert find_or_make_union(connection, name_en="Bao'an Federation", name_zh_hans="宝安区总工会", **BAOAN) == first
    assert find_or_make_union(connection, name_en="Bao'an Union", name_zh_hans="宝安区教育工会", **BAOAN) != first


def test_a_name_that_was_missing_is_added(connection: sa.Connection) -> None:
    """Known by its English name first, by both later."""
    first = find_or_make_union(connection, name_en="Bao'an Union", name_zh_hans=None, **BAOAN)
    assert find_or_make_union(connection, name_en="Bao'an Union", name_zh_hans="宝安区总工会", **BAOAN) == first
    name = sa.text("SELECT name_zh_hans FROM editorial.union_organization WHERE id = :id")
    assert connection.scalar(name, {"id": first}) == "宝安区总工会"


def test_another_place_is_another_union(connection: sa.Connection) -> None:
    """Unions of two districts may have one name."""
    first = find_or_make_union(connection, name_en="District Union", name_zh_hans=None, **BAOAN)
    other = {"level": "district", "region_code": "440305"}
    assert find_or_make_union(connection, name_en="District Union", name_zh_hans=None, **other) != first
