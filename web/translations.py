"""The texts of the pages in every language, and numbers and dates in the reader's form.

The twin of the formats is static/js/formats.js: tests/web/format-cases.json holds for both.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = {"en": "EN", "zh-Hans": "简", "zh-Hant": "繁"}
"""Language tags and the short names on the switch."""

LOCALE = Path(__file__).parent / "locale"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_chinese(language: str) -> bool:
    """Say whether names, dates and numbers are written the Chinese way; every other language writes as English does."""
    return language.startswith("zh")


@dataclass(frozen=True)
class Texts:
    """The texts of one language. Raises KeyError for a key that no language file has."""

    language: str
    by_key: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.by_key[key]

    def fill(self, key: str, **values: str) -> str:
        """Return a text with its {places} filled."""
        return self.by_key[key].format_map(values)

    def count(self, key: str, number: int) -> str:
        """Return a text about `number` things; `key.one` is the form for one."""
        chosen = f"{key}.one" if number == 1 and f"{key}.one" in self.by_key else key
        return self.fill(chosen, count=format_number(number))

    def month(self, month: str) -> str:
        """Write a month given as "2016-03"."""
        year, number = int(month[:4]), int(month[5:7])
        return f"{_MONTHS[number - 1]} {year}" if not is_chinese(self.language) else f"{year}年{number}月"

    def date(self, day: dt.date | str) -> str:
        """Write a day, given as a date or in ISO 8601."""
        value = dt.date.fromisoformat(day) if isinstance(day, str) else day
        if not is_chinese(self.language):
            return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
        return f"{value.year}年{value.month}月{value.day}日"

    def list(self, words: Iterable[str]) -> str:
        """Write words one after the other; a dash for none."""
        return ("、" if is_chinese(self.language) else ", ").join(words) or "–"

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> str:
        """Write names and values one after the other; a dash for none."""
        colon, between = ("：", "；") if is_chinese(self.language) else (": ", "; ")
        return between.join(f"{name}{colon}{value}" for name, value in pairs) or "–"

    def short_number(self, number: int) -> str:
        """Write a number in few characters: 3.1k in English, 3.1万 (from ten thousand on) in Chinese."""
        if not is_chinese(self.language):
            return _shorten(number, ((1_000_000, "M"), (1_000, "k")))
        ten_thousand, hundred_million = ("万", "亿") if self.language == "zh-Hans" else ("萬", "億")
        return _shorten(number, ((100_000_000, hundred_million), (10_000, ten_thousand)))


def _shorten(number: int, units: tuple[tuple[int, str], ...]) -> str:
    for size, sign in units:
        if number >= size:
            tenths = number * 10 // size
            return f"{tenths // 10}{sign}" if tenths >= 100 or tenths % 10 == 0 else f"{tenths / 10:.1f}{sign}"  # noqa: PLR2004
    return str(number)


def format_number(number: float) -> str:
    """Write a number with commas between thousands, as readers of all our languages do."""
    return f"{number:,}"


def format_rate(rate: float) -> str:
    """Write a rate: whole from ten on, else with two digits that count."""
    digits = max(1 - math.floor(math.log10(rate)), 0) if rate else 0
    rounded = math.floor(rate * 10**digits + 0.5) / 10**digits
    return f"{rounded:,.9f}".rstrip("0").rstrip(".")


def load_texts(language: str) -> Texts:
    """Read the files of one language, one a subject. Raises ValueError for a key that two of them have."""
    by_key: dict[str, str] = {}
    for path in sorted((LOCALE / language).glob("*.json")):
        texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        if twice := by_key.keys() & texts.keys():
            message = f"{path.name} has texts that another file has: {sorted(twice)}"
            raise ValueError(message)
        by_key |= texts
    return Texts(language, by_key)
