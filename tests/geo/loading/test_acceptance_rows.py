"""Every row of the acceptance table that a row of a file can show: file in, message out, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from geo.loading.load import load_file
from geo.loading.messages import Message, catalogue
from geo.loading.request import LoadReport, LoadRequest
from tests.geo.loading.acceptance_rows import EXAMPLES
from tests.geo.loading.conftest import TODAY, Load
from tests.geo.loading.every_code import BESIDE_OTHERS, EARLIER, EVERY_CODE, OTHER_FILES, OtherFile, every_code_csv
from tests.geo.loading.file_writers import as_csv

OF_FILES = (
    *("HDR", "SHP", "GPKG", "ENC_", "CSV_", "XL_", "BATCH_", "FIX_", "REVIEW_", "REVERT_", "ROW_", "FILE_"),
    "EDIT_",
)
"""Families of codes that are said of a file or a batch."""

NOT_OF_ROWS = {"REC_COARSENED", "ID_TOMBSTONED", "REC_STALE", "DUP_NEAR", "DUP_CORRECTION"}
"""Codes of rows that need published or changed records; each has a test of its own."""


def load_all(connection: sa.Connection, folder: Path) -> LoadReport:
    """Load what is to be there before, then the file."""
    path = folder / "rows.csv"
    for layer, rows in EARLIER:
        path.write_bytes(as_csv(rows))
        assert load_file(connection, LoadRequest(layer=layer, path=path, source="test", today=TODAY)).loaded
    path.write_bytes(every_code_csv())
    request = LoadRequest(layer="calls_for_help", path=path, source="test", today=TODAY, report=folder / "report.csv")
    return load_file(connection, request)


@pytest.fixture(scope="module")
def every(engine: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> LoadReport:
    """What is said of the file that triggers every code of rows; nothing of it is kept, and no lock."""
    with engine.connect() as connection:
        outer = connection.begin()
        report = load_all(connection, tmp_path_factory.mktemp("every"))
        outer.rollback()
    return report


def show(message: Message) -> str:
    """A message in English."""
    return message.render()


@pytest.mark.parametrize(
    "number",
    range(len(EXAMPLES)),
    ids=lambda n: f"{EXAMPLES[n].code} {'; '.join(EXAMPLES[n].cells.values())[:30]!r}",
)
def test_an_example_gets_its_message(every: LoadReport, number: int) -> None:
    """With the severity of the table, the words that help, and a text in English and Chinese that names the row."""
    example, row_no = EXAMPLES[number], number + 3
    messages = [message for message in every.messages if message.row_no == row_no]
    codes = [message.problem.code for message in messages]
    if example.code == "DATE_OK":
        assert not any(code.startswith("DATE") for code in codes)
        return
    assert example.code in codes, list(map(show, messages))
    told = next(message for message in messages if message.problem.code == example.code)
    assert told.problem.weight == example.severity == catalogue()[example.code].severity
    assert example.words in told.render(), told.render()
    assert told.render().startswith(f"Row {row_no}")
    assert told.render("zh_hans").startswith(f"第 {row_no} 行")


@pytest.mark.parametrize("code", sorted(BESIDE_OTHERS))
def test_what_rows_show_together_is_told(every: LoadReport, code: str) -> None:
    """Ids used twice or in another layer, rows alike, zeros lost, piles of points, changed and unchanged records."""
    assert code in every.by_code, every.by_code


def test_the_sound_row_is_not_blamed(every: LoadReport) -> None:
    """Nothing that keeps it out is said of the first row."""
    assert [show(one) for one in every.messages if one.row_no == 2 and one.problem.rejects] == []


def test_the_one_file_triggers_every_code_it_promises(every: LoadReport) -> None:
    """The pages show its report as a picture of all that can be said."""
    assert EVERY_CODE - every.by_code.keys() == set()
    assert every.report is not None
    assert every.report.stat().st_size > 0


@pytest.mark.parametrize("other", OTHER_FILES, ids=lambda one: one.name)
def test_other_formats_shapes_and_layers_trigger_theirs(load: Load, tmp_path: Path, other: OtherFile) -> None:
    """Merged cells, a foreign shape, cases."""
    path = tmp_path / other.name
    path.write_bytes(other.content)
    report = load(path, layer=other.layer, source=other.source)
    assert other.codes - report.by_code.keys() == set(), [show(one) for one in report.messages]


def test_every_code_of_rows_has_its_example() -> None:
    """What keeps a row out, or is said of it, stands in one of the files."""
    shown = EVERY_CODE.union(*(other.codes for other in OTHER_FILES))
    of_rows = {
        entry.code for entry in catalogue().values() if entry.severity != "file" and not entry.code.startswith(OF_FILES)
    }
    assert of_rows - shown - NOT_OF_ROWS - {"DATE_1904"} == set()
