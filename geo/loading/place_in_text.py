"""Finds a place finer than a prefecture in the text of a call for help, which the public sees at prefecture level."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from geo.regions.tables import region

_KIND_SIGNS: Final = "县区市旗"
_SHORTEST_ENGLISH: Final = 5
_ENGLISH: Final = re.compile(
    r"\b[A-Z][\w'’]+(?: [A-Z][\w'’]+)? (?:[Cc]ounty|[Dd]istrict|[Bb]anner|[Tt]ownship|[Tt]own|[Vv]illage|"
    r"[Ss]ub-?district|[Cc]ommunity|[Nn]eighbou?rhood|[Rr]oad|[Ss]treet)\b"
)
_CHINESE: Final = re.compile(
    r"[一-龥]{1,4}(?:街道|镇(?!压|定|静|痛)|社区|小区|工业园|开发区|村委会)|[一-龥]{2,3}路\d+号"
    r"|[一-龥]{1,3}(?<![农城家老返下新回故同思他异水山本])(?:村(?!民|镇|子|里)|乡(?!镇|下|村|亲|里|音))"
)
_WORD: Final = re.compile(r"[A-Z][a-z]+(?:'[a-z]+)?")


class FinePlaces:
    """The names of counties and districts, ready to be looked for in prose. Make one with `load_fine_places`."""

    def __init__(self, coarse: Iterable[tuple[str, str]], fine: Iterable[tuple[str, str, str]]) -> None:
        """Take (short English, short Simplified) of provinces and prefectures; of counties the full Simplified too."""
        coarse_names = list(coarse)
        fine_names = list(fine)
        coarse_english = {english for english, _ in coarse_names}
        self._coarse = {chinese for _, chinese in coarse_names}
        self._full = {full for _, _, full in fine_names}
        self._short = {short for _, short, _ in fine_names} - self._coarse
        self._english = {
            english.replace("’", "'") for english, _, _ in fine_names if len(english) >= _SHORTEST_ENGLISH
        } - coarse_english
        self._longest = max(map(len, self._full), default=0)

    def find(self, text: str) -> str | None:
        """Return the first place in `text` that is finer than a prefecture, or None."""
        found = _ENGLISH.search(text)
        if found:
            return found[0]
        english = next((word for word in _WORD.findall(text.replace("’", "'")) if word in self._english), None)
        if english or text.isascii():
            return english
        return self._find_full(text) or self._find_short(text) or self._find_generic(text)

    def _find_full(self, text: str) -> str | None:
        for end, sign in enumerate(text, start=1):
            if sign in _KIND_SIGNS:
                for start in range(max(0, end - self._longest), end - 1):
                    if text[start:end] in self._full:
                        return text[start:end]
        return None

    def _find_short(self, text: str) -> str | None:
        """A county without its kind, where it follows a name that it may lie in: 深圳宝安, 四川省绵阳市梓潼."""
        for start in range(2, len(text) - 1):
            before = text[:start].rstrip("省市州盟")
            if any(before.endswith(name) for name in (before[-2:], before[-3:], before[-4:]) if name in self._coarse):
                for length in (4, 3, 2):
                    if text[start : start + length] in self._short:
                        return text[start : start + length]
        return None

    @staticmethod
    def _find_generic(text: str) -> str | None:
        found = _CHINESE.search(text)
        return found[0] if found else None


def load_fine_places(connection: sa.Connection) -> FinePlaces:
    """Read the names of the installed regions."""
    names = (region.c.short_name_en, region.c.short_name_zh_hans)
    coarse = connection.execute(sa.select(*names).where(region.c.level != "county")).all()
    fine = connection.execute(sa.select(*names, region.c.name_zh_hans).where(region.c.level == "county")).all()
    return FinePlaces(((row[0], row[1]) for row in coarse), ((row[0], row[1], row[2]) for row in fine))
