"""How one record is put into words: title, place, dates, and the rows of its card.

The twin of static/js/record-words.js, which does the same in the browser.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from web.content import PropertyWords, Record, Text, Words
from web.person_counts import LEAST, PARTS, word_persons
from web.translations import Texts, format_number, is_chinese

SPECIAL = frozenset(
    {"layer", "title_en", "title_zh_hans", "description_en", "description_zh_hans", "summary_en", "summary_zh_hans"}
    | {"starts_on", "ends_on", "province", "prefecture", "county", "uncertainty_m", "place_text_en"}
    | {"place_text_zh_hans", "channel_results", "contacts", "incidents", "cases", "sources", "legacy_url"}
)
"""Properties that the card shows in places of their own."""
ALWAYS = ("awareness", "involvement")
"""Of what the unions of a case knew and did it is said too that it is not known."""


@dataclass(frozen=True)
class Worded:
    """A text with its own language, which may differ from the page's."""

    text: str
    language: str


@dataclass(frozen=True)
class CardRow:
    """One row of the card: a label and one or more values."""

    name: str
    label: str
    values: tuple[str, ...]


def find_text(properties: Mapping[str, Any], stem: str, language: str) -> Worded | None:
    """Return the text `stem` of a record in the reader's language, else in the other one."""
    both = [(properties.get(f"{stem}_en"), "en"), (properties.get(f"{stem}_zh_hans"), "zh-Hans")]
    if is_chinese(language):
        both.reverse()
    return next((Worded(text, tag) for text, tag in both if text), None)


def find_other_text(properties: Mapping[str, Any], stem: str, language: str) -> Worded | None:
    """Return the text `stem` in the language that the reader did not choose, if both exist."""
    first = find_text(properties, stem, language)
    other = find_text(properties, stem, "en" if is_chinese(language) else "zh-Hans")
    return other if first and other and other.language != first.language else None


