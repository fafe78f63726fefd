"""Cities from English titles."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from geo.regions.package_boundaries import read_regions
from geo.regions.titles import find_city_in_title

if TYPE_CHECKING:
    from pathlib import Path

    from geo.regions.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("title", "province", "city"),
    [
        ("Workers protest wage arrears in Shenzhen, Guangdong", "440000", "440300"),
        ("Taxi drivers in Meishan, Sichuan, strike against rickshaws", "510000", "511400"),
        ("Construction workers in Dezhou, Shandong demand wage arrears owed by company", "370000", "371400"),
        ("Several hundred coal miners strike in Zhangjiakou, Hebei over wage arrears", "130000", "130700"),
        ("Taxi drivers in Shangdu, Inner Mongolia, strike", "150000", "150900"),
        ("Teachers in Jinping county, Guizhou strike", "520000", "522600"),
        ("Workers in the city of Jilin, Jilin province demand pensions", "220000", "220200"),
        ("Workers in Panyu, Guangdong strike", "440000", "440100"),
        ("Workers at a toy factory in Bao'an, Shenzhen, Guangdong strike", "440000", "440300"),
        ("Workers in Laiwu, Shandong strike", "370000", "370100"),
        ("Drivers in Chaoyang, Beijing strike", "110000", "110000"),
    ],
)
def test_a_city_before_its_province_is_taken(gazetteer: Gazetteer, title: str, province: str, city: str) -> None:
    """The form "in <City>, <Province>" gives the prefecture; a county or district gives the one it lies in."""
    found = find_city_in_title(gazetteer, title, province)
    assert found is not None
    assert (found.code, found.kind) == (city, "title")


@pytest.mark.parametrize(
    ("title", "province"),
    [
        ("Workers in Linyi, Shandong strike", "370000"),  # a city and a county of another city
        ("Workers in Huhhot, Inner Mongolia strike", "150000"),  # a misspelling
        ("Workers in Zhenjiang, Guangdong strike", "440000"),  # Zhanjiang, or a district of Shaoguan
        ("Workers in Shenzhen, Guangdong strike", "430000"),  # another province than the record's
        ("Workers in Chaohu, Anhui strike", "340000"),  # was split among three cities
        ("Workers in Guangdong strike", "440000"),
        ("Workers strike in Dongguan", "440000"),  # not the form: no province follows
        ("", "440000"),
    ],
)
def test_a_doubtful_city_is_left_out(gazetteer: Gazetteer, title: str, province: str) -> None:
    """A wrong city is worse than none."""
    assert find_city_in_title(gazetteer, title, province) is None


@pytest.mark.clb
def test_most_titles_of_the_export_give_their_city(gazetteer: Gazetteer, clb_folder: Path) -> None:
    """Of 9,224 titles some 6,700 have the form, and 6,632 give one certain city."""
    provinces = {region.names.en: region.code for region in read_regions() if region.level == "province"}
    with (clb_folder / "clb_strikes_2011_2017_combined.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = [(row["Title"], provinces.get(row["Province"])) for row in csv.DictReader(table)]
    found = [find_city_in_title(gazetteer, title, province) if province else None for title, province in rows]
    cities = Counter(place.code for place in found if place is not None)
    assert len(rows) == 9224
    assert cities.total() == 6632
    assert cities["440300"] == 212
    assert not cities.keys() & {province for _title, province in rows if province and province[:2] not in "11123150"}
