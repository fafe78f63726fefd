"""Place names to regions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import AmbiguousPlace, UnknownPlace
from geo.regions.gazetteer import Gazetteer, normalise_name, suggest
from geo.regions.package_boundaries import DRAWN_UNDER, read_regions

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from geo.regions.region_set import Region

    Writer = Callable[[Region, Region, Region], str]

NOT_DRAWN = {"460323": "460300", "653228": "653200", "653229": "653200", **DRAWN_UNDER}
ABROAD_FROM_THE_LISTS = ("71", "81", "82")


def test_two_provinces_are_told_apart_by_their_established_spelling(gazetteer: Gazetteer) -> None:
    """The name Shanxi is 山西 and Shaanxi is 陕西, though their pinyin without tones is one."""
    assert [gazetteer.resolve(name).code for name in ("Shanxi", "Shaanxi", "Shanxi Province")] == [
        "140000",
        "610000",
        "140000",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "440306", "宝安区", "Bao'an District", "Bao’an District", "BAOAN", "Baoan Qu", "深圳宝安", "深圳市寶安區",
        "广东省深圳市宝安区", "广东 深圳 宝安", "Shenzhen, Guangdong, Bao'an District", "Bao'an, Shenzhen",
        "宝安区，深圳市", "广东省，深圳宝安",
    ],
)  # fmt: skip
def test_one_place_has_many_spellings(gazetteer: Gazetteer, text: str) -> None:
    """Codes, scripts, full and short names, chains and parts in any order mean one district."""
    assert gazetteer.resolve(text).code == "440306"


@pytest.mark.parametrize(
    ("text", "code", "reported"),
    [
        ("371200", "370100", "371200"),
        ("莱芜市", "370100", "371200"),
        ("山东莱芜市莱城区", "370116", "371202"),
        ("济南莱芜区", "370116", "370116"),
        ("520222", "520281", "520222"),
        ("Panxian", "520281", "520222"),
        ("542421", "540602", "542421"),
        ("330103", "330105", "330103"),
        ("杭州下城区", "330105", "330103"),
        ("Xiacheng District, Hangzhou", "330105", "330103"),
        ("巢湖市和县", "340523", "340523"),
        ("襄樊市", "420600", "420600"),
        ("苏州工业园区", "320500", "320571"),
    ],
)
def test_names_and_codes_of_the_past_are_drawn_today(gazetteer: Gazetteer, text: str, code: str, reported: str) -> None:
    """What is reported under an old code or name keeps it, and is drawn under today's."""
    place = gazetteer.resolve(text)
    assert (place.code, place.reported_code) == (code, reported)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("朝阳区", {"110105", "220104"}),
        ("鼓楼区", {"320106", "320302", "350102", "410204"}),
        ("Chaoyang", {"110105", "211300", "211321", "220104", "440513"}),
        ("Suzhou", {"320500", "341300", "620902"}),
        ("桥东区", {"130100", "130502", "130702"}),
    ],
)
def test_namesakes_are_refused_with_their_candidates(gazetteer: Gazetteer, text: str, candidates: set[str]) -> None:
    """A name of several regions is never guessed, be it of today or of the past."""
    with pytest.raises(AmbiguousPlace) as refused:
        gazetteer.resolve(text)
    assert {candidate[0] for candidate in refused.value.candidates} == candidates
    assert all(code in str(refused.value) for code in candidates)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("北京朝阳", "110105"), ("Chaoyang District, Changchun", "220104"), ("Suzhou, Anhui", "341300"),
        ("海南", "460000"), ("青海海南", "632500"), ("吉林", "220000"), ("吉林市", "220200"),
        ("Jilin, Jilin", "220200"),
        ("吉林吉林昌邑", "220202"), ("长沙", "430100"), ("长沙县", "430121"), ("湖南长沙长沙", "430121"),
        ("上海市上海市浦东新区", "310115"), ("东莞市东莞市", "441900"), ("内蒙", "150000"), ("香港灣仔", "810107"),
        ("Wanchai, Hong Kong", "810107"), ("臺北市", "710009"), ("Tibet", "540000"), ("Xizang", "540000"),
        ("Hohhot", "150100"), ("Huhehaote", "150100"), ("Lvliang", "141100"), ("延边州", "222400"),
        ("Weining Yi, Hui and Miao Autonomous County, Bijie", "520526"), ("新疆石河子", "659001"),
    ],
)  # fmt: skip
def test_the_hierarchy_decides_between_namesakes(gazetteer: Gazetteer, text: str, code: str) -> None:
    """Parts narrow each other; alone, a province's name is the province, and a city's name holds its counties'."""
    assert gazetteer.resolve(text).code == code


@pytest.mark.parametrize("text", ["", " , ", "Shenzen", "999999", "Paris", "深圳巴黎", "宝安区, 北京", "广东省朝阳区"])
def test_what_no_region_is_called_is_unknown(gazetteer: Gazetteer, text: str) -> None:
    """Misspellings, unknown codes and parts that do not fit together resolve to nothing."""
    with pytest.raises(UnknownPlace):
        gazetteer.resolve(text)


