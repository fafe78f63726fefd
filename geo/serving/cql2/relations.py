"""The functions of CQL2 that relate geometries, times and lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import shapely
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from geo.serving.cql2.fields import Fields, Type, get_field
from geo.serving.cql2.nodes import COLLECTION, Day, Geometry, Name, Operand, Relation, Span, Text, Values
from geo.serving.cql2.shapes import make_shape
from geo.serving.parameters import BadValue, Bbox, parse_day, parse_region

Condition = sa.ColumnElement[bool]
Ends = tuple[Any, Any]
"""First and last day, as expressions."""

_LISTS = {"A_OVERLAPS": "&&", "A_CONTAINS": "@>", "A_CONTAINEDBY": "<@"}
_OF_COLLECTIONS = frozenset({"S_INTERSECTS", "S_DISJOINT"})

_TIMES: dict[str, Callable[[Ends, Ends], Condition]] = {
    "T_AFTER": lambda a, b: a[0] > b[1],
    "T_BEFORE": lambda a, b: a[1] < b[0],
    "T_CONTAINS": lambda a, b: sa.and_(a[0] < b[0], a[1] > b[1]),
    "T_DISJOINT": lambda a, b: sa.or_(a[1] < b[0], a[0] > b[1]),
    "T_DURING": lambda a, b: sa.and_(a[0] > b[0], a[1] < b[1]),
    "T_EQUALS": lambda a, b: sa.and_(a[0] == b[0], a[1] == b[1]),
    "T_FINISHEDBY": lambda a, b: sa.and_(a[0] < b[0], a[1] == b[1]),
    "T_FINISHES": lambda a, b: sa.and_(a[0] > b[0], a[1] == b[1]),
    "T_INTERSECTS": lambda a, b: sa.and_(a[0] <= b[1], a[1] >= b[0]),
    "T_MEETS": lambda a, b: a[1] == b[0],
    "T_METBY": lambda a, b: a[0] == b[1],
    "T_OVERLAPPEDBY": lambda a, b: sa.and_(a[0] > b[0], a[0] < b[1], a[1] > b[1]),
    "T_OVERLAPS": lambda a, b: sa.and_(a[0] < b[0], a[1] > b[0], a[1] < b[1]),
    "T_STARTEDBY": lambda a, b: sa.and_(a[0] == b[0], a[1] > b[1]),
    "T_STARTS": lambda a, b: sa.and_(a[0] == b[0], a[1] < b[1]),
}
"""Each function as CQL2 defines it on the ends of two intervals; an instant is an interval of one day."""


def relate_shapes(node: Relation, fields: Fields) -> Condition:
    """Return a spatial function, by the DE-9IM. The literal is in the column's reference system."""
    operands = (node.left, node.right)
    if node.function not in _OF_COLLECTIONS:
        for operand in operands:
            if isinstance(operand, Geometry) and operand.kind == COLLECTION:
                raise BadValue(f"{node.function} is of single geometries; a collection goes with S_INTERSECTS")
    left, right = (_shape(operand, fields) for operand in operands)
    related: Condition = getattr(sa.func, f"ST_{node.function[2:].capitalize()}")(left, right, type_=sa.Boolean)
    return related


def _shape(operand: Operand, fields: Fields) -> sa.ColumnElement[Any]:
    if isinstance(operand, Name):
        field = get_field(fields, operand.name)
        if field.type is not Type.GEOMETRY:
            raise BadValue(f"{operand.name[:40]} is a {field.type}, and a spatial function is of geometries")
        return field.column
    if not isinstance(operand, (Geometry, Bbox)):
        raise BadValue("a spatial function is of geometries: a property, POINT(...), POLYGON(...), BBOX(...)")
    return sa.func.ST_GeomFromWKB(shapely.to_wkb(make_shape(operand)), 4326)


def relate_lists(node: Relation, fields: Fields) -> Condition:
    """Return an array function; lists are compared as sets."""
    names = [operand.name for operand in (node.left, node.right) if isinstance(operand, Name)]
    left, right = (_list(operand, names, fields) for operand in (node.left, node.right))
    if node.function == "A_EQUALS":
        return sa.and_(left.bool_op("@>")(right), left.bool_op("<@")(right))
    return left.bool_op(_LISTS[node.function])(right)


def _list(operand: Operand, names: list[str], fields: Fields) -> sa.ColumnElement[Any]:
    if isinstance(operand, Name):
        field = get_field(fields, operand.name)
        if field.type is not Type.LIST:
            raise BadValue(f"{operand.name[:40]} has one value: compare it by = or IN, not by an array function")
        return field.column
    if not isinstance(operand, Values):
        raise BadValue("an array function is of lists: a property with several values, or ('a','b')")
    values = [_item(item, names, fields) for item in operand.items]
    return sa.cast(sa.bindparam(None, values, ARRAY(sa.Text), unique=True), ARRAY(sa.Text))


def _item(item: Any, names: list[str], fields: Fields) -> str:
    """Return one text of a list. Raises BadValue when the property that it is compared with has no such code."""
    if not isinstance(item, Text):
        raise BadValue("the lists of this API are of texts, in single quotes")
    for name in names:
        field = get_field(fields, name)
        if field.codes and item.value not in field.codes:
            raise BadValue(f"{name[:40]} has the codes: {', '.join(field.codes)}")
        if field.is_region:
            parse_region(item.value)
    return item.value


def relate_times(node: Relation, fields: Fields) -> Condition:
    """Return a temporal function on closed intervals of days."""
    return _TIMES[node.function](_ends(node.left, fields), _ends(node.right, fields))


def _ends(operand: Operand, fields: Fields) -> Ends:
    if isinstance(operand, Span):
        return _end(operand.start, "-infinity", fields), _end(operand.end, "infinity", fields)
    instant = _end(operand, "", fields)
    return instant, instant


def _end(operand: Operand | None, open_end: str, fields: Fields) -> sa.ColumnElement[Any]:
    """Return one end of an interval; an open one lies before or after every day."""
    if operand is None:
        return sa.cast(sa.literal(open_end, sa.Text), sa.Date)
    if isinstance(operand, Name):
        field = get_field(fields, operand.name)
        if field.type is not Type.DAY:
            raise BadValue(f"{operand.name[:40]} is a {field.type}, and a temporal function is of days")
        return field.column
    if not isinstance(operand, (Day, Text)):
        raise BadValue("a temporal function is of days and intervals: DATE('2016-05-01'), INTERVAL('2016-01-01','..')")
    day: dt.date = operand.value if isinstance(operand, Day) else parse_day(operand.value)
    return sa.literal(day, sa.Date)
