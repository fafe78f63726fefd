"""Geometries of a filter written as text: Well-Known Text, and BBOX. Heights are read and left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geo.serving.cql2.nodes import COLLECTION, SHAPES, Geometry
from geo.serving.cql2.shapes import check_geometry, make_bbox
from geo.serving.cql2.tokens import NUMBER
from geo.serving.cql2.words import Words, expected
from geo.serving.crs import to_lon_lat
from geo.serving.parameters import BadValue, Bbox

Read = Callable[[Words], Any]


def read_geometry(words: Words) -> Geometry:
    """Read a geometry, from its keyword on. Raises BadValue for one that is not valid."""
    return check_geometry(_read_tagged(words, inner=False))


def _read_tagged(words: Words, *, inner: bool) -> Geometry:
    kind = words.here.text.upper()
    if kind not in SHAPES and (inner or kind != COLLECTION):
        raise BadValue(expected(words.here, "a geometry that is no collection"))
    words.take()
    words.take_if("Z")
    if kind == COLLECTION:
        return Geometry(kind, _listed(lambda inside: _read_tagged(inside, inner=True))(words))
    return Geometry(kind, _READERS[kind](words))


def _position(words: Words) -> tuple[float, float]:
    """Read two numbers, or three of which the last is a height."""
    words.budget.count_vertex()
    first, second = words.take_number(), words.take_number()
    if words.here.kind == NUMBER:
        words.take_number()
    return to_lon_lat(words.crs, first, second)


def _point(words: Words) -> tuple[float, float]:
    words.expect("(")
    found = _position(words)
    words.expect(")")
    return found


def _point_of_many(words: Words) -> tuple[float, float]:
    """Read one of several points, in parentheses or, as older texts have it, without."""
    return _point(words) if words.is_next("(") else _position(words)


def _listed(read: Read) -> Callable[[Words], tuple[Any, ...]]:
    """Return the function that reads a list in parentheses."""

    def read_list(words: Words) -> tuple[Any, ...]:
        words.expect("(")
        items = [read(words)]
        while words.take_if(","):
            items.append(read(words))
        words.expect(")")
        return tuple(items)

    return read_list


_line = _listed(_position)
_polygon = _listed(_line)
_READERS: dict[str, Read] = {
    "POINT": _point,
    "LINESTRING": _line,
    "POLYGON": _polygon,
    "MULTIPOINT": _listed(_point_of_many),
    "MULTILINESTRING": _polygon,
    "MULTIPOLYGON": _listed(_polygon),
}


def read_bbox(words: Words) -> Bbox:
    """Read the numbers of BBOX: least of both axes, then greatest of both; 6 with heights."""
    numbers = [words.take_number()]
    while words.take_if(","):
        numbers.append(words.take_number())
        words.budget.count_vertex()
    return make_bbox(numbers, words.crs)
