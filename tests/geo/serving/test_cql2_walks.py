"""CQL2 for any filter: written back it is the same, in both languages; any other text is refused."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from geo.serving.cql2 import nodes as n
from geo.serving.cql2.from_json import parse_json_filter
from geo.serving.cql2.from_text import parse_text_filter
from geo.serving.cql2.limits import make_text
from geo.serving.cql2.to_sql import make_condition
from geo.serving.cql2.to_text import write_filter
from geo.serving.crs import Crs
from geo.serving.filters import filter_fields
from geo.serving.parameters import BadValue, Bbox

NAMES = st.builds(n.Name, st.sampled_from(["deaths", "industry", "POINT", "not", "a b", 'x"y', "région"]))
DAYS = st.builds(n.Day, st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))


def is_text(value: str) -> bool:
    """Say whether a text can stand in a filter."""
    try:
        make_text(value)
    except BadValue:
        return False
    return True


TEXTS = st.builds(n.Text, st.text(max_size=20).filter(is_text))
NUMBERS = st.builds(n.Number, st.integers(-(10**19), 10**19) | st.just(Decimal("1.25")) | st.just(Decimal("-0.001")))
PLAIN = NAMES | TEXTS | NUMBERS | DAYS | st.builds(n.Truth, st.booleans()) | st.builds(n.Casei, NAMES | TEXTS)
ENDS = st.none() | st.builds(n.Name, st.just("ends_on"))
LON, LAT = (st.floats(-most, most).map(lambda degrees: round(degrees, 9)) for most in (180, 90))
POINTS = st.builds(n.Geometry, st.just("POINT"), st.tuples(LON, LAT))
LINES = st.builds(n.Geometry, st.just("LINESTRING"), st.just(((1.0, 2.0), (3.5, 4.0))))
SHAPES = POINTS | LINES | st.builds(n.Geometry, st.just("GEOMETRYCOLLECTION"), st.tuples(POINTS, LINES))
OTHERS = st.one_of(
    st.builds(n.Span, ENDS | DAYS, ENDS),
    st.builds(n.Values, st.lists(PLAIN, max_size=3).map(tuple)),
    SHAPES,
    st.builds(lambda west, east: Bbox(west, -1.5, east, 2.0), LON, LON),
)
LEAVES: st.SearchStrategy[n.Filter] = st.one_of(
    st.builds(n.Comparison, st.sampled_from(n.COMPARISONS), PLAIN, PLAIN),
    st.builds(n.Like, PLAIN, st.builds(n.Text, st.sampled_from(["a%", "\\%_", "%\\\\"]))),
    st.builds(n.Between, PLAIN, PLAIN, PLAIN),
    st.builds(n.In, PLAIN, st.lists(PLAIN, min_size=1, max_size=3).map(tuple)),
    st.builds(n.IsNull, PLAIN),
    st.builds(n.Relation, st.sampled_from(n.FUNCTIONS), PLAIN | OTHERS, PLAIN | OTHERS),
    st.builds(n.Truth, st.booleans()),
)


def join(parts: st.SearchStrategy[n.Filter]) -> st.SearchStrategy[n.Filter]:
    """Return filters made of others."""
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.builds(n.And, several) | st.builds(n.Or, several) | st.builds(n.Not, parts)


FILTERS = st.recursive(LEAVES, join, max_leaves=6)


def as_json(node: Any) -> Any:  # noqa: PLR0911  (one case a node)
    """Return a filter, or an operand, as CQL2 JSON has it."""
    match node:
        case n.And(parts) | n.Or(parts):
            return {"op": type(node).__name__.lower(), "args": [as_json(part) for part in parts]}
        case n.Not(part):
            return {"op": "not", "args": [as_json(part)]}
        case n.Comparison(op, left, right) | n.Relation(op, left, right):
            return {"op": op.lower(), "args": [as_json(left), as_json(right)]}
        case n.Like(value, pattern):
            return {"op": "like", "args": [as_json(value), as_json(pattern)]}
        case n.Between(value, low, high):
            return {"op": "between", "args": [as_json(value), as_json(low), as_json(high)]}
        case n.In(value, items):
            return {"op": "in", "args": [as_json(value), [as_json(item) for item in items]]}
        case n.IsNull(value):
            return {"op": "isNull", "args": [as_json(value)]}
        case _:
            return operand_as_json(node)


def operand_as_json(node: Any) -> Any:  # noqa: PLR0911  (as above)
    """Return an operand as CQL2 JSON has it."""
    match node:
        case n.Name(name):
            return {"property": name}
        case n.Number(value):
            return float(value) if isinstance(value, Decimal) else value
        case n.Text(value) | n.Truth(value):
            return value
        case n.Day(value):
            return {"date": str(value)}
        case n.Casei(value):
            return {"op": "casei", "args": [operand_as_json(value)]}
        case n.Span(start, end):
            return {"interval": [".." if one is None else operand_as_json(one) for one in (start, end)]}
        case n.Values(items):
            return [operand_as_json(item) for item in items]
        case Bbox(west, south, east, north):
            return {"bbox": [west, south, east, north]}
        case n.Geometry("GEOMETRYCOLLECTION", members):
            return {"type": "GeometryCollection", "geometries": [operand_as_json(member) for member in members]}
        case _:
            return {"type": "Point" if node.kind == "POINT" else "LineString", "coordinates": node.coordinates}


@given(FILTERS)
def test_a_filter_that_is_written_and_read_again_is_the_same(node: n.Filter) -> None:
    """Next links and validators hang on it."""
    assert parse_text_filter(write_filter(node), Crs.CRS84) == node


@given(FILTERS)
def test_a_filter_means_the_same_in_both_languages(node: n.Filter) -> None:
    """There is one tree, whichever language it came in."""
    assert parse_json_filter(json.dumps(as_json(node)), Crs.CRS84) == node


@given(FILTERS)
def test_any_filter_is_made_a_condition_or_refused(node: n.Filter) -> None:
    """Types and names are asked of every node: nothing else goes wrong."""
    try:
        make_condition(node, filter_fields("records"))
    except BadValue as refused:
        assert str(refused)  # noqa: PT017  (both outcomes are right)


WORDS = ["deaths", "(", ")", "'a'", "=", "AND", "NOT", "1", ",", "POINT", "IN", "IS", "NULL", "BBOX", "INTERVAL", '"']


@given(st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    """No text makes a parser fail in another way."""
    for parse in (parse_text_filter, parse_json_filter):
        try:
            parse(text, Crs.CRS84)
        except BadValue as refused:
            assert str(refused)  # noqa: PT017  (both outcomes are right)
