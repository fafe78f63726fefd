"""The process that works on batches: `python -m app.worker_process`.

It holds the owner's address of the database and the folder of uploads, listens to nobody but the database, and ends
when its standard input is closed, which the kernel does when the parent is killed. It may be killed at any moment: see
`geo.loading.workflow_queue`.
"""

from __future__ import annotations

import logging
import os
import secrets
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from app.logs import configure_logs
from app.settings import UPLOADS, WorkerSettings, load_settings
from geo.database import make_engine
from geo.errors import SetupError
from geo.loading.near_duplicates import check_similarity
from geo.loading.workflow import CHANNEL
from geo.loading.workflow_run import Worker
from geo.publishing.publish import publish_batch
from geo.records.tombstones import read_key, with_key

WAIT_SECONDS = 2.0
AWAY_SECONDS = 1.0
TIDY_SECONDS = 60.0

_log = logging.getLogger("labourmap.worker")


def make_worker(url: str, data_dir: Path) -> Worker:
    """Make a worker under a name of its own."""
    engine = with_key(make_engine(url), read_key(data_dir))
    return Worker(engine, data_dir / UPLOADS, f"{os.getpid()}-{secrets.token_hex(4)}", publish_batch)


def work(worker: Worker, url: str, stop: threading.Event) -> None:
    """Work on whatever waits until told to stop; a database that is away is waited for, one try a second."""
    address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    while not stop.is_set():
        try:
            with psycopg.connect(address, autocommit=True) as listening:
                listening.execute(f"LISTEN {CHANNEL}")
                _work_while_connected(worker, listening, stop)
        except (sa.exc.OperationalError, sa.exc.InterfaceError, psycopg.OperationalError) as problem:
            _log.warning("database away", extra={"fields": {"error": type(problem).__name__}})
            worker.engine.dispose()
            stop.wait(AWAY_SECONDS)


def _work_while_connected(worker: Worker, listening: psycopg.Connection[Any], stop: threading.Event) -> None:
    """Work, and listen before looking, so that no notice is missed; look now and then without one."""
    tidy_at = 0.0
    while not stop.is_set():
        if time.monotonic() >= tidy_at:
            worker.tidy()
            tidy_at = time.monotonic() + TIDY_SECONDS
        if worker.run_next() is None:
            list(listening.notifies(timeout=WAIT_SECONDS, stop_after=1))


def end_with_parent() -> None:
    """End at once when standard input does."""

    def watch() -> None:
        sys.stdin.buffer.read()
        os._exit(0)  # whatever is being done is done again by the next worker

    threading.Thread(target=watch, daemon=True).start()


def main() -> int:
    """Work until told to end; return the exit code."""
    configure_logs()
    try:
        settings = load_settings(WorkerSettings)
    except SetupError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    end_with_parent()
    worker = make_worker(settings.database_url, settings.data_dir)
    with worker.engine.connect() as connection:
        check_similarity(connection)
    work(worker, settings.database_url, threading.Event())
    return 0


if __name__ == "__main__":
    sys.exit(main())
