"""The city in an English title of the form "... in <City>, <Province>", where it is certain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geo.regions.gazetteer import Place

if TYPE_CHECKING:
    from geo.regions.gazetteer import Gazetteer

_BEFORE_PLACE: Final = re.compile(r"\b(?:in|at|of|from|near|to)\s+(?:the\s+)?(?:city\s+of\s+)?", re.IGNORECASE)
_KIND_WORD: Final = re.compile(r"\s+(?:city|district|county|prefecture)$", re.IGNORECASE)
_LAST_WORD: Final = re.compile(r"[^\s,]+$")
_AFTER_COMMA: Final = re.compile(r"\s*([A-Za-z]+(?:\s[A-Z][a-z]+)?)")


def find_city_in_title(gazetteer: Gazetteer, title: str, province_code: str) -> Place | None:
    """The prefecture that an English title names before its province, or None where there is any doubt.

    The name must stand right before a comma and the province that the record already has, and everything in that
    province that has the name must lie in one prefecture. A county gives its prefecture. A wrong city is worse than
    none: neither spelling mistakes nor the larger of two namesakes are accepted, nor a county that is called like a
    prefecture elsewhere ("Zhenjiang, Guangdong" is as likely a slip of the pen).
    """
    for name in _list_names(gazetteer, title, province_code):
        found_places = gazetteer.find_all(name, within=province_code)
        places = [place for place in found_places if place.reported_code != province_code]
        prefectures = {gazetteer.get_path(place.code).prefecture for place in places}
        if not places:
            continue
        found = prefectures.pop()
        if prefectures or found is None or _is_doubtful(gazetteer, name, places):
            return None
        return Place(found, gazetteer.get_path(found).level, found, "title")
    return None


def _list_names(gazetteer: Gazetteer, title: str, province_code: str) -> list[str]:
    """What may be the city's name, longest first: the words since the last "in", then the last word alone."""
    names = []
    for comma in re.finditer(",", title):
        province = _AFTER_COMMA.match(title[comma.end() :])
        if province is None or not _is_province(gazetteer, province[1], province_code):
            continue
        before = title[: comma.start()].strip()
        since = _BEFORE_PLACE.split(before)[-1].strip()
        last = _LAST_WORD.search(_KIND_WORD.sub("", before))
        names += [since, _KIND_WORD.sub("", since)]
        if last and last[0][:1].isupper():
            names.append(last[0])
    return [name for name in dict.fromkeys(names) if name]


def _is_province(gazetteer: Gazetteer, words: str, province_code: str) -> bool:
    tries = (words, words.split(maxsplit=1)[0])
    return any(place.code == province_code for word in tries for place in gazetteer.find_all(word))


def _is_doubtful(gazetteer: Gazetteer, name: str, places: list[Place]) -> bool:
    """Whether a bare name is a county's here and a prefecture's elsewhere. "Rong County" says what it means."""
    if _KIND_WORD.search(name) or any(place.level != "county" for place in places):
        return False
    path = gazetteer.get_path(places[0].code)
    if path.prefecture == path.province:
        return False
    return any(place.level == "prefecture" for place in gazetteer.find_all(name))
