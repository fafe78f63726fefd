"""Loading on the real database: a file is written, loaded in the test's transaction, and looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo.loading.load import load_file
from geo.loading.request import LoadReport, LoadRequest

TODAY = dt.date(2026, 11, 22)

Load = Callable[..., LoadReport]
Rows = Callable[..., list[dict[str, Any]]]

STRIKE: dict[str, str] = {
    "source_id": "1",
    "starts_on": "2020-03-05",
    "title_en": "Strike at a factory in Shenzhen",
    "region": "440300",
    "industry": "manufacturing",
    "sources": "A newspaper, 5 March 2020",
}
"""A row of strikes without fault; tests change one thing."""


def write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write rows as CSV under the headings of all of them, every cell in quotation marks."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    lines = [headers, *([row.get(name, "") for name in headers] for row in rows)]
    text = "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    path.write_text(text + "\r\n", encoding="utf-8", newline="")
    return path


@pytest.fixture
def load(connection: sa.Connection, tmp_path: Path) -> Load:
    """Load rows, or a file, into a layer as the data set "test"; further words are those of LoadRequest."""

    def load_rows(rows: Iterable[Mapping[str, str]] | Path, layer: str = "strikes", **options: Any) -> LoadReport:
        path = rows if isinstance(rows, Path) else write_csv(tmp_path / "rows.csv", list(rows))
        request = LoadRequest(layer=layer, path=path, source="test", today=TODAY)
        return load_file(connection, replace(request, **options))

    return load_rows


@pytest.fixture
def incidents(connection: sa.Connection) -> Rows:
    """Ask for incidents of the data set "test" as dictionaries, in the order of an expression."""

    def ask(order: str = "source_id") -> list[dict[str, Any]]:
        found = sa.text(f"SELECT *, ST_AsText(geometry) AS point FROM editorial.incident ORDER BY {order}")
        return [dict(row) for row in connection.execute(found).mappings()]

    return ask


def codes_of(report: LoadReport, row_no: int | None = None) -> set[str]:
    """Return the codes that a report has for one row, or for all."""
    return {message.problem.code for message in report.messages if row_no in {None, message.row_no}}
