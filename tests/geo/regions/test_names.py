"""English, Traditional and short names."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from geo.regions.lists import read_list
from geo.regions.names import Namer, RegionNames, split_name
from geo.regions.package_boundaries import read_regions

NAMER = Namer()


@pytest.fixture(scope="module")
def names() -> dict[tuple[str, str], RegionNames]:
    """The names of every region, by key."""
    return {region.key: region.names for region in read_regions()}


@pytest.mark.parametrize(
    ("name_zh", "code", "english", "short"),
    [
        ("广东省", "440000", "Guangdong", "Guangdong"),
        ("内蒙古自治区", "150000", "Inner Mongolia", "Inner Mongolia"),
        ("广西壮族自治区", "450000", "Guangxi", "Guangxi"),
        ("香港特别行政区", "810000", "Hong Kong", "Hong Kong"),
        ("深圳市", "440300", "Shenzhen", "Shenzhen"),
        ("吉林市", "220200", "Jilin City", "Jilin"),
        ("延边朝鲜族自治州", "222400", "Yanbian Korean Autonomous Prefecture", "Yanbian"),
        ("恩施土家族苗族自治州", "422800", "Enshi Tujia and Miao Autonomous Prefecture", "Enshi"),
        ("锡林郭勒盟", "152500", "Xilingol League", "Xilingol"),
        ("阿里地区", "542500", "Ngari Prefecture", "Ngari"),
        ("宝安区", "440306", "Bao'an District", "Bao'an"),
        ("浦东新区", "310115", "Pudong New Area", "Pudong"),
        ("清新区", "441803", "Qingxin District", "Qingxin"),
        ("碑林区", "610103", "Beilin District", "Beilin"),
        ("神农架林区", "429021", "Shennongjia Forestry District", "Shennongjia"),
        ("六枝特区", "520203", "Liuzhi Special District", "Liuzhi"),
        ("单县", "371722", "Shanxian County", "Shanxian"),
        ("东乡族自治县", "622926", "Dongxiang Autonomous County", "Dongxiang"),
        ("巴林左旗", "150422", "Bairin Left Banner", "Bairin Left Banner"),
        (
            "积石山保安族东乡族撒拉族自治县",
            "622927",
            "Jishishan Bonan, Dongxiang and Salar Autonomous County",
            "Jishishan",
        ),
        ("东区", "510402", "Dongqu District", "Dongqu"),
        ("东区", "810102", "Eastern District", "Eastern"),
        ("大埔县", "441422", "Dabu County", "Dabu"),
        ("大埔区", "810116", "Tai Po District", "Tai Po"),
        ("嘉义市", "710005", "Chiayi City", "Chiayi"),
        ("津市市", "430781", "Jinshi", "Jinshi"),
    ],
)
def test_english_names_are_those_of_newspapers(name_zh: str, code: str, english: str, short: str) -> None:
    """Cities and provinces bare, other units with their kind, established names before pinyin."""
    named = NAMER.name_region(name_zh, code)
    assert (named.en, named.short_en) == (english, short)


@pytest.mark.parametrize(
    ("name_zh", "pinyin"),
    [
        ("成都市", "Chengdu"), ("都匀市", "Duyun"), ("朝阳市", "Chaoyang"), ("长垣市", "Changyuan"),
        ("长子县", "Zhangzi"), ("洪洞县", "Hongtong"), ("六合区", "Luhe"), ("六安市", "Lu'an"), ("珲春市", "Hunchun"),
        ("涡阳县", "Guoyang"), ("漯河市", "Luohe"), ("荥经县", "Yingjing"), ("荥阳市", "Xingyang"),
        ("闵行区", "Minhang"), ("蚌山区", "Bengshan"), ("乐陵市", "Laoling"), ("乐清市", "Yueqing"),
        ("西安市", "Xi'an"), ("东阿县", "Dong'e"), ("吕梁市", "Lüliang"), ("重庆市", "Chongqing"), ("会理市", "Huili"),
        ("东莞市", "Dongguan"), ("台州市", "Taizhou"), ("龙圩区", "Longxu"), ("万柏林区", "Wanbailin"),
    ],
)  # fmt: skip
def test_names_are_read_as_their_inhabitants_do(name_zh: str, pinyin: str) -> None:
    """Characters with several readings take the one of the place, with apostrophes where syllables would run on."""
    assert NAMER.read_pinyin(split_name(name_zh), name_zh) == pinyin


@pytest.mark.parametrize(
    ("name_zh", "traditional"),
    [
        ("台州市", "台州市"), ("烟台市", "煙臺市"), ("范县", "范縣"), ("新干县", "新干縣"), ("余干县", "餘干縣"),
        ("谷城县", "穀城縣"), ("阳谷县", "陽穀縣"), ("平谷区", "平谷區"), ("湾里区", "灣里區"),
        ("七里河区", "七里河區"), ("乌拉特后旗", "烏拉特後旗"), ("徐汇区", "徐匯區"), ("沈阳市", "瀋陽市"),
        ("沈丘县", "沈丘縣"), ("扶余市", "扶餘市"),
        ("于都县", "于都縣"), ("岳阳市", "岳陽市"), ("苏仙区", "蘇仙區"), ("浮梁县", "浮梁縣"), ("当涂县", "當塗縣"),
    ],
)  # fmt: skip
def test_traditional_names_use_the_right_one_of_several_characters(name_zh: str, traditional: str) -> None:
    """干, 谷, 里, 后, 范, 余 and others stand for several Traditional characters; the place's own is used."""
    assert NAMER.to_traditional(name_zh) == traditional


def test_no_region_is_named_by_a_bare_kind(names: dict[tuple[str, str], RegionNames]) -> None:
    """Every region has all six names, Latin ones in Latin letters, starting with a capital."""
    for key, named in names.items():
        assert all((named.zh_hans, named.zh_hant, named.short_zh_hans, named.short_zh_hant)), key
        for english in (named.en, named.short_en):
            assert re.fullmatch(r"[A-Z][A-Za-z'ü,\- ]+", english), (key, english)


def test_established_names_are_not_spelled_from_characters(names: dict[tuple[str, str], RegionNames]) -> None:
    """At province and prefecture level nothing of Mongolian, Tibetan or Uyghur origin is left as raw pinyin."""
    shown = {named.en for key, named in names.items() if key[0] in {"province", "prefecture"}}
    raw = {"Neimenggu", "Xizang", "Huhehaote", "Wulumuqi", "Lasa", "Haerbin", "Rikaze", "Eerduosi", "Kashi", "Hetian"}
    assert not {name for name in shown if name.split()[0] in raw}
    assert {"Hohhot", "Urumqi", "Lhasa", "Harbin", "Shigatse", "Ordos", "Kashgar Prefecture", "Ulanqab"} <= shown


def test_regions_of_one_parent_have_different_names(names: dict[tuple[str, str], RegionNames]) -> None:
    """No two children of a region share a full name in any language, or a list of them could not be read."""
    for script in ("en", "zh_hans", "zh_hant"):
        full = [(region.level, region.parent, getattr(names[region.key], script)) for region in read_regions()]
        assert [name for name, times in Counter(full).items() if times > 1] == []


def test_the_list_of_names_says_nothing_twice() -> None:
    """A name has one established form and one reading for each place it is valid in."""
    keys = [(row["name_zh_hans"], row["within"], row["kind"]) for row in read_list("names_en")]
    assert len(keys) == len(set(keys))
    assert {row["kind"] for row in read_list("names_en")} == {"established", "reading", "character"}
