"""A whole set of regions before it is stored: the regions, their outlines, and how they hang together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from geo.regions.tables import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shapely.geometry.base import BaseGeometry

    from geo.regions.names import RegionNames

Key: TypeAlias = tuple[str, str]
"""(level, code): the key of a region. A code alone may stand at several levels."""

FULL_BAND = "full"


@dataclass(frozen=True)
class BoundarySet:
    """Where boundaries come from, as shown to readers. `vintage` carries the fingerprint of the data."""

    name: str
    source: str
    licence: str
    vintage: str
    datum: str
    attribution: str


@dataclass(frozen=True)
class Region:
    """A region in force."""

    level: str
    code: str
    parent: Key | None
    names: RegionNames
    population: int | None = None

    @property
    def key(self) -> Key:
        """(level, code)."""
        return (self.level, self.code)


@dataclass(frozen=True)
class Change:
    """A code that went out of force and one code that took its place."""

    old_code: str
    new_code: str
    kind: str
    happened_on: str
    source: str


@dataclass(frozen=True)
class RetiredName:
    """A code or a name that is no longer in force. `kind`: region, renamed, urban, zone or placeholder."""

    code: str
    level: str
    name_zh_hans: str
    kind: str


@dataclass(frozen=True)
class RegionSet:
    """All that is stored of one set of regions. `outlines` maps a band to outlines by key; "full" is unsimplified."""

    boundary_set: BoundarySet
    regions: tuple[Region, ...]
    outlines: Mapping[str, Mapping[Key, BaseGeometry]]
    changes: tuple[Change, ...] = ()
    retired: tuple[RetiredName, ...] = ()
    drawn_under: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RegionPath:
    """Where a bare code stands: the codes of the regions it lies in, itself included."""

    code: str
    level: str
    province: str
    prefecture: str | None
    county: str | None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes from coarse to fine, without repeats."""
        known = (self.province, self.prefecture, self.county)
        return tuple(dict.fromkeys(code for code in known if code is not None))


class Hierarchy:
    """Parents and children of a set's regions."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self.regions = {region.key: region for region in regions}
        self.children: dict[Key, list[Key]] = {key: [] for key in self.regions}
        for region in self.regions.values():
            if region.parent is not None:
                self.children[region.parent].append(region.key)

    def bare_keys(self) -> dict[str, Key]:
        """The key that each bare code means: the highest level that has it."""
        keys: dict[str, Key] = {}
        for level, code in sorted(self.regions, key=lambda key: LEVELS.index(key[0])):
            keys.setdefault(code, (level, code))
        return keys

    def paths(self) -> dict[str, RegionPath]:
        """The path of every bare code, with only children that are the same area filled in."""
        found = {}
        for code, key in self.bare_keys().items():
            chain = dict(self._line_of(key))
            found[code] = RegionPath(code, key[0], chain["province"], chain.get("prefecture"), chain.get("county"))
        return found

    def _line_of(self, key: Key) -> list[Key]:
        line = [key]
        while (parent := self.regions[line[0]].parent) is not None:
            line.insert(0, parent)
        while len(children := self.children[line[-1]]) == 1:
            line.append(children[0])
        return line


def find_lowest_common(paths: Mapping[str, RegionPath], codes: Iterable[str]) -> str | None:
    """The code of the lowest region that contains all of `codes` (bare codes), or None where there is none."""
    shared: list[str] | None = None
    for code in codes:
        line = _codes_down_to(paths[code])
        if shared is None:
            shared = line
        else:
            shared = [ours for ours, theirs in zip(shared, line, strict=False) if ours == theirs]
    return shared[-1] if shared else None


def _codes_down_to(path: RegionPath) -> list[str]:
    """One code a level down to the bare code's own level, so that levels can be compared side by side."""
    line = [path.province, path.prefecture or "", path.county or ""]
    return line[: LEVELS.index(path.level) + 1]
