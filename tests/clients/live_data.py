"""A database as a live service has it: all regions, the sample records of four layers, and some thousand incidents."""

from __future__ import annotations

import psycopg
import sqlalchemy as sa

from geo.database import make_engine
from geo.loading.samples import load_samples
from geo.publishing.publish import publish_all
from tests.benchmarks.made_incidents import COLUMNS, SOURCE_SYSTEM, make_lines
from tests.benchmarks.made_places import read_places

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
