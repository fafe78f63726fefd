"""`labourmap load` as an operator uses it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from app.cli import main
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine

GOOD = "source_id,starts_on,title_en,region,industry\n1,2020-03-05,Strike at a factory,440300,manufacturing\n"
BAD = GOOD + "2,2024-02-30,Another,440300,xyz\n"


@pytest.fixture
def engine(cluster: Cluster, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """An engine on a database with regions and no records, which the settings name too."""
    name = f"load_{os.getpid()}"
    cluster.drop_database(name)
    cluster.create_database(name, template=template)
    monkeypatch.setenv("LABOURMAP_DATABASE_URL", cluster.url(name))
    monkeypatch.setenv("LABOURMAP_READER_URL", cluster.url(name, READER_ROLE))
    made = make_engine(cluster.url(name))
    yield made
    made.dispose()
    cluster.drop_database(name)


def load(tmp_path: Path, text: str, *options: str) -> Result:
    """Run the command on a file of strikes."""
    path = tmp_path / "strikes.csv"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["load", "strikes", str(path), "--source", "test", *options])


def count(engine: sa.Engine, table: str) -> int:
    """Count the rows of a table."""
    with engine.connect() as connection:
        return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_a_file_is_loaded_and_published(engine: sa.Engine, tmp_path: Path) -> None:
    """In one transaction; the summary counts, and the exit code is 0."""
    done = load(tmp_path, GOOD)
    assert done.exit_code == 0, done.output
    assert "1 rows: 1 inserted, 0 updated, 0 unchanged, 0 rejected" in done.stdout
    assert (count(engine, "editorial.incident"), count(engine, "published.feature")) == (1, 1)


def test_a_second_load_changes_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    """Neither records nor the data set's version."""
    load(tmp_path, GOOD)
    version = "published.dataset_version WHERE version = (SELECT max(version) FROM published.dataset_version)"
    before = count(engine, "published.change"), count(engine, version)
    done = load(tmp_path, GOOD)
    assert "0 inserted, 0 updated, 1 unchanged" in done.stdout
    assert (count(engine, "published.change"), count(engine, version)) == before


def test_a_dry_run_keeps_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    """It says what the load would say, and ends well."""
    done = load(tmp_path, GOOD, "--dry-run")
    assert done.exit_code == 0
    assert "1 inserted" in done.stdout
    assert "Dry run: nothing was kept." in done.stdout
    assert (count(engine, "editorial.incident"), count(engine, "published.feature")) == (0, 0)


def test_a_faulty_file_loads_nothing_and_says_why(engine: sa.Engine, tmp_path: Path) -> None:
    """Exit code 1, every fault in one pass."""
    done = load(tmp_path, BAD)
    assert done.exit_code == 1
    assert 'Row 3, column "industry": This is not in the list (value: "xyz")' in done.stdout
    assert "There is no 30 February 2024" in done.stdout
    assert count(engine, "editorial.incident") == 0


def test_valid_rows_can_be_loaded_alone(engine: sa.Engine, tmp_path: Path) -> None:
    """The operator has to ask for it; the rest is in the report file."""
    report = tmp_path / "report.csv"
    done = load(tmp_path, BAD, "--policy", "valid_rows_only", "--report", str(report))
    assert done.exit_code == 0
    assert count(engine, "editorial.incident") == 1
    assert "DATE_IMPOSSIBLE" in report.read_text(encoding="utf-8-sig")


@pytest.mark.usefixtures("engine")
def test_the_answer_can_be_json(tmp_path: Path) -> None:
    """Counts and messages in both languages, on standard output alone."""
    answer = json.loads(load(tmp_path, BAD, "--json").stdout)
    assert (answer["loaded"], answer["rows"], answer["rejected"]) == (False, 2, 1)
    said = next(message for message in answer["messages"] if message["code"] == "VOC_UNKNOWN")
    assert (said["row"], said["column"], said["severity"], said["value"]) == (3, "industry", "error", "xyz")
    assert said["text_zh_hans"].startswith("第 3 行，“industry”列")


@pytest.mark.usefixtures("engine")
def test_a_refused_file_is_said_in_json_too(tmp_path: Path) -> None:
    """With its code."""
    done = load(tmp_path, "source_id,title_en\n1,A\n", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["messages"][0]["code"] == "HDR_MISSING"


@pytest.mark.usefixtures("engine")
def test_a_refused_file_ends_with_a_line_for_people(tmp_path: Path) -> None:
    """No traceback."""
    done = load(tmp_path, "")
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (1, "Error: The file is empty. Nothing was loaded.")


def test_headings_are_named_on_the_command_line(engine: sa.Engine, tmp_path: Path) -> None:
    """A heading may hold the sign =; nothing after it leaves the column out."""
    text = GOOD.replace("region", "Ort = wo").replace("industry", "Branche")
    done = load(tmp_path, text, "--column", "Ort = wo=region", "--column", "Branche=")
    assert done.exit_code == 0, done.output
    assert count(engine, "editorial.incident WHERE region_code = '440300' AND industry IS NULL") == 1


def test_a_heading_without_a_column_is_a_question(tmp_path: Path) -> None:
    """Usage is told, nothing is opened."""
    done = load(tmp_path, GOOD, "--column", "Ort")
    assert (done.exit_code, "HEADING=COLUMN" in done.output) == (2, True)
