"""Cells that hold terms of the controlled lists: one term, or several.

Closed lists refuse what they do not know. Open lists keep it as written under `<column>_other`, with the code `other`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from geo.loading.cells import NOTHING, Parse, Parsed, fold_width, only
from geo.loading.messages import Problem
from geo.loading.replaced_terms import find_replaced
from geo.loading.texts import TITLE_LIMIT, check_public_text, clean_text
from geo.vocabularies import Vocabulary, vocabularies

OTHER: Final = "other"
_UNKNOWN: Final = frozenset(
    {"unknown", "n/a", "na", "none", "null", "-", "--", "?", "不详", "不詳", "未知", "不明", "无", "無", "没有"}
)
_OTHER_SIGNS: Final = re.compile(r"[;；，、/,|]")
_OWN_SIGNS: Final = re.compile(r"[;；]")
_ALIKE: Final = 0.6

Split: TypeAlias = Callable[[str, Vocabulary], list[str]]


def is_unknown(text: str) -> bool:
    """Whether a cell says in words that nothing is known. Unknown is stored as nothing, never as a term."""
    return text.strip().casefold() in _UNKNOWN


def parse_term(name: str, vocabulary: str, *, reported: str | None = None, lenient: bool = False) -> Parse:
    """Make the reader of one term of a closed list.

    Args:
        name: the column of the table.
        vocabulary: the list's name.
        reported: the column that keeps a cell which says that nothing is known.
        lenient: leave an unknown value out with a warning in place of refusing the row; for foreign data sets.
    """
    listed = vocabularies()[vocabulary]

    def parse(cell: str) -> Parsed:
        text = fold_width(cell).strip()
        code = listed.find_code(text)
        if code:
            return {name: code}, ()
        if not text or is_unknown(text):
            return ({reported: cell.strip()}, ()) if reported and text else NOTHING
        replaced = find_replaced(vocabulary, text)
        if replaced:
            return {name: replaced[0]}, (replaced[1],)
        return only("VOC_DROPPED") if lenient else ({}, (explain_unknown(listed, text),))

    return parse


def parse_terms(name: str, vocabulary: str, split: Split, *, is_open: bool) -> Parse:
    """Make the reader of a list of terms; `split` parts the cell, `is_open` keeps what the list does not know."""
    listed = vocabularies()[vocabulary]

    def parse(cell: str) -> Parsed:
        text, problems = clean_text(cell)
        codes: list[str] = []
        others: list[str] = []
        said: list[Problem] = list(problems)
        parts = split(text, listed)
        for part in parts:
            code = listed.find_code(fold_width(part))
            replaced = None if code else find_replaced(vocabulary, part)
            if code:
                codes.append(code)
            elif replaced:
                codes.append(replaced[0])
                said.append(replaced[1])
            elif is_open and not is_unknown(part):
                others.append(part)
                said += [Problem("VOC_OTHER", part=part), *check_public_text(part, TITLE_LIMIT)]
            elif not is_open:
                said.append(explain_unknown(listed, part))
        found: dict[str, Any] = {}
        if others:
            found[f"{name}_other"] = list(dict.fromkeys(others))
            codes.append(OTHER)
        if codes:
            found[name] = list(dict.fromkeys(codes))
        if len(parts) > 1 and ";" not in text and split is split_own:
            said.append(Problem("VOC_SPLIT", {"count": len(parts)}))
        return found, tuple(said)

    return parse


def split_own(text: str, listed: Vocabulary) -> list[str]:
    """Part a cell of our own columns by ; or ；, and on another sign only if every part is a known term."""
    if _OWN_SIGNS.search(text):
        return _strip_all(_OWN_SIGNS.split(text))
    return _split_if_known(text, listed)


def split_on(sign: str) -> Split:
    """Make the splitter of a foreign data set: by `sign` only, and on another sign only if every part is known."""

    def split(text: str, listed: Vocabulary) -> list[str]:
        parts = []
        for part in _strip_all(text.split(sign)):
            parts += _split_if_known(part, listed)
        return parts

    return split


def split_texts(cell: str) -> list[str]:
    """Part a list of texts (employers, ids) by ; or ；."""
    return _strip_all(_OWN_SIGNS.split(cell))


def explain_unknown(listed: Vocabulary, text: str) -> Problem:
    """Say that `text` is not in the list, with the nearest term where one is near."""
    wanted = text.casefold()
    spellings = {
        label.casefold(): term
        for term in listed.terms
        for label in (term.code, term.label_en, term.label_zh_hans, term.label_zh_hant)
    }
    inside = [term for label, term in spellings.items() if len(wanted) > 1 and wanted in label]
    near = inside or [spellings[label] for label in difflib.get_close_matches(wanted, spellings, 1, _ALIKE)]
    if near:
        facts = {"suggestion": f"{near[0].code} ({near[0].label_zh_hans} {near[0].label_en})"}
        return Problem("VOC_SUGGEST", facts, part=text)
    return Problem("VOC_UNKNOWN", {"codes": ", ".join(term.code for term in listed.terms)}, part=text)


def _split_if_known(text: str, listed: Vocabulary) -> list[str]:
    if not text or listed.find_code(fold_width(text)):
        return [text] if text else []
    parts = _strip_all(_OTHER_SIGNS.split(text))
    return parts if len(parts) > 1 and all(listed.find_code(fold_width(part)) for part in parts) else [text]


def _strip_all(parts: list[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]
