"""From a place as people write it to a region: exact aliases and the hierarchy, never a guess.

A text is a code, or one or more parts set apart by commas, in any order ("Bao'an District, Shenzhen, Guangdong"). A
part in Chinese may be a chain written together from coarse to fine (广东省深圳市宝安区, 深圳宝安). All parts must fit
one region. Where several regions fit equally, the text is refused with those candidates; similar spellings are only
ever suggested (`suggest`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from geo.errors import AmbiguousPlace, UnknownPlace
from geo.folded_names import normalise_name
from geo.regions.gazetteer_data import CODE_KIND, Candidate, Entry, GazetteerData, Place, read_gazetteer_data
from geo.regions.region_set import RegionPath, find_lowest_common
from geo.regions.tables import LEVELS, draw_code, place_name, region, region_path

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Candidate", "Gazetteer", "Place", "load_gazetteer", "normalise_name", "suggest"]

_PART_END: Final = re.compile(r"[,，、;；/|\n]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_EMPTY_CELLS: Final = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖县级", "直辖"})
"""What the official lists write where a level is missing; as a cell it names nothing."""
_SUGGESTIONS: Final = 5


class Gazetteer:
    """Knows every name and code of the installed regions. Hold one for a load: answers are kept by text."""

    def __init__(self, data: GazetteerData) -> None:
        self._data = data
        self._entries = data.entries
        self._longest = max(map(len, (alias for alias in self._entries if _HAN.search(alias))), default=0)
        self._known: dict[tuple[str, str | None], Place | AmbiguousPlace | UnknownPlace] = {}

    def resolve(self, text: str, *, within: str | None = None) -> Place:
        """The region that `text` means, drawn under today's codes.

        Args:
            text: a code, or names as the module says; Simplified, Traditional or English, full or short.
            within: a code of today; only regions inside it (or itself) are looked at.

        Raises:
            AmbiguousPlace: several regions fit; the candidates are in it.
            UnknownPlace: no region has that code or name.
        """
        key = (text, within)
        if key not in self._known:
            try:
                self._known[key] = self._resolve(text, within)
            except (AmbiguousPlace, UnknownPlace) as problem:
                self._known[key] = problem
        answer = self._known[key]
        if isinstance(answer, Place):
            return answer
        raise answer.with_traceback(None)

    def resolve_parts(self, province: str | None, city: str | None, county: str | None) -> Place:
        """The finest region that three cells of a table mean together; empty cells are left out.

        Raises as `resolve`. A cell may repeat what another says (北京市, 北京市, 朝阳区).
        """
        cells = [(cell or "").strip() for cell in (province, city, county)]
        return self.resolve(", ".join(cell for cell in cells if cell and cell not in _EMPTY_CELLS))

    def find_common(self, codes: Iterable[str]) -> str | None:
        """The lowest region that contains all of these codes of today, or None if there is none."""
        return find_lowest_common(self._data.paths, codes)

    def find_all(self, name: str, *, within: str | None = None) -> list[Place]:
        """Every region (inside `within`, if given) that one name may mean, without choosing between them."""
        return [
            Place(entry.code, entry.level, entry.reported_code, entry.kind)
            for entry in self._entries.get(normalise_name(name), [])
            if within is None or within == entry.code or within in entry.within
        ]

    def get_path(self, code: str) -> RegionPath:
        """Where a code of today stands.

        Raises:
            UnknownPlace: the code is not one of today.
        """
        if code not in self._data.paths:
            raise UnknownPlace(f"No region of today has the code {code}.")
        return self._data.paths[code]

    def describe(self, code: str) -> Candidate:
        """(code, level, English name, Simplified name) of a code of today."""
        level = self._data.paths[code].level
        return (code, level, *self._data.names[level, code])

    def _resolve(self, text: str, within: str | None) -> Place:
        parts = self._split(text)
        found = [self._match(part) for part in parts]
        for part, entries in zip(parts, found, strict=True):
            if not entries:
                raise UnknownPlace(f"No region has the code or name {part!r}.")
        entries = self._fit(found)
        if within is not None:
            entries = [entry for entry in entries if within == entry.code or within in entry.within]
        if not entries:
            place = f" within {within}" if within else ""
            raise UnknownPlace(f"No region{place} fits {text!r}.")
        entry = self._choose(text, entries)
        return Place(entry.code, entry.level, entry.reported_code, entry.kind)

    def _split(self, text: str) -> list[str]:
        """The parts of a text; neighbours that together are one name stay together ("Weining Yi, Hui and Miao ...")."""
        pieces = [piece for piece in map(str.strip, _PART_END.split(text)) if normalise_name(piece)]
        parts: list[str] = []
        while pieces:
            size = len(pieces)
            while size > 1 and normalise_name("".join(pieces[:size])) not in self._entries:
                size -= 1
            parts.append("".join(pieces[:size]))
            pieces = pieces[size:]
        return parts

    def _match(self, part: str) -> list[Entry]:
        """Every region that one part may mean."""
        if part in self._data.drawn:
            return [self._data.make_entry(part, CODE_KIND)]
        name = normalise_name(part)
        entries = list(self._entries.get(name, []))
        if _HAN.search(name):
            entries += [entry for entry in self._read_chain(name) if entry not in entries]
        return entries

    def _read_chain(self, name: str) -> list[Entry]:
        """The last regions of every way to read `name` as two or more aliases, each inside the one before."""
        ends: dict[int, list[Entry]] = {0: []}
        for end in range(1, len(name) + 1):
            whole = end == len(name)
            links = []
            for start in range(1 if whole else 0, end):
                if start in ends and end - start <= self._longest:
                    entries = self._entries.get(name[start:end], [])
                    links += [e for e in entries if start == 0 or any(self._may_follow(e, h) for h in ends[start])]
            if links:
                ends[end] = links
        return list(dict.fromkeys(ends.get(len(name), [])))

    def _may_follow(self, entry: Entry, head: Entry) -> bool:
        """Whether `entry` lies in `head`, or repeats it where two levels are one region (北京市北京市朝阳区)."""
        if entry.lies_in(head):
            return True
        path = self._data.paths[head.code]
        levels = (path.province, path.prefecture, path.county)
        return entry.reported_code == head.reported_code and levels.count(entry.reported_code) > 1

    @staticmethod
    def _fit(found: list[list[Entry]]) -> list[Entry]:
        """The regions that lie in a region of every other part; those that need no repetition come before the rest."""
        fitting: dict[Entry, int] = {}
        for at, entries in enumerate(found):
            others = [other for index, other in enumerate(found) if index != at]
            for entry in entries:
                repeats = 0
                for other in others:
                    if any(entry.lies_in(outer) for outer in other):
                        continue
                    if not any(entry.is_same_place(outer) for outer in other):
                        break
                    repeats += 1
                else:
                    fitting[entry] = min(repeats, fitting.get(entry, repeats))
        fewest = min(fitting.values(), default=0)
        return [entry for entry, repeats in fitting.items() if repeats == fewest]

    def _choose(self, text: str, entries: list[Entry]) -> Entry:
        """The one region that fits best, or a refusal.

        A name with its kind outranks a bare name; among bare names a province's means the province; several regions
        of which one contains the others mean that one, which is true of each of them.
        """
        best = min(entry.rank for entry in entries)
        entries = [entry for entry in entries if entry.rank == best]
        provinces = [entry for entry in entries if entry.level == LEVELS[0] and entry.reported_code == entry.code]
        if provinces:
            entries = provinces
        by_code: dict[str, Entry] = {}
        for entry in entries:  # a code of today stands for itself before a retired code that became it
            if entry.code not in by_code or entry.reported_code == entry.code:
                by_code[entry.code] = entry
        for entry in by_code.values():
            if all(entry is other or entry.code in self._data.paths[other.code].codes for other in by_code.values()):
                return entry
        candidates = tuple(self.describe(code) for code in sorted(by_code))
        listed = "; ".join(f"{code} {name_en} {name_zh}" for code, _level, name_en, name_zh in candidates)
        raise AmbiguousPlace(f"{text!r} may mean several regions: {listed}. Add the city or province.", candidates)


def load_gazetteer(connection: sa.Connection) -> Gazetteer:
    """Make a gazetteer of the regions that are installed in the database."""
    return Gazetteer(read_gazetteer_data(connection))


def suggest(connection: sa.Connection, text: str, *, limit: int = _SUGGESTIONS) -> tuple[Candidate, ...]:
    """Regions whose names are spelled like `text`, most alike first. Only to be shown to a person, never to decide."""
    likeness = sa.func.similarity(place_name.c.alias, normalise_name(text))
    alike = (
        sa.select(draw_code.c.code, sa.func.max(likeness).label("likeness"))
        .join(draw_code, draw_code.c.reported_code == place_name.c.code)
        .where(place_name.c.alias.op("%")(normalise_name(text)))
        .group_by(draw_code.c.code)
        .subquery()
    )
    rows = connection.execute(
        sa.select(region.c.code, region.c.level, region.c.name_en, region.c.name_zh_hans)
        .select_from(alike)
        .join(region_path, region_path.c.code == alike.c.code)
        .join(region, (region.c.code == region_path.c.code) & (region.c.level == region_path.c.level))
        .order_by(alike.c.likeness.desc(), region.c.code)
        .limit(limit)
    )
    return tuple((code, level, name_en, name_zh) for code, level, name_en, name_zh in rows)
