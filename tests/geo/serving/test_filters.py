"""The filters, as a table: what is asked, the SQL it becomes, the values that are bound."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import psycopg

from geo.errors import BadRequest
from geo.layers import COLLECTIONS, Kind
from geo.serving.conditions import conditions, page_conditions
from geo.serving.filters import (
    FeatureQuery,
    allowed_codes,
    filter_names,
    filterable_properties,
    parse_query,
    write_query,
)
from geo.serving.parameters import MAXIMUM_LIMIT, Bbox, Interval

BOX = "ST_Intersects(feature.geometry, ST_Envelope(ST_MakeEnvelope(%s, %s, %s, %s, %s::INTEGER)))"
DAY = dt.date(2016, 5, 1)

FILTERS: list[tuple[str, list[tuple[str, str]], str, list[Any]]] = [
    # collection, parameters, SQL, bound values
    ("records", [], "", []),
    ("strikes", [], "feature.layer = %s::VARCHAR", ["strikes"]),
    ("incidents", [], "feature.layer IN (%s::VARCHAR, %s::VARCHAR, %s::VARCHAR)", [*COLLECTIONS["incidents"]]),
    ("records", [("layer", "accidents")], "feature.layer = %s::VARCHAR", ["accidents"]),
    ("records", [("industry", "mining")], "feature.industry = %s::VARCHAR", ["mining"]),
    (
        "records",
        [("industry", "mining,construction")],
        "feature.industry IN (%s::VARCHAR, %s::VARCHAR)",
        ["construction", "mining"],
    ),
    (
        "records",
        [("industry", "mining"), ("industry", "construction")],
        "feature.industry IN (%s::VARCHAR, %s::VARCHAR)",
        ["construction", "mining"],
    ),
    ("records", [("industry", "unknown")], "feature.industry IS NULL", []),
    (
        "records",
        [("industry", "unknown,mining")],
        "feature.industry = %s::VARCHAR OR feature.industry IS NULL",
        ["mining"],
    ),
    (
        "records",
        [("ownership", "private"), ("industry", "mining")],
        "feature.industry = %s::VARCHAR AND feature.ownership = %s::VARCHAR",
        ["mining", "private"],
    ),
    ("records", [("demands", "wage_arrears,bonus")], "feature.demands && %s::TEXT[]", [["bonus", "wage_arrears"]]),
    ("records", [("demands", "unknown")], "feature.demands IS NULL", []),
    ("records", [("employers", "Foxconn, Longhua")], "feature.employers && %s::TEXT[]", [["Foxconn, Longhua"]]),
    ("records", [("legacy_id", "12,3")], "feature.legacy_id = %s::VARCHAR", ["12,3"]),
    ("records", [("source_system", "clb_export")], "feature.source_system = %s::VARCHAR", ["clb_export"]),
    ("records", [("deaths", "3")], "feature.deaths = %s::INTEGER", [3]),
    ("records", [("participants_min", "100")], "feature.participants_min >= %s::INTEGER", [100]),
    ("records", [("participants_min", "100,50")], "feature.participants_min >= %s::INTEGER", [50]),
    ("records", [("participants_max", "100,50")], "feature.participants_max <= %s::INTEGER", [100]),
    ("records", [("amount_claimed_cny", "1500.5")], "feature.amount_claimed_cny = %s", [Decimal("1500.5")]),
    ("records", [("coarsened", "true")], "feature.coarsened = true", []),
    ("records", [("starts_on", "2016-05-01")], "feature.starts_on = %s::DATE", [DAY]),
    ("records", [("updated_on", "2016-05-01/..")], "feature.updated_on >= %s::DATE", [DAY]),
    ("records", [("province", "440000")], "feature.province = %s::VARCHAR", ["440000"]),
    ("records", [("regions", "440300")], "feature.regions && %s::TEXT[]", [["440300"]]),
    ("records", [("region", "440306,110000")], "feature.regions_within && %s::TEXT[]", [["110000", "440306"]]),
    ("records", [("region", "unknown")], "cardinality(feature.regions_within) = %s::INTEGER", [0]),
    (
        "records",
        [("datetime", "2016-05-01")],
        "feature.starts_on <= %s::DATE AND feature.ends_on >= %s::DATE",
        [DAY, DAY],
    ),
    ("records", [("datetime", "2016-05-01/..")], "feature.ends_on >= %s::DATE", [DAY]),
    ("records", [("datetime", "/2016-05-01")], "feature.starts_on <= %s::DATE", [DAY]),
    ("records", [("datetime", "../2016-05-01T23:59:59Z")], "feature.starts_on <= %s::DATE", [DAY]),
    ("records", [("datetime", "2016-05-01T/..")], "feature.ends_on >= %s::DATE", [DAY]),
    ("records", [("bbox", "113,22,115,24")], BOX, [113.0, 22.0, 115.0, 24.0, 4326]),
    ("records", [("bbox", "113,22,-5,115,24,9e3")], BOX, [113.0, 22.0, 115.0, 24.0, 4326]),
    (
        "records",
        [("bbox", "170,-10,-170,10")],
        f"{BOX} OR {BOX}",
        [170.0, -10.0, 180.0, 10.0, 4326, -180.0, -10.0, -170.0, 10.0, 4326],
    ),
]  # fmt: skip


def compile_where(clauses: list[sa.ColumnElement[bool]]) -> tuple[str, list[Any]]:
    """Return conditions as SQL with anonymous places, and the values bound there."""
    dialect = psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
    made = [clause.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}) for clause in clauses]
    text = " AND ".join(str(part) for part in made)
    values = [part.params[name] for part in made for name in part.positiontup or []]
    return text.replace("published.", "").replace("\n", ""), values


@pytest.mark.parametrize(("collection", "parameters", "expected", "values"), FILTERS)
def test_filters_become_conditions_with_bound_values(
    collection: str, parameters: list[tuple[str, str]], expected: str, values: list[Any]
) -> None:
    """Each filter is one condition; nothing that was asked for stands in the SQL itself."""
    assert compile_where(conditions(parse_query(collection, parameters))) == (expected, values)


def test_a_token_continues_after_its_row() -> None:
    """The walk is by first day and key, both descending, so what comes after is smaller."""
    query = FeatureQuery(collection="records", after=(DAY, 7))
    expected = "(feature.starts_on, feature.id) < (%s::DATE, %s::BIGINT)"
    assert compile_where(page_conditions(query)) == (expected, [DAY, 7])


REFUSED: list[tuple[str, str, str]] = [
    # parameter, value, part of the reason
    ("colour", "red", "is not a parameter"),
    ("demand", "wage_arrears", "did you mean demands?"),
    ("title_en", "x", "is not a parameter"),
    ("geometry", "x", "is not a parameter"),
    ("contact", "1", "is not a parameter"),
    ("industry", "ming", "mining"),
    ("industry", "Mining", "must be one of"),
    ("industry", "", "must not be empty"),
    ("industry", "mining,", "must not be empty"),
    ("employers", "", "must not be empty"),
    ("employers", "x" * 201, "200 characters"),
    ("employers", "a\x00b", "control characters"),
    ("source_system", "a\x9fb", "control characters"),
    ("layer", "records", "must be one of: strikes, accidents, calls_for_help, accountability, unknown"),
    ("deaths", "-1", "whole number"),
    ("deaths", "1.5", "whole number"),
    ("deaths", "\u0663", "whole number"),
    ("deaths", "2147483648", "whole number"),
    ("deaths", "9" * 5000, "whole number"),
    ("amount_claimed_cny", "1e5", "amount"),
    ("coarsened", "yes", "true, false or unknown"),
    ("province", "' OR 1=1--", "code of a region"),
    ("region", "' OR 1=1--", "code of a region"),
    ("region", "", "code of a region"),
    ("bbox", "1,2,3", "4 numbers"),
    ("bbox", "1,2,3,4,5", "4 numbers"),
    ("bbox", "NaN,2,3,4", "4 numbers"),
    ("bbox", "inf,2,3,4", "4 numbers"),
    ("bbox", "1_0,2,3,4", "4 numbers"),
    ("bbox", "1,2,3,1e999", "finite"),
    ("bbox", "1,2,3,1e308", "within"),
    ("bbox", "181,2,3,4", "within"),
    ("bbox", "1,5,3,4", "south"),
    ("datetime", "2024-02-30", "calendar"),
    ("datetime", "0000-01-01", "calendar"),
    ("datetime", "2016", "date like"),
    ("datetime", "2016-05", "date like"),
    ("datetime", "2016-05-01T10:00", "date like"),
    ("datetime", "2017-01-01/2016-01-01", "must not be after"),
    ("datetime", "../..", "at least one end"),
    ("datetime", "2016-01-01/2016-02-01/2016-03-01", "two ends"),
    ("limit", "0", "whole number"),
    ("limit", "-1", "whole number"),
    ("limit", "ten", "whole number"),
    ("limit", "1.0", "whole number"),
    ("limit", "", "whole number"),
    ("after", "x", "not a token"),
    ("after", "c3RhcnRzX29uLWlkLWRlc2N-MjAxNi0wNS0wMX54", "not a token"),
]


@pytest.mark.parametrize(("name", "value", "reason"), REFUSED)
def test_what_is_not_allowed_is_refused_by_name_and_with_the_reason(name: str, value: str, reason: str) -> None:
    """Unknown parameters and values are refused; nothing is guessed or dropped."""
    with pytest.raises(BadRequest) as refused:
        parse_query("records", [(name, value)])
    (fault,) = refused.value.invalid
    assert fault.name == name
    assert reason in fault.reason


def test_every_fault_is_named_at_once() -> None:
    """A client mends a request in one pass."""
    with pytest.raises(BadRequest) as refused:
        parse_query("records", [("bbox", "1"), ("colour", "red"), ("industry", "x")])
    assert {fault.name for fault in refused.value.invalid} == {"bbox", "colour", "industry"}


@pytest.mark.parametrize("name", ["bbox", "datetime", "limit"])
def test_a_parameter_with_one_meaning_may_be_given_once(name: str) -> None:
    """Two boxes would mean neither."""
    with pytest.raises(BadRequest, match="cannot be used") as refused:
        parse_query("records", [(name, "1"), (name, "1")])
    assert refused.value.invalid[0].reason == "may be given once"


def test_a_collection_has_the_filters_of_its_layers_alone() -> None:
    """A strike has no deaths, so strikes cannot be asked for them."""
    assert "deaths" in filter_names("incidents")
    with pytest.raises(BadRequest):
        parse_query("strikes", [("deaths", "1")])


def test_a_layer_may_be_asked_for_only_where_it_is() -> None:
    """`layer` narrows a collection and cannot leave it."""
    with pytest.raises(BadRequest):
        parse_query("incidents", [("layer", "accountability")])


@pytest.mark.parametrize(
    ("text", "limit"), [("1", 1), ("007", 7), ("10000", 10_000), ("10001", MAXIMUM_LIMIT), ("9" * 5000, MAXIMUM_LIMIT)]
)
def test_a_limit_above_the_maximum_is_clipped(text: str, limit: int) -> None:
    """OGC API - Features: a limit that is too large is served as the largest one."""
    assert parse_query("records", [("limit", text)]).limit == limit


def test_counting_takes_no_page() -> None:
    """Counts are of all pages: a limit there is a misunderstanding."""
    with pytest.raises(BadRequest):
        parse_query("records", [("limit", "5")], paged=False)


DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
CODES = st.from_regex(r"\A[0-9]{6}\Z")
LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


def values_of(collection: str, name: str) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return the value lists that a property's filter can hold."""
    prop = filterable_properties(collection)[name]
    intervals = st.builds(lambda days: Interval(*sorted(days)), st.tuples(DAYS, DAYS))
    letters = st.characters(min_codepoint=32, max_codepoint=0x2FFFF, exclude_categories=("Cs", "Cc"))
    words = st.text(letters, min_size=1, max_size=200).filter(lambda text: text != "unknown")
    kinds: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: words,
        Kind.TEXTS: words,
        Kind.DATE: intervals,
        Kind.REGION: CODES,
        Kind.REGIONS: CODES,
        Kind.BOOLEAN: st.booleans(),
        Kind.AMOUNT: st.decimals(0, 10**12 - 1, places=2),
    }
    one = kinds.get(prop.kind, st.integers(0, 2**31 - 1))
    if codes := allowed_codes(prop, collection):
        one = st.sampled_from(codes)
    return st.lists(st.none() | one, min_size=1, max_size=3).map(tuple)