def test_within_narrows_a_name(gazetteer: Gazetteer) -> None:
    """The same name is one place inside Beijing and none inside Guangdong."""
    assert gazetteer.resolve("朝阳区", within="110000").code == "110105"
    with pytest.raises(UnknownPlace):
        gazetteer.resolve("朝阳区", within="440000")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("北京市", "市辖区", "朝阳区"), "110105"),
        (("北京市", "北京市", "朝阳区"), "110105"),
        (("广东", "深圳", None), "440300"),
        (("湖北省", "省直辖县级行政区划", "仙桃市"), "429004"),
        (("辽宁", "朝阳", "朝阳县"), "211321"),
        (("Guangdong", "", ""), "440000"),
        (("四川省", None, "440306"), None),
    ],
)
def test_cells_of_a_table_are_read_together(
    gazetteer: Gazetteer, cells: tuple[str | None, str | None, str | None], code: str | None
) -> None:
    """Province, city and county cells mean their finest region, and must agree."""
    if code is None:
        with pytest.raises(UnknownPlace):
            gazetteer.resolve_parts(*cells)
    else:
        assert gazetteer.resolve_parts(*cells).code == code


def test_every_province_is_its_own_bare_name(gazetteer: Gazetteer) -> None:
    """In each language a province's full and short name mean it; "Shanxi" is 山西 and never 陕西, which is Shaanxi."""
    for region in read_regions():
        names = region.names
        for name in (names.en, names.short_en, names.zh_hans, names.zh_hant, names.short_zh_hans, names.short_zh_hant):
            if region.level == "province":
                assert gazetteer.resolve(name).code == region.code, name


def test_prefectures_are_found_inside_their_province(gazetteer: Gazetteer) -> None:
    """In Chinese always; in English all but those that a county of the province is spelled like (Linyi, Jinzhou)."""
    regions = {region.key: region for region in read_regions()}
    refused = set()
    for city in regions.values():
        if city.level == "prefecture" and city.parent:
            province = regions[city.parent]
            assert gazetteer.resolve(province.names.zh_hans + city.names.zh_hans).code == city.code
            try:
                assert gazetteer.resolve(f"{city.names.en}, {province.names.en}").code == city.code
            except AmbiguousPlace:
                refused.add(city.names.en)
    assert {"Linyi", "Jinzhou"} <= refused
    assert len(refused) <= 10, refused


def test_several_places_meet_in_their_common_region(gazetteer: Gazetteer) -> None:
    """Two districts of a city are in the city; two provinces are in nothing."""
    assert gazetteer.find_common(["440306", "440304"]) == "440300"
    assert gazetteer.find_common(["440306", "110000"]) is None


def test_similar_spellings_are_only_suggested(connection: sa.Connection) -> None:
    """The misspelling "shenzen" is like Shenze and like Shenzhen: both are shown, neither is taken."""
    suggested = [code for code, _level, _english, _chinese in suggest(connection, "shenzen")]
    assert {"440300", "130128"} <= set(suggested)
    assert suggest(connection, "qqqqqq") == ()


def _measure(gazetteer: Gazetteer, write: Writer) -> Counter[str]:
    """Write every county of the mainland in one way and count how it is understood."""
    regions = {region.key: region for region in read_regions()}
    outcomes: Counter[str] = Counter()
    for county in regions.values():
        if county.level != "county" or county.code.startswith(ABROAD_FROM_THE_LISTS):
            continue
        city = regions["prefecture", county.parent[1] if county.parent else ""]
        province = regions["province", city.parent[1] if city.parent else ""]
        try:
            found = gazetteer.resolve(write(province, city, county)).code
        except AmbiguousPlace:
            outcomes["refused"] += 1
        except UnknownPlace:
            outcomes["unknown"] += 1
        else:
            drawn = NOT_DRAWN.get(county.code, county.code)
            contains = found in gazetteer.get_path(drawn).codes
            outcomes["right" if found == drawn else "coarser" if contains else "wrong"] += 1
    return outcomes


@pytest.mark.parametrize(
    ("write", "least_right"),
    [
        (lambda p, c, x: p.names.zh_hans + c.names.zh_hans + x.names.zh_hans, 0.999),
        (lambda p, c, x: p.names.zh_hant + c.names.zh_hant + x.names.zh_hant, 0.999),
        (lambda p, c, x: p.names.short_zh_hans + c.names.short_zh_hans + x.names.short_zh_hans, 0.981),
        (lambda _p, c, x: f"{x.names.en}, {c.names.en}", 0.975),
        (lambda p, _c, x: f"{x.names.en}, {p.names.en}", 0.975),
        (lambda _p, _c, x: x.names.zh_hans, 0.974),
    ],
    ids=["full", "traditional", "short chain", "county, city", "county, province", "county alone"],
)
def test_counties_are_found_by_every_way_of_writing(gazetteer: Gazetteer, write: Writer, least_right: float) -> None:
    """Of 2,857 counties nearly all are found and none is taken for another; the rest are refused, not guessed.

    A city and a county in it that share a bare name ("Dali, Yunnan") are read as the city, which is true of both.
    """
    outcomes = _measure(gazetteer, write)
    assert outcomes.total() == 2857
    assert outcomes["wrong"] == outcomes["unknown"] == 0, outcomes
    assert outcomes["right"] / outcomes.total() >= least_right, outcomes


@given(st.text())
def test_folding_a_name_twice_is_folding_it_once(text: str) -> None:
    """Normalised names are normalised: the table can be compared with itself."""
    once = normalise_name(text)
    assert normalise_name(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｂａｏ'ａｎ", "baoan"),
        ("寶安區", "宝安区"),
        ("Ürümqi", "urumqi"),
        ("Xi’an ", "XIAN"),
        ("大興安嶺", "大兴安岭"),
    ],
)
def test_spellings_that_differ_in_form_only_are_one(one: str, other: str) -> None:
    """Width, script, case, accents, spaces and apostrophes do not part names."""
    assert normalise_name(one) == normalise_name(other)
