"""Words that a vocabulary used to have, and the term that took their place: read from `replaced_terms.csv`."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

from geo.loading.messages import Problem
from geo.vocabularies import vocabularies

_PATH: Final = Path(__file__).with_suffix(".csv")


@cache
def _replaced() -> dict[tuple[str, str], tuple[str, str]]:
    """(vocabulary, old word) to (code, version). The file is part of the program, so it is read once."""
    with _PATH.open(encoding="utf-8", newline="") as file:
        return {(row["vocabulary"], row["old"].casefold()): (row["code"], row["since"]) for row in csv.DictReader(file)}


def find_replaced(vocabulary: str, text: str) -> tuple[str, Problem] | None:
    """Return the code that took the place of an old word, and what is to be said; None for a word that is not old."""
    found = _replaced().get((vocabulary, text.strip().casefold()))
    if found is None:
        return None
    code, since = found
    term = next(term for term in vocabularies()[vocabulary].terms if term.code == code)
    facts = {"old": text, "label": term.label_en, "label_zh": term.label_zh_hans, "since": since}
    return code, Problem("VOC_DEPRECATED", facts, part=text)
