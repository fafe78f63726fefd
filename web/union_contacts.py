"""How a union that was contacted is put into words: who it was, what it knew, what it did, and what it said.

The twin of static/js/union-contacts.js, which does the same in the browser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.records import CardRow, RecordWords, Worded, find_text

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


@dataclass(frozen=True)
class Contact:
    """One contact in words. `when` says on which days, or that the union was never contacted."""

    name: Worded
    when: str
    rows: tuple[CardRow, ...]
    quote: Worded | None
    promise: Worded | None


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
    return Contact(
        name=find_text(contact, "union_name", language) or unnamed,
        when=_say_when(words, contact),
        rows=tuple(_row(words, contact, name) for name in CODES if contact.get(name)),
        quote=find_text(contact, "quote", language),
        promise=find_text(contact, "promise", language),
    )


def _say_when(words: RecordWords, contact: Mapping[str, Any]) -> str:
    if not was_made(contact):
        return words.texts["card.not_contacted"]
    first, last = contact.get("contacted_on"), contact.get("contacted_until")
    if not first:
        return ""
    days = words.texts.date(first) + (f" – {words.texts.date(last)}" if last and last != first else "")
    return f"{words.texts['card.contacted_on']}: {days}"


def _row(words: RecordWords, contact: Mapping[str, Any], name: str) -> CardRow:
    value, vocabulary = contact[name], CODES[name]
    values = value if isinstance(value, list) else [value]
    if name == "union_region":
        texts = [words.region_name(code) for code in values]
    elif name == "follow_up_on":
        texts = [words.texts.date(day) for day in values]
    else:
        texts = [words.term(vocabulary, code) for code in values]
    return CardRow(name, words.texts[f"contact.{name}"], tuple(texts))
