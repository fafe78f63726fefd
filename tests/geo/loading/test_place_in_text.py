"""Places finer than a prefecture in prose."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from geo.loading.place_in_text import FinePlaces, load_fine_places


@pytest.fixture(scope="session")
def fine(engine: sa.Engine) -> FinePlaces:
    """The names of China's counties."""
    with engine.connect() as connection:
        return load_fine_places(connection)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("梓潼县工人求助", "梓潼县"),
        ("深圳宝安工人讨薪", "宝安"),
        ("绵阳市梓潼一名工人", "梓潼"),
        ("工人在邢集镇讨薪", "人在邢集镇"),
        ("Worker in Zitong County asks for wages", "Zitong County"),
        ("A worker from Xingji township", "Xingji township"),
        ("Taxi drivers in Renqiu ask for help", "Renqiu"),
    ],
)
def test_a_finer_place_is_found(fine: FinePlaces, text: str, place: str) -> None:
    """Counties with and without their kind, townships, in both languages."""
    assert fine.find(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "绵阳一名受伤建筑工人求助，追讨医药费和工资",
        "六盘水一名木工追讨政府工程工资",
        "农村户口的工人返乡后求助",
        "新华社报道，工人和平讨薪",
        "Injured construction worker in Mianyang asks for treatment costs and wages",
        "Nineteen construction workers in Shenzhen, Guangdong ask for wages owed",
        "Migrant workers at a Liaoning mining project",
    ],
)
def test_a_prefecture_is_no_finer_place(fine: FinePlaces, text: str) -> None:
    """What the public sees may be said."""
    assert fine.find(text) is None
