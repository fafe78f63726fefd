"""Whole files of the three shapes: the sample records, the community copy, CLB's own export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import geo.loading
from geo.layers import ACCOUNTABILITY, RECORDS
from geo.loading.load import load_file
from geo.loading.request import LoadReport, LoadRequest
from geo.loading.samples import load_samples
from tests.geo.loading.conftest import Load, Rows, codes_of

SAMPLES = Path(geo.loading.__file__).parent / "samples"

COMMUNITY = """id,Start_Date,State,City,Industry,subIndustry_name,Strike_or_Protest,Worker_Demands,Action_Response,Range_Number_of_Employees
2021060411223344556,2021-06-04,Guangdong,Shenzhen,Manufacturing,Electronics,Strike/Sit-in,Wage Arrears/Social Security,Police/Negotiation,1-99
2021060511223344557,2021-06-05,Shaanxi,Xi'an,Construction,,Protest or Demonstration,Wage Arrears,,1-100
2021060611223344558,2021-06-06,Beijing,Beijing,Services,Sanitation,Protest or Demonstration,Pay Increase/更好的茶,Government Mediation,100-999
2021060711223344559,2021-06-07,Sichuan,Chengdoo,Transportation,Taxi,Transport Strike,,Police,1000-10000
2021060811223344560,2021-06-08,0,,Retail,,Strike,Compensation,,10000+
"""  # noqa: E501  (a file as it comes)


def count(connection: sa.Connection, statement: str) -> list[tuple[Any, ...]]:
    """Ask for rows as tuples."""
    return [tuple(row) for row in connection.execute(sa.text(statement))]


def test_the_sample_records_load(connection: sa.Connection) -> None:
    """7 strikes, 9 accidents, 8 calls for help, and 11 cases with 22 contacts."""
    assert load_samples(connection) == 35
    layers = "SELECT layer, count(*) FROM editorial.incident GROUP BY layer ORDER BY layer"
    assert count(connection, layers) == [("accidents", 9), ("calls_for_help", 8), ("strikes", 7)]
    assert count(connection, "SELECT count(*), count(DISTINCT case_id) FROM editorial.union_contact") == [(22, 11)]
    rolled = (
        "SELECT source_id, awareness, involvement FROM editorial.accountability_case WHERE source_id IN ('U4', 'U7')"
    )
    assert sorted(count(connection, rolled)) == [("U4", "aware", "uninvolved"), ("U7", None, "uninvolved")]


def test_the_sample_records_load_once(connection: sa.Connection) -> None:
    """Where there are records already, samples stay out."""
    load_samples(connection)
    assert load_samples(connection) == 0


@pytest.mark.parametrize("layer", RECORDS)
def test_each_sample_file_loads_again_unchanged(connection: sa.Connection, layer: str) -> None:
    """Its own template loads twice with nothing changed, and without a fault."""
    load_samples(connection)
    report = load_file(connection, LoadRequest(layer=layer, path=SAMPLES / f"{layer}.csv"))
    assert (report.inserted, report.updated, report.rejected) == (0, 0, 0)
    assert report.unchanged == {"strikes": 7, "accidents": 9, "calls_for_help": 8, ACCOUNTABILITY: 11}[layer]


def test_the_community_copy_loads(load: Load, incidents: Rows, tmp_path: Path) -> None:
    """Five rows: lists parted by "/", a title made, a misspelt city left at its province, "0" as several places."""
    path = tmp_path / "community.csv"
    path.write_text(COMMUNITY, encoding="utf-8")
    report = load(path)
    assert (report.loaded, report.profile, report.inserted) == (True, "community_copy", 5)
    shenzhen, xian, beijing, chengdu, several = incidents()
    assert shenzhen["title_en"] == "Strike / Sit-in in Shenzhen, Guangdong"
    assert (shenzhen["source_id"], shenzhen["regions"]) == ("2021060411223344556", ["440300"])
    assert shenzhen["legacy_id"] == "2021060411223344556"
    assert (shenzhen["sub_industry"], shenzhen["actions"]) == ("manufacturing.electronics", ["strike", "sit_in"])
    assert shenzhen["demands"] == ["wage_arrears", "social_insurance"]
    assert (xian["regions"], xian["participants_min"], xian["participants_max"]) == (["610100"], 1, 99)
    assert (beijing["regions"], beijing["demands_other"]) == (["110000"], ["更好的茶"])
    assert (chengdu["regions"], chengdu["location_precision"]) == (["510000"], "province")
    assert (several["regions"], several["several_places"], several["reported_region"]) == ([], True, "0")
    assert {"REGION_COARSE", "REGION_SEVERAL", "VOC_OTHER"} <= codes_of(report)
    assert load(path).unchanged == 5


def load_clb(connection: sa.Connection, path: Path) -> LoadReport:
    """Load one file of CLB's export."""
    return load_file(connection, LoadRequest(layer="strikes", path=path, source="clb_export"))


