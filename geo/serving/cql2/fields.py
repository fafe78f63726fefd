"""What a filter may speak of: the properties of a collection, each with its type and its column. An allow-list."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from geo.layers import Kind
from geo.serving.cql2.nodes import (
    And,
    Between,
    Comparison,
    Filter,
    In,
    IsNull,
    Like,
    Name,
    Not,
    Or,
    Relation,
    Text,
    Truth,
)
from geo.serving.parameters import BadValue


class Type(StrEnum):
    """What can be compared with what."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    TRUTH = "boolean"
    LIST = "list"
    WITHIN = "region"  # a region's code; all inside it are meant
    GEOMETRY = "geometry"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One property. `codes` are its only values, where it has a vocabulary; `is_region` says that they are regions."""

    type: Type
    column: sa.ColumnElement[Any]
    codes: tuple[str, ...] = ()
    is_region: bool = False


Fields = Mapping[str, Field]

TYPE_OF_KIND: dict[Kind, Type] = {
    Kind.TEXT: Type.TEXT,
    Kind.CODE: Type.TEXT,
    Kind.REGION: Type.TEXT,
    Kind.TEXTS: Type.LIST,
    Kind.CODES: Type.LIST,
    Kind.REGIONS: Type.LIST,
    Kind.DATE: Type.DAY,
    Kind.INTEGER: Type.NUMBER,
    Kind.MINIMUM: Type.NUMBER,
    Kind.MAXIMUM: Type.NUMBER,
    Kind.AMOUNT: Type.NUMBER,
    Kind.BOOLEAN: Type.TRUTH,
}


def get_field(fields: Fields, name: str) -> Field:
    """Return the property of that name. Raises BadValue that says which may have been meant."""
    if name not in fields:
        near = difflib.get_close_matches(name[:50], list(fields), n=1)
        raise BadValue(f"{name[:40]!r} cannot be filtered by" + (f"; did you mean {near[0]}?" if near else ""))
    return fields[name]


def find_codes(node: Filter, fields: Fields) -> set[str]:
    """Return the codes of regions that a filter compares with, so that it can be asked whether there are such."""
    match node:
        case And(parts) | Or(parts):
            return {code for part in parts for code in find_codes(part, fields)}
        case Not(part):
            return find_codes(part, fields)
        case Comparison(_, left, right) | Relation(_, left, right):
            return _codes(fields, left, right)
        case In(value, items):
            return _codes(fields, value, *items)
        case Between() | Like() | IsNull() | Truth():
            return set()


def _codes(fields: Fields, *operands: Any) -> set[str]:
    """Return the texts among operands of which one is a property that holds regions."""
    if not any(isinstance(operand, Name) and fields[operand.name].is_region for operand in operands):
        return set()
    values = [item for operand in operands for item in getattr(operand, "items", (operand,))]
    return {value.value for value in values if isinstance(value, Text)}
