"""CQL2, as tables: what is asked, the SQL it becomes, what is refused and where."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import psycopg

from geo.errors import BadRequest
from geo.serving.conditions import conditions
from geo.serving.cql2.fields import find_codes
from geo.serving.cql2.from_text import parse_text_filter
from geo.serving.cql2.limits import DEEPEST, LONGEST_FILTER, MOST_NODES, MOST_VERTICES
from geo.serving.cql2.to_text import write_filter
from geo.serving.crs import Crs
from geo.serving.filters import filter_fields, parse_query, write_query
from geo.serving.parameters import BadValue

DAY = dt.date(2016, 5, 1)
FOLDED = 'replace(lower(upper({} COLLATE "und-x-icu")), %s::VARCHAR, %s::VARCHAR)'
INSIDE = "(feature.regions_within && %s::TEXT[]) OR cardinality(feature.regions_within) = %s::INTEGER AND NULL"

FILTERS: list[tuple[str, str, list[Any]]] = [
    # text, SQL, bound values
    ("deaths > 3", "feature.deaths > %s::INTEGER", [3]),
    ("3 < deaths", "%s::INTEGER < feature.deaths", [3]),
    ("deaths<=1.5", "feature.deaths <= %s", [Decimal("1.5")]),
    ("deaths <> 99999999999", "feature.deaths != %s", [Decimal(99999999999)]),
    ("deaths > -1", "feature.deaths > %s::INTEGER", [-1]),
    ("participants_min >= 1e2", "feature.participants_min >= %s::INTEGER", [100]),
    ("participants_min = participants_max", "feature.participants_min = feature.participants_max", []),
    ("industry = 'mining'", "feature.industry = %s::VARCHAR", ["mining"]),
    ("\"industry\" = 'mining'", "feature.industry = %s::VARCHAR", ["mining"]),
    ("source_system='it''s'", "feature.source_system = %s::VARCHAR", ["it's"]),
    ("source_system='it\\'s'", "feature.source_system = %s::VARCHAR", ["it's"]),
    ("source_system='a\\tb'", "feature.source_system = %s::VARCHAR", ["a\tb"]),
    ("coarsened = TRUE", "feature.coarsened = %s", [True]),
    ("industry IS NULL", "feature.industry IS NULL", []),
    ("industry is not null", "feature.industry IS NOT NULL", []),
    ("regions IS NULL", "cardinality(feature.regions) = %s::INTEGER", [0]),
    ("TRUE", "true", []),
    ("starts_on < DATE('2016-05-01')", "feature.starts_on < %s::DATE", [DAY]),
    ("starts_on < TIMESTAMP('2016-05-01T23:00:00Z')", "feature.starts_on < %s::DATE", [DAY]),
    ("starts_on < '2016-05-01'", "feature.starts_on < %s::DATE", [DAY]),
    ("deaths > 1 OR deaths < 0 AND missing = 1",
     "feature.deaths > %s::INTEGER OR feature.deaths < %s::INTEGER AND feature.missing = %s::INTEGER", [1, 0, 1]),
    ("(deaths > 1 or deaths < 0) and not missing = 1",
     "(feature.deaths > %s::INTEGER OR feature.deaths < %s::INTEGER) AND feature.missing != %s::INTEGER",
     [1, 0, 1]),
    ("legacy_id LIKE '1%'", "feature.legacy_id LIKE %s::VARCHAR", ["1%"]),
    ("legacy_id NOT LIKE '1\\%_'", "feature.legacy_id NOT LIKE %s::VARCHAR", ["1\\%_"]),
    ("industry LIKE 'm%'", "feature.industry LIKE %s::VARCHAR", ["m%"]),
    ("deaths BETWEEN 1 AND 3", "feature.deaths >= %s::INTEGER AND feature.deaths <= %s::INTEGER", [1, 3]),
    ("deaths IN (1, 3)", "feature.deaths IN (%s::INTEGER, %s::INTEGER)", [1, 3]),
    ("industry NOT IN ('mining')", "(feature.industry NOT IN (%s::VARCHAR))", ["mining"]),
    ("CASEI(source_system) = casei('ß')", f"{FOLDED.format('feature.source_system')} = {FOLDED.format('%s::VARCHAR')}",
     ["ς", "σ", "ß", "ς", "σ"]),
    ("A_OVERLAPS(demands, ('bonus','other'))", "feature.demands && CAST(%s::TEXT[] AS TEXT[])", [["bonus", "other"]]),
    ("A_CONTAINS(demands, ('bonus'))", "feature.demands @> CAST(%s::TEXT[] AS TEXT[])", [["bonus"]]),
    ("A_CONTAINEDBY(demands, ('bonus'))", "feature.demands <@ CAST(%s::TEXT[] AS TEXT[])", [["bonus"]]),
    ("a_equals(demands, ())",
     "(feature.demands @> CAST(%s::TEXT[] AS TEXT[])) AND (feature.demands <@ CAST(%s::TEXT[] AS TEXT[]))", [[], []]),
    ("region = '440000'", INSIDE, [["440000"], 0]),
    ("region IN ('440000','110000')", INSIDE, [["440000", "110000"], 0]),
    ("NOT region = '440000'", f"NOT ({INSIDE})", [["440000"], 0]),
    ("region IS NULL", "cardinality(feature.regions_within) = %s::INTEGER", [0]),
    ("T_AFTER(starts_on, DATE('2016-05-01'))", "feature.starts_on > %s::DATE", [DAY]),
    ("T_INTERSECTS(INTERVAL(starts_on, ends_on), INTERVAL('2016-05-01','..'))",
     "feature.starts_on <= CAST(%s::VARCHAR AS DATE) AND feature.ends_on >= %s::DATE", ["infinity", DAY]),
    ("S_INTERSECTS(geometry, geometry)", "ST_Intersects(feature.geometry, feature.geometry)", []),
    ("id = 'S-2016-000001'", "feature.public_id = %s::VARCHAR", ["S-2016-000001"]),
]  # fmt: skip


def compile_filter(text: str) -> tuple[str, list[Any]]:
    """Return the condition of a filter of all records, and the values bound in it."""
    dialect = psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
    (clause,) = conditions(parse_query("records", [("filter", text)]))
    made = clause.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(made).replace("published.", "").replace("\n", ""), [made.params[name] for name in made.positiontup or []]


@pytest.mark.parametrize(("text", "expected", "values"), FILTERS)
def test_a_filter_becomes_a_condition_with_bound_values(text: str, expected: str, values: list[Any]) -> None:
    """Names come from the allow-list, and no value stands in the SQL itself."""
    assert compile_filter(text) == (expected, values)


@pytest.mark.parametrize("text", [text for text, _, _ in FILTERS])
def test_a_filter_keeps_its_meaning_when_it_is_written_back(text: str) -> None:
    """Links to the next page carry the filter in its canonical form."""
    query = parse_query("records", [("filter", text)])
    assert parse_query("records", write_query(query)) == query


REFUSED: list[tuple[str, str]] = [
    # text, part of the reason
    ("", "character 1: the filter ends"),
    ("deaths", "character 7: the filter ends"),
    ("deaths =", "character 9"),
    ("deaths = 1 deaths = 2", "character 12: 'deaths' stands where AND, OR or the end should be"),
    ("(deaths = 1", "character 12"),
    ("deaths = 1)", "character 11"),
    ("AND", "character 1"),
    ("NOT NOT deaths = 1", "character 5"),
    ("deaths = 'x", "character 10: this quote is never closed"),
    ("deaths ! 1", "character 8"),
    ("title='a');DROP TABLE x--", "has no meaning here"),
    ("deaths + 1 = 2", "arithmetic is not supported"),
    ("deaths = 1 + 1", "arithmetic is not supported"),
    ("deaths = 1 -- x", "arithmetic is not supported"),
    ("deaths = '1'", "deaths is a number"),
    ("deaths = TRUE", "deaths is a number"),
    ("legacy_id = 1", "legacy_id is a text"),
    ("starts_on = 5", "starts_on is a day"),
    ("starts_on = 'soon'", "a date like"),
    ("starts_on = DATE('2016-02-30')", "calendar"),
    ("coarsened = 'true'", "TRUE or FALSE"),
    ("coarsened < TRUE", "no order"),
    ("1 = 'a'", "is a number"),
    ("industry = 'ming'", "mining"),
    ("industry = 'unknown'", "industry IS NULL"),
    ("industry IN ('mining', 'x')", "mining"),
    ("layer = 'records'", "strikes, accidents"),
    ("province = '%'", "code of a region"),
    ("demands = 'wage_arrears'", "A_OVERLAPS(demands, ('a','b')) for any, A_CONTAINS"),
    ("demands IN ('wage_arrears')", "A_OVERLAPS"),
    ("demands LIKE 'wage%'", "A_OVERLAPS"),
    ("A_OVERLAPS(demands, ('x'))", "demands has the codes: "),
    ("A_OVERLAPS(industry, ('mining'))", "one value"),
    ("A_OVERLAPS(demands, 'bonus')", "lists"),
    ("A_OVERLAPS(demands, (1))", "texts"),
    ("A_OVERLAPS(regions, ('%'))", "code of a region"),
    ("region > '440000'", "=, <> and IN only"),
    ("region LIKE '44%'", "not of a region"),
    ("deaths LIKE '1%'", "is a number"),
    ("legacy_id LIKE 5", "pattern in single quotes"),
    ("legacy_id LIKE 'a\\c'", "backslash"),
    (f"legacy_id LIKE '{'%_' * 101}'", "more than 200 characters"),
    ("legacy_id = 'a\\", "never closed"),
    ("legacy_id = 'a\0'", "a character that is none"),
    ("deaths = " + "9" * 5000, "20 digits"),
    ("deaths = 1e999", "20 digits"),
    ("deaths = NaN", "'NaN' cannot be filtered by"),
    ("CASEI(deaths) = CASEI('a')", "CASEI is of a text"),
    ("CASEI(5) = 'a'", "CASEI is of a property or a text"),
    ("pg_sleep(9) = 1", "'pg_sleep', which this API does not have"),
    ("S_INTERSECT(geometry, POINT(1 2))", "did you mean S_INTERSECTS?"),
    ("contact LIKE '1%'", "'contact' cannot be filtered by"),
    ("title_en = 'x'", "'title_en' cannot be filtered by"),
    ("demand = 'x'", "did you mean demands?"),
    ("geometry = 'x'", "use S_INTERSECTS(geometry, ...)"),
    ("S_INTERSECTS(industry, POINT(1 2))", "is a text"),
    ("S_INTERSECTS(geometry, 'POINT(1 2)')", "is of geometries"),
    ("S_INTERSECTS(geometry, POINT(1))", "a number should be"),
    ("S_INTERSECTS(geometry, POINT(181 2))", "outside the degrees"),
    ("S_INTERSECTS(geometry, LINESTRING(1 2))", "line of one position"),
    ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "not valid: Self-intersection"),
    ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0)))", "not closed"),
    ("S_INTERSECTS(geometry, BBOX(1,2,3))", "4 numbers"),
    ("S_INTERSECTS(geometry, BBOX(1,5,3,4))", "south"),
    ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2))))", "no collection"),
    ("S_TOUCHES(geometry, GEOMETRYCOLLECTION(POINT(1 2)))", "single geometries"),
    ("T_AFTER(deaths, DATE('2016-05-01'))", "is a number"),
    ("T_AFTER(starts_on, INTERVAL('2017-01-01','2016-01-01'))", "ends before it starts"),
    ("T_AFTER(starts_on, 5)", "days and intervals"),
    ("starts_on = INTERVAL('2016-01-01','2017-01-01')", "compared by a function"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_a_filter_that_is_not_allowed_is_refused_with_the_reason(text: str, reason: str) -> None:
    """The reason says where, or what to write instead."""
    with pytest.raises(BadRequest) as refused:
        parse_query("records", [("filter", text)])
    (fault,) = refused.value.invalid
    assert fault.name == "filter"
    assert reason in fault.reason
    assert len(fault.reason) < 1000


def nested(depth: int) -> str:
    """Return a filter in so many parentheses."""
    return "(" * depth + "deaths = 1" + ")" * depth


LIMITS: list[tuple[str, str, str]] = [
    # inside, outside, part of the reason
    (nested(DEEPEST), nested(DEEPEST + 1), "16 deep"),
    ("NOT (" * DEEPEST + "TRUE" + ")" * DEEPEST, "NOT (" * 1600 + "TRUE" + ")" * 1600, "16 deep"),
    (" AND ".join(["TRUE"] * (MOST_NODES - 1)), " AND ".join(["TRUE"] * MOST_NODES), "100 operators"),
    (
        f"S_INTERSECTS(geometry,LINESTRING({','.join(f'{i % 9} {i % 7}' for i in range(MOST_VERTICES))}))",
        f"S_INTERSECTS(geometry,LINESTRING({','.join(f'{i % 9} {i % 7}' for i in range(MOST_VERTICES + 1))}))",
        "1000 positions",
    ),
    ("TRUE".ljust(LONGEST_FILTER), "TRUE".ljust(LONGEST_FILTER + 1), "10,000 characters"),
    (nested(1), nested(10_000), "10,000 characters"),
]


@pytest.mark.parametrize(("inside", "outside", "reason"), LIMITS)
def test_a_filter_is_refused_above_its_limits_and_not_below(inside: str, outside: str, reason: str) -> None:
    """No depth or length of a filter can take the process down: what is too large is never followed."""
    parse_text_filter(inside, Crs.CRS84)
    with pytest.raises(BadValue, match=reason):
        parse_text_filter(outside, Crs.CRS84)


def test_codes_of_regions_are_found_wherever_they_stand() -> None:
    """So that one that does not exist is refused, and no other text is asked for."""
    text = "NOT (region IN ('1','2') OR province = '3') AND A_OVERLAPS(regions,('4')) AND industry = 'mining'"
    assert find_codes(parse_text_filter(text, Crs.CRS84), filter_fields("records")) == {"1", "2", "3", "4"}


@pytest.mark.parametrize(
    ("crs", "point"),
    [(Crs.CRS84, "114.0 22.5"), (Crs.EPSG_4326, "22.5 114.0"), (Crs.EPSG_3857, "12690421.95 2571663.05")],
)
def test_positions_are_read_in_their_reference_system(crs: Crs, point: str) -> None:
    """EPSG:4326 has the latitude first; the canonical form is longitude and latitude for all."""
    found = write_filter(parse_text_filter(f"S_INTERSECTS(geometry, POINT({point}))", crs))
    lon, lat = found.removeprefix("S_INTERSECTS(geometry,POINT(").removesuffix("))").split()
    assert (float(lon), float(lat)) == pytest.approx((114.0, 22.5), abs=1e-6)


def test_no_filter_is_no_condition() -> None:
    """A request without a filter asks for nothing more than before."""
    assert conditions(parse_query("records", [])) == []
    assert isinstance(sa.and_(*conditions(parse_query("records", [("filter", "TRUE")]))), sa.ColumnElement)
