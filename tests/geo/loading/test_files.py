"""Files as they come: encodings, separators, quotation marks, workbooks, and what is refused whole. No database."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.xml
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from geo.errors import FileRefused
from geo.loading.csv_reader import open_csv
from geo.loading.headers import map_headers
from geo.loading.open_table import open_table
from geo.loading.table_file import Row, TableFile

TEXT = "编号,日期,标题\r\n1,2020-03-05,富士康工人罢工\r\n"


def rows_of(table: TableFile) -> list[list[str]]:
    """Return all cells of an opened file, and close it."""
    return [cells for _, cells, _ in walk(table)]


def walk(table: TableFile) -> list[Row]:
    """Return all rows of an opened file, and close it."""
    try:
        return list(table.rows)
    finally:
        table.close()


def write(tmp_path: Path, content: bytes, name: str = "file.csv") -> Path:
    """Write a file."""
    path = tmp_path / name
    path.write_bytes(content)
    return path


def refusal(path: Path, **options: Any) -> str:
    """Return the code with which a file is refused."""
    with pytest.raises(FileRefused) as refused:
        rows_of(open_table(path, **options))
    return refused.value.code


@pytest.mark.parametrize(
    ("encoding", "code"),
    [("utf-8", None), ("utf-8-sig", "ENC_UTF8_BOM"), ("utf-16", "ENC_UTF16"), ("gb18030", "ENC_GB18030")],
)
def test_an_encoding_is_found_without_statistics(tmp_path: Path, encoding: str, code: str | None) -> None:
    """Mark, strict UTF-8, strict GB18030: the content is the same, and the choice is said."""
    table = open_table(write(tmp_path, TEXT.encode(encoding)))
    assert rows_of(table) == [["1", "2020-03-05", "富士康工人罢工"]]
    assert [problem.code for problem in table.problems] == ([code] if code else [])


def test_big5_is_held_until_somebody_chooses(tmp_path: Path) -> None:
    """Its bytes are GB18030 too; only a person can tell."""
    path = write(tmp_path, "標題,城市,日期\r\n工人罷工,臺北市,2020-03-05\r\n".encode("big5"))
    assert refusal(path) == "ENC_BIG5"
    assert rows_of(open_table(path, encoding="big5")) == [["工人罷工", "臺北市", "2020-03-05"]]


def test_bytes_of_no_encoding_are_named_by_line_and_byte(tmp_path: Path) -> None:
    """So that they can be found in an editor."""
    path = write(tmp_path, b"id,title\r\n1,caf\xff\xff\r\n")
    with pytest.raises(FileRefused) as refused:
        open_table(path)
    assert (refused.value.code, refused.value.facts) == ("ENC_INVALID", {"line": 2, "byte": 6})


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_separator_is_found_in_the_heading(tmp_path: Path, separator: str) -> None:
    """And said, when it is not the comma."""
    table = open_table(write(tmp_path, TEXT.replace(",", separator).encode()))
    assert rows_of(table) == [["1", "2020-03-05", "富士康工人罢工"]]
    assert [problem.code for problem in table.problems] == ["CSV_DELIM"]


def test_excels_own_hint_is_not_a_row(tmp_path: Path) -> None:
    """A first line "sep=;" names the separator."""
    table = open_table(write(tmp_path, b"sep=;\r\na;b\r\n1;2\r\n"))
    assert (table.headers, rows_of(table)) == (["a", "b"], [["1", "2"]])


def test_a_row_number_counts_rows_and_not_lines(tmp_path: Path) -> None:
    """A cell may hold several lines, a blank line is a row of a spreadsheet."""
    table = open_csv(write(tmp_path, b'a,b\n1,"two\nlines"\n\n2,x\n'))
    assert [(row_no, cells) for row_no, cells, _ in walk(table)] == [(2, ["1", "two\nlines"]), (4, ["2", "x"])]


def test_a_row_of_the_wrong_length_is_refused_alone(tmp_path: Path) -> None:
    """Usually an unquoted comma: the cells cannot be trusted."""
    rows = walk(open_csv(write(tmp_path, b"a,b\n1,2,3\n4,5\n6\n")))
    assert [[problem.code for _, problem in problems] for _, _, problems in rows] == [
        ["CSV_RAGGED"],
        [],
        ["CSV_RAGGED"],
    ]


def test_a_quotation_mark_that_is_never_closed_is_found_where_it_opens(tmp_path: Path) -> None:
    """It swallows all that follows."""
    path = write(tmp_path, b'a,b\n1,2\n3,"open\n4,5\n6,7\n')
    with pytest.raises(FileRefused) as refused:
        rows_of(open_csv(path))
    assert (refused.value.code, refused.value.facts) == ("CSV_QUOTE", {"row": 3, "lines": 3})


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "FILE_EMPTY"),
        (b"\xef\xbb\xbf\r\n \r\n", "a.csv", "FILE_EMPTY"),
        (b"%PDF-1.7 ...", "a.csv", "FILE_TYPE"),
        (b"<OGRVRTDataSource></OGRVRTDataSource>", "a.csv", "FILE_TYPE"),
        (b'{"type": "Topology"}', "a.csv", "FILE_TYPE"),
        (b'{"type": "FeatureCollection"}', "a.csv", "FILE_NO_ROWS"),
        (b"\x89PNG\r\n\x1a\n", "a.xlsx", "FILE_TYPE"),
        (b"abc\x00\x01\x02", "a.csv", "FILE_TYPE"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "a.xlsx", "FILE_MACRO"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "FILE_ENCRYPTED"),
        (b"PK\x03\x04 broken", "a.xlsx", "FILE_DAMAGED"),
        ("编号，日期，标题\n1，2，3\n".encode(), "a.csv", "CSV_FULLWIDTH"),
        (b",".join(b"c%d" % number for number in range(201)) + b"\n", "a.csv", "HDR_TOO_MANY"),
    ],
)
def test_a_file_is_recognised_by_its_bytes(tmp_path: Path, content: bytes, name: str, code: str) -> None:
    """Never by its name: what is not a table of text is refused, with a reason."""
    assert refusal(write(tmp_path, content, name)) == code


def new_book() -> tuple[openpyxl.Workbook, Worksheet]:
    """Make a workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return book, sheet


