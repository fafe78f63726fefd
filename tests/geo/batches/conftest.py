"""Batches on the real thing: a database of their own, a folder of uploads, and a worker that is run step by step."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.database import make_engine
from geo.loading.preview import get_batch
from geo.loading.stored_files import store_file
from geo.loading.workflow import Key, Upload, request_commit, upload
from geo.loading.workflow_run import Worker
from geo.publishing.publish import publish_batch
from tests.conftest import copy_database
from tests.geo.loading.conftest import STRIKE, write_csv

__all__ = ["STRIKE"]

EMPTY = """
TRUNCATE editorial.batch, editorial.batch_decision, editorial.staging_row, editorial.staging_message,
    editorial.record_version, editorial.incident, editorial.accountability_case, editorial.case_incident,
    editorial.union_contact, editorial.publication, editorial.embargo, published.feature, published.feature_text,
    published.feature_search, published.search_key, published.change, published.retraction CASCADE
"""


def strikes(count: int, **values: str) -> list[dict[str, str]]:
    """Make that many strikes which look unlike each other."""
    days = (f"20{10 + number // 330:02d}-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}" for number in range(count))
    return [
        STRIKE | {"source_id": str(number), "starts_on": day, "title_en": f"Strike of {number} workers"} | values
        for number, day in enumerate(days, start=1)
    ]


@dataclass
class Desk:
    """One editor's way to batches, without HTTP."""

    engine: sa.Engine
    folder: Path
    scratch: Path
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.worker = Worker(self.engine, self.folder, secrets.token_hex(4), publish_batch)

    def upload(
        self, rows: Iterable[Mapping[str, str]] | bytes, layer: str = "strikes", actor: str = "mei", **choices: Any
    ) -> tuple[int, bool]:
        """Upload rows or bytes; return the batch and whether it is new."""
        content = rows
        if not isinstance(content, bytes):
            content = write_csv(self.scratch / "rows.csv", list(content)).read_bytes()
        stored = store_file(self.folder, [content])
        with self.engine.begin() as connection:
            given = Upload(
                layer=layer, file_name="rows.csv", stored=stored, actor=actor, choices={"source": "test"} | choices
            )
            return upload(connection, given)

    def work(self) -> None:
        """Let the worker do all that waits."""
        while self.worker.run_next() is not None:
            pass

    def load(self, rows: Iterable[Mapping[str, str]] | bytes, **given: Any) -> int:
        """Upload and let the worker look; return the batch."""
        batch_id, _ = self.upload(rows, **given)
        self.work()
        return batch_id

    def show(self, batch_id: int) -> Key:
        """Return what the batch says of itself."""
        with self.engine.connect() as connection:
            return get_batch(connection, batch_id)

    def commit(self, batch_id: int, actor: str = "mei", **given: Any) -> Key:
        """Ask for the commit of what is shown, let the worker do it, and return what the batch then says."""
        with self.engine.begin() as connection:
            request_commit(connection, batch_id, actor, get_batch(connection, batch_id)["content_hash"], **given)
        self.work()
        return self.show(batch_id)

    def ask(self, query: str, **facts: Any) -> Any:
        """Return the one value of a query."""
        with self.engine.connect() as connection:
            return connection.scalar(sa.text(query), facts)

    def rows(self, query: str, **facts: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query), facts)]


@pytest.fixture(scope="session")
def batches_url(cluster: Cluster, template: str) -> Iterator[str]:
    """The owner's address of a database for tests that commit; `desk` empties it after each."""
    name = f"batches_{secrets.token_hex(4)}"
    yield copy_database(cluster, template, name)
    cluster.drop_database(name)


@pytest.fixture
def desk(batches_url: str, tmp_path: Path) -> Iterator[Desk]:
    """A desk on a database without batches and records."""
    engine = make_engine(batches_url)
    yield Desk(engine, tmp_path / "uploads", tmp_path)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE editorial.record_version DISABLE TRIGGER USER")
        connection.exec_driver_sql(EMPTY)
        connection.exec_driver_sql("ALTER TABLE editorial.record_version ENABLE TRIGGER USER")
    engine.dispose()
