"""A file of incidents from reading to records."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.geo.loading.conftest import STRIKE, Load, Rows, codes_of


def test_a_row_becomes_a_record(load: Load, incidents: Rows) -> None:
    """Every cell arrives in its column, typed."""
    row = STRIKE | {
        "ends_on": "2020-03-06",
        "employers": "Foxconn (富士康)；Pegatron",
        "participants_min": "1,000",
        "actions": "strike;堵路",
        "demands": "wage_arrears",
        "sources": "Caixin, 5 March 2020 https://example.org/a;Waiting for Weiquan, p. 3",
    }
    assert load([row]).inserted == 1
    record = incidents()[0]
    assert (str(record["starts_on"]), str(record["ends_on"]), record["date_precision"]) == (
        "2020-03-05",
        "2020-03-06",
        "range",
    )
    assert record["employers"] == ["Foxconn (富士康)", "Pegatron"]
    assert (record["participants_min"], record["participants_max"]) == (1000, None)
    assert (record["actions"], record["demands"]) == (["strike", "block_road"], ["wage_arrears"])
    assert (record["regions"], record["region_code"], record["location_precision"]) == (
        ["440300"],
        "440300",
        "prefecture",
    )
    assert record["sources"] == [
        {"title": "Caixin, 5 March 2020", "url": "https://example.org/a"},
        {"title": "Waiting for Weiquan, p. 3"},
    ]


def test_loading_twice_changes_nothing(load: Load, connection: sa.Connection) -> None:
    """The second load reports every row unchanged and writes no version."""
    rows = [STRIKE, STRIKE | {"source_id": "2", "title_en": "Another strike"}]
    load(rows)
    again = load(rows)
    assert (again.loaded, again.inserted, again.updated, again.unchanged) == (True, 0, 0, 2)
    assert connection.scalar(sa.text("SELECT count(*) FROM editorial.record_version")) == 2


def test_a_changed_row_updates_its_record(load: Load, incidents: Rows, connection: sa.Connection) -> None:
    """The row with the same id becomes version 2, and the report names the columns that changed."""
    load([STRIKE])
    report = load([STRIKE | {"industry": "services"}])
    assert (report.inserted, report.updated) == (0, 1)
    assert next(m for m in report.messages if m.problem.code == "REC_CHANGED").problem.facts["changed"] == "industry"
    assert (incidents()[0]["industry"], incidents()[0]["version"]) == ("services", 2)
    versions = connection.execute(
        sa.text("SELECT version, op, data->>'industry' FROM editorial.record_version ORDER BY 1")
    )
    assert versions.all() == [(1, "insert", "manufacturing"), (2, "update", "services")]


def test_a_file_without_a_column_leaves_it_alone(load: Load, incidents: Rows) -> None:
    """A narrower file says nothing about what it does not have."""
    load([STRIKE | {"ownership": "soe"}])
    report = load([STRIKE])
    assert report.unchanged == 1
    assert incidents()[0]["ownership"] == "soe"


def test_an_empty_cell_empties_the_record(load: Load, incidents: Rows) -> None:
    """An empty cell in a column that is there says that nothing is known."""
    load([STRIKE | {"ownership": "soe"}])
    assert load([STRIKE | {"ownership": ""}]).updated == 1
    assert incidents()[0]["ownership"] is None


def test_rows_without_ids_are_known_by_their_content(load: Load, incidents: Rows) -> None:
    """Equal rows are counted, in whatever order they come; the id is set once."""
    row = {name: cell for name, cell in STRIKE.items() if name != "source_id"}
    other = row | {"title_en": "Another strike"}
    load([row, other])
    ids = {record["title_en"]: record["source_id"] for record in incidents()}
    assert load([other, row]).unchanged == 2
    assert {record["title_en"]: record["source_id"] for record in incidents()} == ids


def test_a_record_known_by_its_content_can_be_corrected(load: Load, incidents: Rows) -> None:
    """Date, title, province and employer are its identity; anything else may change."""
    row = {name: cell for name, cell in STRIKE.items() if name != "source_id"}
    load([row])
    assert load([row | {"industry": "services"}]).updated == 1
    assert [record["industry"] for record in incidents()] == ["services"]


def test_an_id_given_twice_loads_neither(load: Load, incidents: Rows) -> None:
    """Both rows are named."""
    report = load([STRIKE, STRIKE | {"title_en": "Another"}], policy="valid_rows_only")
    assert codes_of(report, 2) & codes_of(report, 3) >= {"ID_DUP_FILE"}
    assert incidents() == []


def test_ids_of_nineteen_digits_stay_text(load: Load, incidents: Rows) -> None:
    """CLB's ids exceed what a double can hold."""
    load([STRIKE | {"source_id": "2020101312203872956"}])
    assert incidents()[0]["source_id"] == "2020101312203872956"


