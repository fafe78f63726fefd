"""The worker's part of a batch: read and look at it, and, once that is wanted, commit it.

Every step is one transaction whose last act is to put the batch down in its new state, so that a kill at any moment
leaves the state before or the state after.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from geo.errors import FileRefused, LabourMapError
from geo.loading.messages import refuse
from geo.loading.reading import (
    Loading,
    describe_headings,
    make_loading,
    open_request,
    read_headings,
    say_once,
    stage_rows,
)
from geo.loading.report_file import write_report
from geo.loading.stored_files import shred_file, shred_leftovers
from geo.loading.summary import collapse_messages, walk_messages
from geo.loading.workflow import Key, describe_failure
from geo.loading.workflow_look import REMEMBER, describe_conflicts, find_again, go_on, look, request_of
from geo.loading.workflow_queue import Job, LeaseLost, claim, finish, list_leftovers, list_stored, put_down, recover
from geo.loading.workflow_revert import look_at_revert, write_staged_revert
from geo.records.batch_tables import batch, staging_message, staging_row
from geo.records.batches import empty_staging, lock_layer
from geo.records.taken_files import list_to_shred

_WORK_MEM_MB: Final = 128

_log = logging.getLogger("labourmap.batches")

Publish = Callable[[sa.Connection, int], int]
"""`geo.publishing.publish.publish_batch`: loading does not see publishing."""


@dataclass(frozen=True)
class Worker:
    """What a worker works with. `name` is its own, another at each start."""

    engine: sa.Engine
    folder: Path
    name: str
    publish: Publish

    def run_next(self) -> int | None:
        """Do the next step of the next batch that waits; return its id, None when nothing waits.

        What goes wrong with a batch stands in the batch. Only a database that is away is raised: then everything is
        as it was, and the lease passes.
        """
        row = claim(self.engine, self.name)
        if row is None:
            return None
        job = Job(self.engine, row["id"], self.name, rows_read=row["rows_read"], rows_validated=row["rows_validated"])
        with job.told():
            self._run(job, row)
        return int(row["id"])

    def tidy(self) -> None:
        """Take up what a crash left, and remove what is staged or stored of batches that are over."""
        recover(self.engine)
        with self.engine.begin() as connection:
            staged, files = list_leftovers(connection)
            for batch_id in staged:
                empty_staging(connection, batch_id)
            for name in (*files.values(), *list_to_shred(connection)):
                shred_file(self.folder, name)
            connection.execute(sa.update(batch).where(batch.c.id.in_(files)).values(stored_as=None))
            kept = list_stored(connection)
        shred_leftovers(self.folder, kept)

    def _run(self, job: Job, row: Key) -> None:
        try:
            if self._lost_its_rows(job, row):
                return
            if row["state"] == "committing":
                self._commit(job, row)
                self._forget(row)
            else:
                self._validate(job, row)
        except FileRefused as refused:
            self._put_down(job, describe_failure(refused.code, **refused.facts))
        except LeaseLost:
            _log.warning("lease lost", extra={"fields": {"batch": job.batch_id}})
        except (sa.exc.OperationalError, sa.exc.InterfaceError):
            raise
        except (LabourMapError, sa.exc.SQLAlchemyError, ArithmeticError, LookupError, TypeError, ValueError) as problem:
            _log.exception("batch broken", extra={"fields": {"batch": job.batch_id}})
            self._put_down(job, describe_failure("BATCH_BROKEN", error=type(problem).__name__))

    def _lost_its_rows(self, job: Job, row: Key) -> bool:
        """Whether a crash of the database emptied the staging of a batch, which is then to be read again."""
        if row["state"] == "uploaded" or row["kind"] != "load":
            return False
        with self.engine.begin() as connection:
            if connection.scalar(sa.select(sa.exists().where(staging_row.c.batch_id == job.batch_id))):
                return False
            finish(connection, job, "uploaded")
            return True

    def _put_down(self, job: Job, failure: str) -> None:
        with self.engine.begin() as connection:
            put_down(connection, job, failure)

    def _validate(self, job: Job, row: Key) -> None:
        if row["state"] == "uploaded" and row["kind"] == "load":
            row = self._read(job, row)
        with job.begun() as connection:
            job.phase = "checking rows together"
            self._look(connection, job, row)

    def _read(self, job: Job, row: Key) -> Key:
        """Read the file into staging, and return the row of the batch, then `parsed`."""
        job.phase, job.rows_read, job.rows_validated = "reading", 0, 0
        request = request_of(row, self.folder)
        if not request.path.is_file():
            raise refuse("FILE_GONE")
        with job.begun() as connection:
            connection.exec_driver_sql(f"SET LOCAL work_mem = '{_WORK_MEM_MB}MB'")
            empty_staging(connection, job.batch_id)
            with open_request(request) as table:
                opened = (request, table, read_headings(table, request))
                loading = make_loading(connection, request, opened[2])

                def tell(rows: int, _percent: int) -> None:
                    job.rows_read = job.rows_validated = rows
                    job.check()

                job.phase = "preparing"
                loading.prepare()
                job.phase = "reading and checking rows"
                rows = stage_rows(connection, job.batch_id, opened, loading, tell)
            if rows == 0:
                raise refuse("FILE_NO_ROWS")
            say_once(connection, job.batch_id, opened, rows)
            collapse_messages(connection, job.batch_id, rows)
            last = sa.select(sa.func.max(staging_message.c.id)).where(staging_message.c.batch_id == job.batch_id)
            values = {
                "state": "parsed",
                "options": row["options"] | describe_headings(opened[2]),
                "messages_to": connection.scalar(last) or 0,
                "rows_read": rows,
                "rows_validated": rows,
                "attempts": 0,
            }
            ours = sa.update(batch).where(batch.c.id == job.batch_id, batch.c.worker == job.worker)
            found = connection.execute(ours.values(values).returning(batch)).mappings().one_or_none()
            if found is None:
                raise LeaseLost("The batch is no longer this worker's.")
            return dict(found)

    def _look(self, connection: sa.Connection, job: Job, row: Key, **values: Any) -> None:
        """Make the preview, and go on to the commit if this very content was asked for before."""
        connection.exec_driver_sql(f"SET LOCAL work_mem = '{_WORK_MEM_MB}MB'")
        lock_layer(connection, row["layer"], shared=True)
        if row["kind"] == "revert":
            seen = look_at_revert(connection, row)
        else:
            _, seen = look(connection, row, request_of(row, self.folder))
        state, forgotten = go_on(row, seen)
        finish(connection, job, state, **({"failure": None} | seen | forgotten | values))

    def _commit(self, job: Job, row: Key) -> None:
        """Write the records and publish them, if the records are still those that the preview saw."""
        with job.begun() as connection:
            connection.exec_driver_sql(f"SET LOCAL work_mem = '{_WORK_MEM_MB}MB'")
            job.phase = "waiting for the layer"
            lock_layer(connection, row["layer"])
            job.phase = "checking rows together"
            connection.execute(sa.text(REMEMBER), {"batch": job.batch_id})
            loading: Loading | None = None
            if row["kind"] == "revert":
                seen = look_at_revert(connection, row)
            else:
                request = request_of(row, self.folder)
                loading, seen = find_again(connection, row, request) or look(connection, row, request)
            job.check()
            state, forgotten = go_on(row, seen)
            if state != "committing":
                said = describe_conflicts(connection, job.batch_id)
                finish(connection, job, state, **(seen | forgotten | {"failure": said}))
                return
            job.phase = "writing records"
            if loading is None:
                write_staged_revert(connection, row)
            else:
                loading.write(job.batch_id, row["requested_by"])
            job.check()
            job.phase = "publishing"
            self.publish(connection, job.batch_id)
            job.check()
            finish(connection, job, "committed", committed_at=sa.func.now(), **seen)

    def _forget(self, row: Key) -> None:
        """Remove what was staged and stored, once a batch is committed; of rows left out, the report stays a week."""
        with self.engine.begin() as connection:
            now = connection.execute(sa.select(batch).where(batch.c.id == row["id"])).mappings().one()
            if now["state"] != "committed":
                return
            kept = keep_report(connection, dict(now), self.folder)
            empty_staging(connection, row["id"])
            values = {"stored_as": None, "options": now["options"] | kept}
            connection.execute(sa.update(batch).where(batch.c.id == row["id"]).values(values))
        if row["stored_as"]:
            shred_file(self.folder, row["stored_as"])


def keep_report(connection: sa.Connection, row: Key, folder: Path) -> Key:
    """Write the report of a batch of which rows were left out into the folder; return what is to be known of it."""
    request = request_of(row, folder)
    if row["kind"] != "load" or not row["counts"].get("rejected", 0) + row["counts"].get("held", 0):
        return {}
    if not request.path.is_file():
        return {}
    name = secrets.token_hex(16)
    with open_request(request) as table:
        write_report(folder / name, table, walk_messages(connection, row["id"]))
        return {"report_as": name, "report_kind": table.kind}
