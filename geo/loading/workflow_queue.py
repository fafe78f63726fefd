"""The batch table as a queue: who works on which batch, how far they are, and what a crash left behind.

A worker holds a batch by a lease that it renews every second; one that was killed lets it pass, and the next worker
takes the batch up where its state says.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from geo.errors import LabourMapError
from geo.loading.workflow import FORGOTTEN_REQUEST, FREE, Key, describe_failure
from geo.records.batch_tables import batch, staging_message, staging_row

LEASE_SECONDS: Final = 15
TELL_SECONDS: Final = 1.0
ATTEMPTS: Final = 12
"""Claims of one step, after which a batch is given up: whatever kills its worker would do so again."""

WAITING: Final = ("uploaded", "parsed", "committing")
_STAGED: Final = ("parsed", "validated", "in_review", "committing")
_LOST: Final = "The batch is no longer this worker's."
_OVER: Final = ("committed", "reverted", "discarded", "failed")


class LeaseLost(LabourMapError):  # noqa: N818  (says what happened)
    """The batch is no longer this worker's: another has it, or somebody changed, cancelled or discarded it."""


def claim(engine: sa.Engine, worker: str) -> Key | None:
    """Take the next batch that waits, commits first, and return its row; None when there is nothing to do."""
    with engine.begin() as connection:
        passed = batch.c.lease_until < sa.func.now()
        free = sa.or_(batch.c.lease_until.is_(None), passed, batch.c.worker == worker)
        waiting = (
            sa.select(batch)
            .where(batch.c.state.in_(WAITING), free)
            .order_by((batch.c.state == "committing").desc(), batch.c.created_at, batch.c.id)
            .limit(1)
            .with_for_update(skip_locked=True, key_share=True)
        )
        row = connection.execute(waiting).mappings().one_or_none()
        if row is None:
            return None
        if row["attempts"] >= ATTEMPTS:
            _give_up(connection, dict(row))
            return None
        values = {
            "worker": worker,
            "attempts": row["attempts"] + 1,
            "lease_until": _lease_end(),
            "started_at": sa.func.coalesce(batch.c.started_at, sa.func.now()),
            "progress_at": sa.func.now(),
        }
        taken = sa.update(batch).where(batch.c.id == row["id"]).values(values).returning(batch)
        return dict(connection.execute(taken).mappings().one())


def recover(engine: sa.Engine) -> int:
    """Send batches whose staging a crash of the database emptied back to be read again; return how many.

    What was decided, and a commit that was asked for, stay: they hold for the same content.
    """
    staged = sa.exists().where(staging_row.c.batch_id == batch.c.id)
    lost = (
        sa.update(batch)
        .where(batch.c.state.in_(_STAGED), ~staged)
        .where(sa.or_(batch.c.kind == "revert", batch.c.stored_as.is_not(None)))
        .where(sa.or_(batch.c.lease_until.is_(None), batch.c.lease_until < sa.func.now()))
        .values(state="uploaded", attempts=0, worker=None, lease_until=None)
    )
    with engine.begin() as connection:
        return connection.execute(lost).rowcount


def list_leftovers(connection: sa.Connection) -> tuple[list[int], dict[int, str]]:
    """Return (batches that are over and still staged; by batch, stored files that are needed no more)."""
    over = sa.select(batch.c.id).where(batch.c.state.in_(_OVER))
    staged = sa.select(staging_row.c.batch_id).where(staging_row.c.batch_id.in_(over)).distinct()
    told = sa.select(staging_message.c.batch_id).where(staging_message.c.batch_id.in_(over)).distinct()
    stored = sa.select(batch.c.id, batch.c.stored_as).where(
        batch.c.stored_as.is_not(None), batch.c.state.in_(("committed", "reverted", "discarded"))
    )
    files = {int(batch_id): str(name) for batch_id, name in connection.execute(stored)}
    return sorted({*connection.scalars(staged), *connection.scalars(told)}), files


