"""What headings mean, from each source of headings, through the whole loading of a file."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from geo.errors import FileRefused, NotFound
from geo.layers import RECORDS
from geo.loading.column_preview import preview_columns
from geo.loading.guesses import guess_columns
from geo.loading.open_table import open_table
from geo.loading.profiles import OWN
from geo.loading.request import LoadReport
from geo.loading.synonyms import synonyms_of
from geo.records.saved_mappings import get_mapping, list_mappings, remove_mapping, save_mapping
from tests.geo.loading.conftest import STRIKE, Load, Rows, codes_of, write_csv

ACLED = {
    "event_id_cnty": "CHN1234", "event_date": "2024-03-05", "year": "2024", "time_precision": "1",
    "disorder_type": "Demonstrations", "event_type": "Protests", "sub_event_type": "Peaceful protest",
    "actor1": "Protesters (China)", "assoc_actor_1": "Labor Group (China)", "inter1": "6", "interaction": "60",
    "civilian_targeting": "", "iso": "156", "region": "East Asia", "country": "China", "admin1": "Guangdong",
    "admin2": "Shenzhen", "admin3": "", "location": "Shenzhen", "latitude": "22.5431", "longitude": "114.0579",
    "geo_precision": "1", "source": "A newspaper", "source_scale": "National", "notes": "Workers asked for wages.",
    "fatalities": "0", "tags": "crowd size=no report", "timestamp": "1710000000",
}  # fmt: skip
TRACKER = {
    "ID": "77", "Employer": "Foxconn, Longhua", "Labor Organization": "", "Local": "", "Industry": "Manufacturing",
    "Bargaining Unit Size": "", "Number of Locations": "1", "Address": "1 Factory Road", "City": "Shenzhen",
    "State": "Guangdong", "Zip Code": "", "Latitude, Longitude": "22.5431, 114.0579", "Strike or Protest": "Strike",
    "Approximate Number of Participants": "250", "Start Date": "2024-03-05", "End Date": "2024-03-06",
    "Duration Amount": "2", "Duration Unit": "Days", "Authorized": "N", "Worker Demands": "Pay Increase",
    "Source": "A newspaper", "Notes": "Two days.",
}  # fmt: skip
CLB = {
    "Date": "2015-03-05", "Title": "Workers in Shenzhen on strike", "Description": "", "Province": "Guangdong",
    "Industry": "Manufacturing", "Participants": "100-1000 Persons", "Employer": "", "Enterprise Type": "Unknown",
    "Action Taken Involve": "Strike", "Employee Demands Involve": "Wage Arrears", "Response to Collective Action": "",
}  # fmt: skip


def said_of_headings(report: LoadReport) -> dict[str, str]:
    """Return each message about a heading, by its code."""
    return {
        message.problem.code: message.render("en")
        for message in report.messages
        if message.problem.code.startswith("HDR_")
    }


def test_acleds_headings_are_known(load: Load, incidents: Rows) -> None:
    """A town's point is no site; numbers of actors and parts of the world are left out."""
    report = load([ACLED], datum="wgs84")
    (record,) = incidents()
    assert (report.profile, report.loaded) == ("acled", True)
    assert '"fatalities" is not known' in said_of_headings(report)["HDR_UNKNOWN"]  # a strike has no deaths
    assert (record["source_id"], record["regions"], record["location_precision"]) == ("CHN1234", ["440300"], "county")
    assert (record["title_en"], record["description_en"]) == (
        "Peaceful protest in Shenzhen, Guangdong", "Workers asked for wages.",
    )  # fmt: skip
    assert record["point"] == "POINT(114.0579 22.5431)"


def test_the_labor_action_trackers_headings_are_known(load: Load, incidents: Rows) -> None:
    """Its address stays with the editors."""
    report = load([TRACKER], datum="wgs84")
    (record,) = incidents()
    assert (report.profile, said_of_headings(report)) == ("labor_action_tracker", {})
    assert (record["source_id"], record["employers"], record["exact_address"]) == (
        "77", ["Foxconn, Longhua"], "1 Factory Road",
    )  # fmt: skip
    assert (record["participants_min"], record["demands"]) == (250, ["pay_increase"])
    assert (record["starts_on"].isoformat(), record["ends_on"].isoformat()) == ("2024-03-05", "2024-03-06")


def test_clbs_headings_are_known(load: Load, incidents: Rows) -> None:
    """As they came."""
    report = load([CLB])
    assert (report.profile, said_of_headings(report)) == ("clb_export", {})
    assert (incidents()[0]["actions"], incidents()[0]["regions"]) == (["strike"], ["440000"])


def test_our_own_names_are_known(load: Load, incidents: Rows) -> None:
    """Exactly, and without a word."""
    assert said_of_headings(load([STRIKE])) == {}
    assert incidents()[0]["source_id"] == "1"