def test_an_id_of_another_layer_is_refused(load: Load) -> None:
    """An id belongs to one record of its data set."""
    load([STRIKE])
    report = load([STRIKE | {"industry": "mining"}], layer="accidents")
    assert "ID_OTHER_LAYER" in codes_of(report, 2)


def test_one_bad_row_keeps_everything_out(load: Load, incidents: Rows) -> None:
    """all_or_nothing is the default."""
    report = load([STRIKE, STRIKE | {"source_id": "2", "industry": "xyz"}])
    assert (report.loaded, report.rejected, incidents()) == (False, 1, [])


def test_valid_rows_only_leaves_the_bad_ones_out(load: Load, incidents: Rows) -> None:
    """The rest is loaded, and the count says so."""
    report = load([STRIKE, STRIKE | {"source_id": "2", "industry": "xyz"}], policy="valid_rows_only")
    assert (report.loaded, report.inserted, report.rejected) == (True, 1, 1)
    assert [record["source_id"] for record in incidents()] == ["1"]


def test_all_faults_are_named_in_one_pass(load: Load) -> None:
    """Faults of several rows and columns come together, each with its row, column, value and remedy."""
    report = load(
        [
            STRIKE | {"industry": "制造", "starts_on": "2024-02-30"},
            STRIKE | {"source_id": "2", "region": "朝阳区", "title_en": ""},
        ]
    )
    assert {"VOC_SUGGEST", "DATE_IMPOSSIBLE"} <= codes_of(report, 2)
    assert {"REGION_AMBIGUOUS", "TITLE_MISSING"} <= codes_of(report, 3)
    shown = next(m for m in report.messages if m.problem.code == "VOC_SUGGEST").render()
    assert shown == (
        'Row 2, column "industry": This is not in the list (value: "制造"). '
        "Did you mean manufacturing (制造业 Manufacturing)?"
    )


def test_same_date_and_title_and_region_is_held(load: Load) -> None:
    """Where nobody can decide, the later row is rejected and names the earlier one."""
    report = load([STRIKE, STRIKE | {"source_id": "2"}], policy="valid_rows_only")
    assert "DUP_NEAR_FILE" in codes_of(report, 3)
    assert (report.inserted, report.rejected) == (1, 1)


def test_same_date_and_title_elsewhere_is_a_warning(load: Load) -> None:
    """Another region makes it another event."""
    report = load([STRIKE, STRIKE | {"source_id": "2", "region": "440100"}])
    assert (report.inserted, report.warned) == (2, 1)


def test_what_is_true_of_every_row_is_said_once(load: Load) -> None:
    """A message for each of two rows becomes one that counts them."""
    report = load([STRIKE | {"sources": ""}, STRIKE | {"source_id": "2", "title_en": "Other", "sources": ""}])
    said = [message for message in report.messages if message.problem.code == "SRC_MISSING"]
    assert [(message.row_no, message.times) for message in said] == [(None, 2)]


def test_another_data_set_than_the_one_named_is_refused(load: Load) -> None:
    """--source fills an empty cell and contradicts no full one."""
    report = load([STRIKE | {"source_system": "other_set"}])
    assert "SOURCE_DIFFERS" in codes_of(report, 2)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"lon": "22.5431", "lat": "114.0579", "datum": "wgs84"}, "GEO_SWAPPED"),
        ({"lon": "114.0579", "lat": "22.5431"}, "GEO_CRS_UNKNOWN"),
        ({"lon": "0", "lat": "0", "datum": "wgs84"}, "GEO_ZERO"),
        ({"lon": "12.5", "lat": "41.9", "datum": "wgs84"}, "GEO_OUTSIDE"),
        ({"lon": "-114.0579", "lat": "22.5431", "datum": "wgs84"}, "GEO_SIGN"),
        ({"lon": "114.0579", "lat": "22.5431", "datum": "wgs84", "region": "湖南省"}, "GEO_REGION"),
        ({"lon": "114.0579", "lat": "122.5", "datum": "wgs84"}, "GEO_RANGE"),
        ({"lon": "12697000", "lat": "2577000", "datum": "wgs84"}, "GEO_PROJECTED"),
        ({"lon": "NaN", "lat": "22.5431", "datum": "wgs84"}, "GEO_NAN"),
        ({"lon": "114.0579", "lat": "", "datum": "wgs84"}, "GEO_HALF"),
        ({"lon": "114.0579", "lat": "22.5431", "datum": "mars"}, "GEO_DATUM"),
    ],
)
def test_a_position_that_cannot_be_right_is_refused(load: Load, cells: dict[str, str], code: str) -> None:
    """Nothing is exchanged, moved or guessed."""
    report = load([STRIKE | cells])
    assert code in codes_of(report, 2)
    assert not report.loaded


