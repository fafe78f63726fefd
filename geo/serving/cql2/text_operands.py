"""Properties and values of a filter written as text: whatever stands beside an operator or in a function."""

from __future__ import annotations

from geo.serving.cql2.limits import make_number, make_text, unknown_function
from geo.serving.cql2.nodes import (
    COLLECTION,
    SHAPES,
    Casei,
    Day,
    Name,
    Operand,
    Scalar,
    Span,
    Text,
    Truth,
    Values,
    make_span,
)
from geo.serving.cql2.tokens import NAME, NUMBER, QUOTED, SIGN, TEXT, Token
from geo.serving.cql2.wkt import read_bbox, read_geometry
from geo.serving.cql2.words import Words, expected
from geo.serving.parameters import BadValue, Bbox, parse_day

RESERVED = frozenset({"AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE"})


def read_scalar(words: Words) -> Scalar:
    """Read a single value or a property."""
    return check_scalar(read_operand(words))


def check_scalar(value: Operand) -> Scalar:
    """Return a single value. Raises BadValue for a list, an interval or a geometry."""
    if not isinstance(value, Scalar):
        raise BadValue("a list, an interval or a geometry is compared by a function, like A_OVERLAPS or S_INTERSECTS")
    return value


def read_operand(words: Words) -> Operand:  # noqa: PLR0911  (one line a kind of word)
    """Read a property, a value, or something that only functions compare."""
    token = words.here
    words.budget.spend()
    if token.kind == TEXT:
        return make_text(words.take().text)
    if token.kind == NUMBER:
        return make_number(words.take().text)
    if token.kind == QUOTED:
        return Name(words.take().text)
    if token.kind == SIGN and token.text == "(":
        return read_values(words)
    if token.kind != NAME:
        raise BadValue(expected(token, "a property or a value"))
    word = token.text.upper()
    if word in {"TRUE", "FALSE"}:
        words.take()
        return Truth(word == "TRUE")
    if word in RESERVED:
        raise BadValue(expected(token, "a property or a value"))
    if words.opens() or word in (*SHAPES, COLLECTION):
        return read_call(words, word)
    return Name(words.take().text)


def read_values(words: Words) -> Values:
    """Read the values of a list in parentheses; it may be empty."""
    with words.budget.deeper():
        words.expect("(")
        items = [] if words.is_next(")") else [read_scalar(words)]
        while words.take_if(","):
            items.append(read_scalar(words))
        words.expect(")")
    return Values(tuple(items))


def read_call(words: Words, word: str) -> Operand:
    """Read what is written like a function: CASEI, dates, intervals, boxes and geometries."""
    if word in (*SHAPES, COLLECTION):
        return read_geometry(words)
    token = words.take()
    with words.budget.deeper():
        words.expect("(")
        value = _read_arguments(words, word, token)
        words.expect(")")
    return value


def _read_arguments(words: Words, word: str, token: Token) -> Casei | Day | Span | Bbox:
    if word == "CASEI":
        inner = read_operand(words)
        if not isinstance(inner, (Name, Text, Casei)):
            raise BadValue("CASEI is of a property or a text")
        return Casei(inner)
    if word in {"DATE", "TIMESTAMP"}:
        return Day(parse_day(words.take_text()))
    if word == "INTERVAL":
        start = read_end(words)
        words.expect(",")
        return make_span(start, read_end(words))
    if word == "BBOX":
        return read_bbox(words)
    raise BadValue(f"at character {token.place}: {unknown_function(token.text)}")


def read_end(words: Words) -> Day | Name | None:
    """Read one end of an interval: a day, `..`, or a property."""
    if words.here.kind == TEXT:
        text = words.take().text
        return None if text == ".." else Day(parse_day(text))
    value = read_operand(words)
    if not isinstance(value, (Name, Day)):
        raise BadValue("an interval has two ends, each a day in single quotes, '..' or a property")
    return value
