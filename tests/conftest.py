"""Fixtures on the real thing: one private PostGIS cluster, a template migrated and filled once, a copy a session."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.database import EDITOR_ROLE, MIGRATIONS, READER_ROLE, admit_editor, admit_reader, make_engine, migrate
from geo.regions.install import install_regions
from geo.vocabularies import sync_terms

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
CLB_FOLDER = Path(os.environ.get("LABOURMAP_CLB_DIR", SHARED / "data" / "clb_strikes_2011_2017"))
TEMPLATE_LOCK = 7_264_002


def fingerprint() -> str:
    """Return a short hash of all that goes into the template, so that a change makes a new one."""
    digest = hashlib.sha256()
    for folder in (MIGRATIONS, ROOT / "geo" / "regions", ROOT / "geo" / "vocabularies"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".csv"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A private PostGIS cluster for tests, kept between runs; safety against power loss is off."""
    folder = Path(os.environ.get("LABOURMAP_TEST_DIR", Path(tempfile.gettempdir()) / "labourmap-tests"))
    with Cluster(folder, fast=True) as running:
        yield running


def fill_template(cluster: Cluster, name: str) -> None:
    """Make the database `name`: migrated, with vocabularies and China's regions."""
    cluster.create_database(name)
    migrate(cluster.url(name))
    engine = make_engine(cluster.url(name))
    with engine.begin() as connection:
        sync_terms(connection)
        install_regions(connection)
    engine.dispose()


def drop_old_templates(cluster: Cluster, connection: sa.Connection) -> None:
    """Drop all but the three newest templates: other runs may be copying those."""
    listed = "SELECT datname FROM pg_database WHERE datname ~ '^template_[0-9a-f]{10}$' ORDER BY oid DESC OFFSET 3"
    for old in connection.scalars(sa.text(listed)):
        connection.exec_driver_sql(f'ALTER DATABASE "{old}" IS_TEMPLATE false')
        cluster.drop_database(old)


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """The name of a database to copy. Made once for each state of migrations, regions and vocabularies."""
    name = f"template_{fingerprint()}"
    engine = sa.create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({TEMPLATE_LOCK})")
        ready = sa.text("SELECT datistemplate FROM pg_database WHERE datname = :name")
        state = connection.scalar(ready, {"name": name})
        if not state:
            if state is not None:  # left half made by a run that was stopped
                cluster.drop_database(name)
            drop_old_templates(cluster, connection)
            fill_template(cluster, name)
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
    engine.dispose()
    return name


def copy_database(cluster: Cluster, template: str, name: str) -> str:
    """Copy `template` to a database `name`, let the reader and the editors in, and return the owner's address."""
    cluster.drop_database(name)
    cluster.create_database(name, template=template)
    engine = make_engine(cluster.url(name))
    with engine.begin() as connection:
        admit_reader(connection, cluster.password(READER_ROLE))
        admit_editor(connection, cluster.password(EDITOR_ROLE))
    engine.dispose()
    return cluster.url(name)


@pytest.fixture(scope="session")
def database_url(cluster: Cluster, template: str) -> Iterator[str]:
    """The owner's address of this session's database: migrated, with vocabularies and regions, no records."""
    name = f"session_{os.getpid()}"
    yield copy_database(cluster, template, name)
    cluster.drop_database(name)


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[sa.Engine]:
    """The owner's engine on this session's database."""
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection whose work is rolled back after the test; commits inside are savepoints."""
    with engine.connect() as opened:
        outer = opened.begin()
        yield opened
        outer.rollback()


@pytest.fixture(scope="session")
def clb_folder() -> Path:
    """The folder of CLB's export 2011-2017, which is never part of the project."""
    if not CLB_FOLDER.is_dir():
        pytest.skip(f"CLB's export is not at {CLB_FOLDER}: set LABOURMAP_CLB_DIR to test with it")
    return CLB_FOLDER
