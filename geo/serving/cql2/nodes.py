"""What a filter means: one tree of frozen nodes, whether it was written as text or as JSON.

Coordinates are longitude and latitude (CRS84) whatever they were given in, so that a filter has one canonical form.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from geo.serving.parameters import BadValue, Bbox

COMPARISONS = ("=", "<>", "<=", ">=", "<", ">")
SPATIAL = (
    *("S_INTERSECTS", "S_EQUALS", "S_DISJOINT", "S_TOUCHES", "S_WITHIN", "S_OVERLAPS", "S_CROSSES", "S_CONTAINS"),
)
TEMPORAL = (
    *("T_AFTER", "T_BEFORE", "T_CONTAINS", "T_DISJOINT", "T_DURING", "T_EQUALS", "T_FINISHEDBY", "T_FINISHES"),
    *("T_INTERSECTS", "T_MEETS", "T_METBY", "T_OVERLAPPEDBY", "T_OVERLAPS", "T_STARTEDBY", "T_STARTS"),
)
ARRAY = ("A_EQUALS", "A_CONTAINS", "A_CONTAINEDBY", "A_OVERLAPS")
FUNCTIONS = (*SPATIAL, *TEMPORAL, *ARRAY)
SHAPES = ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON")
COLLECTION = "GEOMETRYCOLLECTION"


@dataclass(frozen=True)
class Name:
    """A property."""

    name: str


@dataclass(frozen=True)
class Text:
    """A text, or the pattern of LIKE."""

    value: str


@dataclass(frozen=True)
class Number:
    """A number; whole ones are integers."""

    value: int | Decimal


@dataclass(frozen=True)
class Truth:
    """TRUE or FALSE: a value, or a filter that holds for all records or none."""

    value: bool


@dataclass(frozen=True)
class Day:
    """An instant. Records are dated by days, so of a timestamp the day as written is taken."""

    value: dt.date


@dataclass(frozen=True)
class Casei:
    """A text whatever its case."""

    value: Name | Text | Casei


Scalar = Name | Text | Number | Truth | Day | Casei


@dataclass(frozen=True)
class Span:
    """A closed interval of days; None leaves that end open."""

    start: Day | Name | None
    end: Day | Name | None


def make_span(start: Day | Name | None, end: Day | Name | None) -> Span:
    """Return an interval. Raises BadValue when it ends before it starts."""
    if isinstance(start, Day) and isinstance(end, Day) and start.value > end.value:
        raise BadValue("has an interval that ends before it starts")
    return Span(start, end)


@dataclass(frozen=True)
class Values:
    """A list of values, as array functions compare."""

    items: tuple[Scalar, ...]


@dataclass(frozen=True)
class Geometry:
    """A geometry. `coordinates` are nested tuples of (longitude, latitude), or the members of a collection."""

    kind: str
    coordinates: tuple[Any, ...]


Operand = Scalar | Span | Values | Geometry | Bbox


@dataclass(frozen=True)
class And:
    """All parts hold."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True)
class Or:
    """One part holds, or several."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold; what is not known stays not known."""

    part: Filter


@dataclass(frozen=True)
class Comparison:
    """Two values compared by one of `COMPARISONS`."""

    op: str
    left: Scalar
    right: Scalar


@dataclass(frozen=True)
class Like:
    """A text is of a pattern, in which `%` is any characters, `_` is one, and a backslash escapes them."""

    value: Scalar
    pattern: Scalar


@dataclass(frozen=True)
class Between:
    """A value lies between two others, both included."""

    value: Scalar
    low: Scalar
    high: Scalar


@dataclass(frozen=True)
class In:
    """A value is one of several."""

    value: Scalar
    items: tuple[Scalar, ...]


@dataclass(frozen=True)
class IsNull:
    """A value is not known."""

    value: Operand


@dataclass(frozen=True)
class Relation:
    """Two operands related by one of `FUNCTIONS`."""

    function: str
    left: Operand
    right: Operand


Filter = And | Or | Not | Comparison | Like | Between | In | IsNull | Relation | Truth
