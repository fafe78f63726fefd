"""Each way in which a file can be wrong has its own clear message, and loads nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from geo.errors import DataError, FileRefused
from tests.geo.loading.conftest import STRIKE, Load, codes_of, write_csv


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "FILE_EMPTY", "The file is empty. Nothing was loaded."),
        (b"source_id,starts_on,title_en\n", "FILE_NO_ROWS", "a header but no rows"),
        (b"%PDF-1.7\n%\xc3\xa4", "FILE_TYPE", 'it begins with "%PDF-1.7"'),
        (b"source_id,title_en\n1,A strike\n", "HDR_MISSING", 'Required column "starts_on"'),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    load: Load, tmp_path: Path, connection: sa.Connection, content: bytes, code: str, words: str
) -> None:
    """Empty, only headings, of another format, without a required column: said once, nothing written."""
    path = tmp_path / "strikes.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        load(path)
    assert refused.value.code == code
    assert words in str(refused.value)
    assert connection.scalar(sa.text("SELECT count(*) FROM editorial.batch")) == 0


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ({"industry": "xyz"}, "VOC_UNKNOWN", '"xyz"'),
        ({"lon": "22.5431", "lat": "114.0579", "datum": "wgs84"}, "GEO_SWAPPED", "Write lon 114.0579, lat 22.5431."),
        ({"starts_on": "2024-02-30"}, "DATE_IMPOSSIBLE", "There is no 30 February 2024"),
        ({"lon": "114.0579", "lat": "22.5431"}, "GEO_CRS_UNKNOWN", "Say --datum wgs84, gcj02 or bd09"),
        ({"description_en": "11010519491231002X called"}, "PII_ID", "1101**********002X"),
        ({"region": "朝阳区"}, "REGION_AMBIGUOUS", "110105"),
        ({"region": "Atlantis"}, "REGION_UNKNOWN", "No region has this name or code"),
    ],
)
def test_a_row_that_cannot_be_loaded_is_named(
    load: Load, connection: sa.Connection, cells: dict[str, str], code: str, words: str
) -> None:
    """With its row, column and value, personal data masked; nothing of the file is loaded, no batch remains."""
    report = load([STRIKE, STRIKE | {"source_id": "2", "title_en": "Other"} | cells])
    said = next(message for message in report.messages if message.problem.code == code)
    assert (said.row_no, report.loaded) == (3, False)
    assert words in said.render()
    assert said.render("zh_hans").startswith("第 3 行")
    for table in ("incident", "record_version", "batch", "staging_row", "staging_message"):
        assert connection.scalar(sa.text(f"SELECT count(*) FROM editorial.{table}")) == 0


def test_personal_data_is_nowhere_in_what_is_said(load: Load) -> None:
    """Neither in texts nor in values nor in facts."""
    report = load([STRIKE | {"title_en": "Call 13800138000 or 11010519491231002X", "demands": "call 13800138000"}])
    assert {"PII_ID", "PII_PHONE"} <= codes_of(report)
    assert "13800138000" not in str(report.as_json())
    assert "11010519491231002X" not in str(report.as_json())


def test_a_file_of_bad_rows_only_is_refused_even_when_valid_rows_would_do(load: Load) -> None:
    """Success is never shown for 0 rows."""
    report = load([STRIKE | {"industry": "xyz"}], policy="valid_rows_only")
    assert (report.loaded, "BATCH_ZERO" in codes_of(report)) == (False, True)


def test_there_are_four_layers(load: Load, tmp_path: Path) -> None:
    """Another word is refused with those there are."""
    with pytest.raises(DataError, match="say one of strikes, accidents"):
        load(write_csv(tmp_path / "a.csv", [STRIKE]), layer="marches")


def test_a_data_set_has_a_plain_name(load: Load) -> None:
    """It stands in addresses and filters."""
    with pytest.raises(FileRefused) as refused:
        load([STRIKE], source="CLB Export!")
    assert refused.value.code == "SOURCE_NAME"
