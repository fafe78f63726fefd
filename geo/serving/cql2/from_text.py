"""A filter read from CQL2 text, by recursive descent no deeper than the limits let it go."""

from __future__ import annotations

from geo.serving.cql2.limits import check_length, make_pattern
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
    Operand,
    Or,
    Relation,
    Scalar,
    Text,
    Truth,
)
from geo.serving.cql2.text_operands import check_scalar, read_operand, read_scalar
from geo.serving.cql2.tokens import END, NAME, split_tokens
from geo.serving.cql2.words import Words, expected
from geo.serving.crs import Crs
from geo.serving.parameters import BadValue


def parse_text_filter(text: str, crs: Crs) -> Filter:
    """Read a filter whose coordinates are in `crs`. Raises BadValue that says at which character."""
    check_length(text)
    words = Words(list(split_tokens(text)), crs)
    try:
        found = read_or(words)
    except BadValue as fault:
        if str(fault).startswith("at character"):
            raise
        raise BadValue(f"at character {words.here.place}: {fault}") from None
    if words.here.kind != END:
        raise BadValue(expected(words.here, "AND, OR or the end"))
    return found


def read_or(words: Words) -> Filter:
    """Read parts joined by OR."""
    parts = [read_and(words)]
    while words.take_if("OR"):
        parts.append(read_and(words))
    if len(parts) == 1:
        return parts[0]
    words.budget.spend()
    return Or(tuple(parts))


def read_and(words: Words) -> Filter:
    """Read parts joined by AND, which binds more than OR."""
    parts = [read_not(words)]
    while words.take_if("AND"):
        parts.append(read_not(words))
    if len(parts) == 1:
        return parts[0]
    words.budget.spend()
    return And(tuple(parts))


def read_not(words: Words) -> Filter:
    """Read a part with NOT before it, or without."""
    if not words.take_if("NOT"):
        return read_part(words)
    words.budget.spend()
    return Not(read_part(words))


def read_part(words: Words) -> Filter:
    """Read one predicate, or a filter in parentheses."""
    if words.is_next("("):
        with words.budget.deeper():
            words.take()
            inner = read_or(words)
            words.expect(")")
        return inner
    if words.here.kind == NAME and words.opens() and words.here.text.upper() in FUNCTIONS:
        return read_relation(words)
    return read_predicate(words)


def read_relation(words: Words) -> Relation:
    """Read a spatial, temporal or array function."""
    words.budget.spend()
    function = words.take().text.upper()
    with words.budget.deeper():
        words.expect("(")
        left = read_operand(words)
        words.expect(",")
        right = read_operand(words)
        words.expect(")")
    return Relation(function, left, right)


def read_predicate(words: Words) -> Filter:
    """Read a comparison, LIKE, BETWEEN, IN or IS NULL; or TRUE or FALSE alone."""
    value = read_operand(words)
    if words.is_next("IS"):
        words.take()
        return _negated(words, words.take_if("NOT"), read_null(words, value))
    if isinstance(value, Truth) and not words.is_next(*COMPARISONS, "NOT", "LIKE", "IN", "BETWEEN"):
        return value
    scalar = check_scalar(value)
    if words.is_next(*COMPARISONS):
        words.budget.spend()
        return Comparison(words.take().text, scalar, read_scalar(words))
    negated = words.take_if("NOT")
    if words.take_if("LIKE"):
        words.budget.spend()
        return _negated(words, negated, Like(scalar, read_pattern(words)))
    if words.take_if("BETWEEN"):
        words.budget.spend()
        low = read_scalar(words)
        words.expect("AND")
        return _negated(words, negated, Between(scalar, low, read_scalar(words)))
    if words.take_if("IN"):
        words.budget.spend()
        return _negated(words, negated, In(scalar, read_list(words)))
    raise BadValue(expected(words.here, "one of = <> < <= > >= LIKE BETWEEN IN IS"))


def read_null(words: Words, value: Operand) -> IsNull:
    """Read what follows IS."""
    words.expect("NULL")
    words.budget.spend()
    return IsNull(value)


def _negated(words: Words, negated: bool, part: Filter) -> Filter:  # noqa: FBT001  (read, not chosen)
    if not negated:
        return part
    words.budget.spend()
    return Not(part)


def read_list(words: Words) -> tuple[Scalar, ...]:
    """Read values in parentheses, one at least."""
    words.expect("(")
    items = [read_scalar(words)]
    while words.take_if(","):
        items.append(read_scalar(words))
    words.expect(")")
    return tuple(items)


def read_pattern(words: Words) -> Scalar:
    """Read the pattern of LIKE: a text, or CASEI of one."""
    pattern = read_operand(words)
    inner = pattern
    while isinstance(inner, Casei):
        inner = inner.value
    if not isinstance(pattern, (Text, Casei)) or not isinstance(inner, Text):
        raise BadValue("LIKE is followed by a pattern in single quotes")
    return make_pattern(pattern)
