from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.cli import main
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine
from geo.serving.tables import boundaries, published_region

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SQUARE = {"type": "Polygon", "coordinates": [[[10, 50], [12, 50], [12, 52], [10, 52], [10, 50]]]}


@pytest.fixture
def url(cluster: Cluster, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the owner's address of a database with regions, which the settings name too."""
    name = f"regions_{os.getpid()}"
    cluster.drop_database(name)
    cluster.create_database(name, template=template)
    monkeypatch.setenv("LABOURMAP_DATABASE_URL", cluster.url(name))
    monkeypatch.setenv("LABOURMAP_READER_URL", cluster.url(name, READER_ROLE))
    yield cluster.url(name)
    cluster.drop_database(name)


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    """Give a map file of one region."""
    feature = {"type": "Feature", "properties": {"id": "S", "label": "South"}, "geometry": SQUARE}
    path = tmp_path / "land.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


@pytest.mark.usefixtures("url")
def test_a_name_is_resolved() -> None:
    """`regions resolve` says the code, the level and the names of what was meant."""
    done = CliRunner().invoke(main, ["regions", "resolve", "深圳市寶安區"])
    assert done.output.split("  ")[:3] == ["440306", "county", "Bao'an District"]


@pytest.mark.usefixtures("url")
def test_a_name_of_several_regions_is_refused_with_them() -> None:
    """An ambiguous name ends with exit code 1 and its candidates, without a traceback."""
    done = CliRunner().invoke(main, ["regions", "resolve", "朝阳区"])
    assert done.exit_code == 1
    assert "110105" in done.output
    assert "220104" in done.output


@pytest.mark.usefixtures("url")
def test_a_misspelled_name_is_refused_with_suggestions() -> None:
    """What is spelled alike is shown, not taken."""
    done = CliRunner().invoke(main, ["regions", "resolve", "shenzen"])
    assert done.exit_code == 1
    assert "440300 prefecture Shenzhen" in done.output


def test_a_file_replaces_the_regions_for_readers_too(url: str, map_file: Path) -> None:
    """After `regions load` readers see the new regions and whose they are."""
    options = ["--code-column", "id", "--name-en-column", "label", "--datum", "wgs84"]
    described = ["--set-name", "land", "--source", "a survey", "--licence", "CC0"]
    done = CliRunner().invoke(main, ["regions", "load", str(map_file), *options, *described])
    assert done.exit_code == 0, done.output
    engine = make_engine(url)
    with engine.connect() as connection:
        assert list(connection.scalars(sa.select(published_region.c.code))) == ["S"]
        assert connection.scalar(sa.select(boundaries.c.name)) == "land"
    engine.dispose()


def test_a_file_without_a_datum_is_not_loaded(map_file: Path) -> None:
    """The datum has no default."""
    done = CliRunner().invoke(main, ["regions", "load", str(map_file), "--set-name", "a", "--source", "b"])
    assert done.exit_code == 2
    assert "--datum" in done.output
