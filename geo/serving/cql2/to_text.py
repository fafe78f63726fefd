"""A filter written as CQL2 text in its one canonical form: read again, it is the same filter."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from geo.serving.cql2.nodes import (
    COLLECTION,
    FUNCTIONS,
    SHAPES,
    And,
    Between,
    Casei,
    Comparison,
    Day,
    Filter,
    Geometry,
    In,
    IsNull,
    Like,
    Name,
    Not,
    Number,
    Operand,
    Or,
    Relation,
    Span,
    Text,
    Truth,
)
from geo.serving.cql2.text_operands import RESERVED
from geo.serving.parameters import Bbox

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_QUOTED_ALWAYS = frozenset({*RESERVED, *SHAPES, COLLECTION, *FUNCTIONS})
_ESCAPES = str.maketrans({"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"})


def write_filter(node: Filter) -> str:  # noqa: C901, PLR0911  (one case a node)
    """Return a filter as text. Parentheses stand only where the order of NOT, AND and OR needs them."""
    match node:
        case And(parts):
            return " AND ".join(_inside(part, And, Or) for part in parts)
        case Or(parts):
            return " OR ".join(_inside(part, Or) for part in parts)
        case Not(part):
            return f"NOT {_inside(part, And, Or, Not)}"
        case Comparison(op, left, right):
            return f"{write_operand(left)} {op} {write_operand(right)}"
        case Like(value, pattern):
            return f"{write_operand(value)} LIKE {write_operand(pattern)}"
        case Between(value, low, high):
            return f"{write_operand(value)} BETWEEN {write_operand(low)} AND {write_operand(high)}"
        case In(value, items):
            return f"{write_operand(value)} IN ({_listed(items)})"
        case IsNull(value):
            return f"{write_operand(value)} IS NULL"
        case Relation(function, left, right):
            return f"{function}({write_operand(left)},{write_operand(right)})"
        case Truth(value):
            return "TRUE" if value else "FALSE"


def _inside(part: Filter, *looser: type) -> str:
    """Return a part of a filter, in parentheses when it is of a kind that binds less."""
    text = write_filter(part)
    return f"({text})" if isinstance(part, looser) else text


def write_operand(node: Operand) -> str:  # noqa: PLR0911  (as above)
    """Return a property or value as text."""
    match node:
        case Name(name):
            plain = _PLAIN.fullmatch(name) and name.upper() not in _QUOTED_ALWAYS
            return name if plain else '"' + name.replace('"', '""') + '"'
        case Text(value):
            return "'" + value.replace("'", "''").translate(_ESCAPES) + "'"
        case Number(value):
            return format(value, "f") if isinstance(value, Decimal) else str(value)
        case Truth(value):
            return "TRUE" if value else "FALSE"
        case Day(value):
            return f"DATE('{value}')"
        case Casei(value):
            return f"CASEI({write_operand(value)})"
        case Span(start, end):
            return f"INTERVAL({_write_end(start)},{_write_end(end)})"
        case Bbox(west, south, east, north):
            return f"BBOX({west!r},{south!r},{east!r},{north!r})"
        case Geometry():
            return write_geometry(node)
        case _:
            return f"({_listed(node.items)})"


def _listed(items: tuple[Any, ...]) -> str:
    return ",".join(write_operand(item) for item in items)


def _write_end(end: Day | Name | None) -> str:
    if isinstance(end, Name):
        return write_operand(end)
    return "'..'" if end is None else f"'{end.value}'"


def write_geometry(geometry: Geometry) -> str:
    """Return a geometry as Well-Known Text."""
    if geometry.kind == COLLECTION:
        return f"{geometry.kind}({','.join(write_geometry(member) for member in geometry.coordinates)})"
    if geometry.kind == "POINT":
        return f"{geometry.kind}({_write_positions(geometry.coordinates)})"
    return geometry.kind + _write_positions(geometry.coordinates, points=geometry.kind == "MULTIPOINT")


def _write_positions(coordinates: tuple[Any, ...], *, points: bool = False) -> str:
    """Return nested positions; those of several points each in parentheses."""
    if isinstance(coordinates[0], float):
        text = " ".join(f"{number!r}" for number in coordinates)
        return f"({text})" if points else text
    return f"({','.join(_write_positions(inner, points=points) for inner in coordinates)})"
