"""What each filter that is set is called, and how it is taken out.

The twin of static/js/filter-chips.js: tests/web/chip-cases.json holds for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.content import PropertyWords, Text, Words
from web.time_range import is_whole_months, read_days
from web.translations import Texts

Filters = tuple[tuple[str, str], ...]

UNKNOWN = "unknown"
CODED = ("code", "codes")
PLACES = ("region", "regions")
"""Kinds of properties whose values are codes of terms, and of regions."""

WITH_ANOTHER = ("filter-lang", "filter-crs", "bbox-crs")
"""Parameters that only say how another one is to be read."""


@dataclass(frozen=True)
class Chip:
    """A filter that is set: the parameter, its value, and both in words."""

    name: str
    value: str
    label: str
    text: str


class ChipWords:
    """Filters in the words of one language."""

    def __init__(self, texts: Texts, words: Words, names: Mapping[str, Text]) -> None:
        self._texts = texts
        self._names = names
        self._terms = words.terms
        self._properties: dict[str, PropertyWords] = {prop.name: prop for prop in words.properties}

    def list_chips(self, region: str | None, filters: Filters) -> list[Chip]:
        """Return one chip for each value that is set: the region, then the filters by name."""
        pairs = [("region", region)] if region else []
        for name, value in sorted(pair for pair in filters if pair[0] not in WITH_ANOTHER):
            pairs += [(name, part) for part in (value.split(",") if self._is_list(name) else [value])]
        return [Chip(name, value, self._label(name), self._text(name, value)) for name, value in pairs if value]

    def without(self, filters: Filters, chip: Chip) -> Filters:
        """Return the filters without one value."""
        kept: list[tuple[str, str]] = []
        for name, value in filters:
            parts = value.split(",") if self._is_list(name) else [value]
            rest = ",".join(part for part in parts if name != chip.name or part != chip.value)
            kept += [(name, rest)] if rest else []
        asked = {name for name, _value in kept}
        return tuple(pair for pair in kept if pair[0] not in WITH_ANOTHER or pair[0].partition("-")[0] in asked)

    def _is_list(self, name: str) -> bool:
        prop = self._properties.get(name)
        return prop is not None and prop.kind in (*CODED, *PLACES)

    def _label(self, name: str) -> str:
        prop = self._properties.get(name)
        return prop.label.in_language(self._texts.language) if prop else self._texts[f"filter.{name}"]

    def _text(self, name: str, value: str) -> str:
        texts, prop = self._texts, self._properties.get(name)
        if value == UNKNOWN:
            return texts["filter.unknown"]
        if name == "datetime" or (prop and prop.kind == "date"):
            return self._time(value)
        if name == "updated_since":
            return texts.date(value)
        if name == "region" or (prop and prop.kind in PLACES):
            return self._names[value].in_language(texts.language) if value in self._names else value
        if prop and prop.kind in CODED:
            term = self._terms.get(prop.vocabulary or "", {}).get(value)
            return term.in_language(texts.language) if term else value
        return value

    def _time(self, value: str) -> str:
        texts = self._texts
        days = read_days((("datetime", value),))
        write = (lambda day: texts.month(day[:7])) if is_whole_months(days) else texts.date
        if days.start and days.end:
            first, last = write(days.start), write(days.end)
            return first if first == last else texts.fill("time.range", first=first, last=last)
        if days.start:
            return texts.fill("filter.from", first=write(days.start))
        return texts.fill("filter.until", last=write(days.end)) if days.end else value
