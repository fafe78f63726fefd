"""What the gazetteer knows: every alias, and for each the regions that it may mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from geo.regions.place_names import WHOLE_KINDS
from geo.regions.region_set import RegionPath
from geo.regions.tables import draw_code, place_name, region, region_path, region_succession

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.regions.region_set import Key

Candidate = tuple[str, str, str, str]
"""(code, level, full name in English, full name in Simplified Chinese)."""

CODE_KIND: Final = "code"
"""The kind of a place that was given as a code."""


@dataclass(frozen=True)
class Place:
    """What a text means: the code of today under which it is drawn, and the code that the text itself stands for.

    `kind` says how it was known: "code", or the kind of alias (geo.regions.place_names).
    """

    code: str
    level: str
    reported_code: str
    kind: str


@dataclass(frozen=True)
class Entry:
    """One region that an alias may mean. `within` holds every code, of today or before, that it lies in."""

    reported_code: str
    code: str
    level: str
    kind: str
    within: frozenset[str]

    @property
    def rank(self) -> int:
        """0 for a code or a name with its kind, 1 for a bare name."""
        return 0 if self.kind in WHOLE_KINDS or self.kind == CODE_KIND else 1

    def lies_in(self, other: Entry) -> bool:
        """Whether this region lies, today or before, in another."""
        return self.reported_code != other.reported_code and other.reported_code in self.within

    def is_same_place(self, other: Entry) -> bool:
        """Whether both are drawn as the same region."""
        return self.code == other.code


class GazetteerData:
    """What the gazetteer is made of, as the tables hold it.

    Args:
        aliases: (alias, code, kind), codes in force or retired.
        drawn: today's code under which each code is drawn.
        paths: where each code of today stands.
        changes: (old code, new code).
        names: the English and the Simplified name of each (level, code) of today.
    """

    def __init__(
        self,
        aliases: Iterable[tuple[str, str, str]],
        drawn: Mapping[str, str],
        paths: Mapping[str, RegionPath],
        changes: Iterable[tuple[str, str]],
        names: Mapping[Key, tuple[str, str]],
    ) -> None:
        self.drawn = drawn
        self.paths = paths
        self.names = names
        self._old_codes: dict[str, set[str]] = {}
        successors: dict[str, set[str]] = {}
        for old, new in changes:
            self._old_codes.setdefault(new, set()).add(old)
            successors.setdefault(old, set()).add(new)
        self._split = {old for old, new in successors.items() if len(new) > 1}
        self.entries: dict[str, list[Entry]] = {}
        for alias, code, kind in aliases:
            if code in drawn:
                self.entries.setdefault(alias, []).append(self.make_entry(code, kind))

    def make_entry(self, code: str, kind: str) -> Entry:
        """What a code, in force or retired, means when it is met under a name or itself."""
        drawn = self.drawn[code]
        path = self.paths[drawn]
        within = {*path.codes, code}
        if code not in self.paths:  # retired: it lay where its digits say, and what became of it lies here
            if code in self._split:
                within.discard(drawn)  # drawn there for want of one successor; it did not lie in it
            within |= {code[:4] + "00", code[:2] + "0000"}
        within |= {old for new in list(within) for old in self._old_codes.get(new, ())}
        return Entry(code, drawn, path.level, kind, frozenset(within))


def read_gazetteer_data(connection: sa.Connection) -> GazetteerData:
    """Read the tables of the installed regions."""
    paths = {row["code"]: RegionPath(**row) for row in connection.execute(sa.select(region_path)).mappings()}
    names = connection.execute(sa.select(region.c.level, region.c.code, region.c.name_en, region.c.name_zh_hans))
    drawn = connection.execute(sa.select(draw_code.c.reported_code, draw_code.c.code))
    aliases = connection.execute(sa.select(place_name.c.alias, place_name.c.code, place_name.c.kind))
    changes = connection.execute(sa.select(region_succession.c.old_code, region_succession.c.new_code))
    return GazetteerData(
        drawn={old: new for old, new in drawn if new in paths},
        paths=paths,
        aliases=((alias, code, kind) for alias, code, kind in aliases),
        changes=((old, new) for old, new in changes),
        names={(level, code): (name_en, name_zh) for level, code, name_en, name_zh in names},
    )
