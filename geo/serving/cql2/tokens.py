"""The words of a filter written as text, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from geo.serving.parameters import BadValue

NAME, QUOTED, TEXT, NUMBER, SIGN, END = "name", "quoted", "text", "number", "sign", "end"

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<number>(?:(?<![\w.)'"])[+-])?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<name>(?!\d)[\w:][\w:.]*)
    | (?P<text>'(?:[^'\\]|''|\\.)*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<sign><>|<=|>=|[=<>(),])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"''|\\(['abfnrtv\\])", re.DOTALL)
_CONTROLS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "'": "'", "\\": r"\\"}
_ARITHMETIC = frozenset("+-*/^%")


@dataclass(frozen=True)
class Token:
    """One word. `text` is its meaning: without quotes and escapes. `place` counts characters from 1."""

    kind: str
    text: str
    place: int


def split_tokens(text: str) -> Iterator[Token]:
    """Yield the words of a filter, then an end. Raises BadValue at a character that begins none."""
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise BadValue(f"at character {place + 1}: {_reason(text[place])}")
        kind = str(found.lastgroup)
        if kind != "space":
            yield Token(kind, _meaning(kind, found[0]), place + 1)
        place = found.end()
    yield Token(END, "", place + 1)


def _meaning(kind: str, text: str) -> str:
    """Return what a word means. A doubled backslash stays two: in a pattern it is an escaped one."""
    if kind == TEXT:
        return _ESCAPED.sub(lambda found: _CONTROLS[found[1]] if found[1] else "'", text[1:-1])
    return text[1:-1].replace('""', '"') if kind == QUOTED else text


def _reason(character: str) -> str:
    """Say why no word begins with a character."""
    if character in "'\"":
        return "this quote is never closed"
    if character in _ARITHMETIC:
        return "arithmetic is not supported; compare a property with a value"
    return f"{character!r} has no meaning here"
