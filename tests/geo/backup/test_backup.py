"""Everything into a file, the database wiped, everything back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import psycopg
import pytest
import sqlalchemy as sa

from app.progress import Progress
from app.setup import Database, prepare
from geo.backup.archive import Backup
from geo.backup.make import make_backup
from geo.backup.restore import restore_backup
from geo.cluster import Cluster
from geo.database import EDITOR_ROLE, READER_ROLE, make_engine
from geo.errors import DataError, SetupError
from geo.loading.load import load_file
from geo.loading.request import LoadRequest
from geo.loading.samples import load_samples
from geo.publishing.publish import publish_all

ROWS = 300
VERSIONS = "SELECT md5(string_agg(v::text, '|' ORDER BY id)) FROM editorial.record_version AS v"


@dataclass(frozen=True)
class Place:
    """A database of the test's own, filled."""

    cluster: Cluster
    name: str

    @property
    def url(self) -> str:
        """The owner's address."""
        return self.cluster.url(self.name)

    def wipe(self) -> None:
        """Leave an empty database of the same name."""
        self.cluster.drop_database(self.name)
        self.cluster.create_database(self.name)

    def ask(self, question: str) -> list[object]:
        """Return the first column of a query."""
        engine = make_engine(self.url)
        try:
            with engine.begin() as connection:
                return list(connection.scalars(sa.text(question)))
        finally:
            engine.dispose()

    def export(self) -> dict[str, bytes]:
        """Return the finished GeoJSON of every layer, in the order of ids."""
        shown = "SELECT t.geojson FROM published.feature AS f JOIN published.feature_text AS t USING (id)"
        layers = ("strikes", "accidents", "calls_for_help", "accountability")
        return {
            layer: "\n".join(map(str, self.ask(f"{shown} WHERE f.layer = '{layer}' ORDER BY f.public_id"))).encode()
            for layer in layers
        }

    def backup(self, path: Path, *, force: bool = False) -> None:
        """Make a backup."""
        engine = make_engine(self.url)
        try:
            make_backup(engine, self.url, path, lambda *_: None, force=force)
        finally:
            engine.dispose()

    def restore(self, path: Path, *, replace: bool = False) -> None:
        """Restore a backup and prepare the database, as the command does."""
        engine = make_engine(self.url)
        try:
            restore_backup(engine, self.url, path, lambda *_: None, replace=replace)
        finally:
            engine.dispose()
        urls = (self.url, self.cluster.url(self.name, READER_ROLE))
        prepare(Database(*urls, editor_url=self.cluster.url(self.name, EDITOR_ROLE)), Progress())


@pytest.fixture
def place(cluster: Cluster, template: str, tmp_path: Path, clb_folder: Path) -> Iterator[Place]:
    """The samples, some hundred of CLB's strikes, an account with secrets, a saved mapping."""
    made = Place(cluster, f"backup_{os.getpid()}")
    cluster.drop_database(made.name)
    cluster.create_database(made.name, template=template)
    engine = make_engine(made.url)
    with engine.begin() as connection:
        load_samples(connection)
        request = LoadRequest(layer="strikes", path=shorten(clb_folder, tmp_path), source="clb_export")
        assert load_file(connection, request).loaded
        publish_all(connection)
        connection.exec_driver_sql(
            "INSERT INTO editorial.account (name, role, password_hash, totp_secret, made_by) "
            "VALUES ('lin', 'reviewer', 'a-canary-hash', 'a-canary-secret', 'operator')"
        )
    engine.dispose()
    yield made
    cluster.drop_database(made.name)


def shorten(folder: Path, tmp_path: Path) -> Path:
    """Copy the first rows of one of CLB's files."""
    source = openpyxl.load_workbook(next(iter(sorted((folder / "raw").glob("*.xlsx")))), read_only=True)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in source.worksheets[0].iter_rows(max_row=ROWS, values_only=True):
        sheet.append(row)
    book.save(tmp_path / "clb.xlsx")
    source.close()
    return tmp_path / "clb.xlsx"


@pytest.mark.clb
def test_a_backup_restores_an_equal_export(place: Place, tmp_path: Path) -> None:
    """Byte for byte, after everything was wiped; with roles and their grants, history and ids."""
    path = tmp_path / "labourmap.backup"
    before, versions = (
        place.export(),
        place.ask(VERSIONS),
    )
    assert all(before.values())
    place.backup(path)
    place.wipe()
    place.restore(path)
    assert place.export() == before
    assert place.ask(VERSIONS) == versions
    check_roles(place)
    check_that_history_holds(place)
    assert place.ask("SELECT name || role || coalesce(password_hash, '-') FROM editorial.account") == ["linreviewer-"]
    place.ask("INSERT INTO editorial.account (name, role, made_by) VALUES ('wang', 'viewer', 'operator') RETURNING id")
    assert place.ask("SELECT count(*) FROM published.search_key WHERE published.searched_words(id) IS NOT NULL") != [0]


def check_roles(place: Place) -> None:
    """Readers read what is published and nothing else; editors cannot rewrite history."""
    for role, allowed, refused in (
        (READER_ROLE, "SELECT FROM published.feature", "SELECT FROM editorial.incident"),
        (EDITOR_ROLE, "SELECT FROM editorial.incident", "DELETE FROM editorial.record_version"),
    ):
        address = sa.make_url(place.cluster.url(place.name, role)).set(drivername="postgresql")
        with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(allowed.encode())
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused.encode())


def check_that_history_holds(place: Place) -> None:
    """The triggers are back, too."""
    with pytest.raises(sa.exc.ProgrammingError, match="append-only"):
        place.ask("UPDATE editorial.record_version SET actor = 'x' RETURNING id")


@pytest.mark.clb
def test_a_backup_is_closed_holds_no_secrets_and_writes_over_nothing(place: Place, tmp_path: Path) -> None:
    """Mode 0600; what people sign in with is not in it; a file that is there stays."""
    path = tmp_path / "labourmap.backup"
    place.backup(path)
    assert path.stat().st_mode & 0o777 == 0o600
    backup = Backup(path)
    assert backup.manifest.accounts[0]["name"] == "lin"
    assert not any("canary" in str(value) for value in backup.manifest.accounts[0].values())
    assert not backup.manifest.rows.keys() & {"editorial.account", "editorial.session"}
    backup.close()
    with pytest.raises(DataError, match="--force"):
        place.backup(path)
    place.backup(path, force=True)
    assert sorted(item.name for item in tmp_path.iterdir() if "backup" in item.name) == ["labourmap.backup"]


@pytest.mark.clb
def test_a_restore_takes_nothing_from_anybody(place: Place, tmp_path: Path) -> None:
    """Records that are there stay unless told; a damaged file, and somebody connected, stop it at once."""
    path = tmp_path / "labourmap.backup"
    place.backup(path)
    with pytest.raises(DataError, match="--replace"):
        place.restore(path)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    (tmp_path / "damaged").write_bytes(damaged)
    (tmp_path / "short").write_bytes(path.read_bytes()[: len(damaged) // 2])
    for name in ("damaged", "short"):
        with pytest.raises(DataError):
            place.restore(tmp_path / name, replace=True)
    before = place.export()
    address = sa.make_url(place.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address), pytest.raises(SetupError, match="connected"):
        place.restore(path, replace=True)
    assert place.export() == before
    place.ask("UPDATE editorial.incident SET withheld = true RETURNING id")
    place.restore(path, replace=True)
    assert place.export() == before
    assert place.ask("SELECT count(*) FROM editorial.incident WHERE withheld") == [0]
