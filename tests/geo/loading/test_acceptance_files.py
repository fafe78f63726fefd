"""Rows of the acceptance table that a whole file shows: file in, message out, in both languages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from geo.errors import FileRefused
from geo.loading.limits import Limits
from geo.loading.messages import Message, Problem, catalogue
from geo.loading.open_table import open_table
from tests.geo.loading.conftest import STRIKE, Load
from tests.geo.loading.file_writers import (
    WGS84_PRJ,
    as_csv,
    as_geojson,
    as_xlsx,
    make_geopackage,
    make_shp,
    shapefile_parts,
    zip_parts,
)

ROWS = [STRIKE, STRIKE | {"source_id": "2", "title_en": "Another strike"}]
PLACED = [{"source_id": "1", "title_zh": "富士康罢工", "starts_on": "2020-03-05", "lon": "114.0579", "lat": "22.5431"}]
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
MB = 1 << 20
VIEW = "CREATE VIEW v AS SELECT 1; INSERT INTO gpkg_contents VALUES ('v', 'features', 'v', 4326);"


def book(change: Callable[[Worksheet], object]) -> bytes:
    """A workbook of one row, changed."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    for row in [list(STRIKE), list(STRIKE.values())]:
        sheet.append(row)
    change(sheet)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def several_sheets() -> bytes:
    """A workbook of three sheets."""
    workbook = openpyxl.Workbook(write_only=True)
    for title in ("2024", "2023", "说明"):
        workbook.create_sheet(title).append(["a"])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def dated_from_1904() -> bytes:
    """A workbook that counts dates from 1904."""
    workbook = openpyxl.Workbook(write_only=True)
    workbook.epoch = CALENDAR_MAC_1904
    workbook.create_sheet("a").append(["a", "b"])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def swelling() -> bytes:
    """A workbook that would unpack to far more than it is."""
    out = io.BytesIO(as_xlsx(ROWS))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x", b"\0" * (20 * MB))
    return out.getvalue()


def hide(sheet: Worksheet) -> None:
    """Hide the second row."""
    sheet.row_dimensions[2].hidden = True


def text(content: str) -> bytes:
    """A text in UTF-8."""
    return content.encode()


@dataclass(frozen=True)
class FileExample:
    """A file, and what is said when it is opened or when its rows are read."""

    code: str
    severity: str
    content: Callable[[], bytes]
    words: str
    name: str = "file.bin"
    options: dict[str, Any] = field(default_factory=dict)


def without(ending: str, encoding: str = "utf-8") -> bytes:
    """A Shapefile without one of its parts."""
    parts = shapefile_parts(PLACED, encoding)
    assert WGS84_PRJ
    return zip_parts({name: content for name, content in parts.items() if not name.endswith(ending)})


