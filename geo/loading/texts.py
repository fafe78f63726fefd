"""Prose cells: cleaned without changing what they say, and refused where a sign could deceive or harm."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from geo.loading.cells import Parse, Parsed
from geo.loading.messages import Problem
from geo.loading.personal_data import find_personal_data
from geo.lookalikes import find_lookalike

_ODD: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffd\ud800-\udfffà-ï锟Ͱ-ԯ]"
)
"""Signs that need a closer look. One class of characters, so that a text without any is passed at full speed."""

_BIDI: Final = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ZERO_WIDTH: Final = re.compile(r"[\u00ad\u200b-\u200d\u2060-\u2065\ufeff]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u206a-\u206f\ud800-\udfff]")
_DAMAGED: Final = re.compile(r"\ufffd|锟斤拷|ï¿½|(?:[à-ï][\x80-\xbf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]{2}){2}")
_FORMULA_GUARD: Final = re.compile(r"'(?=[=+\-@])")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")

TITLE_LIMIT: Final = 300
TEXT_LIMIT: Final = 20_000


def clean_text(text: str) -> tuple[str, tuple[Problem, ...]]:
    """Trim, compose (NFC), and take out what cannot be seen; line breaks stay.

    The problems say what was taken out, and name what makes the text unfit: control characters, signs that change the
    direction of writing, text damaged by a wrong encoding.
    """
    text = text.strip()
    if text[:1] == "'":
        text = _FORMULA_GUARD.sub("", text, count=1)  # the guard that our own exports put before = + - @
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _ODD.search(text):
        return text, ()
    return _clean_odd_text(text)


def _clean_odd_text(text: str) -> tuple[str, tuple[Problem, ...]]:
    problems = []
    damaged = _DAMAGED.search(text)
    if damaged:
        problems.append(Problem("ENC_MOJIBAKE", {"damaged": damaged[0]}))
    for code, pattern in (("TXT_BIDI", _BIDI), ("TXT_CONTROL", _CONTROL)):
        found = pattern.search(text)
        if found and not damaged:
            problems.append(Problem(code, {"character": f"U+{ord(found[0]):04X}"}))
    visible = _ZERO_WIDTH.sub("", text)
    if visible != text:
        problems.append(Problem("TXT_ZEROWIDTH"))
    lookalike = find_lookalike(visible)
    if lookalike:
        problems.append(Problem("TXT_HOMOGLYPH", {"word": lookalike[0], "read": lookalike[1]}))
    return visible.strip(), tuple(problems)


def parse_public_text(name: str, limit: int = TEXT_LIMIT) -> Parse:
    """Make the reader of a text that the public will see."""

    def parse(cell: str) -> Parsed:
        text, problems = clean_text(cell)
        return ({name: text} if text else {}), (*problems, *check_public_text(text, limit))

    return parse


def parse_restricted_text(name: str) -> Parse:
    """Make the reader of a text that only editors see; identity and bank card numbers are kept nowhere."""

    def parse(cell: str) -> Parsed:
        text, problems = clean_text(cell)
        numbers = tuple(Problem(code) for code, _ in find_personal_data(text) if code in {"PII_ID", "PII_BANK"})
        return ({name: text} if text else {}), (*problems, *numbers, *_check_length(text, TEXT_LIMIT))

    return parse


def parse_either_language(name: str, limit: int = TEXT_LIMIT) -> Parse:
    """Make the reader of a text whose heading does not say its language: Chinese if it has more Chinese signs."""
    english, chinese = parse_public_text(f"{name}_en", limit), parse_public_text(f"{name}_zh_hans", limit)

    def parse(cell: str) -> Parsed:
        return chinese(cell) if is_chinese(cell) else english(cell)

    return parse


def is_chinese(text: str) -> bool:
    """Whether a text has more Chinese characters than Latin words."""
    if text.isascii():
        return False
    return len(_HAN.findall(text)) > len(re.findall(r"[A-Za-z]+", text))


def check_public_text(text: str, limit: int = TEXT_LIMIT) -> tuple[Problem, ...]:
    """Check length and personal data of a cleaned text."""
    return (*(Problem(code) for code, _ in find_personal_data(text)), *_check_length(text, limit))


def _check_length(text: str, limit: int) -> tuple[Problem, ...]:
    return (Problem("TXT_TOO_LONG", {"length": len(text), "limit": limit}),) if len(text) > limit else ()
