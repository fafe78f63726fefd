"""A database as a live service has it: all regions, the sample records of four layers, and some thousand incidents."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.database import READER_ROLE, admit_reader, make_engine
from geo.loading.samples import load_samples
from geo.publishing.publish import publish_all
from tests.benchmarks.made_incidents import COLUMNS, SOURCE_SYSTEM, make_lines
from tests.benchmarks.made_places import read_places
from tests.clients.live_server import Live, start_live
from tests.conftest import fill_template

ROWS = 3_000

BATCH = """
INSERT INTO editorial.batch (kind, layer, source_system, state, actor, committed_at)
VALUES ('load', 'strikes', :system, 'committed', 'operator', now()) RETURNING id
"""


def fill(owner_url: str, rows: int = ROWS) -> None:
    """Load the samples, copy made incidents beside them, and publish everything."""
    engine = make_engine(owner_url)
    with engine.begin() as connection:
        load_samples(connection)
        copy_made_incidents(connection, rows)
        publish_all(connection)
    engine.dispose()


def copy_made_incidents(connection: sa.Connection, rows: int) -> None:
    """Copy made incidents into the private table, as one committed batch."""
    batch_id = connection.scalar(sa.text(BATCH), {"system": SOURCE_SYSTEM})
    assert batch_id is not None
    places = read_places(connection)
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor() as cursor, cursor.copy(f"COPY editorial.incident ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for lines in make_lines(places, rows, batch_id):
            copy.write(lines)


@contextmanager
def serve_fresh_data() -> Iterator[Live]:
    """Run a live server on a database of its own, for a script: both are gone when the block is left."""
    name = f"clients_{secrets.token_hex(4)}"
    kept = Path(os.environ.get("LABOURMAP_TEST_DIR", Path(tempfile.gettempdir()) / "labourmap-tests"))
    with Cluster(kept, fast=True) as cluster, tempfile.TemporaryDirectory() as folder:
        try:
            fill_template(cluster, name)
            engine = make_engine(cluster.url(name))
            with engine.begin() as connection:
                admit_reader(connection, cluster.password(READER_ROLE))
            engine.dispose()
            fill(cluster.url(name))
            with start_live(cluster.url(name, READER_ROLE), Path(folder)) as live:
                yield live
        finally:
            cluster.drop_database(name)
