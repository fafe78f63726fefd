"""Operands of a comparison as expressions of SQL, brought to one type."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from geo.serving.cql2.fields import Field, Fields, Type, get_field
from geo.serving.cql2.nodes import Casei, Day, Name, Number, Scalar, Text, Truth
from geo.serving.parameters import LARGEST_INTEGER, UNKNOWN, BadValue, parse_day, parse_region

_HOW = {
    Type.TEXT: "a text: write its value in single quotes",
    Type.NUMBER: "a number: write its value without quotes",
    Type.DAY: "a day: write it as DATE('2016-05-01')",
    Type.TRUTH: "TRUE or FALSE",
    Type.WITHIN: "the code of a region, in single quotes",
}
_REGION_LIKE = frozenset({Type.TEXT, Type.WITHIN})


@dataclass(frozen=True)
class Term:
    """One operand: its type, its expression, and the property that it is, if it is one."""

    type: Type
    expression: sa.ColumnElement[Any]
    field: Field | None = None
    value: str | None = None


def make_terms(operands: tuple[Scalar, ...], fields: Fields, *, checked: bool = True) -> list[Term]:
    """Return the terms of a comparison. Raises BadValue when they are not of one type, or a code is none.

    The property decides; a text that is a day may stand for one. `checked` is False where a text need not be a code.
    """
    found = next((operand for operand in operands if isinstance(_inner(operand), Name)), operands[0])
    leading = _term(found, fields)
    if leading.type in {Type.LIST, Type.GEOMETRY} and len(operands) > 1:
        raise BadValue(_several(found, leading.type))
    terms = []
    for operand in operands:
        term = leading if operand is found else _term(_adapt(operand, leading.type), fields)
        if term.type != leading.type and not {term.type, leading.type} <= _REGION_LIKE:
            raise BadValue(f"{_name(found)} is {_HOW[leading.type]}")
        if checked and leading.field is not None and isinstance(operand, Text):
            _check_code(_name(found), operand.value, leading.field)
        terms.append(term)
    return terms


def _inner(operand: Scalar) -> Scalar:
    while isinstance(operand, Casei):
        operand = operand.value
    return operand


def _name(operand: Scalar) -> str:
    inner = _inner(operand)
    return inner.name[:40] if isinstance(inner, Name) else "the first value"


def _several(operand: Scalar, kind: Type) -> str:
    """Say how a property that is no single value is filtered by."""
    name = _name(operand)
    if kind is Type.GEOMETRY:
        return f"{name} is a geometry: use S_INTERSECTS({name}, ...)"
    return f"{name} may have several values: use A_OVERLAPS({name}, ('a','b')) for any, A_CONTAINS for all of them"


def _adapt(operand: Scalar, wanted: Type) -> Scalar:
    """Return a text that stands for a day as a day, since many clients write it so."""
    return Day(parse_day(operand.value)) if wanted is Type.DAY and isinstance(operand, Text) else operand


def _check_code(name: str, code: str, field: Field) -> None:
    if field.codes and code not in field.codes:
        unknown = f"; what is not known is asked by {name} IS NULL" if code == UNKNOWN else ""
        raise BadValue(f"{name} is one of: {', '.join(field.codes)}{unknown}")
    if field.is_region:
        parse_region(code)


def _term(operand: Scalar, fields: Fields) -> Term:
    match operand:
        case Name(name):
            field = get_field(fields, name)
            return Term(field.type, field.column, field)
        case Casei(value):
            inner = _term(value, fields)
            if inner.type is not Type.TEXT:
                raise BadValue(f"CASEI is of a text, and {_name(value)} is a {inner.type}")
            return Term(Type.TEXT, fold(inner.expression))
        case Text(value):
            return Term(Type.TEXT, sa.literal(value, sa.Text), value=value)
        case Number(value):
            is_integer = isinstance(value, int) and abs(value) <= LARGEST_INTEGER
            kind = sa.Integer() if is_integer else sa.Numeric()
            return Term(Type.NUMBER, sa.literal(value if is_integer else Decimal(value), kind))
        case Truth(value):
            return Term(Type.TRUTH, sa.literal(value, sa.Boolean))
        case Day(value):
            return Term(Type.DAY, sa.literal(value, sa.Date))


def fold(text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return a text without its case. Upper, then lower by Unicode's rules is full case folding, but for the sigma."""
    lower = sa.func.lower(sa.func.upper(sa.collate(text, "und-x-icu")))
    return sa.func.replace(lower, "ς", "σ")


def match_region(terms: list[Term]) -> sa.ColumnElement[bool]:
    """Return that a record lies in a region; NULL when it is not known where it lies."""
    field = next(term.field for term in terms if term.type is Type.WITHIN)
    codes = [term.value for term in terms if term.value is not None]
    if field is None or not codes:
        raise BadValue("a region is compared with its code")
    inside = field.column.bool_op("&&")(sa.bindparam(None, codes, ARRAY(sa.Text), unique=True))
    return sa.or_(inside, sa.and_(sa.func.cardinality(field.column) == 0, sa.null()))
