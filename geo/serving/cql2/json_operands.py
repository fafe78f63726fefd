"""Properties and values of a filter written as JSON, geometries as GeoJSON among them."""

from __future__ import annotations

from typing import Any

from geo.serving.cql2.limits import make_number, make_text, unknown_function
from geo.serving.cql2.nodes import (
    COLLECTION,
    Casei,
    Day,
    Geometry,
    Name,
    Operand,
    Scalar,
    Text,
    Truth,
    Values,
    make_span,
)
from geo.serving.cql2.reading import Digits, Reading
from geo.serving.cql2.shapes import NAMES, check_geometry, make_bbox
from geo.serving.crs import to_lon_lat
from geo.serving.parameters import BadValue, Bbox, parse_day

_KINDS = {name: kind for kind, name in NAMES.items()}
_NESTING = {"POINT": 0, "LINESTRING": 1, "MULTIPOINT": 1, "POLYGON": 2, "MULTILINESTRING": 2, "MULTIPOLYGON": 3}
"""How many lists the positions of each kind are in."""


def check_args(reading: Reading, node: dict[str, Any]) -> list[Any]:
    """Return the arguments of an operator. Raises BadValue when it has anything else."""
    args = node.get("args")
    if set(node) != {"op", "args"} or not isinstance(args, list):
        raise BadValue(f"{reading.where}: has `op` and a list `args`, and nothing else")
    return args


def read_scalar(reading: Reading, node: Any) -> Scalar:
    """Read a single value or a property."""
    value = read_operand(reading, node)
    if not isinstance(value, Scalar):
        raise BadValue(f"{reading.where}: a list, an interval or a geometry is compared by a function, like a_overlaps")
    return value


def read_operand(reading: Reading, node: Any) -> Operand:
    """Read a property, a value, or something that only functions compare."""
    reading.budget.spend()
    if isinstance(node, Digits):
        return make_number(node)
    if isinstance(node, str):
        return make_text(node)
    if isinstance(node, bool):
        return Truth(node)
    if isinstance(node, list):
        return Values(tuple(read_scalar(reading, item) for item in node))
    if isinstance(node, dict):
        return _read_object(reading, node)
    raise BadValue(f"{reading.where}: a property or a value should be here")


def _read_object(reading: Reading, node: dict[str, Any]) -> Operand:
    """Read an object that is told apart by its one member, by `op`, or by `type`."""
    if "op" in node:
        return _read_function(reading, node)
    if "type" in node:
        return check_geometry(_read_geometry(reading, node, inner=False))
    if len(node) == 1:
        member, value = next(iter(node.items()))
        if member == "property" and isinstance(value, str) and not isinstance(value, Digits):
            return Name(value)
        if member in {"date", "timestamp"} and isinstance(value, str):
            return Day(parse_day(value))
        if member == "interval" and isinstance(value, list) and len(value) == 2:  # noqa: PLR2004
            return make_span(*(_read_end(reading, end) for end in value))
        if member == "bbox" and isinstance(value, list):
            return _read_bbox(reading, value)
    raise BadValue(
        f"{reading.where}: an object here is a property, date, timestamp, interval, bbox, geometry or operator"
    )


def _read_function(reading: Reading, node: dict[str, Any]) -> Casei:
    """Read CASEI."""
    if not isinstance(node["op"], str) or node["op"].lower() != "casei":
        name = node["op"] if isinstance(node["op"], str) else "?"
        raise BadValue(f"{reading.where}: {unknown_function(name)}")
    inner = reading.inside("casei")
    with inner.budget.deeper():
        args = check_args(inner, node)
        value = read_operand(inner, args[0]) if len(args) == 1 else None
    if not isinstance(value, (Name, Text, Casei)):
        raise BadValue(f"{inner.where}: casei is of one property or text")
    return Casei(value)


def _read_end(reading: Reading, node: Any) -> Day | Name | None:
    """Read one end of an interval."""
    if node == "..":
        return None
    end = Day(parse_day(node)) if isinstance(node, str) else read_operand(reading, node)
    if not isinstance(end, (Name, Day)):
        raise BadValue(f"{reading.where}: an interval has two ends, each a day, `..` or a property")
    return end


def _read_bbox(reading: Reading, numbers: list[Any]) -> Bbox:
    """Read a box."""
    return make_bbox([_read_number(reading, number) for number in numbers], reading.crs)


def _read_number(reading: Reading, node: Any) -> float:
    if not isinstance(node, Digits):
        raise BadValue(f"{reading.where}: a number should be here")
    return float(make_number(node).value)


def _read_geometry(reading: Reading, node: dict[str, Any], *, inner: bool) -> Geometry:
    """Read a geometry as GeoJSON; a collection has no collection inside."""
    kind = _KINDS.get(node["type"]) if isinstance(node["type"], str) else None
    if kind is None or (kind == COLLECTION and inner):
        raise BadValue(
            f"{reading.where}: `type` is the kind of a geometry of GeoJSON, and no collection of collections"
        )
    member = "geometries" if kind == COLLECTION else "coordinates"
    items = node.get(member)
    if not isinstance(items, list) or not items:
        raise BadValue(f"{reading.where}: a geometry has a list `{member}` that is not empty")
    if kind == COLLECTION:
        if not all(isinstance(item, dict) and "type" in item for item in items):
            raise BadValue(f"{reading.where}: the members of a collection are geometries")
        return Geometry(kind, tuple(_read_geometry(reading, item, inner=True) for item in items))
    return Geometry(kind, _read_positions(reading, items, _NESTING[kind]))


def _read_positions(reading: Reading, node: Any, nesting: int) -> tuple[Any, ...]:
    """Read positions in `nesting` lists; the third number of one is a height and is left out."""
    if not isinstance(node, list) or not node:
        raise BadValue(f"{reading.where}: the coordinates are not nested as the kind of geometry has it")
    if nesting:
        return tuple(_read_positions(reading, inner, nesting - 1) for inner in node)
    reading.budget.count_vertex()
    numbers = [_read_number(reading, number) for number in node]
    if len(numbers) not in {2, 3}:
        raise BadValue(f"{reading.where}: a position is two numbers, or three with a height")
    return to_lon_lat(reading.crs, numbers[0], numbers[1])