@st.composite
def queries(draw: st.DrawFn) -> FeatureQuery:
    """Any query that can be asked."""
    collection = draw(st.sampled_from(sorted(COLLECTIONS)))
    south, north = sorted((draw(LAT), draw(LAT)))
    names = draw(st.sets(st.sampled_from(sorted(filterable_properties(collection))), max_size=4))
    return FeatureQuery(
        collection=collection,
        bbox=draw(st.none() | st.just(Bbox(draw(LON), south, draw(LON), north))),
        datetime=draw(st.none() | st.builds(lambda day: Interval(None, day), DAYS)),
        region=tuple(draw(st.lists(CODES, max_size=3, unique=True))),
        properties=tuple((name, draw(values_of(collection, name))) for name in sorted(names)),
        limit=draw(st.integers(1, MAXIMUM_LIMIT)),
        after=draw(st.none() | st.tuples(DAYS, st.integers(0, 2**63 - 1))),
    )


@given(queries())
def test_the_canonical_form_is_read_as_the_same_query(query: FeatureQuery) -> None:
    """Links and validators are made from the canonical form: reading and writing it changes nothing more."""
    canonical = parse_query(query.collection, write_query(query))
    assert parse_query(query.collection, write_query(canonical)) == canonical
    assert write_query(canonical) == write_query(parse_query(query.collection, reversed(write_query(canonical))))
    assert dict(canonical.properties).keys() == dict(query.properties).keys()


@given(st.lists(st.tuples(st.sampled_from([*filter_names("records"), "limit", "after", "x"]), st.text()), max_size=4))
def test_any_text_is_understood_or_refused(parameters: list[tuple[str, str]]) -> None:
    """No text of a parameter makes the reading fail in another way."""
    try:
        compile_where(conditions(parse_query("records", parameters)))
    except BadRequest as refused:
        assert refused.invalid  # noqa: PT017  (both outcomes are right)
