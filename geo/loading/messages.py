"""What loading says to people: one catalogue of codes, kept in `messages.csv`, in English and Simplified Chinese.

A code's severity is one of `file` (the whole file is refused), `error` (the row is rejected), `held` (somebody must
decide; where there is nobody, the row is rejected), `warning` and `note` (the row is loaded).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from geo.errors import FileRefused
from geo.loading.personal_data import mask_personal_data

Severity = Literal["file", "error", "held", "warning", "note"]
Language = Literal["en", "zh_hans"]

REJECTS: Final = frozenset({"error", "held"})
"""Severities that keep a row out, where nobody is there to decide."""

SHOWN_CHARACTERS: Final = 100
_STOPS: Final = frozenset(".。?？")
_PATH = Path(__file__).with_name("messages.csv")


@dataclass(frozen=True)
class MessageText:
    """One code's severity and texts; words in braces are facts of the single case."""

    code: str
    severity: Severity
    text_en: str
    text_zh_hans: str
    remedy_en: str
    remedy_zh_hans: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something found in a cell, a row or a file.

    `severity` overrides the catalogue's where a profile says so. `part` is the part of the cell that it is about,
    where that is not all of it.
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity | None = None
    part: str | None = None

    @property
    def weight(self) -> Severity:
        """The severity that holds: the override, else the catalogue's."""
        return self.severity or catalogue()[self.code].severity

    @property
    def rejects(self) -> bool:
        """Whether the row cannot be loaded."""
        return self.weight in REJECTS


@dataclass(frozen=True, slots=True)
class Message:
    """A problem and where it is. `row_no` None: the whole file. `times` above 1: it stands for so many rows."""

    problem: Problem
    row_no: int | None = None
    column: str | None = None
    value: str | None = None
    times: int = 1

    def render(self, language: Language = "en") -> str:
        """Say it in one line: where, what, the value, what to do."""
        return _join(language, self._render_place(language), self.describe(language))

    def describe(self, language: Language = "en") -> str:
        """Say what is wrong and what to do, without the place."""
        text = render_text(self.problem, language)
        if self.value is not None:
            shown = f' (value: "{self.value}")' if language == "en" else f"（值：“{self.value}”）"
            text = f"{text[:-1]}{shown}{text[-1]}" if text[-1:] in _STOPS else f"{text}{shown}"
        return _join(language, text, render_remedy(self.problem, language))

    def _render_place(self, language: Language) -> str:
        english = language == "en"
        parts = []
        if self.times > 1:
            parts.append(f"{self.times:,} rows" if english else f"{self.times:,} 行")
        elif self.row_no is not None:
            parts.append(f"Row {self.row_no}" if english else f"第 {self.row_no} 行")
        if self.column is not None:
            parts.append(f'column "{self.column}"' if english else f"“{self.column}”列")
        return (", " if english else "，").join(parts) + (":" if english else "：") if parts else ""


@cache
def catalogue() -> dict[str, MessageText]:
    """Return every code with its severity and texts. The file is part of the program, so it is read once."""
    with _PATH.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _read_entry(row) for row in csv.DictReader(file)}


def _join(language: Language, *parts: str) -> str:
    return (" " if language == "en" else "").join(part for part in parts if part)


def _read_entry(row: dict[str, Any]) -> MessageText:
    return MessageText(**row)


def render_text(problem: Problem, language: Language = "en") -> str:
    """Fill the facts of `problem` into its text."""
    entry = catalogue()[problem.code]
    return (entry.text_en if language == "en" else entry.text_zh_hans).format_map(dict(problem.facts))


def render_remedy(problem: Problem, language: Language = "en") -> str:
    """Fill the facts of `problem` into its remedy; empty when there is nothing to do."""
    entry = catalogue()[problem.code]
    return (entry.remedy_en if language == "en" else entry.remedy_zh_hans).format_map(dict(problem.facts)).strip()


def refuse(code: str, **facts: Any) -> FileRefused:
    """Make the error that refuses a whole file; its text is the English one with the remedy."""
    return FileRefused(code, Message(Problem(code, facts)).render(), **facts)


def locate(problem: Problem, row_no: int, column: str | None, cell: str | None) -> Message:
    """Make the message of a problem found in a cell, showing the part of the cell that it is about."""
    shown = problem.part or cell
    return Message(problem, row_no, column or None, redact(shown) if shown else None)


def redact(value: str) -> str:
    """Make a cell's value fit to be shown in a message: personal numbers masked, unprintable signs named, cut short."""
    masked = mask_personal_data(value[: SHOWN_CHARACTERS * 3])
    shown = re.sub(r"[^\S ]+", " ", masked)
    shown = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in shown)
    return shown if len(shown) <= SHOWN_CHARACTERS else shown[: SHOWN_CHARACTERS - 1] + "…"
