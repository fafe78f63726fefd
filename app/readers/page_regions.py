"""The regions as the page sees them: one tree by bare codes, with names, loaded once for a version of the data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from geo.serving.regions import Region as PublishedRegion
from web.assets import hash_bytes
from web.content import Region, Text

COUNTRY = "country"
"""The name of the topology that the page draws first."""


@dataclass
class RegionTree:
    """Regions by bare code, and the codes directly inside each; None holds the provinces. Residents where read.

    A municipality stands under one code at two levels: here it is one region, and its counties are its children.
    """

    regions: dict[str, Region] = field(default_factory=dict)
    children: dict[str | None, list[str]] = field(default_factory=dict)
    residents: dict[str, int] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, Text]:
        """Short names by code."""
        return {code: region.name for code, region in self.regions.items()}

    def path(self, code: str | None) -> tuple[Region, ...]:
        """Return the regions from the province down to `code`; empty for the whole country."""
        steps: list[Region] = []
        while code is not None and code in self.regions:
            steps.append(self.regions[code])
            code = self.regions[code].parent
        return tuple(reversed(steps))

    def child_level(self, code: str | None) -> str | None:
        """Return the level of the regions inside `code`, None when there are none."""
        inside = self.children.get(code)
        return self.regions[inside[0]].level if inside else None

    def write_index(self, language: str, topologies: Mapping[str, str]) -> bytes:
        """Return one language's index for the browser: where topologies are, and the regions by code.

        A region is its name, its parent and its level.
        """
        regions = {
            code: [region.name.in_language(language), region.parent, region.level]
            for code, region in self.regions.items()
        }
        index = {"topologies": dict(topologies), "regions": regions}
        return json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class IndexFile:
    """The index of regions in one language, under an address with its hash."""

    language: str
    body: bytes

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"/regions/{self.language}.{hash_bytes(self.body)}.json"


@dataclass(frozen=True)
class CountryFile:
    """The topology of the provinces as the page draws them first, under an address with its hash."""

    body: bytes

    @property
    def sha(self) -> str:
        """The hash in its address."""
        return hash_bytes(self.body)

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"/topology/{COUNTRY}.{self.sha}.json"


def grow_tree(published: Iterable[PublishedRegion]) -> RegionTree:
    """Make the tree of the regions that bare codes mean."""
    tree = RegionTree()
    for region in published:
        if not region.is_bare:
            continue
        name = Text(en=region.short_name_en, zh_hans=region.short_name_zh_hans, zh_hant=region.short_name_zh_hant)
        tree.regions[region.code] = Region(code=region.code, level=region.level, name=name, parent=region.parent_code)
        tree.children.setdefault(region.parent_code, []).append(region.code)
        if region.population:
            tree.residents[region.code] = region.population
    return tree