def test_english_and_chinese_synonyms_are_known(load: Load, incidents: Rows) -> None:
    """External ids, Chinese headings, Traditional ones."""
    row = {
        "編號": "A1",
        "发生日期": "2020-03-05",
        "标题": "工人罢工",
        "省份": "广东省",
        "City": "深圳市",
        "行业": "制造业",
    }
    assert said_of_headings(load([row])) == {}
    (record,) = incidents()
    assert (record["source_id"], record["regions"], record["industry"]) == ("A1", ["440300"], "manufacturing")


def test_a_slip_of_the_pen_is_read_and_said(load: Load, incidents: Rows) -> None:
    """One letter in a short name, two in a long one."""
    row = STRIKE | {"indutsry": "retail", "descripton_en": "Words."}
    del row["industry"]
    report = load([row])
    likened = [message for message in report.messages if message.problem.code == "HDR_LIKENESS"]
    assert {message.problem.facts["column"] for message in likened} == {"industry", "description_en"}
    assert (incidents()[0]["industry"], incidents()[0]["description_en"]) == ("retail", "Words.")


@pytest.mark.parametrize("header", ["data", "lot", "participants_mix", "source_2", "title_fr", "sector"])
def test_what_could_be_anything_is_not_guessed(header: str) -> None:
    """Short names, names between two columns, other figures."""
    assert guess_columns([header], "strikes", OWN)[0].column is None


def test_a_likeness_takes_no_column_from_a_sure_heading() -> None:
    """The column's own name stands beside it."""
    guesses = guess_columns(["industri", "industry"], "strikes", OWN)
    assert [(guess.column, guess.how) for guess in guesses] == [(None, "nothing"), ("industry", "name")]


@pytest.mark.parametrize("layer", RECORDS)
def test_every_name_and_synonym_means_one_column_for_sure(layer: str) -> None:
    """None is found by likeness only."""
    for header, column in synonyms_of(layer).items():
        (guess,) = guess_columns([header], layer, OWN)
        assert (guess.column, guess.how in {"name", "synonym"}) == (column, True), header


def test_headings_are_corrected_by_hand(load: Load, incidents: Rows) -> None:
    """What was chosen holds before any guess; left-out columns are said, and kept ones stay with the editors."""
    row = STRIKE | {"Ort": "440100", "remark": "Tel 13800138000", "memo": "seen", "junk": "x"}
    chosen = {"Ort": "region", "remark": "extra", "memo": "extra", "junk": None}
    report = load([row], mapping=chosen)
    (record,) = incidents()
    assert (record["regions"], record["raw_text"]) == (["440100"], "remark: Tel 13800138000\nmemo: seen")
    assert {"HDR_IGNORED", "HDR_EXTRA", "HDR_UNKNOWN"} <= codes_of(report)
    assert "region" in said_of_headings(report)["HDR_UNKNOWN"]


def test_a_column_that_is_none_is_refused(load: Load) -> None:
    """A misspelt choice must not drop the cells."""
    with pytest.raises(FileRefused) as refused:
        load([STRIKE | {"Ort": "440100"}], mapping={"Ort": "regoin"})
    assert refused.value.code == "HDR_COLUMN"


def test_identity_numbers_are_kept_nowhere(load: Load) -> None:
    """Not among the restricted texts either."""
    report = load([STRIKE | {"remark": "11010519491231002X"}], mapping={"remark": "extra"})
    assert (report.loaded, "PII_ID" in codes_of(report, 2)) == (False, True)


def test_a_preview_shows_each_heading_with_its_guess_and_values(tmp_path: Path) -> None:
    """Different values, five at most, personal numbers masked."""
    rows = [STRIKE | {"source_id": str(number), "indutsry": "retail", "foo": "13800138000"} for number in range(9)]
    table = open_table(write_csv(tmp_path / "rows.csv", rows))
    preview = preview_columns(table, "strikes", {"foo": "extra"})
    table.close()
    shown = {column.header: (column.column, column.how) for column in preview.columns}
    assert (shown["source_id"], shown["foo"], shown["indutsry"]) == (
        ("source_id", "name"), ("extra", "hand"), (None, "nothing"),
    )  # fmt: skip
    values = {column.header: column.values for column in preview.columns}
    assert (values["source_id"], values["industry"]) == (("0", "1", "2", "3", "4"), ("manufacturing",))
    assert "13800138000" not in values["foo"][0]
    assert {"region", "extra", "demands"} <= set(preview.choices)


def test_a_mapping_is_saved_under_a_name_for_its_editor(connection: sa.Connection) -> None:
    """Saving it again replaces it; another editor has none."""
    save_mapping(connection, "lin", "strikes", " my  sheet ", {"Ort": "region", "junk": None})
    save_mapping(connection, "lin", "strikes", "my sheet", {"Ort": "place_text_en", "junk": None})
    assert get_mapping(connection, "lin", "strikes", "my sheet") == {"Ort": "place_text_en", "junk": None}
    assert list_mappings(connection, "lin", "strikes") == ["my sheet"]
    assert list_mappings(connection, "wang", "strikes") == []
    assert remove_mapping(connection, "lin", "strikes", "my sheet")
    with pytest.raises(NotFound):
        get_mapping(connection, "lin", "strikes", "my sheet")
