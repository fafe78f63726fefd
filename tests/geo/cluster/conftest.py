"""Data folders for clusters of the test's own, and other processes that use them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import psycopg
import pytest
import sqlalchemy as sa

from geo.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = """
import sys
from pathlib import Path
from geo.cluster import Cluster
cluster = Cluster(Path(sys.argv[1]), fast=True)
cluster.start()
print("started", flush=True)
sys.stdin.readline()
cluster.stop()
print("stopped", flush=True)
"""


class OtherUser(Protocol):
    """Starts another process that uses the cluster until it reads a line or is killed."""

    def __call__(self, data_dir: Path, **environment: str) -> subprocess.Popen[str]:
        """Start it with `environment` added to ours."""
        ...


class Ask(Protocol):
    """Runs one statement as the application would and returns the first value of its first row."""

    def __call__(
        self, cluster: Cluster, statement: str, database: str = "labourmap", user: str = "labourmap"
    ) -> object:
        """Return None for a statement without rows."""
        ...


@contextmanager
def made_data_dir() -> Iterator[Path]:
    """Make a data folder which the database's user can enter (pytest's own folders are closed to it)."""
    data_dir = Path(tempfile.mkdtemp(prefix="labourmap-test-"))
    data_dir.chmod(0o755)
    try:
        yield data_dir
    finally:
        Cluster(data_dir)._server.stop()  # noqa: SLF001  (a failed test must leave nothing running)
        shutil.rmtree(data_dir)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Give an empty data folder."""
    with made_data_dir() as made:
        yield made


@pytest.fixture(scope="module")
def kept_dir() -> Iterator[Path]:
    """Give a data folder whose cluster is made once for the tests of a file."""
    with made_data_dir() as made:
        with Cluster(made, fast=True) as cluster:
            cluster.ensure_database()
        yield made


@pytest.fixture(scope="module")
def cluster(kept_dir: Path) -> Iterator[Cluster]:
    """Give a cluster with the database "labourmap" that runs for all the tests of a file."""
    with Cluster(kept_dir, fast=True) as made:
        yield made


@pytest.fixture
def other_user() -> Iterator[OtherUser]:
    """Give a function that starts another process using a cluster; it returns at once."""
    started: list[subprocess.Popen[str]] = []

    def start(data_dir: Path, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def ask() -> Ask:
    """Give a function that asks a database one thing."""

    def run(cluster: Cluster, statement: str, database: str = "labourmap", user: str = "labourmap") -> object:
        url = sa.make_url(cluster.url(database, user))
        with psycopg.connect(
            host=str(url.query["host"]),
            port=str(url.query["port"]),
            user=url.username,
            password=url.password,
            dbname=url.database,
            autocommit=True,
        ) as connection:
            done = connection.execute(statement.encode())
            row = done.fetchone() if done.description else None
            return row[0] if row else None

    return run
