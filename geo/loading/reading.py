"""Reads the rows of one file into staging: opened, headings understood, every cell checked by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.loading.case_loading import CaseLoading
from geo.loading.columns import known_columns
from geo.loading.fixes import apply_fixes
from geo.loading.headers import Mapping as Headings
from geo.loading.headers import map_headers
from geo.loading.incident_loading import IncidentLoading
from geo.loading.messages import Message, Problem
from geo.loading.open_table import open_requested
from geo.loading.profiles import OWN, PROFILES
from geo.loading.request import LoadReport, LoadRequest
from geo.loading.staging import StagedRow, copy_messages, copy_rows
from geo.loading.table_file import Row, TableFile

_CHUNK_ROWS: Final = 5000
_SAID_ONCE: Final = {
    frozenset({"source_id", "public_id"}): "ID_MISSING",
    frozenset({"sources", "source_name"}): "SRC_MISSING",
    frozenset({"lon", "coords"}): "GEO_MISSING",
}
"""Columns of which a file should have one; that it has none is said once."""

Told = Callable[[int, int], None]
"""Told (rows read so far, percent of the file)."""

Opened = tuple[LoadRequest, TableFile, Headings]


class Loading(Protocol):
    """What differs between incidents and cases."""

    def prepare(self) -> None:
        """Read from the database what reading rows needs; by itself, it happens at the first row."""

    def read(self, rows: Sequence[Row]) -> list[StagedRow]:
        """Turn rows of text into rows for staging."""

    def check(self, batch_id: int) -> None:
        """Say what is wrong with rows beside other rows and records, and mark those."""

    def find(self, batch_id: int, report: LoadReport) -> None:
        """Find the record of each row that is to be loaded, and count what would become of it."""

    def match(self, batch_id: int, report: LoadReport) -> None:
        """Find the records, and say and hold what there is to be said of them."""

    def remember(self, batch_id: int) -> None:
        """Write what was found into staging, for the preview."""

    def write(self, batch_id: int, actor: str) -> None:
        """Write the records."""


@contextmanager
def open_request(request: LoadRequest) -> Iterator[TableFile]:
    """Open the file of a request until the block is left."""
    table = open_requested(request)
    try:
        yield table
    finally:
        table.close()


def read_headings(table: TableFile, request: LoadRequest) -> Headings:
    """Understand the headings of an opened file."""
    return map_headers(table.headers, request.layer, source=request.source, chosen=request.mapping)


def make_loading(connection: sa.Connection, request: LoadRequest, headings: Headings) -> Loading:
    """Make what loads the layer of the request."""
    made = CaseLoading if request.layer == ACCOUNTABILITY else IncidentLoading
    return made(connection, request, headings)


def describe_headings(headings: Headings) -> dict[str, Any]:
    """Return what must be known of the headings when the rows are in staging and the file is closed."""
    return {"profile": headings.profile.name, "columns": sorted(headings.positions), "extra": bool(headings.extra)}


def recall_headings(layer: str, described: Mapping[str, Any]) -> Headings:
    """Make headings again from what `describe_headings` kept; where each column stands is not known any more."""
    profile = next((one for one in PROFILES if one.name == described["profile"]), OWN)
    headings = Headings(profile, known_columns(layer), dict.fromkeys(described["columns"], -1))
    headings.extra = [-1] if described.get("extra") else []
    return headings


def stage_rows(connection: sa.Connection, batch_id: int, opened: Opened, loading: Loading, told: Told) -> int:
    """Read every row into staging and return how many there were."""
    request, table, headings = opened
    rows = 0
    for chunk in _in_chunks(table.rows):
        copy_rows(connection, batch_id, apply_fixes(loading.read, chunk, headings, request.fixes))
        rows += len(chunk)
        told(rows, 100 * min(table.tell(), table.size) // max(table.size, 1))
    return rows


def say_once(connection: sa.Connection, batch_id: int, opened: Opened, rows: int) -> None:
    """Stage the messages about the file itself, and about columns that it does not have."""
    _, table, headings = opened
    absent = [
        Message(Problem(code), times=rows)
        for columns, code in _SAID_ONCE.items()
        if columns & headings.known and not columns & headings.positions.keys()
    ]
    copy_messages(connection, batch_id, [*map(Message, table.problems), *headings.messages, *absent])


def _in_chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK_ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
