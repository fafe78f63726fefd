"""A database of its own for tests that migrate up and down."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from geo.cluster import Cluster


@pytest.fixture
def empty_database(cluster: Cluster) -> Iterator[str]:
    """The owner's address of a database with PostGIS and nothing else in it."""
    name = f"migrating_{os.getpid()}"
    cluster.drop_database(name)
    cluster.create_database(name)
    yield cluster.url(name)
    cluster.drop_database(name)
