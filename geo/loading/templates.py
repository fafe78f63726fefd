"""Files to begin with: the columns of a layer and a filled example, as CSV, XLSX or GeoJSON."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

import orjson

from geo.loading.geometry_cells import POSITION
from geo.loading.template_columns import (
    COLUMNS,
    TEXT_COLUMNS,
    TemplateLanguage,
    example_row,
    is_list,
    label_of,
    vocabulary_of,
)

_ROWS: Final = 2000
"""Rows of the sheet that are formatted and have drop-downs."""
_LISTS: Final = "_lists"
_WIDTH: Final = 18
_CODEBOOK: Final = {
    "en": ("_codebook", ("column", "meaning", "code", "term"), "several terms are parted by ;"),
    "zh_hans": ("_编码表", ("列", "含义", "代码", "术语"), "多个术语以 ; 分隔"),
}
"""Name of the sheet, its headings and what is said of lists. Sheets that begin with _ are not loaded."""


def make_csv_template(layer: str, language: TemplateLanguage = "en") -> bytes:
    """Make a CSV that spreadsheet programs read as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS[layer])
    writer.writeheader()
    writer.writerow(example_row(layer, language))
    return out.getvalue().encode("utf-8-sig")


def make_geojson_template(layer: str, language: TemplateLanguage = "en") -> bytes:
    """Make a collection of one feature; the position is its geometry."""
    row = example_row(layer, language)
    point = [float(row["lon"]), float(row["lat"])] if row.get("lon") else None
    feature: dict[str, Any] = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": point} if point else None,
        "properties": {name: cell or None for name, cell in row.items() if name not in POSITION},
    }
    return orjson.dumps({"type": "FeatureCollection", "features": [feature]}, option=orjson.OPT_INDENT_2)


def make_xlsx_template(layer: str, language: TemplateLanguage = "en") -> bytes:
    """Make a workbook: text-formatted ids and dates, drop-downs of the controlled lists, a codebook."""
    import xlsxwriter  # noqa: PLC0415  (large)

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as workbook:
        sheet = workbook.add_worksheet("records")
        lists = workbook.add_worksheet(_LISTS)
        bold, text = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "@"})
        example = example_row(layer, language)
        for at, column in enumerate(COLUMNS[layer]):
            sheet.set_column(at, at, _WIDTH, text if column in TEXT_COLUMNS else None)
            sheet.write_string(0, at, column, bold)
            sheet.write_comment(0, at, label_of(layer, column, language))
            sheet.write_string(1, at, _write_term(example[column], layer, column, language))
            _add_choices((sheet, lists), at, (layer, column), language)
        sheet.freeze_panes(1, 0)
        lists.hide()
        _write_codebook(workbook, layer, language)
    return out.getvalue()


def _write_term(cell: str, layer: str, column: str, language: TemplateLanguage) -> str:
    """A single term as the drop-down shows it; other cells as they are."""
    vocabulary = None if is_list(layer, column) else vocabulary_of(layer, column)
    terms = vocabulary.terms if vocabulary else ()
    return next((str(getattr(term, f"label_{language}")) for term in terms if term.code == cell), cell)


def _add_choices(sheets: tuple[Any, Any], at: int, which: tuple[str, str], language: TemplateLanguage) -> None:
    """Give a column a drop-down; where several terms are allowed, another text is not refused."""
    layer, column = which
    vocabulary = vocabulary_of(layer, column)
    if vocabulary is None:
        return
    sheet, lists = sheets
    lists.write_string(0, at, column)
    terms = [term for term in vocabulary.terms if term.retired_on is None]
    for line, term in enumerate(terms, start=1):
        lists.write_string(line, at, getattr(term, f"label_{language}"))
    chosen = f"={_LISTS}!{_cell(1, at)}:{_cell(len(terms), at)}"
    strict = not is_list(layer, column)
    choice = {"validate": "list", "source": chosen, "ignore_blank": True, "show_error": strict}
    sheet.data_validation(1, at, _ROWS, at, choice)


def _write_codebook(workbook: Any, layer: str, language: TemplateLanguage) -> None:
    name, headings, of_lists = _CODEBOOK[language]
    sheet = workbook.add_worksheet(name)
    sheet.write_row(0, 0, headings, workbook.add_format({"bold": True}))
    line = 0
    for column in COLUMNS[layer]:
        line += 1
        meaning = label_of(layer, column, language)
        sheet.write_row(line, 0, [column, f"{meaning} ({of_lists})" if is_list(layer, column) else meaning])
        vocabulary = vocabulary_of(layer, column)
        for term in vocabulary.terms if vocabulary else ():
            line += 1
            sheet.write_row(line, 0, [column, "", term.code, getattr(term, f"label_{language}")])
    sheet.set_column(0, 3, _WIDTH * 2)


def _cell(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415

    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))
