"""What the server takes of the machine's memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.cluster import Cluster
from geo.postgres_server import find_memory, settings_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.geo.cluster.conftest import Ask

GIB = 2**30


@pytest.mark.parametrize(
    ("memory", "buffers", "maintenance"),
    [(GIB // 2, "128MB", "64MB"), (GIB, "128MB", "64MB"), (8 * GIB, "1024MB", "256MB"), (64 * GIB, "8192MB", "1024MB")],
)
def test_buffers_grow_with_the_machine(memory: int, buffers: str, maintenance: str) -> None:
    """An eighth of the memory, and on a small machine no less than PostgreSQL itself would take."""
    settings = settings_for(memory)
    assert (settings["shared_buffers"], settings["maintenance_work_mem"]) == (buffers, maintenance)


def test_the_server_runs_with_them(data_dir: Path, ask: Ask) -> None:
    """A server that is not only for tests has the settings of this machine."""
    wanted = settings_for(find_memory())["shared_buffers"].removesuffix("MB")
    with Cluster(data_dir) as cluster:
        buffers = ask(
            cluster, "SELECT setting::bigint * 8 / 1024 FROM pg_settings WHERE name = 'shared_buffers'", "postgres"
        )
        assert buffers == int(wanted)
        assert ask(cluster, "SHOW max_wal_size", "postgres") == "4GB"