def workbook(tmp_path: Path, *rows: list[object], sheets: int = 1) -> Path:
    """Write a workbook whose sheets all hold `rows`."""
    book, first = new_book()
    for number in range(sheets):
        sheet = first if number == 0 else book.create_sheet()
        sheet.title = f"sheet {number}"
        for row in rows:
            sheet.append(row)
    path = tmp_path / "book.csv"  # the name does not matter
    book.save(path)
    return path


def test_a_workbook_gives_the_text_that_csv_would(tmp_path: Path) -> None:
    """Dates, numbers and marks are written as CSV has them; an empty cell is an empty text."""
    path = workbook(tmp_path, ["id", "on", "n", "ok", "x"], ["007", dt.date(2020, 3, 5), 12, True, None])
    assert rows_of(open_table(path)) == [["007", "2020-03-05", "12", "true", ""]]


def test_a_long_number_shows_that_its_digits_are_lost(tmp_path: Path) -> None:
    """Excel keeps fifteen digits; an id of nineteen is text or wrong."""
    path = workbook(tmp_path, ["id"], [2020101312203872956], ["2020101312203872956"])
    assert rows_of(open_table(path)) == [["2.02010E+18"], ["2020101312203872956"]]


def test_a_workbook_of_several_sheets_is_held(tmp_path: Path) -> None:
    """Until one is named; an unknown name is refused."""
    path = workbook(tmp_path, ["a"], ["1"], sheets=2)
    assert refusal(path) == "XL_SHEETS"
    assert refusal(path, sheet="x") == "XL_NO_SHEET"
    assert rows_of(open_table(path, sheet="sheet 1")) == [["1"]]


