"""What reading one cell gives, and a memory for cells that repeat."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from geo.loading.messages import Problem

Parsed: TypeAlias = tuple[dict[str, Any], tuple[Problem, ...]]
"""(values by the name of their column in the table, what is to be said). A value that is unknown is left out."""

Parse: TypeAlias = Callable[[str], Parsed]

NOTHING: Final[Parsed] = ({}, ())
_KEPT: Final = 20_000
_LONG: Final = 200


def remember(parse: Parse) -> Parse:
    """Make `parse` answer from memory for a text it has seen; long texts, which rarely repeat, are not kept."""
    known: dict[str, Parsed] = {}

    def parse_remembered(text: str) -> Parsed:
        answer = known.get(text)
        if answer is None:
            answer = parse(text)
            if len(text) < _LONG:
                if len(known) >= _KEPT:
                    known.clear()
                known[text] = answer
        return answer

    return parse_remembered


def only(code: str, **facts: Any) -> Parsed:
    """Say one thing and give no value."""
    return {}, (Problem(code, facts),)


def fold_width(text: str) -> str:
    """Full-width signs to half-width, for cells that hold numbers, dates and codes; never for prose."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)
