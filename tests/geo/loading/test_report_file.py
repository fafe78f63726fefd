"""The report file: what was rejected or warned, as it came, to be corrected and loaded again."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from tests.geo.loading.conftest import STRIKE, Load, Rows

BAD: dict[str, str] = STRIKE | {"source_id": "2", "title_en": "=Other", "industry": "xyz"}


def read_report(path: Path) -> list[dict[str, str]]:
    """Read a report as dictionaries."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_report_has_the_faulty_rows_and_the_reasons(load: Load, tmp_path: Path) -> None:
    """The columns of the file, then what was said; sound rows are left out."""
    report = load([STRIKE, BAD], report=tmp_path / "report.csv")
    assert report.report == tmp_path / "report.csv"
    rows = read_report(tmp_path / "report.csv")
    assert [(row["source_id"], row["industry"], row["_status"], row["_codes"]) for row in rows] == [
        ("2", "xyz", "rejected", "VOC_UNKNOWN")
    ]
    assert rows[0]["_suggestion"].startswith("One of: construction")


def test_a_report_holds_no_formula(load: Load, tmp_path: Path) -> None:
    """A cell that a spreadsheet program would run is guarded."""
    load([BAD], report=tmp_path / "report.csv")
    assert read_report(tmp_path / "report.csv")[0]["title_en"] == "'=Other"


def test_a_report_masks_personal_data(load: Load, tmp_path: Path) -> None:
    """It may travel."""
    load([STRIKE | {"description_en": "call 13800138000"}], report=tmp_path / "report.csv")
    assert "13800138000" not in (tmp_path / "report.csv").read_text(encoding="utf-8-sig")


def test_a_corrected_report_can_be_loaded(load: Load, incidents: Rows, tmp_path: Path) -> None:
    """Its columns with _ are ignored, and its guard is taken off."""
    path = tmp_path / "report.csv"
    load([STRIKE, BAD], report=path)
    path.write_text(path.read_text(encoding="utf-8-sig").replace("xyz", "retail"), encoding="utf-8")
    report = load(path)
    assert (report.loaded, "HDR_UNKNOWN" in report.by_code) == (True, False)
    assert [record["title_en"] for record in incidents()] == ["=Other"]


def test_the_same_faults_make_the_same_report(load: Load, tmp_path: Path) -> None:
    """Loading a report gives that report again."""
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    load([STRIKE, BAD], report=first)
    load(first, report=second)
    faults = [[row[name] for name in ("source_id", "_status", "_codes")] for row in read_report(first)]
    assert [[row[name] for name in ("source_id", "_status", "_codes")] for row in read_report(second)] == faults


@pytest.mark.parametrize("name", ["report.xlsx", "report"])
def test_a_workbook_gets_a_workbook(load: Load, tmp_path: Path, name: str) -> None:
    """The report has the format of the file, whatever its own name."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    row = BAD | {"title_en": "Other"}
    sheet.append(list(row))
    sheet.append(list(row.values()))
    book.save(tmp_path / "rows.xlsx")
    load(tmp_path / "rows.xlsx", report=tmp_path / name)
    with (tmp_path / name).open("rb") as file:
        rows = list(openpyxl.load_workbook(file).worksheets[0].values)
    assert (rows[0][-4:], rows[1][-3]) == (("_status", "_codes", "_reason", "_suggestion"), "VOC_UNKNOWN")
