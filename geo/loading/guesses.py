"""What each heading of a file most likely means, and how that was found.

In this order: what a person chose; the shape of a foreign file; the column's own name; a synonym or label in English
or Chinese; a name that differs by a slip of the pen (one letter, or two in a long word). A likeness never takes a
column that another heading means for sure, and is never believed where it could be two columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from geo.loading.messages import refuse
from geo.loading.profiles import OWN, Profile
from geo.loading.synonyms import fold_header, synonyms_of

How = Literal["hand", "shape", "name", "synonym", "likeness", "report", "row_number", "nothing"]

EXTRA: Final = "extra"
"""Chosen in the place of a column: keep the cell verbatim, under its heading, in the restricted text of the record."""

_ROW_NUMBERS: Final = frozenset({"序号", "序號", "no", "no.", "nr", "#", "row", "row_no", "行号"})
_SHORT, _LONG = 5, 8
"""Letters from which on one, and two, may be wrong: "data" is not "date"."""


@dataclass(frozen=True)
class Guess:
    """What a heading means: `column` None is none. `how` says on what grounds; with "hand" None was chosen, too."""

    column: str | None
    how: How


def guess_columns(
    headers: Sequence[str], layer: str, profile: Profile, chosen: Mapping[str, str | None] | None = None
) -> list[Guess]:
    """Return what each heading means, in their order. Two may mean the same column, unless one was chosen by hand.

    Raises:
        FileRefused: HDR_COLUMN, a heading was given a column that the layer does not have.
    """
    folded = [fold_header(header) for header in headers]
    synonyms = synonyms_of(layer)
    by_hand = _check_chosen(chosen or {}, layer, synonyms)
    guesses = [_guess(name, profile, synonyms, by_hand) for name in folded]
    hand = {guess.column for guess in guesses if guess.how == "hand"} - {EXTRA}
    guesses = [Guess(None, "nothing") if guess.how != "hand" and guess.column in hand else guess for guess in guesses]
    taken = {guess.column for guess in guesses if guess.column}
    for position, guess in enumerate(guesses):
        if guess.how == "nothing" and profile is OWN:
            like = _find_alike(folded[position], synonyms)
            if like and like not in taken:
                guesses[position] = Guess(like, "likeness")
                taken.add(like)
    return guesses


def is_row_number(header: str) -> bool:
    """Whether a heading stands over numbers that count the rows."""
    return fold_header(header) in _ROW_NUMBERS


def _check_chosen(chosen: Mapping[str, str | None], layer: str, synonyms: Mapping[str, str]) -> dict[str, str | None]:
    columns = {*synonyms.values(), *((EXTRA,) if "raw_text" in synonyms else ())}
    for header, column in chosen.items():
        if column is not None and column not in columns:
            raise refuse("HDR_COLUMN", header=header, column=column, layer=layer)
    return {fold_header(header): column for header, column in chosen.items()}


def _guess(name: str, profile: Profile, synonyms: Mapping[str, str], by_hand: Mapping[str, str | None]) -> Guess:
    if name in by_hand:
        return Guess(by_hand[name], "hand")
    if not name or name.startswith("_"):
        return Guess(None, "report")
    if name in profile.ignored:
        return Guess(None, "shape")
    if profile.headings.get(name) in synonyms.values() or name in profile.headings.keys() & _made_of(profile):
        return Guess(profile.headings[name], "shape")
    if name in synonyms:
        return Guess(synonyms[name], "name" if synonyms[name] == name else "synonym")
    return Guess(None, "row_number" if name in _ROW_NUMBERS else "nothing")


def _made_of(profile: Profile) -> set[str]:
    """Headings of the columns of which a shape's titles are made, which the layer itself may lack."""
    return {heading for heading, column in profile.headings.items() if column in profile.made_title}


def _find_alike(name: str, synonyms: Mapping[str, str]) -> str | None:
    """Return the one column that a heading was meant to name, or None. Figures in a name are never a slip."""
    allowed = 2 if len(name) >= _LONG else 1
    if len(name) < _SHORT:
        return None
    nearest: dict[str, int] = {}
    for known, column in synonyms.items():
        if re.sub(r"\D", "", known) == re.sub(r"\D", "", name) and len(known) >= _SHORT:
            distance = _count_edits(name, known, allowed)
            if distance <= allowed:
                nearest[column] = min(distance, nearest.get(column, allowed))
    best = min(nearest.values(), default=None)
    columns = [column for column, distance in nearest.items() if distance == best]
    return columns[0] if len(columns) == 1 else None


def _count_edits(one: str, other: str, most: int) -> int:
    """Count the letters to insert, delete or replace between two words; `most` + 1 stands for anything above."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, known in enumerate(other, start=1):
            line.append(min(before[column] + 1, line[-1] + 1, before[column - 1] + (letter != known)))
        if min(line) > most:
            return most + 1
        before = line
    return before[-1]
