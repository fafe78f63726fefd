"""Each line of the privacy policy, on records that are just inside it and just outside."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from geo.layers import RECORDS
from geo.publishing import policy
from geo.publishing.policy import POLICY, PRECISIONS, Condition
from tests.private_records import BAOAN, BEIJING, GUANGZHOU, NANSHAN, SHENZHEN, Records

EXACT = {"location_precision": "exact", "point": (113.8812345, 22.5567891)}
WIDE = {"participants_min": 100, "widely_reported": True}
PRIVATE = [{"type": "submission", "title": "A reader", "published_on": "2021-03-18"}]


def shown(records: Records, layer: str, **values: Any) -> dict[str, Any]:
    """The row of a record that is published alone."""
    made = records.incident(layer, **values)
    records.publish()
    return records.row(made, layer) | {"feature": records.feature(made, layer)}


def test_every_layer_has_a_rule_that_always_holds() -> None:
    """A record that no condition fits must not fall through: the last rule of a layer has none."""
    for layer in RECORDS:
        assert [rule.condition for rule in POLICY if rule.layer == layer][-1] is Condition.OTHERWISE
    assert all(rule.finest in PRECISIONS for rule in POLICY)


def test_the_policy_is_the_one_that_was_decided() -> None:
    """Place, time and embargo of each line, word for word."""
    assert [(rule.layer, rule.finest, rule.time, rule.embargo) for rule in POLICY] == [
        ("strikes", "street", "day", 0),
        ("strikes", "county", "day", 0),
        ("accidents", "county", "week", 7),
        ("accidents", "exact", "day", 0),
        ("calls_for_help", "prefecture", "month", 14),
        ("accountability", "prefecture", "month", 0),
        ("accountability", "county", "day", 0),
    ]


def test_a_strike_is_shown_by_county(records: Records) -> None:
    """The editors know the factory gate; readers learn the district."""
    row = shown(records, "strikes", **EXACT)
    assert (row["location_precision"], row["county"], row["coarsened"]) == ("county", BAOAN, True)
    assert row["starts_on"] == dt.date(2021, 3, 17)


@pytest.mark.parametrize(
    ("values", "precision"),
    [
        (WIDE, "street"),
        (WIDE | {"participants_min": 99}, "county"),
        (WIDE | {"participants_min": None, "participants_max": 500}, "county"),
        (WIDE | {"widely_reported": False}, "county"),
    ],
)
def test_a_large_and_widely_reported_strike_is_shown_by_street(
    records: Records, values: dict[str, Any], precision: str
) -> None:
    """Both must hold: at least 100 took part, and a reviewer ticked it."""
    assert shown(records, "strikes", **EXACT | values)["location_precision"] == precision


def test_a_street_is_the_nearest_node_of_a_fixed_grid(records: Records) -> None:
    """Two records of one street stand at one point, and publishing again moves nothing."""
    row = shown(records, "strikes", **EXACT | WIDE)
    assert row["feature"]["geometry"]["coordinates"] == [113.88, 22.56]
    assert row["uncertainty_m"] == 800


def test_an_accident_from_the_press_is_shown_exactly(records: Records) -> None:
    """Six decimals at most: a decimetre."""
    row = shown(records, "accidents", **EXACT)
    assert row["location_precision"] == "exact"
    assert row["feature"]["geometry"]["coordinates"] == [113.881235, 22.556789]
    assert (row["uncertainty_m"], row["coarsened"]) == (None, False)


@pytest.mark.parametrize(
    ("sources", "source_system", "precision"),
    [
        (PRIVATE, "test", "county"),
        ([{"type": "interview"}, {"type": "submission"}], "test", "county"),
        ([*PRIVATE, {"type": "news"}], "test", "exact"),
        ([{"title": "no type"}], "test", "county"),
        ([{"title": "empty type", "type": ""}], "test", "county"),
        ([], "test", "county"),
        ([], "clb_export", "exact"),
        ([{"title": "no type"}], "clb_pages", "exact"),
        ([{"title": "no type"}], "waiting_for_weiquan", "exact"),
        (PRIVATE, "clb_export", "county"),
    ],
)
def test_an_accident_known_from_private_reports_only_is_shown_by_county(
    records: Records, sources: list[Any], source_system: str, precision: str
) -> None:
    """One source of another type is enough to make it public; a type that nobody knows is not."""
    row = shown(records, "accidents", **EXACT | {"sources": sources, "source_system": source_system})
    assert row["location_precision"] == precision


def test_a_private_report_is_shown_by_week(records: Records) -> None:
    """17 March 2021 was a Wednesday; Monday to Sunday is shown, and a source's day is not."""
    row = shown(records, "accidents", sources=PRIVATE)
    assert (row["starts_on"], row["ends_on"], row["date_precision"]) == (
        dt.date(2021, 3, 15),
        dt.date(2021, 3, 21),
        "week",
    )
    assert row["feature"]["properties"]["sources"] == [{"title": "A reader", "type": "submission"}]


