"""Loads that are killed at a random moment, and what must hold whatever the moment was.

A trial uploads a file, asks for its commit as soon as the preview is there, and kills one process on the way. After the
kill no part of the batch may be visible; with the process back, the batch must be committed once and whole.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from app.children import CHILD_VARIABLES
from app.settings import UPLOADS
from geo.database import make_engine
from geo.loading.stored_files import store_file
from geo.loading.workflow import Upload, request_commit, upload
from geo.records.batch_tables import batch

PATIENCE_SECONDS: Final = 1_200
POLL_SECONDS: Final = 0.05
AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError)

STATE: Final = """
SELECT (SELECT count(*) FROM editorial.incident), (SELECT count(*) FROM published.feature),
    (SELECT count(*) FROM editorial.record_version), (SELECT count(*) FROM published.change),
    (SELECT count(*) FROM editorial.batch WHERE state = 'committed'), (SELECT count(*) FROM editorial.batch)
"""
"""What is visible, in one snapshot."""


def make_file(rows: int) -> bytes:
    """Make a file of strikes, each unlike the others."""
    name = "".join(secrets.choice("abcdefghij") for _ in range(8))  # figures might look like a telephone number
    days = (f"20{10 + n % 10}-{n % 12 + 1:02d}-{n % 28 + 1:02d}" for n in range(rows))
    lines = (f"{name}-{n},{day},Strike {name} {n} of {n * 7919 % 9973},440300" for n, day in enumerate(days))
    return ("source_id,starts_on,title_en,region\n" + "\n".join(lines) + "\n").encode()


@dataclass
class Drill:
    """A database, a folder of uploads and a worker. `start_database` brings the server back after a kill."""

    url: str
    data_dir: Path
    rows: int
    start_database: Callable[[], None] = lambda: None
    engine: sa.Engine = field(init=False)
    worker: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.engine = make_engine(self.url)

    def start_worker(self) -> None:
        """Start the worker as `labourmap serve` does."""
        kept = {name: os.environ[name] for name in CHILD_VARIABLES if name in os.environ}
        own = {"LABOURMAP_DATABASE_URL": self.url, "LABOURMAP_DATA_DIR": str(self.data_dir)}
        self.worker = subprocess.Popen(
            [sys.executable, "-m", "app.worker_process"],
            env=kept | own,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def stop_worker(self) -> None:
        """Kill the worker as `kill -9` does."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.wait()
            assert self.worker.stdin is not None
            self.worker.stdin.close()
        self.worker = None

    def close(self) -> None:
        """Leave nothing running."""
        self.stop_worker()
        self.engine.dispose()

    def upload(self, content: bytes) -> int:
        """Upload as the route does: sending again is answered with the batch that is there."""
        stored = store_file(self.data_dir / UPLOADS, [content])
        given = Upload(
            layer="strikes", file_name="drill.csv", stored=stored, actor="drill", choices={"source": "drill"}
        )
        with self.engine.begin() as connection:
            return upload(connection, given)[0]

    def advance(self, batch_id: int) -> str:
        """Ask for the commit once there is a preview; return the state."""
        with self.engine.begin() as connection:
            row = connection.execute(sa.select(batch).where(batch.c.id == batch_id)).mappings().one()
            if row["state"] == "validated":
                return request_commit(connection, batch_id, "drill", row["content_hash"])
            assert row["state"] not in {"failed", "discarded"}, row["failure"]
            return str(row["state"])

    def check(self) -> None:
        """Whatever was killed: a batch is visible whole or not at all."""
        with self.engine.connect() as connection:
            incidents, features, versions, changes, committed, _ = connection.execute(sa.text(STATE)).one()
        assert (incidents, features, versions, changes) == (self.rows * committed,) * 4

    def finish(self, batch_id: int) -> None:
        """Wait until the batch is committed, looking all the while."""
        until = time.monotonic() + PATIENCE_SECONDS
        while self._try(lambda: self.advance(batch_id)) != "committed":
            self._try(self.check)
            assert time.monotonic() < until, "the batch was not committed in time"
            time.sleep(POLL_SECONDS)
        self.check()

    def _try(self, ask: Callable[[], Any]) -> Any:
        """Ask a database that may be away, which is brought back then."""
        try:
            return ask()
        except AWAY:
            self.engine.dispose()
            self.start_database()
            return None


def run_trial(drill: Drill, kill: Callable[[], None], after: float) -> float:
    """Load a file, kill something `after` so many seconds, and let the load be finished; return how long it took."""
    content = make_file(drill.rows)
    began = time.monotonic()
    if drill.worker is None:
        drill.start_worker()
    batch_id = drill.upload(content)
    while time.monotonic() - began < after and drill.advance(batch_id) != "committed":
        time.sleep(POLL_SECONDS)
    kill()
    drill.start_database()
    drill.engine.dispose()
    drill.check()
    if drill.worker is None:
        drill.start_worker()
    assert drill.upload(content) == batch_id
    drill.finish(batch_id)
    return time.monotonic() - began


def kill_backends(drill: Drill) -> None:
    """Cut every connection to the drill's database, as a restart of the server does."""
    asked = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with drill.engine.connect() as connection:
        connection.execute(sa.text(asked))


def kill_server(pid_file: Path) -> None:
    """Kill every process of a PostgreSQL server at once, and wait until none is left."""
    pid = int(pid_file.read_text().split()[0])
    children = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    for one in (pid, *children):
        try:
            os.kill(one, signal.SIGKILL)
        except ProcessLookupError:
            continue
    while Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z":
        time.sleep(0.02)


def choose_moment(took: float) -> float:
    """Choose a moment of a load that takes so long."""
    return random.uniform(0, took)  # noqa: S311  (no secret)
