"""CQL2 as JSON: the same filters as text, and what is refused before anything is made of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from geo.serving.cql2.from_json import parse_json_filter
from geo.serving.cql2.from_text import parse_text_filter
from geo.serving.cql2.to_text import write_filter
from geo.serving.crs import Crs
from geo.serving.parameters import BadValue


def as_json(node: Any) -> str:
    """Return a filter of JSON."""
    return json.dumps(node)


P = {"property": "deaths"}
JSON_FILTERS: list[tuple[Any, str]] = [
    # JSON, the same as text
    ({"op": "=", "args": [P, 3]}, "deaths = 3"),
    ({"op": "and", "args": [{"op": ">", "args": [P, 3]}, {"op": "not", "args": [{"op": "isNull", "args": [P]}]}]},
     "deaths > 3 AND NOT deaths IS NULL"),
    ({"op": "like", "args": [{"op": "casei", "args": [{"property": "legacy_id"}]}, {"op": "casei", "args": ["a%"]}]},
     "CASEI(legacy_id) LIKE CASEI('a%')"),
    ({"op": "between", "args": [P, 1, 2.5]}, "deaths BETWEEN 1 AND 2.5"),
    ({"op": "in", "args": [P, [1, 2]]}, "deaths IN (1,2)"),
    ({"op": "<", "args": [{"property": "starts_on"}, {"date": "2016-05-01"}]}, "starts_on < DATE('2016-05-01')"),
    ({"op": "a_overlaps", "args": [{"property": "demands"}, ["bonus"]]}, "A_OVERLAPS(demands,('bonus'))"),
    ({"op": "t_during", "args": [{"property": "starts_on"}, {"interval": ["2016-05-01", ".."]}]},
     "T_DURING(starts_on,INTERVAL('2016-05-01','..'))"),
    ({"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [110, 20, 120, 30.5]}]},
     "S_INTERSECTS(geometry,BBOX(110.0,20.0,120.0,30.5))"),
    ({"op": "s_within", "args": [{"property": "geometry"},
                                 {"type": "Polygon", "coordinates": [[[1, 2], [3, 2], [3, 4], [1, 2]]]}]},
     "S_WITHIN(geometry,POLYGON((1.0 2.0,3.0 2.0,3.0 4.0,1.0 2.0)))"),
    ({"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "GeometryCollection", "geometries": [
        {"type": "Point", "coordinates": [1, 2, 3]}, {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}]}]},
     "S_INTERSECTS(geometry,GEOMETRYCOLLECTION(POINT(1.0 2.0),MULTIPOINT((1.0 2.0),(3.0 4.0))))"),
    (True, "TRUE"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "text"), JSON_FILTERS)
def test_json_and_text_are_read_as_the_same_filter(node: Any, text: str) -> None:
    """There is one tree of nodes, and one canonical form, for both languages."""
    found = parse_json_filter(as_json(node), Crs.CRS84)
    assert found == parse_text_filter(text, Crs.CRS84)
    assert write_filter(found) == text


JSON_REFUSED: list[tuple[str, str]] = [
    ("", "is not JSON"),
    ("{", "is not JSON"),
    ("[]", "`op` and `args`"),
    ('{"op":"=","args":[{"property":"deaths"},NaN]}', "NaN"),
    ('{"op":"=","args":[{"property":"deaths"},1e999]}', "20 digits"),
    ('{"op":"=","args":[{"property":"deaths"},' + "9" * 5000 + "]}", "20 digits"),
    ('{"op":"=","args":[{"property":"legacy_id"},"\\ud800"]}', "a character that is none"),
    ('{"op":"=","args":[{"property":"legacy_id"},"\\u0000"]}', "a character that is none"),
    ('{"op":"=","args":[{"property":"legacy_id"},"a\\\\"]}', "backslash"),
    ('{"op":"=","op":"<>","args":[1,1]}', "same member twice"),
    ('{"op":"=","args":[1]}', "needs 2 arguments"),
    ('{"op":"=","args":[1,null]}', "in =: a property or a value"),
    ('{"op":"and","args":[true]}', "in and: needs 2"),
    ('{"op":"and","args":[true,{"op":"pg_sleep","args":[9]}]}', "in and/pg_sleep: uses the function"),
    ('{"op":"=","args":[{"op":"pg_sleep","args":[9]},1]}', "in =: uses the function 'pg_sleep'"),
    ('{"op":"=","args":[1,1],"x":1}', "and nothing else"),
    ('{"op":"in","args":[1,[]]}', "list of values"),
    ('{"op":"like","args":["a",5]}', "a pattern"),
    ('{"op":"s_intersects","args":[{"type":"Circle"},1]}', "kind of a geometry"),
    ('{"op":"s_intersects","args":[{"type":"Point","coordinates":[[1,2]]},1]}', "a number"),
    ('{"op":"s_intersects","args":[{"type":"Polygon","coordinates":[1,2]},1]}', "nested"),
    ("[" * 5000, "16 deep"),
    ('{"op":"not","args":[' * 17 + "true" + "]}" * 17, "16 deep"),
    ("x" * 10_001, "10,000 characters"),
]


@pytest.mark.parametrize(("text", "reason"), JSON_REFUSED)
def test_json_that_is_no_filter_is_refused_with_the_reason(text: str, reason: str) -> None:
    """Numbers, members and depth are asked before anything is made of them."""
    with pytest.raises(BadValue) as refused:
        parse_json_filter(text, Crs.CRS84)
    assert reason in str(refused.value)
