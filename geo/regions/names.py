"""The names of regions: English and Traditional Chinese from the Simplified name, and the short forms of maps.

English follows newspapers: a province or city by its bare name ("Guangdong", "Shenzhen", "Kunshan"), every other unit
with its kind ("Bao'an District", "Boluo County", "Yanbian Korean Autonomous Prefecture"). A name of one character
keeps its kind in the word, as the national rules for romanisation have it ("Shanxian County").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import opencc
import pypinyin

from geo.regions.lists import read_list

_GENERICS: Final = {
    "特别行政区": "",
    "自治区": "",
    "自治州": "Autonomous Prefecture",
    "自治县": "Autonomous County",
    "自治旗": "Autonomous Banner",
    "行政委员会": "Administrative Committee",
    "林区": "Forestry District",
    "特区": "Special District",
    "矿区": "Mining District",
    "新区": "New Area",
    "地区": "Prefecture",
    "省": "",
    "市": "",
    "盟": "League",
    "旗": "Banner",
    "县": "County",
    "区": "District",
}
"""Kinds of region at the end of a name, longest first, and their English word."""

_PEOPLES: Final = {
    "维吾尔": "Uyghur", "柯尔克孜": "Kyrgyz", "哈萨克": "Kazakh", "塔吉克": "Tajik", "达斡尔": "Daur",
    "土家": "Tujia", "布依": "Buyei", "朝鲜": "Korean", "哈尼": "Hani", "傈僳": "Lisu", "拉祜": "Lahu",
    "东乡": "Dongxiang", "纳西": "Naxi", "景颇": "Jingpo", "仫佬": "Mulam", "布朗": "Blang", "撒拉": "Salar",
    "毛南": "Maonan", "仡佬": "Gelao", "锡伯": "Xibe", "普米": "Pumi", "鄂温克": "Ewenki", "保安": "Bonan",
    "独龙": "Derung", "裕固": "Yugur", "蒙古": "Mongol", "各": "Multi-Ethnic", "回": "Hui", "满": "Manchu",
    "藏": "Tibetan", "苗": "Miao", "彝": "Yi", "壮": "Zhuang", "侗": "Dong", "瑶": "Yao", "白": "Bai",
    "傣": "Dai", "黎": "Li", "佤": "Wa", "畲": "She", "水": "Sui", "土": "Tu", "羌": "Qiang", "怒": "Nu",
}  # fmt: skip
"""Names of peoples as they stand before a unit's kind. In Xinjiang and Inner Mongolia the 族 may be left out."""

_BARE_PEOPLES: Final = ("维吾尔", "柯尔克孜", "哈萨克", "塔吉克", "锡伯", "蒙古", "壮族", "回族")
_PEOPLE: Final = re.compile("(" + "|".join(f"{name}族" for name in _PEOPLES) + "|" + "|".join(_BARE_PEOPLES) + ")$")
_SHORTEST_STEM: Final = {"林区": 3, "新区": 2, "矿区": 2, "特区": 2}
"""万柏林区 and 清新区 are districts whose names end in 林 and 新, not a forestry district and a new area."""
_KEEPS_ITS_KIND: Final = ("Banner", "Mining District", "Special District")
"""Kinds that a Chinese map label keeps: 巴林左旗 and 井陉矿区 are not known without them."""


@dataclass(frozen=True)
class NameParts:
    """A Simplified name taken apart: 延边朝鲜族自治州 is 延边, (Korean), Autonomous Prefecture."""

    stem: str
    peoples: tuple[str, ...]
    generic: str
    kind_en: str


@dataclass(frozen=True)
class RegionNames:
    """Every name of a region that is shown; `aliases_en` are further established English names."""

    en: str
    zh_hans: str
    zh_hant: str
    short_en: str
    short_zh_hans: str
    short_zh_hant: str
    pinyin: str
    aliases_en: tuple[str, ...] = ()


def split_name(name_zh_hans: str) -> NameParts:
    """Take a Simplified name apart. A name that would be left without a stem keeps what it has."""
    for generic in _GENERICS:
        if name_zh_hans.endswith(generic) and len(name_zh_hans) >= len(generic) + _SHORTEST_STEM.get(generic, 1):
            stem = name_zh_hans.removesuffix(generic)
            break
    else:
        return NameParts(name_zh_hans, (), "", "")
    peoples: list[str] = []
    if generic.startswith(("自治", "区")):
        while (found := _PEOPLE.search(stem)) and found.start() > 0 and stem != "内蒙古":
            peoples.insert(0, _PEOPLES[found[1].removesuffix("族")])
            stem = stem[: found.start()]
        if stem.endswith("族"):  # 东乡族自治县: the people's name is the place's
            stem = stem.removesuffix("族")
    if generic == "自治区":
        peoples = []  # newspapers write Guangxi, not Guangxi Zhuang
    return NameParts(stem, tuple(peoples), generic, _GENERICS[generic])


