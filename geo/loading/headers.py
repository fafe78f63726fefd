"""Which heading of a file means which column: as guessed (see `geo.loading.guesses`), or as a person chose."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Final

from geo.layers import ACCOUNTABILITY
from geo.loading.columns import known_columns
from geo.loading.guesses import EXTRA, Guess, guess_columns
from geo.loading.messages import Message, Problem, refuse
from geo.loading.profiles import Profile, find_profile
from geo.loading.synonyms import fold_header, synonyms_of

__all__ = ["Mapping", "fold_header", "map_headers"]

_DATA_LIKE: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}.*|-?\d+(\.\d+)?|https?://.*")
_NEAR: Final = 0.75


@dataclass
class Mapping:
    """What each column of a file means. `positions` maps a column to its place; `known` are those it could have.

    `extra` are the places of cells that are kept verbatim in the restricted text of the record.
    """

    profile: Profile
    known: frozenset[str]
    positions: dict[str, int] = field(default_factory=dict)
    headers: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    extra: list[int] = field(default_factory=list)

    def header_of(self, column: str) -> str:
        """The heading as the file has it; the column's own name where the file has none."""
        position = self.positions.get(column)
        return self.headers[position] if position is not None else column


def map_headers(
    headers: list[str], layer: str, *, source: str | None, chosen: MappingType[str, str | None] | None = None
) -> Mapping:
    """Find the column of each heading. `chosen` gives a heading a column, "extra", or None to leave it out.

    Raises:
        FileRefused: HDR_NONE, HDR_DUPLICATE, HDR_MISSING, HDR_COLUMN, SOURCE_MISSING.
    """
    profile = find_profile(fold_header(header) for header in headers)
    mapping = Mapping(profile, known_columns(layer), headers=headers)
    guesses = guess_columns(headers, layer, profile, chosen)
    for position, guess in enumerate(guesses):
        if guess.column == EXTRA:
            mapping.extra.append(position)
        elif guess.column is not None:
            _take(mapping, guess.column, position)
    if not mapping.positions and any(_DATA_LIKE.fullmatch(header) for header in headers):
        raise refuse("HDR_NONE")
    synonyms = synonyms_of(layer)
    said = (_explain(headers[position], guess, synonyms) for position, guess in enumerate(guesses))
    mapping.messages += [Message(problem) for problem in said if problem is not None]
    _check_required(mapping, layer, source)
    return mapping


def _take(mapping: Mapping, column: str, position: int) -> None:
    first = mapping.positions.setdefault(column, position)
    if first != position:
        headers = mapping.headers
        raise refuse(
            "HDR_DUPLICATE",
            column=column,
            first=headers[first],
            first_no=first + 1,
            second=headers[position],
            second_no=position + 1,
        )


def _explain(header: str, guess: Guess, synonyms: dict[str, str]) -> Problem | None:
    """Say what became of a heading whose column is not certain: nothing is left out in silence."""
    if guess.how == "likeness":
        return Problem("HDR_LIKENESS", {"header": header, "column": guess.column})
    if guess.how == "row_number":
        return Problem("HDR_ROWNO", {"header": header})
    if guess.how == "hand" and guess.column is None:
        return Problem("HDR_IGNORED", {"header": header})
    if guess.column == EXTRA:
        return Problem("HDR_EXTRA", {"header": header})
    if guess.how != "nothing":
        return None
    near = difflib.get_close_matches(fold_header(header), synonyms, 1, _NEAR)
    column = synonyms[near[0]] if near else ""
    hint = f"Did you mean {column}?" if column else "docs/loading.md lists the columns."
    hint_zh = f"是否为 {column}？" if column else "各列见 docs/loading.md。"
    return Problem("HDR_UNKNOWN", {"header": header, "hint": hint, "hint_zh": hint_zh})


def _check_required(mapping: Mapping, layer: str, source: str | None) -> None:
    found = ", ".join(header for header in mapping.headers if header)
    columns = mapping.positions

    def miss(column: str, column_zh: str) -> None:
        raise refuse("HDR_MISSING", column=column, column_zh=column_zh, found=found)

    if "starts_on" not in columns:
        miss("starts_on", "开始日期")
    if not columns.keys() & {"title", "title_en", "title_zh_hans"} and not mapping.profile.made_title:
        miss("title_en", "标题")
    if layer == ACCOUNTABILITY and "contact_no" not in columns:
        miss("contact_no", "联络编号")
    if source is None and "source_system" not in columns:
        raise refuse("SOURCE_MISSING")
