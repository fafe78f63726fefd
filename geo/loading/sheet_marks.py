"""What openpyxl's streaming reader does not tell of a sheet: hidden rows, merged cells, formulas without a value.

Found by a walk over the sheet's own XML, as bytes: the list of merged cells comes after the rows that it speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import IO, Final

from openpyxl.utils import column_index_from_string

from geo.loading.messages import Problem, refuse
from geo.loading.table_file import MAX_COLUMNS, CellProblem

_CHUNK: Final = 1 << 20
_CELL_END: Final = b"</c>"
_HIDDEN_ROW: Final = re.compile(rb'<(?:\w+:)?row\s[^<>]*?\bhidden="(?:1|true)"')
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_FORMULA: Final = re.compile(
    rb'<c\s[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*>\s*'
    rb"<f(?:\s[^<>]*)?(?:/>|>([^<]*)</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_MOST: Final = 200_000
"""Merged areas or formulas without a value: no honest sheet has so many."""
_SHOWN: Final = 60


@dataclass(frozen=True)
class MergedCells:
    """One merged area: columns from 0, rows as the sheet numbers them; both ends are inside."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int
    ref: str


@dataclass
class SheetMarks:
    """How many rows are hidden; merged areas; by row, the columns that hold a formula and no value."""

    hidden_rows: int = 0
    merged: list[MergedCells] = field(default_factory=list)
    formulas: dict[int, list[CellProblem]] = field(default_factory=dict)

    def walk(self, before: int) -> Iterator[list[CellProblem]]:
        """Give for one row after another, the first after `before`, what is wrong with cells that are empty."""
        waiting = sorted(self.merged, key=lambda area: area.first_row, reverse=True)
        open_areas: list[MergedCells] = []
        row = before
        while True:
            row += 1
            while waiting and waiting[-1].first_row <= row:
                open_areas.append(waiting.pop())
            if open_areas:
                open_areas = [area for area in open_areas if area.last_row >= row]
            yield [*self.formulas.get(row, ()), *(said for area in open_areas for said in _tell(area, row))]


def _tell(area: MergedCells, row: int) -> Iterator[CellProblem]:
    for column in range(area.first_column, min(area.last_column + 1, MAX_COLUMNS)):
        if (column, row) != (area.first_column, area.first_row):
            yield column, Problem("XL_MERGED", {"ref": area.ref})


def find_marks(sheet: IO[bytes]) -> SheetMarks:
    """Walk over the XML of a sheet."""
    marks = SheetMarks()
    rest = b""
    formulas = 0
    while True:
        chunk = sheet.read(_CHUNK)
        text = rest + chunk
        whole = _find_end(text) if chunk else len(text)
        marks.hidden_rows += sum(1 for _ in _HIDDEN_ROW.finditer(text, 0, whole))
        marks.merged += (_read_area(found) for found in _MERGED.finditer(text, 0, whole))
        for found in _FORMULA.finditer(text, 0, whole):
            formulas += 1
            _take_formula(marks, found)
        if max(len(marks.merged), formulas) > _MOST:
            raise refuse(
                "FILE_BOMB", why="The sheet has too many merged cells or formulas", why_zh="合并单元格或公式过多"
            )
        if not chunk:
            return marks
        rest = text[whole:][-_CHUNK:]


def _find_end(text: bytes) -> int:
    """Where the last whole cell ends, or the last tag where there is no cell."""
    cell = text.rfind(_CELL_END)
    return cell + len(_CELL_END) if cell >= 0 else text.rfind(b">") + 1


def _read_area(found: re.Match[bytes]) -> MergedCells:
    left, top, right, bottom = (part.decode("ascii") for part in found.groups())
    columns = (column_index_from_string(left) - 1, column_index_from_string(right) - 1)
    return MergedCells(columns[0], int(top), columns[1], int(bottom), f"{left}{top}:{right}{bottom}")


def _take_formula(marks: SheetMarks, found: re.Match[bytes]) -> None:
    column = column_index_from_string(found[1].decode("ascii")) - 1
    written = "=" + unescape((found[3] or b"")[:_SHOWN].decode("utf-8", errors="replace"))
    marks.formulas.setdefault(int(found[2]), []).append((column, Problem("XL_FORMULA", {"value": written})))