def test_a_private_report_known_to_the_month_stays_a_month(records: Records) -> None:
    """Widened to weeks it would touch three months and be counted in none."""
    month = {"starts_on": dt.date(2021, 3, 1), "ends_on": dt.date(2021, 3, 31), "date_precision": "month"}
    row = shown(records, "accidents", sources=PRIVATE, **month)
    assert (row["starts_on"], row["ends_on"], row["date_precision"]) == (*(month[k] for k in month),)


def test_a_call_for_help_is_shown_by_prefecture_and_month(records: Records) -> None:
    """Neither the district nor the day."""
    row = shown(records, "calls_for_help", **EXACT)
    assert (row["regions"], row["prefecture"], row["county"]) == ([SHENZHEN], SHENZHEN, None)
    assert row["location_precision"] == "prefecture"
    assert (row["starts_on"], row["ends_on"]) == (dt.date(2021, 3, 1), dt.date(2021, 3, 31))
    assert row["date_precision"] == "month"


@pytest.mark.parametrize(
    ("layer", "place"),
    [
        ("calls_for_help", {"regions": [SHENZHEN], "location_precision": "prefecture"}),
        ("accidents", {"sources": PRIVATE}),
    ],
)
def test_the_place_as_reported_is_not_shown_where_people_are_protected(
    records: Records, layer: str, place: dict[str, Any]
) -> None:
    """Even where the region is as fine as the editors know it: the text may be finer."""
    row = shown(records, layer, place_text_en="Bao'an, 3rd Street", legacy_id="2021031710101012345", **place)
    told = row["feature"]["properties"]
    assert (told["coarsened"], told["place_text_en"], told["legacy_id"]) == (False, None, None)


def test_a_call_over_two_months_is_a_range_of_months(records: Records) -> None:
    """Both ends are rounded outward."""
    days = {"starts_on": dt.date(2021, 1, 30), "ends_on": dt.date(2021, 2, 2), "date_precision": "range"}
    row = shown(records, "calls_for_help", **days)
    assert (row["starts_on"], row["ends_on"]) == (dt.date(2021, 1, 1), dt.date(2021, 2, 28))
    assert row["date_precision"] == "range"


def test_the_mark_does_not_lift_a_calls_place_and_time(records: Records) -> None:
    """`already_public` is about text, names, links and sources."""
    row = shown(records, "calls_for_help", already_public=True, place_text_en="Bao'an", legacy_id="20210317", **EXACT)
    assert (row["location_precision"], row["date_precision"], row["county"]) == ("prefecture", "month", None)
    assert row["feature"]["properties"]["place_text_en"] == "Bao'an"
    assert row["legacy_id"] == "20210317"
    assert len(row["feature"]["properties"]["sources"]) == 1


def test_an_override_coarsens(records: Records) -> None:
    """A reviewer may show less than the policy allows."""
    row = shown(records, "strikes", override_precision="province")
    assert (row["location_precision"], row["province"], row["prefecture"]) == ("province", "440000", None)
    assert (row["coarsened"], row["regions_within"]) == (True, ["440000"])


