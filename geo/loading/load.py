"""Loads one file into one layer: read, check every row, stage, match, write; all of it or nothing.

One transaction, the caller's: a dry run is the same, rolled back. What is refused leaves no trace.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.loading.case_loading import CaseLoading
from geo.loading.checks import reject_rows
from geo.loading.headers import Mapping, map_headers
from geo.loading.incident_loading import IncidentLoading
from geo.loading.messages import Message, Problem, refuse
from geo.loading.open_table import open_table
from geo.loading.report_file import write_report
from geo.loading.request import LoadReport, LoadRequest, Progress
from geo.loading.sources import is_source_name
from geo.loading.staging import StagedRow, copy_messages, copy_rows
from geo.loading.summary import collapse_messages, count_rows, summarise, walk_messages
from geo.loading.table_file import Row, TableFile
from geo.records.batches import begin_batch, end_batch, lock_layer

_CHUNK_ROWS: Final = 5000
_PHASES: Final = 6
_WORK_MEM_MB: Final = 128  # one load at a time sorts and hashes all rows of its file
_SAID_ONCE: Final = {
    frozenset({"source_id", "public_id"}): "ID_MISSING",
    frozenset({"sources", "source_name"}): "SRC_MISSING",
    frozenset({"lon", "coords"}): "GEO_MISSING",
}
"""Columns of which a file should have one; that it has none is said once."""


class Loading(Protocol):
    """What differs between incidents and cases."""

    def read(self, rows: Sequence[Row]) -> list[StagedRow]:
        """Turn rows of text into rows for staging."""

    def check(self, batch_id: int) -> None:
        """Say what is wrong with rows beside other rows and records, and reject those."""

    def match(self, batch_id: int, report: LoadReport) -> None:
        """Find the record of each row and count what would become of it."""

    def write(self, batch_id: int, actor: str) -> None:
        """Write the records."""


def load_file(connection: sa.Connection, request: LoadRequest, progress: Progress | None = None) -> LoadReport:
    """Load a file in the caller's transaction, which the caller commits or, for a dry run, rolls back.

    Every fault of the file is found in one pass. With the policy "all_or_nothing" one rejected row keeps everything
    out; with "valid_rows_only" the rejected rows are left out. `LoadReport.loaded` says whether records were written.
    Publishing them is the caller's: `geo.publishing.publish.publish_batch(connection, report.batch_id)`.

    Raises:
        FileRefused: the file cannot be read at all; its `code` says why. Nothing was written.
        DataError: there is no such layer.
    """
    if request.source is not None and not is_source_name(request.source):
        raise refuse("SOURCE_NAME")
    report = LoadReport(layer=request.layer, file_name=request.path.name)
    clock = _Clock(report, progress)
    savepoint = connection.begin_nested()
    connection.exec_driver_sql(f"SET LOCAL work_mem = '{_WORK_MEM_MB}MB'")
    try:
        loaded = _load(connection, request, report, (progress, clock))
    except BaseException:
        savepoint.rollback()
        raise
    if loaded:
        savepoint.commit()
    else:
        savepoint.rollback()
        report.batch_id = None
    report.loaded = loaded
    return report


def _load(
    connection: sa.Connection, request: LoadRequest, report: LoadReport, watch: tuple[Progress | None, _Clock]
) -> bool:
    progress, clock = watch
    with _opened(request) as table:
        mapping = map_headers(table.headers, request.layer, source=request.source, chosen=request.mapping)
        report.profile = mapping.profile.name
        report.batch_id = _begin(connection, request, mapping)
        lock_layer(connection, request.layer)
        with clock.phase("prepare"):
            loading = _make_loading(connection, request, mapping)
        with clock.phase("read and check rows"):
            rows = _stage(connection, report.batch_id, table, loading, progress)
    if rows == 0:
        raise refuse("FILE_NO_ROWS")
    with clock.phase("check together"):
        loading.check(report.batch_id)
        reject_rows(connection, report.batch_id)
        report.rows, report.rejected = count_rows(connection, report.batch_id)
    with clock.phase("match"):
        loading.match(report.batch_id, report)
    _say_once(connection, report.batch_id, mapping, (table, rows))
    loaded = report.rejected == 0 or (request.policy == "valid_rows_only" and report.rejected < report.rows)
    if loaded:
        with clock.phase("write records"):
            loading.write(report.batch_id, request.actor)
    else:
        _refuse_batch(connection, report, request)
    _finish(connection, request, report, clock)
    return loaded


def _finish(connection: sa.Connection, request: LoadRequest, report: LoadReport, clock: _Clock) -> None:
    batch_id = report.batch_id or 0
    with clock.phase("report"):
        collapse_messages(connection, batch_id, report.rows)
        summarise(connection, batch_id, report)
        if request.report is not None:
            with _opened(request) as again:
                write_report(request.report, again, walk_messages(connection, batch_id))
            report.report = request.report
    counts = {name: getattr(report, name) for name in ("inserted", "updated", "unchanged", "rejected", "warned")}
    end_batch(connection, batch_id, rows=report.rows, counts=counts)


@contextmanager
def _opened(request: LoadRequest) -> Iterator[TableFile]:
    table = open_table(request.path, encoding=request.encoding, sheet=request.sheet)
    try:
        yield table
    finally:
        table.close()


def _make_loading(connection: sa.Connection, request: LoadRequest, mapping: Mapping) -> Loading:
    made = CaseLoading if request.layer == ACCOUNTABILITY else IncidentLoading
    return made(connection, request, mapping)


def _begin(connection: sa.Connection, request: LoadRequest, mapping: Mapping) -> int:
    with request.path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    options = {"profile": mapping.profile.name, "datum": request.datum, "columns": sorted(mapping.positions)}
    values = {
        "kind": "load",
        "layer": request.layer,
        "source_system": request.source,
        "file_name": request.path.name,
        "file_sha256": sha256,
        "options": options,
        "policy": request.policy,
        "actor": request.actor,
    }
    return begin_batch(connection, values)


def _stage(
    connection: sa.Connection, batch_id: int, table: TableFile, loading: Loading, progress: Progress | None
) -> int:
    rows = 0
    for chunk in _in_chunks(table.rows):
        copy_rows(connection, batch_id, loading.read(chunk))
        rows += len(chunk)
        if progress is not None:
            done = min(table.tell(), table.size)
            progress("read and checked, percent", 100 * done // max(table.size, 1), 100)
    return rows


def _in_chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK_ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _say_once(connection: sa.Connection, batch_id: int, mapping: Mapping, read: tuple[TableFile, int]) -> None:
    """Messages about the file itself, and about columns that it does not have."""
    table, rows = read
    absent = [
        Message(Problem(code), times=rows)
        for columns, code in _SAID_ONCE.items()
        if columns & mapping.known and not columns & mapping.positions.keys()
    ]
    copy_messages(connection, batch_id, [*map(Message, table.problems), *mapping.messages, *absent])


def _refuse_batch(connection: sa.Connection, report: LoadReport, request: LoadRequest) -> None:
    whole = report.rejected == report.rows or request.policy == "valid_rows_only"
    problem = Problem("BATCH_ZERO" if whole else "BATCH_REFUSED", {"rejected": report.rejected, "rows": report.rows})
    copy_messages(connection, report.batch_id or 0, [Message(problem)])


class _Clock:
    """Tells each phase as it begins, and writes its seconds into the report."""

    def __init__(self, report: LoadReport, progress: Progress | None) -> None:
        self._report = report
        self._progress = progress

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        if self._progress is not None:
            self._progress(f"step {name!r},", len(self._report.seconds) + 1, _PHASES)
        yield
        self._report.seconds[name] = round(time.monotonic() - began, 3)