def test_a_declared_datum_is_converted(load: Load, incidents: Rows) -> None:
    """GCJ-02 is brought to WGS-84, the cell kept beside, and the precision taken from the decimals."""
    report = load([STRIKE | {"lon": "114.063014", "lat": "22.540383"}], datum="gcj02")
    record = incidents()[0]
    longitude, latitude = map(float, record["point"][6:-1].split())
    assert (round(longitude, 4), round(latitude, 4)) == (114.0579, 22.5431)
    assert record["reported_coordinates"] == "114.063014, 22.540383 (gcj02)"
    assert record["location_precision"] == "exact"
    assert "GEO_GCJ" in report.by_code


def test_few_decimals_cannot_be_exact(load: Load, incidents: Rows) -> None:
    """One decimal is about ten kilometres."""
    cells = {"lon": "114.1", "lat": "22.6", "datum": "wgs84", "location_precision": "exact"}
    report = load([STRIKE | cells])
    assert "GEO_PRECISION" in codes_of(report)
    assert incidents()[0]["location_precision"] == "prefecture"


def test_a_point_gives_a_row_its_region(load: Load, incidents: Rows) -> None:
    """A row without a region cell is in the county where its point lies."""
    load([STRIKE | {"region": "", "lon": "113.8844", "lat": "22.5550", "datum": "wgs84"}])
    assert incidents()[0]["regions"] == ["440306"]


def test_several_regions_are_several_places(load: Load, incidents: Rows) -> None:
    """The record has them all, and their lowest common region."""
    load([STRIKE | {"region": "440300;广州市"}])
    record = incidents()[0]
    assert (record["regions"], record["region_code"], record["several_places"]) == (
        ["440300", "440100"],
        "440000",
        True,
    )


def test_a_retired_code_is_kept_beside_todays(load: Load, incidents: Rows) -> None:
    """520222 (Panxian) is drawn as 520281 (Panzhou)."""
    load([STRIKE | {"region": "520222"}])
    assert (incidents()[0]["regions"], incidents()[0]["reported_code"]) == (["520281"], "520222")


def test_a_call_for_help_may_not_name_a_county(load: Load) -> None:
    """The public sees the prefecture; a title must not say more."""
    row = {"source_id": "1", "starts_on": "2020-03-05", "title_zh_hans": "梓潼县工人求助", "region": "510700"}
    assert "PLACE_IN_TEXT" in codes_of(load([row], layer="calls_for_help"), 2)


def test_a_call_for_help_that_is_public_already_may(load: Load) -> None:
    """The mark already_public lifts it, with the source that made it public."""
    row = {"source_id": "1", "starts_on": "2020-03-05", "title_zh_hans": "梓潼县工人求助", "region": "510700"}
    assert load([row | {"already_public": "true", "sources": "A report"}], layer="calls_for_help").loaded
    report = load([row | {"already_public": "true"}], layer="calls_for_help")
    assert "PUBLIC_UNSOURCED" in codes_of(report)


def test_a_public_id_finds_its_record(load: Load, connection: sa.Connection, incidents: Rows) -> None:
    """Our own exports name records by their public ids, and other ids do not matter then."""
    load([STRIKE])
    record_id = incidents()[0]["id"]
    connection.execute(
        sa.text("INSERT INTO editorial.publication VALUES (1, 'S-2020-000001', 'strikes', :id)"), {"id": record_id}
    )
    row = {name: cell for name, cell in STRIKE.items() if name != "source_id"}
    report = load([row | {"public_id": "S-2020-000001", "title_en": "A better title"}])
    assert (report.updated, incidents()[0]["title_en"]) == (1, "A better title")


def test_an_unknown_public_id_is_refused(load: Load) -> None:
    """It would otherwise make a second record of the same event."""
    assert "ID_UNKNOWN" in codes_of(load([STRIKE | {"public_id": "S-2020-000099"}]), 2)
