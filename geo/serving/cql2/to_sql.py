"""A filter as a condition of SQL: columns only from the allow-list, values always bound, types checked before.

What is not known is NULL and stays so through NOT, AND and OR, as CQL2 and SQL both have it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from geo.serving.cql2.fields import Fields, Type
from geo.serving.cql2.nodes import (
    ARRAY,
    SPATIAL,
    And,
    Between,
    Casei,
    Comparison,
    Filter,
    In,
    IsNull,
    Like,
    Name,
    Not,
    Operand,
    Or,
    Relation,
    Scalar,
    Text,
    Truth,
)
from geo.serving.cql2.relations import relate_lists, relate_shapes, relate_times
from geo.serving.cql2.values import Term, make_terms, match_region
from geo.serving.parameters import LONGEST_TEXT, BadValue

Condition = sa.ColumnElement[bool]

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ORDERED = frozenset({"<", "<=", ">", ">="})


def make_condition(node: Filter, fields: Fields) -> Condition:  # noqa: C901, PLR0911  (one case a node)
    """Return what must hold for the filter. Raises BadValue for a name or a comparison that is not allowed."""
    match node:
        case And(parts):
            return sa.and_(*(make_condition(part, fields) for part in parts))
        case Or(parts):
            return sa.or_(*(make_condition(part, fields) for part in parts))
        case Not(part):
            return sa.not_(make_condition(part, fields))
        case Truth(value):
            return sa.true() if value else sa.false()
        case Comparison(op, left, right):
            return _compare(op, left, right, fields)
        case Like(value, pattern):
            return _match(value, pattern, fields)
        case Between(value, low, high):
            return sa.and_(_compare(">=", value, low, fields), _compare("<=", value, high, fields))
        case In(value, items):
            return _is_any(value, items, fields)
        case IsNull(value):
            return _is_unknown(value, fields)
        case Relation():
            return _relate(node, fields)


def _compare(op: str, left: Scalar, right: Scalar, fields: Fields) -> Condition:
    """Return a comparison of two values of one type."""
    first, second = make_terms((left, right), fields)
    if Type.WITHIN in {first.type, second.type}:
        if op not in {"=", "<>"}:
            raise BadValue("a region is compared by =, <> and IN only")
        inside = match_region([first, second])
        return inside if op == "=" else sa.not_(inside)
    if first.type is Type.TRUTH and op in _ORDERED:
        raise BadValue("TRUE and FALSE have no order: compare by = or <>")
    made: Condition = _OPERATORS[op](first.expression, second.expression)
    return made


def _match(value: Scalar, pattern: Scalar, fields: Fields) -> Condition:
    """Return LIKE. A backslash escapes, which is PostgreSQL's own rule."""
    inner = pattern
    while isinstance(inner, Casei):
        inner = inner.value
    if isinstance(inner, Text) and len(inner.value) > LONGEST_TEXT:
        raise BadValue(f"has a pattern of more than {LONGEST_TEXT} characters")
    first, second = make_terms((value, pattern), fields, checked=False)
    if first.type is not Type.TEXT:
        raise BadValue(f"LIKE is of texts, not of a {first.type}")
    return first.expression.like(second.expression)


def _is_any(value: Scalar, items: tuple[Scalar, ...], fields: Fields) -> Condition:
    """Return IN. One value, or a comparison with each where one is a property."""
    first, *others = make_terms((value, *items), fields)
    if Type.WITHIN in {term.type for term in (first, *others)}:
        return match_region([first, *others])
    return first.expression.in_([other.expression for other in others])


def _is_unknown(value: Operand, fields: Fields) -> Condition:
    """Return IS NULL. A list that is never NULL is not known when nothing is in it."""
    if isinstance(value, (Name, Casei)):
        term: Term = make_terms((value,), fields, checked=False)[0]
        if term.field is not None and term.field.is_region and term.type in {Type.LIST, Type.WITHIN}:
            return sa.func.cardinality(term.field.column) == 0
        return term.expression.is_(None)
    return sa.false()


def _relate(node: Relation, fields: Fields) -> Condition:
    """Return a spatial, temporal or array function."""
    if node.function in SPATIAL:
        return relate_shapes(node, fields)
    return (relate_lists if node.function in ARRAY else relate_times)(node, fields)
