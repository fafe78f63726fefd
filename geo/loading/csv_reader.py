"""Reads separated text: comma, semicolon, tab or bar; quotation marks strictly; rows of the wrong length refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from geo.loading.character_sets import find_character_set
from geo.loading.limits import OPERATOR_LIMITS, Limits
from geo.loading.messages import Problem, refuse
from geo.loading.table_file import MAX_COLUMNS, WHOLE_ROW, Row, TableFile

_SEPARATORS: Final = (",", ";", "\t", "|")
_BUFFER: Final = 1 << 16
_SHEET_ROWS: Final = 1_048_576


def open_csv(
    path: Path, encoding: str | None = None, delimiter: str | None = None, limits: Limits = OPERATOR_LIMITS
) -> TableFile:
    """Open separated text at `path`; `encoding` decides where the bytes allow two readings, `delimiter` what parts it.

    Raises:
        FileRefused: for what is wrong with the file as a whole (ENC_*, CSV_*, FILE_EMPTY, HDR_TOO_MANY, LIM_ROWS).
    """
    found = find_character_set(path, encoding)
    binary = path.open("rb", buffering=_BUFFER)
    text = io.TextIOWrapper(binary, encoding=found.encoding, newline="")
    try:
        table = _open(text, delimiter)
    except BaseException:
        text.close()
        raise
    table.problems[:0] = [found.problem] if found.problem else []
    table.tell, table.size = binary.tell, path.stat().st_size
    table.rows = _count_rows(table.rows, table.problems, limits)
    return table


def _open(text: io.TextIOWrapper, delimiter: str | None) -> TableFile:
    problems = []
    first = _read_first_line(text)
    separator = _find_declared_separator(first)
    if separator:
        problems.append(Problem("CSV_SEP_LINE", {"line": first.strip()}))
    else:
        separator = delimiter or _find_separator(first)
        text.seek(0)
    if separator != ",":
        problems.append(Problem("CSV_DELIM", {"separator": "tab" if separator == "\t" else separator}))
    rows = _read_rows(text, separator)
    headers = [header.strip() for header in next(rows)[1]]
    if len(headers) > MAX_COLUMNS:
        raise refuse("HDR_TOO_MANY", limit=MAX_COLUMNS)
    checked = _check_lengths(rows, len(headers))
    table = TableFile(kind="csv", headers=headers, rows=checked, problems=problems, close=text.close)
    table.separator = separator if separator in _SEPARATORS else ","
    return table


def _count_rows(rows: Iterator[Row], problems: list[Problem], limits: Limits) -> Iterator[Row]:
    """Hold the rows to their limit; say so where there are exactly as many as a sheet of Excel can hold."""
    row_no = 0
    for rows_read, row in enumerate(rows, start=1):
        row_no = row[0]
        if limits.rows is not None and rows_read > limits.rows:
            raise refuse("LIM_ROWS", limit=limits.rows)
        yield row
    if row_no == _SHEET_ROWS:
        problems.append(Problem("XL_ROWLIMIT"))


def _read_first_line(text: io.TextIOWrapper) -> str:
    line = text.readline()
    while line and not line.strip():
        line = text.readline()
    if not line:
        raise refuse("FILE_EMPTY")
    return line


def _find_declared_separator(line: str) -> str | None:
    """Excel's own hint: a first line "sep=;"."""
    told = line.strip().strip('"')
    return told[4:] if told.lower().startswith("sep=") and told[4:] in _SEPARATORS else None


def _find_separator(line: str) -> str:
    """The separator that stands most often in the heading line, outside quotation marks."""
    outside = "".join(line.split('"')[::2])
    best = max(_SEPARATORS, key=outside.count)
    if outside.count(best) == 0 and "，" in outside:
        raise refuse("CSV_FULLWIDTH")
    return best if outside.count(best) else ","


def _read_rows(text: io.TextIOWrapper, separator: str) -> Iterator[Row]:
    """Every row that is not blank, the headings first. A row number counts rows, not lines: a cell may hold several."""
    reader = csv.reader(text, delimiter=separator, strict=True)
    row_no = 0
    while True:
        line = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            told = str(wrong)
            if "unexpected end of data" in told or "field larger" in told:
                raise refuse("CSV_QUOTE", row=row_no + 1, lines=reader.line_num - line) from wrong
            row_no += 1
            yield row_no, [], ((WHOLE_ROW, Problem("CSV_QUOTE_ROW")),)
            continue
        row_no += bool(cells) or bool(row_no)  # blank lines before the headings are no rows
        if any(cells):
            yield row_no, cells, ()


def _check_lengths(rows: Iterator[Row], wanted: int) -> Iterator[Row]:
    blank = [""] * wanted
    for row in rows:
        row_no, cells, problems = row
        if len(cells) == wanted:
            yield row
        elif problems:
            yield row_no, blank, problems
        else:
            ragged = Problem("CSV_RAGGED", {"cells": len(cells), "headers": wanted})
            yield row_no, (cells + blank)[:wanted], ((WHOLE_ROW, ragged),)