@dataclass(frozen=True)
class RecordWords:
    """Puts records into the words of one language."""

    texts: Texts
    words: Words
    names: Mapping[str, Text]

    def title(self, record: Record) -> Worded:
        """Return the title in the reader's language, else in the other, else the record's number."""
        found = find_text(record.properties, "title", self.texts.language)
        return found or Worded(self.texts.fill("card.untitled", id=record.id), self.texts.language)

    def text(self, record: Record, stem: str) -> Worded | None:
        """Return the text `stem` of a record in the reader's language, else in the other one."""
        return find_text(record.properties, stem, self.texts.language)

    def other(self, record: Record, stem: str) -> Worded | None:
        """Return the text `stem` in the language the reader did not choose, if it exists in both."""
        return find_other_text(record.properties, stem, self.texts.language)

    def region_name(self, code: str) -> str:
        """Return a region's name, or its code where the name is not known."""
        return self.names[code].in_language(self.texts.language) if code in self.names else code

    def place(self, record: Record) -> str:
        """Return the place as exactly as it is public: from the finest region up in English, down in Chinese."""
        levels = [record.properties.get(level) for level in ("province", "prefecture", "county")]
        codes = list(dict.fromkeys(code for code in levels if code))
        if not codes:
            several = any(len(record.properties.get(name) or ()) > 1 for name in ("regions", "incidents"))
            return self.texts["place.several" if several else "place.unknown"]
        names = list(dict.fromkeys(self.region_name(code) for code in codes))
        return "".join(names) if is_chinese(self.texts.language) else ", ".join(reversed(names))

    def dates(self, record: Record) -> str:
        """Return the day, or the first and the last, or the month where no more is known."""
        first, last = record.properties.get("starts_on"), record.properties.get("ends_on")
        if not first:
            return ""
        if record.properties.get("date_precision") == "month":
            return self.texts.month(first)
        if not last or last == first:
            return self.texts.date(first)
        return f"{self.texts.date(first)} – {self.texts.date(last)}"

    def term(self, vocabulary: str | None, code: str) -> str:
        """Return a term's label, or the code where no list has it."""
        found = self.words.terms.get(vocabulary or "", {}).get(code)
        return found.in_language(self.texts.language) if found else code

    def tags(self, record: Record) -> list[str]:
        """Return the short facts a list shows: industry, participants, verification."""
        shown = (("industry", "industry"), ("participants", "participants"), ("verification", "verification"))
        values = ((vocabulary, record.properties.get(name)) for name, vocabulary in shown)
        return [self.term(vocabulary, value) for vocabulary, value in values if value]

    def rows(self, record: Record) -> list[CardRow]:
        """Return every public property that has a value and no place of its own on the card."""
        rows = []
        for prop in self.words.properties:
            value = record.properties.get(prop.name)
            if prop.name in LEAST or value is None:
                rows += self._persons(prop, record) if prop.name in LEAST else self._unknown(prop, record)
                continue
            if prop.name in SPECIAL or prop.name in PARTS or value is False or value in ([], ""):
                continue
            if prop.name == "regions" and len(value) == 1:  # it is the place
                continue
            texts = self._values(prop.kind, prop.vocabulary, value)
            if prop.name == "location_precision":
                texts = [self._precision(texts[0], record.properties.get("uncertainty_m"))]
            if prop.name == "source_system":
                texts = [self.texts.by_key.get(f"card.data_set.{value}", value)]
            if prop.name == "channels":
                texts = self._channels(texts, record.properties.get("channel_results") or ())
            rows.append(CardRow(prop.name, prop.label.in_language(self.texts.language), tuple(texts)))
        return rows

    def _unknown(self, prop: PropertyWords, record: Record) -> list[CardRow]:
        if prop.name not in ALWAYS or not record.properties.get("contacts"):
            return []
        return [CardRow(prop.name, prop.label.in_language(self.texts.language), (self.texts["answer.unknown"],))]

    def _persons(self, prop: PropertyWords, record: Record) -> list[CardRow]:
        band = record.properties.get(prop.name) if prop.vocabulary else None
        said = word_persons(self.texts, prop.name, record.properties, band and self.term(prop.vocabulary, band))
        label = prop.label.in_language(self.texts.language) if prop.vocabulary else self.texts["card.persons"]
        return [CardRow(prop.name, label, (said,))] if said else []

    def label(self, name: str) -> str:
        """Return what a property is called, or its name where it has no label."""
        found = next((prop.label for prop in self.words.properties if prop.name == name), None)
        return found.in_language(self.texts.language) if found else name

    def source_facts(self, source: Mapping[str, Any]) -> list[str]:
        """Return the small print of a source: its kind, publisher, host and date, as far as they are known."""
        url = web_address(source.get("url"))
        day = source.get("published_on")
        facts = [
            self.term("source_type", source["type"]) if source.get("type") else None,
            source.get("publisher") if source.get("title") else None,
            host_of(url) if url else None,
            self.texts.date(day) if day else None,
        ]
        return [fact for fact in facts if fact]

    def _precision(self, label: str, uncertainty_m: int | None) -> str:
        if not uncertainty_m:
            return label
        km = format_number(max(1, math.floor(uncertainty_m / 1000 + 0.5)))
        return self.texts.fill("card.uncertainty", label=label, km=km)

    def _channels(self, channels: Sequence[str], results: Sequence[str | None]) -> list[str]:
        padded = [*results, *[None] * len(channels)]
        return [
            f"{channel}: {self.term('channel_result', result)}" if result else channel
            for channel, result in zip(channels, padded, strict=False)
        ]

    def _values(self, kind: str, vocabulary: str | None, value: Any) -> list[str]:
        values = value if isinstance(value, list) else [value]
        return [self._value(kind, vocabulary, one) for one in values]

    def _value(self, kind: str, vocabulary: str | None, value: Any) -> str:
        if isinstance(value, bool):
            return self.texts["card.yes" if value else "card.no"]
        if isinstance(value, int | float):
            return format_number(value)
        if kind == "date":
            return self.texts.date(value)
        if kind in {"region", "regions"}:
            return self.region_name(value)
        return self.term(vocabulary, value) if vocabulary else str(value)


def web_address(url: Any) -> str | None:
    """Return `url` if it is an absolute http or https address without credentials; nothing else is linked."""
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        return None
    return str(url)


def host_of(url: str) -> str:
    """Return the host a link leads to."""
    return urlsplit(url).hostname or ""
