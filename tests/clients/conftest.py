"""Fixtures for real clients: a live server with all four layers, regions and some thousand incidents."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from geo.cluster import Cluster
from geo.database import READER_ROLE
from tests.clients.live_data import fill
from tests.clients.live_server import Live, start_live
from tests.conftest import copy_database


@pytest.fixture(scope="session")
def live(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A live server on a database of its own."""
    name = f"clients_{secrets.token_hex(4)}"
    fill(copy_database(cluster, template, name))
    with start_live(cluster.url(name, READER_ROLE), tmp_path_factory.mktemp("live")) as running:
        yield running
    cluster.drop_database(name)
