"""Reads a sheet of an XLSX workbook as text, row by row, with limits on what may come out of the file.

openpyxl parses with defusedxml (no entities, no external references) because it is installed; that is tested. A number
is given as text with all its digits, or, where it has more than the 15 digits that Excel keeps, the way Excel shows it
("4.40307E+17"), so that nobody takes the wrong digits for an id.
"""

from __future__ import annotations

import datetime as dt
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from geo.errors import FileRefused
from geo.loading.limits import CELL_CHARACTERS
from geo.loading.messages import Problem, refuse
from geo.loading.sheet_marks import find_marks
from geo.loading.table_file import MAX_COLUMNS, CellProblem, Row, TableFile

MAX_ROWS: Final = 200_000
_EXACT_DIGITS: Final = 15


def open_xlsx(path: Path, sheet: str | None = None) -> TableFile:
    """Open one sheet of the workbook at `path`: the named one, or the only one that holds anything.

    A sheet whose name begins with _ holds no records: our exports have one about themselves.

    The archive's list was looked at before (`geo.loading.archives`).

    Raises:
        FileRefused: FILE_DAMAGED, XL_SHEETS, XL_NO_SHEET, XL_FARCELL, FILE_EMPTY; while walking also LIM_ROWS.
    """
    file = path.open("rb")
    try:
        return _open(file, sheet)
    except (InvalidFileException, zipfile.BadZipFile, DefusedXmlException, ParseError, KeyError, ValueError) as wrong:
        file.close()
        raise refuse("FILE_DAMAGED", reason=type(wrong).__name__) from wrong
    except BaseException:
        file.close()
        raise


def _open(file: BinaryIO, sheet: str | None) -> TableFile:
    workbook: Any = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    chosen = _choose_sheet(workbook, sheet)
    with workbook._archive.open(chosen._worksheet_path) as xml:  # noqa: SLF001  (not told otherwise)
        marks = find_marks(xml)
    size = min(int(chosen.max_row or 0), MAX_ROWS) or 1  # the sheet's own word, for the progress bar alone
    chosen.reset_dimensions()
    cells = chosen.iter_rows()  # each row as long as its last cell
    headers, before = _read_headers(cells)
    problems = [Problem("DATE_1904")] if workbook.epoch == CALENDAR_MAC_1904 else []
    if marks.hidden_rows:
        problems.append(Problem("XL_HIDDEN", {"rows": marks.hidden_rows}))
    reached = [1]
    return TableFile(
        kind="xlsx",
        headers=headers,
        rows=_read_rows(cells, len(headers), marks.walk(before + 1), reached),
        problems=problems,
        tell=lambda: reached[0],
        size=size,
        close=file.close,
    )


def _choose_sheet(workbook: Any, sheet: str | None) -> Any:
    shown = ", ".join(f'"{name}"' for name in workbook.sheetnames)
    if sheet is not None:
        if sheet not in workbook.sheetnames:
            raise refuse("XL_NO_SHEET", sheet=sheet, sheets=shown)
        return workbook[sheet]
    filled = [one for one in workbook.worksheets if not one.title.startswith("_") and _has_content(one)]
    if not filled:
        raise refuse("FILE_EMPTY")
    if len(filled) > 1:
        raise refuse("XL_SHEETS", sheets=shown)
    return filled[0]


def _has_content(sheet: Any) -> bool:
    sheet.reset_dimensions()
    some = (row for number, row in enumerate(sheet.iter_rows(values_only=True)) if number < MAX_ROWS)
    return any(any(value is not None for value in row) for row in some)


def _read_headers(rows: Iterator[tuple[Any, ...]]) -> tuple[list[str], int]:
    """Return the first row that holds anything, and how many blank ones stand before it."""
    for number, row in enumerate(rows):
        headers = [_write_value(cell)[0].strip() for cell in row]
        if any(headers):
            while not headers[-1]:
                headers.pop()
            if len(headers) > MAX_COLUMNS:
                raise refuse("XL_FARCELL", limit=MAX_COLUMNS)
            return headers, number
        if number > MAX_ROWS:
            break
    raise refuse("FILE_EMPTY")


def _read_rows(
    rows: Iterator[tuple[Any, ...]], wanted: int, merged: Iterator[list[CellProblem]], reached: list[int]
) -> Iterator[Row]:
    """Every row that is not blank. Raises FileRefused at the first cell or row beyond the limits."""
    iterator = iter(rows)
    number = 1
    while True:
        try:
            row = next(iterator)
        except StopIteration:
            return
        except FileRefused:
            raise
        except (zipfile.BadZipFile, DefusedXmlException, ParseError, ValueError, KeyError) as wrong:
            raise refuse("FILE_DAMAGED", reason=type(wrong).__name__) from wrong
        number += 1
        reached[0] = number
        cells, problems = _write_row(row, wanted)
        problems = (*problems, *(said for said in next(merged) if said[0] < wanted and not cells[said[0]]))
        if not any(cells) and not problems:
            continue
        if number > MAX_ROWS + 1:
            raise refuse("LIM_ROWS", limit=MAX_ROWS)
        yield number, cells, problems


def _write_row(row: tuple[Any, ...], wanted: int) -> tuple[list[str], tuple[CellProblem, ...]]:
    if len(row) > MAX_COLUMNS and any(cell.value is not None for cell in row[MAX_COLUMNS:]):
        raise refuse("XL_FARCELL", limit=MAX_COLUMNS)
    cells = [""] * wanted
    problems: list[CellProblem] = []
    for position, cell in enumerate(row[:wanted]):
        cells[position], wrong = _write_value(cell)
        if wrong:
            problems.append((position, wrong))
    return cells, tuple(problems)


def _write_value(cell: ReadOnlyCell | EmptyCell) -> tuple[str, Problem | None]:
    """Write a cell as the text that CSV would have for it."""
    value = cell.value
    if value is None:
        return "", None
    if isinstance(value, str):
        wrong = Problem("XL_FORMULA", {"value": value}) if cell.data_type == "e" else None
        return value[: CELL_CHARACTERS + 1], wrong
    if isinstance(value, bool):
        return str(value).lower(), None
    if isinstance(value, (int, float)):
        return _write_number(value), None
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(), None
    return (value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)), None


def _write_number(value: float) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if float(value).is_integer():
        digits = str(int(value))
        return (
            digits
            if len(digits.lstrip("-").rstrip("0")) <= _EXACT_DIGITS >= len(digits.lstrip("-"))
            else f"{value:.5E}"
        )
    return repr(value)
