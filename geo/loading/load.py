"""Loads one file into one layer: read, check every row, stage, match, write; all of it or nothing.

One transaction, the caller's: a dry run is the same, rolled back. What is refused leaves no trace.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from geo.loading.headers import Mapping
from geo.loading.messages import Message, Problem, refuse
from geo.loading.reading import (
    Opened,
    describe_headings,
    make_loading,
    open_request,
    read_headings,
    say_once,
    stage_rows,
)
from geo.loading.report_file import write_report
from geo.loading.request import LoadReport, LoadRequest, Progress
from geo.loading.settle import settle
from geo.loading.sources import is_source_name
from geo.loading.staging import copy_messages
from geo.loading.summary import collapse_messages, summarise, walk_messages
from geo.records.batch_tables import staging_row
from geo.records.batches import begin_batch, end_batch, lock_layer

_PHASES: Final = 5
_WORK_MEM_MB: Final = 128  # one load at a time sorts and hashes all rows of its file


def load_file(connection: sa.Connection, request: LoadRequest, progress: Progress | None = None) -> LoadReport:
    """Load a file in the caller's transaction, which the caller commits or, for a dry run, rolls back.

    Every fault of the file is found in one pass. With the policy "all_or_nothing" one rejected row keeps everything
    out; with "valid_rows_only" the rejected rows are left out. Nobody is there to decide, so a row that is held is
    rejected. `LoadReport.loaded` says whether records were written.
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
        loaded = _load(connection, request, report, clock)
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


def _load(connection: sa.Connection, request: LoadRequest, report: LoadReport, clock: _Clock) -> bool:
    with open_request(request) as table:
        mapping = read_headings(table, request)
        opened: Opened = (request, table, mapping)
        report.profile = mapping.profile.name
        report.batch_id = _begin(connection, request, mapping)
        lock_layer(connection, request.layer)
        loading = make_loading(connection, request, mapping)
        with clock.phase("prepare"):
            loading.prepare()
        with clock.phase("read and check rows"):
            rows = stage_rows(connection, report.batch_id, opened, loading, clock.tell)
    if rows == 0:
        raise refuse("FILE_NO_ROWS")
    with clock.phase("check together and match"):
        settle(connection, report.batch_id, loading, report)
    _reject_held(connection, report)
    say_once(connection, report.batch_id, opened, rows)
    loaded = report.rejected == 0 or (request.policy == "valid_rows_only" and report.rejected < report.rows)
    if loaded:
        with clock.phase("write records"):
            loading.write(report.batch_id, request.actor)
    else:
        _refuse_batch(connection, report, request)
    _finish(connection, request, report, clock)
    return loaded


def _reject_held(connection: sa.Connection, report: LoadReport) -> None:
    """Where nobody is there to decide, a row that is held is rejected; what there is to decide is in its messages."""
    held = staging_row.c.batch_id == report.batch_id, staging_row.c.outcome == "held"
    connection.execute(sa.update(staging_row).where(*held).values(outcome="rejected"))
    report.rejected, report.held = report.rejected + report.held, 0


def _finish(connection: sa.Connection, request: LoadRequest, report: LoadReport, clock: _Clock) -> None:
    batch_id = report.batch_id or 0
    with clock.phase("report"):
        collapse_messages(connection, batch_id, report.rows)
        summarise(connection, batch_id, report)
        if request.report is not None:
            with open_request(request) as again:
                write_report(request.report, again, walk_messages(connection, batch_id))
            report.report = request.report
    counts = {name: getattr(report, name) for name in ("inserted", "updated", "unchanged", "rejected", "warned")}
    end_batch(connection, batch_id, rows=report.rows, counts=counts)


def _begin(connection: sa.Connection, request: LoadRequest, mapping: Mapping) -> int:
    with request.path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    values = {
        "kind": "load",
        "layer": request.layer,
        "source_system": request.source,
        "file_name": request.path.name,
        "file_sha256": sha256,
        "options": {"datum": request.datum, **describe_headings(mapping)},
        "policy": request.policy,
        "actor": request.actor,
    }
    return begin_batch(connection, values)


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

    def tell(self, _rows: int, percent: int) -> None:
        if self._progress is not None:
            self._progress("read and checked, percent", percent, 100)
