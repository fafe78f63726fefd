"""How a union that was contacted is put into words: who it was, what it knew, what it did, and what it said.

The twin of static/js/union-contacts.js, which does the same in the browser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from web.records import ALWAYS, CardRow, RecordWords, Worded, find_other_text, find_text

CODES = {
    "union_level": "union_level",
    "union_region": None,
    "department": "union_department",
    "method": "contact_method",
    "awareness": "awareness",
    "involvement": "involvement",
    "involvement_timing": "involvement_timing",
    "excuses": "excuse",
    "follow_up_on": None,
}
"""What is shown of a contact, in this order, and the vocabulary of each that has one."""
BRIEF = ("awareness", "involvement", "involvement_timing", "excuses")
"""What the card of an incident says of a union that was asked."""


@dataclass(frozen=True)
class Contact:
    """One contact in words. `when` says on which days, or that the union was never contacted.

    `union` is the number of a union whose name is public, `known` what is known of its answer. What was said stands in
    the reader's language first, then in the other, as far as it is known in both.
    """

    name: Worded
    union: int | None
    when: str
    rows: tuple[CardRow, ...]
    known: tuple[str, ...]
    quote: tuple[Worded, ...]
    promise: tuple[Worded, ...]

    @property
    def brief(self) -> str:
        """What it knew, what it did and its excuses, on one line; nothing where nothing of this is known."""
        return " · ".join(self.known)

    def without(self, names: Sequence[str]) -> Contact:
        """Return the contact without some of its rows."""
        return replace(self, rows=tuple(row for row in self.rows if row.name not in names))


def was_made(contact: Mapping[str, Any]) -> bool:
    """Say whether the union was really contacted: one that was only named never counts."""
    return contact.get("contacted") is not False


def word_contacts(words: RecordWords, contacts: Sequence[Mapping[str, Any]]) -> list[Contact]:
    """Return the contacts of a case in words, in their order."""
    return [_word(words, contact) for contact in contacts]


def _word(words: RecordWords, contact: Mapping[str, Any]) -> Contact:
    language = words.texts.language
    level = contact.get("union_level")
    unnamed = Worded(words.term("union_level", level) if level else words.texts["contact.unnamed"], language)
    rows = tuple(row for name in CODES if (row := _row(words, contact, name)))
    return Contact(
        name=find_name(contact, "union_name", language) or unnamed,
        union=contact.get("union_id"),
        when=_say_when(words, contact),
        rows=rows,
        known=tuple(value for row in rows if row.name in BRIEF and contact.get(row.name) for value in row.values),
        quote=_say_twice(contact, "quote", language),
        promise=_say_twice(contact, "promise", language),
    )


def find_name(named: Mapping[str, Any], stem: str, language: str) -> Worded | None:
    """Return a union's name in the reader's script, else in another."""
    own = named.get(f"{stem}_zh_hant") if language == "zh-Hant" else None
    return Worded(own, language) if own else find_text(named, stem, language)


def _say_twice(contact: Mapping[str, Any], stem: str, language: str) -> tuple[Worded, ...]:
    both = (find(contact, stem, language) for find in (find_text, find_other_text))
    return tuple(text for text in both if text)


def _say_when(words: RecordWords, contact: Mapping[str, Any]) -> str:
    if not was_made(contact):
        return words.texts["card.not_contacted"]
    first, last = contact.get("contacted_on"), contact.get("contacted_until")
    if not first:
        return ""
    days = words.texts.date(first) + (f" – {words.texts.date(last)}" if last and last != first else "")
    return f"{words.texts['card.contacted_on']}: {days}"


def _row(words: RecordWords, contact: Mapping[str, Any], name: str) -> CardRow | None:
    value, vocabulary = contact.get(name), CODES[name]
    if not value:
        said = (words.texts["answer.unknown"],)
        return CardRow(name, words.texts[f"contact.{name}"], said) if name in ALWAYS and was_made(contact) else None
    values = value if isinstance(value, list) else [value]
    if name == "union_region":
        texts = [words.region_name(code) for code in values]
    elif name == "follow_up_on":
        texts = [words.texts.date(day) for day in values]
    else:
        texts = [words.term(vocabulary, code) for code in values]
    return CardRow(name, words.texts[f"contact.{name}"], tuple(texts))