@dataclass
class Namer:
    """Makes the names of regions. Reads its lists once: make one, use it for all regions of a set."""

    _established: dict[str, list[tuple[str, str]]] = field(init=False, default_factory=dict)
    _readings: dict[str, list[str]] = field(init=False, default_factory=dict)
    _characters: dict[str, str] = field(init=False, default_factory=dict)
    _traditional: dict[str, str] = field(init=False)
    _converter: opencc.OpenCC = field(init=False)

    def __post_init__(self) -> None:
        for row in read_list("names_en"):
            key, value = row["name_zh_hans"], row["name_en"]
            if row["kind"] == "established":
                self._established.setdefault(key, []).append((row["within"], value))
            elif row["kind"] == "reading":
                self._readings[key] = value.split()
            else:
                self._characters[key] = value
        self._traditional = {row["name_zh_hans"]: row["name_zh_hant"] for row in read_list("names_zh_hant")}
        self._converter = opencc.OpenCC("s2t")

    def name_region(self, name_zh_hans: str, code: str, name_en: str | None = None) -> RegionNames:
        """Every name of the region `code`. `name_en` is used instead of a made one where a file gives it."""
        parts = split_name(name_zh_hans)
        pinyin = self.read_pinyin(parts, name_zh_hans)
        full_name_given = self._find_established(name_zh_hans, code)
        given = (name_en,) if name_en else full_name_given or self._find_established(parts.stem, code)
        short_en = given[0] if given else pinyin
        if name_en or (full_name_given and not _needs_kind(short_en, parts)):
            en, short_en = short_en, _drop_kind(short_en)
        else:
            en = " ".join(word for word in (short_en, _join_peoples(parts.peoples), parts.kind_en) if word)
        short_hans = _shorten(name_zh_hans, parts)
        hant = self.to_traditional(name_zh_hans)
        short_hant = hant[: len(short_hans)] if len(hant) == len(name_zh_hans) else self.to_traditional(short_hans)
        return RegionNames(en, name_zh_hans, hant, short_en, short_hans, short_hant, pinyin, tuple(given[1:]))

    def to_traditional(self, name_zh_hans: str) -> str:
        """The name in Traditional characters; a list of our own settles one-to-many characters (干, 谷, 岳 ...)."""
        return self._traditional.get(name_zh_hans) or str(self._converter.convert(name_zh_hans))

    def read_pinyin(self, parts: NameParts, name_zh_hans: str) -> str:
        """The stem in pinyin, one word, with apostrophes where the rules ask for them: "Bao'an", "Shanxian"."""
        syllables = self._readings.get(parts.stem)
        if syllables is None:
            automatic = pypinyin.lazy_pinyin(name_zh_hans, v_to_u=True)[: len(parts.stem)]
            syllables = [self._characters.get(char, read) for char, read in zip(parts.stem, automatic, strict=False)]
        if len(parts.stem) == 1 and parts.generic in {"县", "区", "市"}:
            syllables = [*syllables, *pypinyin.lazy_pinyin(parts.generic)]
        word = "".join(f"'{read}" if read[:1] in {"a", "e", "o"} and at else read for at, read in enumerate(syllables))
        return word[:1].upper() + word[1:]

    def _find_established(self, key: str, code: str) -> tuple[str, ...]:
        for within, value in self._established.get(key, []):
            if code.startswith(within):
                return tuple(value.split("|"))
        return ()


def _needs_kind(name_en: str, parts: NameParts) -> bool:
    """Whether an established name stands for the stem only: Mangshi is a whole name, Da Qaidam is not."""
    return parts.kind_en == "Administrative Committee" and not name_en.endswith(parts.kind_en)


def _drop_kind(name_en: str) -> str:
    return re.sub(r" (City|County|District|Mining District|Prefecture|Province)$", "", name_en)


def _join_peoples(peoples: tuple[str, ...]) -> str:
    return " and ".join([", ".join(peoples[:-1]), peoples[-1]]) if len(peoples) > 1 else "".join(peoples)


def _shorten(name_zh_hans: str, parts: NameParts) -> str:
    if len(parts.stem) == 1 or parts.kind_en in _KEEPS_ITS_KIND:
        return name_zh_hans
    return parts.stem