def test_a_record_that_no_rule_knows_is_not_shown(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new layer without a line in the policy stays private."""
    monkeypatch.setattr(policy, "POLICY", tuple(rule for rule in POLICY if rule.layer != "strikes"))
    strike, accident = records.incident("strikes"), records.incident("accidents")
    records.publish()
    assert records.feature(strike, "strikes") is None
    assert records.feature(accident, "accidents") is not None


@pytest.mark.parametrize("layer", ["strikes", "calls_for_help"])
def test_an_override_never_refines(records: Records, layer: str) -> None:
    """An override that is finer than the policy changes nothing."""
    fine = shown(records, layer, override_precision="exact", **EXACT)
    assert fine["location_precision"] == {"strikes": "county", "calls_for_help": "prefecture"}[layer]


def test_an_override_to_the_country_leaves_no_region_and_no_point(records: Records) -> None:
    """Nothing of the place is shown, not even by the map."""
    row = shown(records, "strikes", override_precision="country", place_text_en="Bao'an")
    assert (row["regions"], row["province"], row["geometry"]) == ([], None, None)
    assert (row["location_precision"], row["coarsened"]) == ("country", True)
    assert row["feature"]["properties"]["place_text_en"] is None


def test_a_record_without_a_place_has_no_geometry(records: Records) -> None:
    """It is not coarsened either: nobody knows more."""
    row = shown(records, "strikes", regions=[], location_precision="country")
    assert (row["feature"]["geometry"], row["location_precision"], row["coarsened"]) == (None, "country", False)


def test_a_coarse_record_stays_as_coarse_as_it_is(records: Records) -> None:
    """Known to the prefecture is shown by the prefecture, and is not called coarsened."""
    row = shown(records, "strikes", regions=[SHENZHEN], location_precision="prefecture", place_text_en="Shenzhen")
    assert (row["location_precision"], row["county"], row["coarsened"]) == ("prefecture", None, False)
    assert row["feature"]["properties"]["place_text_en"] == "Shenzhen"


def test_the_point_of_a_region_is_its_own(records: Records) -> None:
    """Every record of a district has the district's point and uncertainty: none is placed where it is not known."""
    row = shown(records, "strikes")
    found = records.connection.execute(
        sa.text(
            "SELECT round(ST_X(point)::numeric, 6), round(ST_Y(point)::numeric, 6), uncertainty_m "
            "FROM editorial.region WHERE level = 'county' AND code = :code"
        ),
        {"code": BAOAN},
    ).one()
    assert row["feature"]["geometry"]["coordinates"] == [float(found[0]), float(found[1])]
    assert row["uncertainty_m"] == found[2]


def test_several_districts_of_a_city_keep_their_codes_and_share_the_city(records: Records) -> None:
    """Columns are set where all regions agree; the point is the city's."""
    row = shown(records, "strikes", regions=[NANSHAN, BAOAN], location_precision="prefecture")
    assert row["regions"] == [NANSHAN, BAOAN]
    assert (row["province"], row["prefecture"], row["county"]) == ("440000", SHENZHEN, None)
    assert (row["several_places"], row["location_precision"], row["coarsened"]) == (True, "prefecture", False)
    assert row["regions_within"] == ["440000", SHENZHEN, NANSHAN, BAOAN]


def test_several_districts_become_one_city_where_only_cities_are_shown(records: Records) -> None:
    """Each region is coarsened, and what is then equal is named once."""
    row = shown(records, "calls_for_help", regions=[NANSHAN, BAOAN], location_precision="prefecture")
    assert (row["regions"], row["several_places"], row["coarsened"]) == ([SHENZHEN], False, True)


def test_exactness_ends_at_the_lowest_common_region(records: Records) -> None:
    """A point given for a record of two cities tells where neither is."""
    row = shown(records, "accidents", regions=[GUANGZHOU, SHENZHEN], **EXACT)
    assert (row["location_precision"], row["province"], row["prefecture"]) == ("province", "440000", None)


def test_a_municipality_is_known_to_its_only_child(records: Records) -> None:
    """Beijing is its own prefecture, so a call known to Beijing is counted there."""
    row = shown(records, "calls_for_help", regions=[BEIJING], location_precision="province")
    assert (row["regions"], row["province"], row["prefecture"], row["county"]) == ([BEIJING], BEIJING, BEIJING, None)


def test_a_city_without_districts_is_its_own_county(records: Records) -> None:
    """Dongguan has no counties: what is known to the city is known as finely as can be."""
    row = shown(records, "strikes", regions=["441900"], location_precision="prefecture")
    assert (row["prefecture"], row["county"], row["coarsened"]) == ("441900", "441900", False)


def test_what_the_report_said_of_several_places_is_kept(records: Records) -> None:
    """CLB's province "0": no region, and several places."""
    row = shown(records, "strikes", regions=[], location_precision="country", several_places=True)
    assert (row["several_places"], row["regions"]) == (True, [])
