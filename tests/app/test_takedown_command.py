"""`labourmap takedown` and `labourmap tombstones` as an operator uses them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from app.cli import main
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine

ROWS = (
    "source_id,starts_on,title_en,region\n"
    "1,2020-03-05,Strike at Canaryworks,440300\n"
    "2,2020-03-06,Another strike,440300\n"
)


@pytest.fixture
def engine(cluster: Cluster, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """An engine on a database of its own, with two strikes, which the settings name too."""
    name = f"takedown_{os.getpid()}"
    cluster.drop_database(name)
    cluster.create_database(name, template=template)
    monkeypatch.setenv("LABOURMAP_DATABASE_URL", cluster.url(name))
    monkeypatch.setenv("LABOURMAP_READER_URL", cluster.url(name, READER_ROLE))
    monkeypatch.setenv("LABOURMAP_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    made = make_engine(cluster.url(name))
    run("load", "strikes", str(tmp_path / "rows.csv"), "--source", "test")
    yield made
    made.dispose()
    cluster.drop_database(name)


def run(*words: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, list(words))


def ask(engine: sa.Engine, question: str) -> list[str]:
    """Return the first column of a query."""
    with engine.connect() as connection:
        return list(connection.scalars(sa.text(question)))


def test_a_record_is_taken_down_and_stays_down(engine: sa.Engine, tmp_path: Path) -> None:
    """The key is made, readable by us alone, and the same file is refused afterwards."""
    (public_id,) = ask(
        engine,
        "SELECT public_id FROM published.feature_text JOIN published.feature USING (id) WHERE geojson LIKE '%Canary%'",
    )
    done = run("takedown", public_id, "--reason", "safety", "--yes")
    assert done.exit_code == 0, done.output
    assert ask(engine, "SELECT title_en FROM editorial.incident") == ["Another strike"]
    assert ask(engine, "SELECT op FROM published.change ORDER BY id DESC LIMIT 1") == ["delete"]
    key = tmp_path / "data" / "secrets" / "tombstones"
    assert key.stat().st_mode & 0o777 == 0o600
    again = run("load", "strikes", str(tmp_path / "rows.csv"), "--source", "test", "--policy", "valid_rows_only")
    assert "ID_TOMBSTONED" in again.output or "removed on request" in again.output
    assert ask(engine, "SELECT title_en FROM editorial.incident") == ["Another strike"]
    listed = run("tombstones")
    assert ("safety" in listed.output, "Canary" in listed.output) == (True, False)
    assert run("tombstones", "--ask", "1").exit_code == 0
    assert "second person" in run("tombstones", "--lift", "1").output


def test_nothing_happens_without_a_yes_or_a_record(engine: sa.Engine) -> None:
    """It asks first; a name that is none ends with a line for people."""
    (name,) = ask(engine, "SELECT 'incident-' || min(id) FROM editorial.incident")
    assert run("takedown", name, "--reason", "safety").exit_code == 1
    assert run("takedown", "S-1999-000001", "--reason", "safety", "--yes").exit_code == 1
    assert len(ask(engine, "SELECT title_en FROM editorial.incident")) == 2