EXAMPLES = (
    FileExample("FILE_EMPTY", "file", lambda: b"", "The file is empty. Nothing was loaded."),
    FileExample(
        "FILE_TYPE",
        "file",
        lambda: b"<OGRVRTDataSource>",
        'This is not GeoJSON (it begins with "<OGRVRTDataSource>"',
        "a.geojson",
    ),
    FileExample(
        "FILE_TOO_BIG", "file", lambda: b"a,b\n" * MB, "the limit is 1 MB", options={"limits": Limits(megabytes=1)}
    ),
    FileExample("FILE_BOMB", "file", swelling, "Nothing was read"),
    FileExample("FILE_ENCRYPTED", "file", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    FileExample("FILE_MACRO", "file", lambda: OLE + b"\0" * 600, "Save as .xlsx"),
    FileExample("FILE_DAMAGED", "file", lambda: as_xlsx(ROWS)[:300], "cannot be read"),
    FileExample("ENC_UTF8_BOM", "note", lambda: as_csv(ROWS, "utf-8-sig"), 'First column is "source_id"'),
    FileExample("ENC_UTF16", "note", lambda: as_csv(ROWS, "utf-16", "\t"), "UTF-16"),
    FileExample("ENC_GB18030", "note", lambda: "编号,标题\n1,富士康\n".encode("gb18030"), "read as GB18030"),
    FileExample("ENC_BIG5", "held", lambda: "標題,城市\n罷工,臺北\n".encode("big5"), "標題 / 城市"),
    FileExample("ENC_INVALID", "file", lambda: b"a,b\n" * 411 + b"x" * 37 + b"\x80\xff\n", "Line 412, byte 38"),
    FileExample("ENC_UNREADABLE", "file", lambda: b"a\n\xff\n", "not valid utf-8", options={"encoding": "utf-8"}),
    FileExample("CSV_DELIM", "note", lambda: text("id;lon;lat\n1;2;3\n"), 'Separator ";"'),
    FileExample("CSV_FULLWIDTH", "held", lambda: text("id，lon，lat\n1，2，3\n"), "，"),
    FileExample("CSV_SEP_LINE", "note", lambda: text("sep=;\nid;lon\n1;2\n"), '"sep=;" skipped'),
    FileExample("CSV_QUOTE", "file", lambda: text('a,b\n1,2\n3,"open\n' + "4,5\n" * 100), "Row 3"),
    FileExample("HDR_TOO_MANY", "file", lambda: text(",".join("abc" for _ in range(201)) + "\n1\n"), "200 columns"),
    FileExample("XL_SHEETS", "held", several_sheets, '"2024", "2023", "说明"'),
    FileExample("XL_NO_SHEET", "file", several_sheets, '"2024"', options={"sheet": "2025"}),
    FileExample("XL_HIDDEN", "warning", lambda: book(hide), "1 hidden rows"),
    FileExample("XL_ROWLIMIT", "warning", lambda: text("a\n" * 1_048_576), "1,048,576 rows"),
    FileExample("XL_FARCELL", "file", lambda: book(lambda sheet: sheet.cell(1_048_576, 16_384, "x")), "column 200"),
    FileExample("DATE_1904", "note", dated_from_1904, "1904"),
    FileExample("SHP_PARTS", "file", lambda: zip_parts({"a.shp": make_shp(PLACED)}), "missing .dbf"),
    FileExample(
        "SHP_LAYERS", "held", lambda: zip_parts({f"{n}.{end}": b"" for n in "ab" for end in ("shp", "dbf")}), '"a", "b"'
    ),
    FileExample("SHP_PRJ", "held", lambda: without(".prj"), "is it WGS 84?"),
    FileExample("SHP_CPG", "note", lambda: without(".cpg", "gb18030"), "read as gb18030"),
    FileExample("SHP_TRUNC", "warning", lambda: zip_parts(shapefile_parts([{"participants_min": "1"}])), "participan"),
    FileExample("GPKG_LAYERS", "held", lambda: make_geopackage(layers={"a": PLACED, "b": PLACED}), '"a", "b"'),
    FileExample("GPKG_NO_LAYER", "file", lambda: make_geopackage(layers={"a": PLACED}), '"c"', options={"sheet": "c"}),
    FileExample("GPKG_VIEW", "file", lambda: make_geopackage(VIEW), 'Layer "v" is a view'),
    FileExample("LIM_ROWS", "file", lambda: text("a\n" * 20), "more than 10 rows", options={"limits": Limits(rows=10)}),
    FileExample("HDR_GEOMETRY", "note", lambda: as_geojson([PLACED[0] | {"x": "1"}]), 'column "x"'),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.code)
def test_a_file_gets_its_message(tmp_path: Path, example: FileExample) -> None:
    """Refused or read, with the words of the table, in English and Chinese."""
    path = tmp_path / example.name
    path.write_bytes(example.content())
    try:
        table = open_table(path, **example.options)
        for _ in table.rows:
            pass
        table.close()
        found = table.problems
    except FileRefused as refused:
        found = [Problem(refused.code, refused.facts)]
    told = next((problem for problem in found if problem.code == example.code), None)
    assert told is not None, [Message(problem).render() for problem in found]
    assert catalogue()[told.code].severity == example.severity
    assert example.words in Message(told).render(), Message(told).render()
    assert any("一" <= sign <= "鿿" for sign in Message(told).render("zh_hans"))


LOADED: dict[str, tuple[bytes, str]] = {
    "FILE_NO_ROWS": (text("source_id,starts_on,title_en\n"), "header but no rows"),
    "HDR_MISSING": (text("source_id,title_en\n1,A\n"), '"starts_on" (开始日期) not found'),
    "HDR_DUPLICATE": (text("日期,date,title\n1,2,3\n"), '"日期" (1) and "date" (2)'),
    "HDR_NONE": (text("1,2020-03-05,114.0579\n1,2,3\n"), "looks like data"),
    "SOURCE_NAME": (as_csv(ROWS), "lower-case letters"),
}


@pytest.mark.parametrize("code", LOADED)
def test_a_file_is_refused_by_its_headings(load: Load, tmp_path: Path, code: str) -> None:
    """When its columns are known."""
    content, words = LOADED[code]
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        load(path, **({"source": "No Name!"} if code == "SOURCE_NAME" else {}))
    assert refused.value.code == code
    assert words in str(refused.value)


def test_headings_that_are_not_taken_are_told(load: Load, tmp_path: Path) -> None:
    """An unknown one, and a number of rows, which is no id."""
    path = tmp_path / "rows.csv"
    path.write_bytes(as_csv([{"序号": str(n), "zzqqzz": "x"} | row for n, row in enumerate(ROWS)]))
    report = load(path)
    assert {"HDR_UNKNOWN", "HDR_ROWNO"} <= report.by_code.keys()
    told = {one.problem.code: one.render() for one in report.messages}
    assert '"zzqqzz"' in told["HDR_UNKNOWN"]
    assert '"序号" looks like a row number' in told["HDR_ROWNO"]


def test_merged_cells_and_formulas_name_their_row(tmp_path: Path) -> None:
    """A merged area has a value in its first cell alone; a formula that was never computed has none."""

    def change(sheet: Worksheet) -> None:
        for number in range(3):
            sheet.append([str(number), "2020-03-05", "A", "440300", "", "x"])
        sheet["C3"] = "=VLOOKUP(A3,B:C,2)"
        sheet["E5"] = "#N/A"
        sheet.merge_cells("D3:D5")

    path = tmp_path / "book"
    path.write_bytes(book(change))
    table = open_table(path)
    found = [(row_no, position, problem.code) for row_no, _, problems in table.rows for position, problem in problems]
    table.close()
    assert found == [(3, 2, "XL_FORMULA"), (4, 3, "XL_MERGED"), (5, 4, "XL_FORMULA"), (5, 3, "XL_MERGED")]


def test_a_shapefile_without_prj_is_read_when_the_datum_is_told(load: Load, tmp_path: Path) -> None:
    """What is answered is asked no more; without an answer its rows are held."""
    path = tmp_path / "rows.zip"
    path.write_bytes(without(".prj"))
    asked = load(path)
    assert {"SHP_PRJ", "GEO_CRS_UNKNOWN"} <= asked.by_code.keys()
    assert not asked.loaded
    told = load(path, datum="wgs84")
    assert told.loaded
    assert "SHP_PRJ" not in told.by_code


def test_a_separator_can_be_chosen(load: Load, tmp_path: Path) -> None:
    """The Chinese comma is held until somebody says that it is one."""
    path = tmp_path / "rows.csv"
    path.write_bytes(as_csv(ROWS, separator="，"))
    with pytest.raises(FileRefused, match="Chinese comma"):
        load(path)
    assert load(path, delimiter="，").inserted == 2


def test_nothing_loadable_is_no_success(load: Load, tmp_path: Path) -> None:
    """0 rows are never called loaded."""
    path = tmp_path / "rows.csv"
    path.write_bytes(as_csv([row | {"industry": "xyz"} for row in ROWS]))
    report = load(path, policy="valid_rows_only")
    assert "BATCH_ZERO" in report.by_code
    assert any("0 rows can be loaded" in one.render() for one in report.messages)