def test_a_formula_without_a_value_is_said_of_its_cell(tmp_path: Path) -> None:
    """An error value is no text."""
    book, sheet = new_book()
    sheet.append(["a", "b"])
    sheet.append(["1", "#N/A"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    problems = [problems for _, _, problems in walk(open_table(path))]
    assert [(position, problem.code) for position, problem in problems[0]] == [(1, "XL_FORMULA")]


def test_cells_far_outside_are_refused(tmp_path: Path) -> None:
    """One cell at XFD2 must not make 16,384 columns."""
    book, sheet = new_book()
    sheet.append(["a"])
    sheet.cell(2, 16384, "x")
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert refusal(path) == "XL_FARCELL"


def test_a_row_far_below_is_refused(tmp_path: Path) -> None:
    """One cell at row 1,048,576 must not make a million rows."""
    book, sheet = new_book()
    sheet.append(["a"])
    sheet.cell(1_048_576, 1, "x")
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert refusal(path) == "LIM_ROWS"


def test_an_archive_that_would_swell_is_refused_unopened(tmp_path: Path) -> None:
    """By the sizes that its list states."""
    path = workbook(tmp_path, ["a"], ["1"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/extra.xml", b" " * (20 << 20))
    assert refusal(path) == "FILE_BOMB"


def test_a_workbook_with_macros_is_refused(tmp_path: Path) -> None:
    """Nothing in it is run, and nothing is read."""
    path = workbook(tmp_path, ["a"], ["1"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert refusal(path) == "FILE_MACRO"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    """The parser is defusedxml, which refuses them."""
    assert openpyxl.xml.DEFUSEDXML
    source = workbook(tmp_path, ["a"], ["1"])
    path = tmp_path / "laughs.xlsx"
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            new.writestr(item, bomb + data if item.filename.endswith("sheet1.xml") else data)
    assert refusal(path) == "FILE_DAMAGED"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (["source_id", "title_en"], "HDR_MISSING"),
        (["source_id", "starts_on"], "HDR_MISSING"),
        (["日期", "date", "title"], "HDR_DUPLICATE"),
        (["1", "2020-03-05", "114.0579"], "HDR_NONE"),
    ],
)
def test_headings_that_do_not_do_are_refused(headers: list[str], code: str) -> None:
    """A date and a title are required; two columns cannot mean one; data is no heading."""
    with pytest.raises(FileRefused) as refused:
        map_headers(headers, "strikes", source="test")
    assert refused.value.code == code


def test_a_file_that_names_no_data_set_is_refused() -> None:
    """Neither a column nor --source: an id would belong nowhere."""
    with pytest.raises(FileRefused) as refused:
        map_headers(["date", "title"], "strikes", source=None)
    assert refused.value.code == "SOURCE_MISSING"


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("编号", "source_id"), ("发生日期", "starts_on"), ("Start Date", "starts_on"), ("标题", "title_zh_hans"),
        ("省份", "province"), ("经度", "lon"), ("参与人数", "participants"), ("诉求", "demands"), ("企业", "employers"),
        ("Participants, at least", "participants_min"), ("參與人數下限", "participants_min"), ("链接", "sources"),
    ],
)  # fmt: skip
def test_a_heading_is_known_by_its_synonyms(header: str, column: str) -> None:
    """English and Chinese words, and the labels of every property."""
    headers = [header, "title"] if column == "starts_on" else ["date", "title", header]
    assert map_headers(headers, "strikes", source="x").positions[column] == headers.index(header)


def test_an_unknown_heading_is_said_and_not_guessed() -> None:
    """With the column that it may mean; a row number is no id."""
    mapping = map_headers(["date", "title", "industries", "序号", "_codes"], "strikes", source="x")
    said = {message.problem.code: message.problem.facts for message in mapping.messages}
    assert said["HDR_UNKNOWN"]["hint"] == "Did you mean industry?"
    assert set(said) == {"HDR_UNKNOWN", "HDR_ROWNO"}
    assert set(mapping.positions) == {"starts_on", "title"}
