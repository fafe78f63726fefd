"""The place of a row as regions: from a region cell, from province, city and county cells, from the title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from geo.errors import AmbiguousPlace, UnknownPlace
from geo.loading.cells import fold_width
from geo.loading.messages import Problem
from geo.loading.profiles import Profile
from geo.regions.gazetteer import Gazetteer, Place, suggest
from geo.regions.region_index import UNSHIFTED_PROVINCES
from geo.regions.titles import find_city_in_title

PRECISIONS: Final = ("exact", "street", "county", "prefecture", "province", "country")
"""From fine to coarse; regions' levels are among them."""

_SEVERAL: Final = re.compile(r"[;；]")
_KEPT: Final = 20_000
_SHOWN_CANDIDATES: Final = 8


@dataclass(frozen=True)
class RowPlace:
    """Where a row says that it happened. `precision` is the coarsest level of its regions, "country" without any."""

    values: dict[str, Any]
    precision: str = "country"
    province: str | None = None
    problems: tuple[tuple[str, Problem], ...] = ()


class PlaceReader:
    """Reads places of rows; hold one for a load. The connection is used to suggest names, never to decide."""

    def __init__(self, connection: sa.Connection, gazetteer: Gazetteer, profile: Profile) -> None:
        self._connection = connection
        self._gazetteer = gazetteer
        self._profile = profile
        self._known: dict[tuple[str, ...], RowPlace] = {}

    def read(self, cells: tuple[str, str, str, str], title_en: str | None) -> RowPlace:
        """Read (region, province, city, county) cells; the title may name the city where the profile says so."""
        place = self._known.get(cells)
        if place is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            place = self._known[cells] = self._read(cells)
        if title_en and self._profile.city_from_title and place.precision == "province":
            return self._refine(place, title_en)
        return place

    def resolve_code(self, cell: str) -> tuple[str | None, tuple[Problem, ...]]:
        """Return today's code of one region cell, or what is wrong with it."""
        text = fold_width(cell).strip()
        if not text:
            return None, ()
        try:
            return self._gazetteer.resolve(text).code, ()
        except (AmbiguousPlace, UnknownPlace) as problem:
            return None, (self.explain(problem, text),)

    def describe(self, codes: Iterable[str]) -> str:
        """Name regions in both languages, for messages."""
        named = (self._gazetteer.describe(code) for code in codes)
        return ", ".join(f"{name_zh} {name_en} {code}" for code, _, name_en, name_zh in named)

    def place_at(self, code: str) -> RowPlace:
        """The place of a row that only has a point, in the region `code`."""
        path = self._gazetteer.get_path(code)
        values = {"regions": [code], "region_code": code, "several_places": False}
        return RowPlace(values, path.level, path.province)

    def is_unshifted(self, code: str) -> bool:
        """Whether the maps of the region `code` show plain WGS-84."""
        return self._gazetteer.get_path(code).province in UNSHIFTED_PROVINCES

    def lies_in(self, inner: str, outer: str) -> bool:
        """Whether region `inner` is `outer` or inside it."""
        return outer in self._gazetteer.get_path(inner).codes or inner == outer

    def explain(self, problem: AmbiguousPlace | UnknownPlace, text: str) -> Problem:
        """Turn the gazetteer's refusal into a message."""
        if isinstance(problem, AmbiguousPlace):
            shown = [f"{code} {zh} {en}" for code, _, en, zh in problem.candidates[:_SHOWN_CANDIDATES]]
            more = len(problem.candidates) - len(shown)
            return Problem("REGION_AMBIGUOUS", {"candidates": "; ".join(shown) + (f"; +{more}" if more else "")})
        near = problem.suggestions or suggest(self._connection, text, limit=3)
        if not near:
            return Problem("REGION_UNKNOWN", {"hint": "Give a code or a full name.", "hint_zh": "请填写代码或全称。"})
        listed = "; ".join(f"{code} {zh} {en}" for code, _, en, zh in near)
        return Problem("REGION_UNKNOWN", {"hint": f"Did you mean {listed}?", "hint_zh": f"是否为 {listed}？"})

    def _read(self, cells: tuple[str, str, str, str]) -> RowPlace:
        region, province, city, county = (cell.strip() for cell in cells)
        if region:
            return self._read_region(region)
        if not (province or city or county):
            return RowPlace({"regions": [], "several_places": False})
        reported = ", ".join(part for part in (province, city, county) if part)
        if province == self._profile.several_places:
            several = (("province", Problem("REGION_SEVERAL")),)
            return RowPlace(self._several(reported), problems=several)
        try:
            place = self._gazetteer.resolve_parts(province, city, county)
        except (AmbiguousPlace, UnknownPlace) as problem:
            return self._read_coarser(province, city, reported, problem)
        return self._make([place], reported)

    def _read_region(self, cell: str) -> RowPlace:
        if cell == self._profile.several_places:
            several = (("region", Problem("REGION_SEVERAL")),)
            return RowPlace(self._several(cell), problems=several)
        places = []
        problems = []
        for text in (part.strip() for part in _SEVERAL.split(fold_width(cell)) if part.strip()):
            try:
                places.append(self._gazetteer.resolve(text))
            except (AmbiguousPlace, UnknownPlace) as problem:
                problems.append(("region", self.explain(problem, text)))
        if problems:
            return RowPlace({}, problems=tuple(problems))
        return self._make(places, cell)

    @staticmethod
    def _several(reported: str) -> dict[str, Any]:
        return {"regions": [], "several_places": True, "reported_region": reported}

    def _read_coarser(
        self, province: str, city: str, reported: str, problem: AmbiguousPlace | UnknownPlace
    ) -> RowPlace:
        """A foreign data set's city may be a misspelling: its province is kept, and the doubt is said."""
        column = "city" if city else "province"
        if not (self._profile.lenient and province and city):
            return RowPlace({}, problems=((column, self.explain(problem, city or province)),))
        try:
            place = self._gazetteer.resolve(province)
        except (AmbiguousPlace, UnknownPlace) as unknown:
            return RowPlace({}, problems=(("province", self.explain(unknown, province)),))
        found = self._make([place], reported)
        return RowPlace(
            found.values, found.precision, found.province, (("city", Problem("REGION_COARSE", {"province": province})),)
        )

    def _make(self, places: list[Place], reported: str) -> RowPlace:
        codes = list(dict.fromkeys(place.code for place in places))
        paths = [self._gazetteer.get_path(code) for code in codes]
        values: dict[str, Any] = {
            "regions": codes,
            "region_code": self._gazetteer.find_common(codes),
            "several_places": len(codes) > 1,
            "reported_region": reported,
        }
        if len(places) == 1 and places[0].kind == "code":
            values["reported_code"] = places[0].reported_code
        provinces = {path.province for path in paths}
        province = provinces.pop() if len(provinces) == 1 else None
        return RowPlace(values, max((path.level for path in paths), key=PRECISIONS.index), province)

    def _refine(self, place: RowPlace, title_en: str) -> RowPlace:
        found = find_city_in_title(self._gazetteer, title_en, place.values["region_code"])
        if found is None or found.level == "province":
            return place
        values = {**place.values, "regions": [found.code], "region_code": found.code}
        return RowPlace(values, found.level, place.province, place.problems)
