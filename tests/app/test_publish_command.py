"""`labourmap publish` on a database of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.cli import main
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine
from tests.private_records import Records


@pytest.fixture
def url(cluster: Cluster, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The owner's address of a database with regions and no records, which the settings name."""
    name = f"publishing_{os.getpid()}"
    cluster.drop_database(name)
    cluster.create_database(name, template=template)
    monkeypatch.setenv("LABOURMAP_DATABASE_URL", cluster.url(name))
    monkeypatch.setenv("LABOURMAP_READER_URL", cluster.url(name, READER_ROLE))
    yield cluster.url(name)
    cluster.drop_database(name)


def run(*arguments: str) -> str:
    """What the command said; it must end well."""
    done = CliRunner().invoke(main, ["publish", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    """An engine on that database."""
    made = make_engine(url)
    yield made
    made.dispose()


def test_publish_publishes_what_is_due_and_all_finds_nothing_more(engine: sa.Engine) -> None:
    """A committed batch that was never published is due; afterwards both ways find nothing to do."""
    assert "0 public records changed." in run()
    with engine.begin() as connection:
        assert (connection.scalar(sa.text("SELECT count(*) FROM published.region")) or 0) > 3_000
        Records(connection).incident("strikes")
    assert "1 public records changed." in run()
    assert "0 public records changed." in run("--all")
    with engine.begin() as connection:
        Records(connection).incident("strikes", source_id="another")
    assert "1 public records changed." in run("--all")
