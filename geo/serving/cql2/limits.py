"""How large a filter may be, and what its single values may be: asked before and while it is read, never after."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from geo.serving.cql2.nodes import FUNCTIONS, Casei, Number, Scalar, Text
from geo.serving.parameters import LONGEST_TEXT, BadValue

LONGEST_FILTER = 10_000
"""Characters."""

DEEPEST = 16
MOST_NODES = 100
MOST_VERTICES = 1_000

_NUMBER = re.compile(r"[+-]?(\d{1,20}\.?\d{0,20}|\.\d{1,20})([eE][+-]?\d{1,2})?", re.ASCII)
_LARGEST = Decimal(10) ** 20
_WRITABLE = re.compile(r"(?:[^\\]|\\\\|\\[^\\'abfnrtv])*", re.DOTALL)
_PATTERN = re.compile(r"(?:[^\\]|\\[\\%_])*", re.DOTALL)


class Budget:
    """What one filter has used of its limits."""

    def __init__(self) -> None:
        self._nodes = 0
        self._depth = 0
        self._vertices = 0

    def spend(self) -> None:
        """Count one operator, property or value. Raises BadValue above `MOST_NODES`."""
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise BadValue(f"has more than {MOST_NODES} operators, properties and values")

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Go one parenthesis, or operator, down. Raises BadValue below `DEEPEST`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadValue(f"is nested more than {DEEPEST} deep")
        yield
        self._depth -= 1

    def count_vertex(self) -> None:
        """Count one position of a geometry. Raises BadValue above `MOST_VERTICES`."""
        self._vertices += 1
        if self._vertices > MOST_VERTICES:
            raise BadValue(f"has geometries of more than {MOST_VERTICES} positions")


def check_length(text: str) -> None:
    """Raise BadValue for a filter that is too long to be read."""
    if len(text) > LONGEST_FILTER:
        raise BadValue(f"must not be longer than {LONGEST_FILTER:,} characters")


def make_text(value: str) -> Text:
    """Return a text. Raises BadValue for one that is too long, cannot be compared, or cannot be written."""
    if len(value) > LONGEST_TEXT:
        raise BadValue(f"has a text of more than {LONGEST_TEXT} characters")
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise BadValue("has a text with a character that is none")
    if not _WRITABLE.fullmatch(value):
        raise BadValue("has a text with a backslash that means nothing; a backslash itself is written twice")
    return Text(value)


def make_pattern(pattern: Text | Casei) -> Text | Casei:
    """Return the pattern of LIKE. Raises BadValue when a backslash escapes what needs none."""
    inner: Scalar = pattern
    while isinstance(inner, Casei):
        inner = inner.value
    if isinstance(inner, Text) and not _PATTERN.fullmatch(inner.value):
        raise BadValue("has a pattern in which a backslash stands before something other than %, _ or a backslash")
    return pattern


def make_number(text: str) -> Number:
    """Return a number in its canonical form. Raises BadValue for one that is too large to mean anything here."""
    if not _NUMBER.fullmatch(text) or abs(number := Decimal(text)) >= _LARGEST:
        raise BadValue("has a number of more than 20 digits")
    whole = number == number.to_integral_value()
    return Number(int(number) if whole else number.normalize())


def unknown_function(name: str, known: Iterable[str] = FUNCTIONS) -> str:
    """Say that a function is not there, and which one may have been meant."""
    names = (*known, "CASEI", "BBOX", "DATE", "TIMESTAMP", "INTERVAL")
    near = difflib.get_close_matches(name.upper()[:30], names, n=1)
    hint = (
        f"; did you mean {near[0]}?" if near else ": it has CASEI, S_INTERSECTS, A_OVERLAPS, T_INTERSECTS and the like"
    )
    return f"uses the function {name[:30]!r}, which this API does not have{hint}"