@pytest.mark.clb
def test_clbs_export_loads_as_it_is(connection: sa.Connection, clb_folder: Path) -> None:
    """The seven workbooks: every figure that was counted by hand."""
    reports = [load_clb(connection, path) for path in sorted((clb_folder / "raw").glob("*.xlsx"))]
    assert [report.inserted for report in reports] == [184, 382, 645, 1358, 2774, 2663, 1218]
    assert sum(report.by_code["DUP_NEAR_FILE"] for report in reports) == 18
    assert {(report.rejected, report.loaded) for report in reports} == {(0, True)}
    check_clb_counts(connection)
    again = [load_clb(connection, path) for path in sorted((clb_folder / "raw").glob("*.xlsx"))]
    assert (sum(report.unchanged for report in again), sum(report.changed for report in again)) == (9224, 0)
    combined = load_clb(connection, clb_folder / "clb_strikes_2011_2017_combined.csv")
    assert (combined.unchanged, combined.changed, combined.rejected) == (9224, 0, 0)


def check_clb_counts(connection: sa.Connection) -> None:
    """Compare with the counts of the export's own cells."""

    def by(expression: str) -> dict[Any, int]:
        return dict(count(connection, f"SELECT {expression}, count(*) FROM editorial.incident GROUP BY 1"))

    assert by("industry") == {
        "construction": 2935, "manufacturing": 2866, "transport": 1298, "services": 950, "education": 356,
        "other": 280, "mining": 275, "retail": 257, None: 7,
    }  # fmt: skip
    assert by("ownership") == {"private": 4775, None: 2530, "soe": 1068, "foreign": 377, "hmt": 338, "jv": 136}
    assert by("participants_min") == {1: 6680, 100: 1842, 1000: 347, 10000: 8, None: 347}
    assert by("participants_max") == {99: 6680, 999: 1842, 9999: 347, None: 355}
    responses = by("unnest(responses)")
    known = ("police", "arrest", "mediation", "negotiation", "beaten")
    assert [responses[code] for code in known] == [2338, 520, 488, 295, 70]
    provinces = dict(
        count(
            connection,
            "SELECT p.province, count(*) FROM editorial.incident i"
            " LEFT JOIN editorial.region_path p ON p.code = i.region_code GROUP BY 1",
        )
    )
    assert [provinces[code] for code in ("440000", "320000", "610000", "140000", "540000", None)] == [
        1635, 662, 383, 275, 4, 7,
    ]  # fmt: skip
    assert by("several_places") == {False: 9217, True: 7}
    found = count(
        connection,
        "SELECT count(*) FROM editorial.incident i JOIN editorial.region_path p ON p.code = i.region_code"
        " WHERE p.province = '440000' AND industry = 'manufacturing' AND date_part('year', starts_on) = 2016",
    )
    assert found == [(163,)]