def list_stored(connection: sa.Connection) -> list[str]:
    """Return the names of the files and reports that batches have."""
    report = batch.c.options["report_as"].astext
    stored = sa.select(batch.c.stored_as).where(batch.c.stored_as.is_not(None))
    reports = sa.select(report).where(report.is_not(None))
    return [str(name) for name in (*connection.scalars(stored), *connection.scalars(reports))]


@dataclass
class Job:
    """One batch in the hands of this worker. Set `phase` and `rows`; another connection tells them every second."""

    engine: sa.Engine
    batch_id: int
    worker: str
    phase: str = ""
    rows_read: int = 0
    rows_validated: int = 0
    _lost: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)
    _interrupt: Callable[[], None] | None = None

    def check(self) -> None:
        """Raise LeaseLost if this work is to end. Call it between steps."""
        if self._lost:
            raise LeaseLost(_LOST)

    @contextmanager
    def begun(self) -> Iterator[sa.Connection]:
        """Give a connection in a transaction; losing the lease interrupts the statement that runs on it."""
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            self._interrupt = driver.cancel
            try:
                with connection.begin():
                    self.check()
                    yield connection
                    self.check()
            except sa.exc.OperationalError:
                self.check()
                raise
            finally:
                self._interrupt = None

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell how far this is, and hold the lease, until the block is left."""
        teller = threading.Thread(target=self._tell, name=f"batch {self.batch_id}", daemon=True)
        teller.start()
        try:
            yield
        finally:
            self._stop.set()
            teller.join(5)

    def _tell(self) -> None:
        while not self._stop.wait(TELL_SECONDS):
            try:
                if self._tell_once():
                    continue
            except sa.exc.OperationalError:
                continue  # the row is locked for a moment, or the database is away: the work itself will notice
            self._lost = True
            if self._interrupt is not None:
                self._interrupt()
            return

    def _tell_once(self) -> bool:
        """Write the progress; return whether the batch is still ours."""
        told = {
            "phase": self.phase,
            "rows_read": self.rows_read,
            "rows_validated": self.rows_validated,
            "progress_at": sa.func.now(),
            "lease_until": _lease_end(),
        }
        ours = sa.update(batch).where(batch.c.id == self.batch_id, batch.c.worker == self.worker)
        with self.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '900ms'")
            return connection.execute(ours.values(told)).rowcount == 1


def finish(connection: sa.Connection, job: Job, state: str, **values: Any) -> None:
    """Put a batch down in its new state, as the last thing of a transaction.

    Raises:
        LeaseLost: it is not ours by now, so this transaction must not be committed.
    """
    ours = sa.update(batch).where(batch.c.id == job.batch_id, batch.c.worker == job.worker)
    if connection.execute(ours.values(FREE | {"state": state} | values)).rowcount != 1:
        raise LeaseLost(_LOST)


def put_down(connection: sa.Connection, job: Job, failure: str | None) -> None:
    """Put a batch down after its work failed: one that was read is failed, one to be committed is as it was before."""
    row = (
        connection.execute(sa.select(batch).where(batch.c.id == job.batch_id).with_for_update(key_share=True))
        .mappings()
        .one()
    )
    if row["worker"] != job.worker:
        return
    state, values = _after_failure(dict(row))
    finish(connection, job, state, failure=failure, **values)


def _give_up(connection: sa.Connection, row: Key) -> None:
    state, values = _after_failure(row)
    said = describe_failure("BATCH_CRASHED", times=row["attempts"])
    given = FREE | {"state": state, "failure": said} | values
    connection.execute(sa.update(batch).where(batch.c.id == row["id"]).values(given))


def _after_failure(row: Key) -> tuple[str, Key]:
    if row["state"] == "committing":
        return "validated", FORGOTTEN_REQUEST
    return ("failed" if row["state"] in {"uploaded", "parsed"} else row["state"]), {}


def _lease_end() -> sa.ColumnElement[Any]:
    return sa.func.now() + sa.cast(f"{LEASE_SECONDS} seconds", sa.Interval)
