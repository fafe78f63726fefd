"""The report file: rejected and warned rows as they came, with what was said of each, in the format of the file.

Personal numbers are masked. A report can be corrected and loaded in its turn: columns that begin with _ are ignored.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Protocol

import openpyxl

from geo.loading.messages import Message, render_remedy, render_text
from geo.loading.personal_data import mask_personal_data
from geo.loading.table_file import TableFile

ADDED: Final = ("_status", "_codes", "_reason", "_suggestion")

_FORMULA: Final = re.compile(r"[=@\t]|[+-](?![\d.]+$)")
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f]")


class _Writer(Protocol):
    def __call__(self, cells: list[str], /) -> Any: ...


def write_report(path: Path, table: TableFile, messages: Iterable[Message]) -> int:
    """Write the rows of `table` that `messages` (in the order of rows) speak of; return how many."""
    by_row = groupby(messages, key=lambda message: message.row_no)
    written = 0
    with _open_writer(path, table.kind) as write:
        write([*table.headers, *ADDED])
        rows = iter(table.rows)
        for row_no, said in by_row:
            cells = _find_row(rows, row_no)
            if cells is None:
                break
            write([*(_guard(mask_personal_data(cell)) for cell in cells), *_describe(list(said))])
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


def _open_writer(path: Path, kind: str) -> AbstractContextManager[_Writer]:
    return _open_xlsx(path) if kind == "xlsx" else _open_csv(path)


@contextmanager
def _open_csv(path: Path) -> Iterator[_Writer]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield csv.writer(file).writerow


@contextmanager
def _open_xlsx(path: Path) -> Iterator[_Writer]:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("report")

    def write(cells: list[str]) -> None:
        sheet.append([_UNWRITABLE.sub("\ufffd", cell) for cell in cells])

    yield write
    workbook.save(path)
