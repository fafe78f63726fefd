"""Kills a load at many random moments: `python -m tests.drills [--rows 100000] [--kills 50] [--folder FOLDER]`.

Every third time the worker is killed, every third the whole PostgreSQL server, every third the process that uploads
and asks, with the connections of everybody. docs/performance.md has the outcome.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from geo.cluster import Cluster
from geo.database import make_engine, migrate
from geo.regions.install import install_regions
from geo.vocabularies import sync_terms
from tests.drills.killed_loads import Drill, choose_moment, kill_backends, kill_server, run_trial

EMPTY = """
TRUNCATE editorial.batch, editorial.batch_decision, editorial.staging_row, editorial.staging_message,
    editorial.record_version, editorial.incident, editorial.publication, published.feature, published.feature_text,
    published.feature_search, published.search_key, published.change CASCADE
"""


def main() -> None:
    """Run the drill."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "labourmap-drills")
    given = parser.parse_args()
    with Cluster(given.folder) as cluster:
        _fill(cluster)
        drill = Drill(cluster.url(), given.folder / "data", given.rows, lambda: _start(cluster))
        try:
            took = run_trial(drill, lambda: None, 0)
            _say(f"a load of {given.rows:,} rows without a kill takes {took:.1f} s")
            for number in range(1, given.kills + 1):
                _empty(drill.engine)
                _run(drill, given.folder / "postgres" / "postmaster.pid", number, took)
        finally:
            drill.close()
    _say(f"{given.kills} kills, 0 partial batches, every load finished")


def _run(drill: Drill, pid_file: Path, number: int, took: float) -> None:
    kinds = {0: ("worker", drill.stop_worker), 1: ("server", lambda: kill_server(pid_file))}
    name, kill = kinds.get(number % 3, ("connections", lambda: kill_backends(drill)))
    moment = choose_moment(took)
    finished = run_trial(drill, kill, moment)
    _say(f"{number}: {name} killed after {moment:.2f} s; committed whole after {finished:.1f} s")


def _fill(cluster: Cluster) -> None:
    cluster.ensure_database()
    migrate(cluster.url())
    engine = make_engine(cluster.url())
    with engine.begin() as connection:
        sync_terms(connection)
        install_regions(connection)
    _empty(engine)
    engine.dispose()


def _empty(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE editorial.record_version DISABLE TRIGGER USER")
        connection.exec_driver_sql(EMPTY)
        connection.exec_driver_sql("ALTER TABLE editorial.record_version ENABLE TRIGGER USER")


def _start(cluster: Cluster) -> None:
    if not cluster.is_running():
        cluster.start()


def _say(line: str) -> None:
    os.write(1, f"{time.strftime('%H:%M:%S')} {line}\n".encode())


if __name__ == "__main__":
    main()
