"""The alias table of the gazetteer: every way in which a region's name is written, made from its names.

Kinds of alias, with what they mean to the gazetteer:

    full, english     a whole name with its kind: 宝安区, Bao'an District
    short, pinyin     a name without its kind: 宝安, Baoan, Bao'an
    retired           a whole name that is no longer in force; the code is the retired one where it had its own
    retired_short     such a name without its kind
    zone              a development zone that stood in the statistical code list
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pypinyin

from geo.folded_names import normalise_name
from geo.regions.lists import read_list
from geo.regions.names import NameParts, Namer, RegionNames, split_name
from geo.regions.region_set import Hierarchy
from geo.regions.tables import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.regions.region_set import RegionSet, RetiredName

WHOLE_KINDS: Final = frozenset({"full", "english", "retired", "zone"})
"""Kinds of alias that name a region with its kind, and so outrank a bare name."""

_KIND_ORDER: Final = ("full", "english", "retired", "zone", "short", "pinyin", "retired_short")
_ENGLISH_KINDS: Final = {
    "市": ("City",), "县": ("County",), "区": ("District",), "省": ("Province",), "地区": ("Prefecture",),
    "盟": ("League", "Prefecture"), "旗": ("Banner",), "自治州": ("Prefecture", "Autonomous Prefecture"),
    "自治县": ("County", "Autonomous County"), "自治旗": ("Banner", "Autonomous Banner"),
    "自治区": ("Autonomous Region",), "特别行政区": ("SAR", "Special Administrative Region"),
    "新区": ("New Area", "New District", "District"), "矿区": ("Mining District",), "特区": ("Special District",),
    "林区": ("Forestry District",),
}  # fmt: skip
_CHINESE_SHORT_KINDS: Final = {
    "自治州": "州",
    "自治县": "县",
    "自治旗": "旗",
    "自治区": "区",
    "林区": "区",
    "特区": "区",
}
_DOTLESS_LU: Final = re.compile(r"ü")


@dataclass(frozen=True)
class PlaceName:
    """One alias. `alias` is normalised; `code` is in force or retired."""

    alias: str
    code: str
    kind: str


def make_place_names(region_set: RegionSet) -> list[PlaceName]:
    """Every alias of every region and retired name of a set, the best kind where an alias is made twice."""
    best: dict[tuple[str, str], str] = {}
    for name in _make_all(region_set):
        known = best.get((name.alias, name.code))
        if name.alias and (known is None or _KIND_ORDER.index(name.kind) < _KIND_ORDER.index(known)):
            best[name.alias, name.code] = name.kind
    return [PlaceName(alias, code, kind) for (alias, code), kind in sorted(best.items())]


def _make_all(region_set: RegionSet) -> Iterator[PlaceName]:
    namer = Namer()
    hierarchy = Hierarchy(region_set.regions)
    bare = hierarchy.bare_keys()
    provinces = {item.names.short_en for item in region_set.regions if item.level == LEVELS[0]}
    for code, key in bare.items():
        names = hierarchy.regions[key].names
        if key[0] == LEVELS[0] and names.pinyin != names.short_en and names.pinyin in provinces:
            names = replace(names, pinyin=names.short_en)  # "Shanxi" is 山西; 陕西 is told from it by its own spelling
        for alias, kind in _write_names(names):
            yield PlaceName(alias, code, kind)
    for retired in region_set.retired:
        yield from _write_retired(namer, retired)
    for row in read_list("aliases"):
        if row["code"] in bare:
            yield PlaceName(normalise_name(row["alias"]), row["code"], row["kind"])


def _write_retired(namer: Namer, retired: RetiredName) -> Iterator[PlaceName]:
    if retired.kind == "zone":
        yield PlaceName(normalise_name(retired.name_zh_hans), retired.code, "zone")
    elif retired.kind in {"region", "renamed"}:
        for alias, kind in _write_names(namer.name_region(retired.name_zh_hans, retired.code)):
            yield PlaceName(alias, retired.code, "retired" if kind in WHOLE_KINDS else "retired_short")


def _write_names(names: RegionNames) -> Iterator[tuple[str, str]]:
    """Aliases with their kinds, normalised, with repeats."""
    parts = split_name(names.zh_hans)
    yield normalise_name(names.zh_hans), "full"
    yield normalise_name(names.zh_hant), "full"
    if len(parts.stem) > 1:
        yield normalise_name(names.short_zh_hans), "short"
        yield normalise_name(parts.stem), "short"
        if parts.generic in _CHINESE_SHORT_KINDS:
            yield normalise_name(parts.stem + _CHINESE_SHORT_KINDS[parts.generic]), "full"
    for alias, kind in _write_latin(names, parts):
        for spelling in {alias, _DOTLESS_LU.sub("v", alias), _DOTLESS_LU.sub("yu", alias)}:
            yield normalise_name(spelling), kind


def _write_latin(names: RegionNames, parts: NameParts) -> Iterator[tuple[str, str]]:
    yield names.en, "english" if names.en != names.short_en else "pinyin"
    stems = {names.short_en, names.pinyin, *names.aliases_en}
    if len(parts.stem) == 1:
        stems.add(names.pinyin.removesuffix(_read(parts.generic)))
    for stem in stems:
        if stem in {names.short_en, names.pinyin, *names.aliases_en}:
            yield stem, "pinyin"
        for word in _ENGLISH_KINDS.get(parts.generic, ()):
            yield f"{stem} {word}", "english"
    if parts.generic and len(parts.stem) > 1:
        yield names.pinyin + _read(parts.generic), "english"


@functools.lru_cache(maxsize=64)
def _read(generic: str) -> str:
    return "".join(pypinyin.lazy_pinyin(generic))
