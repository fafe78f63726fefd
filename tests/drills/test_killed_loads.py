"""Five moments of the drill, with few rows: `python -m tests.drills` is the whole of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geo.cluster import Cluster
from tests.conftest import copy_database
from tests.drills.killed_loads import Drill, choose_moment, kill_backends, run_trial

ROWS = 2_000


@pytest.fixture
def drill(cluster: Cluster, template: str, tmp_path: Path) -> Iterator[Drill]:
    """A drill on a database of its own, in a server that other tests use."""
    name = f"drill_{secrets.token_hex(4)}"
    made = Drill(copy_database(cluster, template, name), tmp_path, ROWS)
    yield made
    made.close()
    cluster.drop_database(name)


def test_a_load_killed_at_any_moment_is_whole_or_not_there(drill: Drill) -> None:
    """Worker or connections, at five random moments; each load is finished afterwards, once."""
    took = run_trial(drill, lambda: None, 0)
    kills: list[Callable[[], None]] = [drill.stop_worker, lambda: kill_backends(drill)]
    for number in range(5):
        run_trial(drill, kills[number % 2], choose_moment(took))
