"""A database with the sample records and the seven files of CLB's export, loaded and published once for all tests."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from app.settings import ReaderSettings
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine
from geo.loading.load import load_file
from geo.loading.request import LoadReport, LoadRequest
from geo.loading.samples import load_samples
from geo.publishing.publish import publish_batch, publish_due, publish_reference
from tests.app.conftest import open_client
from tests.conftest import copy_database
from tests.published import anyio_backend

__all__ = ["anyio_backend"]

SOURCE = "clb_export"


@dataclass(frozen=True)
class ClbDatabase:
    """The database, and what was said when its files were loaded, by file name."""

    name: str
    reports: dict[str, LoadReport]


def find_clb_files(folder: Path) -> list[Path]:
    """Return the seven files of CLB's export, a year each."""
    return sorted((folder / "raw").glob("clb_*.xlsx"))


def load_everything(engine: sa.Engine, files: list[Path]) -> dict[str, LoadReport]:
    """Load and publish the sample records and then each file; return the reports of the files by name."""
    reports = {}
    with engine.begin() as connection:
        publish_reference(connection)
        load_samples(connection)
        publish_due(connection)
    for path in files:
        with engine.begin() as connection:
            report = load_file(connection, LoadRequest(layer="strikes", path=path, source=SOURCE))
            assert report.batch_id is not None, report.messages[:3]
            publish_batch(connection, report.batch_id)
            reports[path.name] = report
    return reports


@pytest.fixture(scope="session")
def clb_database(cluster: Cluster, template: str, clb_folder: Path) -> Iterator[ClbDatabase]:
    """The sample records and CLB's seven files, as an operator loads them. Nobody may change it."""
    name = f"clb_{secrets.token_hex(4)}"
    engine = make_engine(copy_database(cluster, template, name))
    try:
        reports = load_everything(engine, find_clb_files(clb_folder))
    finally:
        engine.dispose()
    yield ClbDatabase(name, reports)
    cluster.drop_database(name)


@pytest.fixture
async def clb_client(cluster: Cluster, clb_database: ClbDatabase) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the public application on that database."""
    settings = ReaderSettings(reader_url=cluster.url(clb_database.name, READER_ROLE))
    async with open_client(settings) as opened:
        yield opened
