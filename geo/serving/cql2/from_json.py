"""A filter read from CQL2 JSON into the same nodes as text; its depth is asked before it is parsed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from geo.serving.cql2.json_operands import check_args, read_operand, read_scalar
from geo.serving.cql2.limits import DEEPEST, Budget, check_length, make_pattern, unknown_function
from geo.serving.cql2.nodes import (
    COMPARISONS,
    FUNCTIONS,
    And,
    Between,
    Casei,
    Comparison,
    Filter,
    In,
    IsNull,
    Like,
    Not,
    Or,
    Relation,
    Text,
    Truth,
)
from geo.serving.cql2.reading import Digits, Reading
from geo.serving.crs import Crs
from geo.serving.parameters import BadValue

_DEEPEST_BRACKETS = 2 * DEEPEST + 8
"""Two for each operator, and those of a geometry."""

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)


def parse_json_filter(text: str, crs: Crs) -> Filter:
    """Read a filter whose coordinates are in `crs`. Raises BadValue that says in which operator."""
    check_length(text)
    check_brackets(text)
    try:
        parsed = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_int=Digits, parse_float=Digits
        )
    except json.JSONDecodeError as fault:
        raise BadValue(f"at character {fault.pos + 1}: is not JSON: {fault.msg}") from None
    return read_filter(Reading(crs, Budget()), parsed)


def check_brackets(text: str) -> None:
    """Raise BadValue for JSON that is nested deeper than any filter may be, before a parser follows it down."""
    depth = 0
    for character in _STRINGS.sub("", text):
        depth += (character in "[{") - (character in "]}")
        if depth > _DEEPEST_BRACKETS:
            raise BadValue(f"is nested more than {DEEPEST} deep")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object. Raises BadValue when a member is there twice: which one is meant cannot be known."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise BadValue("has an object with the same member twice")
    return made


def _refuse_constant(name: str) -> Any:
    raise BadValue(f"has {name}, which is not a number of JSON")


def read_filter(reading: Reading, node: Any) -> Filter:
    """Read one operator and what is below it."""
    reading.budget.spend()
    if isinstance(node, bool):
        return Truth(node)
    if not isinstance(node, dict) or not isinstance(node.get("op"), str):
        raise BadValue(f"{reading.where}: an object with `op` and `args` should be here")
    written = node["op"]
    inner = reading.inside(written)
    with inner.budget.deeper():
        args = check_args(inner, node)
        if written in COMPARISONS:
            left, right = (read_scalar(inner, arg) for arg in _count(inner, args, 2))
            return Comparison(written, left, right)
        if written.upper() in FUNCTIONS:
            first, second = (read_operand(inner, arg) for arg in _count(inner, args, 2))
            return Relation(written.upper(), first, second)
        if written not in _READERS:
            raise BadValue(f"{inner.where}: {unknown_function(written)}")
        return _READERS[written](inner, args)


def _count(reading: Reading, args: list[Any], wanted: int) -> list[Any]:
    if len(args) != wanted:
        raise BadValue(f"{reading.where}: needs {wanted} arguments")
    return args


def _read_parts(reading: Reading, args: list[Any]) -> tuple[Filter, ...]:
    if len(args) < 2:  # noqa: PLR2004
        raise BadValue(f"{reading.where}: needs 2 arguments at least")
    return tuple(read_filter(reading, arg) for arg in args)


def _read_not(reading: Reading, args: list[Any]) -> Filter:
    return Not(read_filter(reading, _count(reading, args, 1)[0]))


def _read_like(reading: Reading, args: list[Any]) -> Filter:
    value, pattern = (read_scalar(reading, arg) for arg in _count(reading, args, 2))
    inner = pattern
    while isinstance(inner, Casei):
        inner = inner.value
    if not isinstance(pattern, (Text, Casei)) or not isinstance(inner, Text):
        raise BadValue(f"{reading.where}: the second argument is a pattern, a text")
    return Like(value, make_pattern(pattern))


def _read_between(reading: Reading, args: list[Any]) -> Filter:
    value, low, high = (read_scalar(reading, arg) for arg in _count(reading, args, 3))
    return Between(value, low, high)


def _read_in(reading: Reading, args: list[Any]) -> Filter:
    value, items = _count(reading, args, 2)
    if not isinstance(items, list) or not items:
        raise BadValue(f"{reading.where}: the second argument is a list of values")
    return In(read_scalar(reading, value), tuple(read_scalar(reading, item) for item in items))


def _read_null(reading: Reading, args: list[Any]) -> Filter:
    return IsNull(read_operand(reading, _count(reading, args, 1)[0]))


_READERS: dict[str, Callable[[Reading, list[Any]], Filter]] = {
    "and": lambda reading, args: And(_read_parts(reading, args)),
    "or": lambda reading, args: Or(_read_parts(reading, args)),
    "not": _read_not,
    "like": _read_like,
    "between": _read_between,
    "in": _read_in,
    "isNull": _read_null,
}
