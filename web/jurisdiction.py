"""The unions that have an incident in their care, in the reader's words, and what each was asked and answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.records import RecordWords, Worded
from web.union_contacts import Contact, find_name, word_contacts


@dataclass(frozen=True)
class Keeper:
    """A union with an incident in its care. `union` is its number where public cases name it.

    `contacts` are those with it about this incident, the first one first; without any, no public record says that it
    was asked.
    """

    name: Worded
    union: int | None
    level: str
    contacts: tuple[Contact, ...]


def word_keepers(words: RecordWords, unions: Sequence[Mapping[str, Any]]) -> list[Keeper]:
    """Return the unions that have the duty, nearest to the workplace first."""
    return [_word(words, union) for union in unions if union["has_duty"]]


def _word(words: RecordWords, union: Mapping[str, Any]) -> Keeper:
    level = words.term("union_level", union["level"])
    return Keeper(
        name=find_name(union, "name", words.texts.language) or Worded(level, words.texts.language),
        union=union["id"],
        level=level,
        contacts=tuple(word_contacts(words, union["contacts"])),
    )
