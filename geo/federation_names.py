"""What the trade union federation of an admin region is called by rule, until an editor confirms it.

The All-China Federation of Trade Unions mirrors the state's levels: every province, prefecture and county has one
federation, named after it. Taiwan, Hong Kong and Macau have none of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol

from geo.folded_names import normalise_name

WITHOUT_FEDERATION: Final = ("71", "81", "82")
"""How the codes of regions begin in which nothing is named by rule."""

FEDERATION_LEVELS: Final = ("county", "district", "municipal", "provincial")
"""Levels of a federation by rule, nearest to the workplace first."""

_IN_ENGLISH: Final = "Federation of Trade Unions"
_IN_CHINESE: Final = ("总工会", "總工會")
_COUNTY_KINDS: Final = ("县", "旗", "林区", "行政委员会")
_KINDS: Final = ("省", "市", "区", "州", "盟", "县", "旗", "行政委员会")
_GENERIC: Final = re.compile(
    r"\b(federation|general|trade|labou?r|unions?|of|the|provincial|municipal|city|district|county|prefecture)\b",
    re.IGNORECASE,
)


class NamedRegion(Protocol):
    """A region with its level and names, as the tables of regions have them."""

    @property
    def level(self) -> str:
        """province, prefecture or county."""

    @property
    def code(self) -> str:
        """Its code of today."""

    @property
    def name_en(self) -> str:
        """Its English name with its kind, but for provinces and cities."""

    @property
    def name_zh_hans(self) -> str:
        """Its name in Simplified characters."""

    @property
    def name_zh_hant(self) -> str:
        """Its name in Traditional characters."""

    @property
    def short_name_en(self) -> str:
        """Its English name as on a map."""


@dataclass(frozen=True, kw_only=True)
class FederationName:
    """A federation by rule: its level among unions, and its names."""

    level: str
    name_en: str
    name_zh_hans: str
    name_zh_hant: str


def name_federation(region: NamedRegion) -> FederationName | None:
    """Return the federation of a region by rule; None where there is none, or where the place has no kind."""
    if region.code.startswith(WITHOUT_FEDERATION) or not region.name_zh_hans.endswith(_KINDS):
        return None
    simplified, traditional = _IN_CHINESE
    return FederationName(
        level=_level_of(region),
        name_en=f"{_begin_in_english(region)} {_IN_ENGLISH}",
        name_zh_hans=region.name_zh_hans + simplified,
        name_zh_hant=region.name_zh_hant + traditional,
    )


def _level_of(region: NamedRegion) -> str:
    """Return the level among unions. A county that its province governs directly stays a county's federation."""
    if region.level == "province":
        return "provincial"
    if region.name_zh_hans.endswith(_COUNTY_KINDS):
        return "county"
    if region.level == "prefecture":
        return "municipal"
    return "district" if region.name_zh_hans.endswith("区") else "county"


def _begin_in_english(region: NamedRegion) -> str:
    """Return what stands before "Federation": a bare name of a province or city is given its kind."""
    if region.name_zh_hans.endswith("省"):
        return f"{region.short_name_en} Provincial"
    if region.name_zh_hans.endswith("市"):
        return f"{region.short_name_en} Municipal"
    if region.level == "province":
        return f"{region.short_name_en} Autonomous Region"
    return region.name_en


def means_federation(name_en: str, region: NamedRegion) -> bool:
    """Say whether an English name is the region's own federation: nothing but the place and words of every federation.

    "Zitong county union" and "Bao'an District Federation of Trade Unions, Shenzhen" are; a teachers' union is not.
    """
    place = _GENERIC.sub(" ", name_en.partition(",")[0])
    return normalise_name(place) in {
        normalise_name(_GENERIC.sub(" ", name)) for name in (region.short_name_en, region.name_en)
    }
