"""The report file: rejected and warned rows as they came, with what was said of each, in the format of the file.

Personal numbers are masked. A report can be corrected and loaded in its turn: columns that begin with _ are ignored.
That of a Shapefile is CSV, with the position in `lon` and `lat`: its own format would cut names and reasons short.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import openpyxl

from geo.loading.messages import Message, render_remedy, render_text
from geo.loading.personal_data import mask_personal_data
from geo.loading.report_features import Writer, open_geojson_report, open_geopackage_report
from geo.loading.table_file import TableFile

REPORT_TYPES: Final = {
    "csv": ("csv", "text/csv"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "geojson": ("geojson", "application/geo+json"),
    "geojsonseq": ("geojsonl", "application/geo+json-seq"),
    "gpkg": ("gpkg", "application/geopackage+sqlite3"),
    "shp": ("csv", "text/csv"),
}
"""By the kind of a file: the ending and media type of its report."""

ADDED: Final = ("_status", "_codes", "_reason", "_suggestion")

_FORMULA: Final = re.compile(r"[=@\t]|[+-](?![\d.]+$)")
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f]")


def write_report(path: Path, table: TableFile, messages: Iterable[Message]) -> int:
    """Write the rows of `table` that `messages` (in the order of rows) speak of; return how many."""
    by_row = groupby(messages, key=lambda message: message.row_no)
    written = 0
    kept = [at for at, header in enumerate(table.headers) if header not in ADDED]
    with _open_writer(path, table, [*(table.headers[at] for at in kept), *ADDED]) as write:
        rows = iter(table.rows)
        for row_no, said in by_row:
            cells = _find_row(rows, row_no)
            if cells is None:
                break
            write([*(mask_personal_data(cells[at]) for at in kept), *_describe(list(said))])
            written += 1
    return written


def _find_row(rows: Iterator[tuple[int, list[str], Any]], row_no: int | None) -> list[str] | None:
    return next((cells for number, cells, _ in rows if number == row_no), None)


def _describe(said: list[Message]) -> list[str]:
    rejected = any(message.problem.rejects for message in said)
    reasons = [
        f"{message.column}: {render_text(message.problem)}" if message.column else render_text(message.problem)
        for message in said
    ]
    remedies = [render_remedy(message.problem) for message in said]
    return [
        "rejected" if rejected else "warned",
        "; ".join(dict.fromkeys(message.problem.code for message in said)),
        " | ".join(reasons),
        " | ".join(dict.fromkeys(remedy for remedy in remedies if remedy)),
    ]


def _guard(cell: str) -> str:
    """Keep a spreadsheet program from running a cell as a formula; our reader takes the sign off again."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _open_writer(path: Path, table: TableFile, headers: list[str]) -> AbstractContextManager[Writer]:
    if table.kind == "xlsx":
        return _open_xlsx(path, headers)
    if table.kind in {"geojson", "geojsonseq"}:
        return open_geojson_report(path, headers, is_collection=table.kind == "geojson")
    return open_geopackage_report(path, headers) if table.kind == "gpkg" else _open_csv(path, headers, table.separator)


@contextmanager
def _open_csv(path: Path, headers: list[str], separator: str) -> Iterator[Writer]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(headers)
        yield lambda cells: writer.writerow([_guard(cell) for cell in cells])


@contextmanager
def _open_xlsx(path: Path, headers: list[str]) -> Iterator[Writer]:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("report")

    def write(cells: list[str]) -> None:
        sheet.append([_UNWRITABLE.sub("\ufffd", _guard(cell)) for cell in cells])

    write(headers)
    yield write
    workbook.save(path)
