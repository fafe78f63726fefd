from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.cluster_files import read_recorded_pid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.geo.cluster.conftest import Ask


@pytest.fixture
def spare(cluster: Cluster) -> Iterator[str]:
    """Give the name of a database that is gone after the test."""
    yield "spare"
    cluster.drop_database("spare")


def test_the_owner_can_draw_maps_at_once(cluster: Cluster, ask: Ask) -> None:
    """A new database has PostGIS with vector tiles, though its owner may not install extensions."""
    assert ask(cluster, "SELECT ST_AsMVT(t) IS NOT NULL FROM (SELECT ST_MakePoint(0, 0)) AS t") is True


def test_the_owner_is_no_superuser(cluster: Cluster, ask: Ask) -> None:
    """The application's own role cannot run programs or read files through the database."""
    assert ask(cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_trigrams_see_chinese(cluster: Cluster, ask: Ask) -> None:
    """The locale is C.UTF-8: with plain C, pg_trgm finds no letters in Chinese and every search is empty."""
    assert ask(cluster, "SELECT cardinality(show_trgm('深圳'))") == 3


def test_the_encoding_is_utf_8(cluster: Cluster, ask: Ask) -> None:
    """Chinese text is stored as it is, whatever the language of the machine."""
    assert ask(cluster, "SHOW server_encoding") == "UTF8"


def test_nothing_listens_on_tcp(cluster: Cluster, ask: Ask) -> None:
    """Other machines, and other users of this one, find no port."""
    assert ask(cluster, "SHOW listen_addresses") == ""


@pytest.mark.parametrize("user", ["postgres", "labourmap"])
def test_no_role_enters_without_its_password(cluster: Cluster, user: str) -> None:
    """No rule of the cluster trusts a connection for where it comes from."""
    url = sa.make_url(cluster.url(user=user))
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=str(url.query["host"]), port=5432, user=user, password="guessed", dbname="postgres")  # noqa: S106


def test_no_rule_of_the_cluster_is_trust(cluster: Cluster, ask: Ask) -> None:
    """Every line of pg_hba.conf asks for a password with SCRAM."""
    methods = ask(
        cluster, "SELECT string_agg(DISTINCT auth_method, ' ') FROM pg_hba_file_rules", "postgres", "postgres"
    )
    assert methods == "scram-sha-256"


def test_a_copy_holds_what_its_template_holds(cluster: Cluster, ask: Ask, spare: str) -> None:
    """Tests copy one migrated database instead of migrating each time."""
    ask(cluster, "CREATE TABLE IF NOT EXISTS seen AS SELECT 42 AS figure")
    cluster.create_database(spare, template="labourmap")
    assert ask(cluster, "SELECT figure FROM seen", spare) == 42


def test_making_a_database_twice_is_an_error(cluster: Cluster) -> None:
    """Creating never hands out somebody else's data."""
    with pytest.raises(psycopg.errors.DuplicateDatabase):
        cluster.create_database("labourmap")


def test_dropping_breaks_connections_off(cluster: Cluster, spare: str) -> None:
    """A connection forgotten by a test does not keep its database alive."""
    cluster.create_database(spare)
    with psycopg.connect(cluster.url(spare).replace("+psycopg", "")):
        cluster.drop_database(spare)
    assert not cluster.has_database(spare)


def test_extensions_of_an_interrupted_start_are_made_up_for(cluster: Cluster, ask: Ask, spare: str) -> None:
    """A database made by a start that was killed before its extensions gets them at the next one."""
    cluster.create_database(spare)
    ask(cluster, "DROP EXTENSION pg_trgm", spare, "postgres")
    cluster.ensure_database(spare)
    assert ask(cluster, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'", spare) == 1


def test_settings_of_postgresql_in_the_environment_do_not_matter(
    cluster: Cluster, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PGPORT or PGHOST meant for another server leads nobody there."""
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOST", "/nowhere")
    assert cluster.is_running()
    assert ask(cluster, "SELECT 1") == 1


def test_the_server_is_told_nothing_of_our_environment(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No address with a password, and no language the machine never generated, reaches the server."""
    monkeypatch.setenv("LABOURMAP_DATABASE_URL", "postgresql://somebody:secret@elsewhere/db")
    monkeypatch.setenv("LANG", "tlh_XX.UTF-8")
    monkeypatch.setenv("PROJ_DATA", "/nowhere")
    with Cluster(data_dir, fast=True):
        pid = read_recorded_pid(data_dir / "postgres" / "postmaster.pid")
        names = {line.split(b"=")[0] for line in Path("/proc", str(pid), "environ").read_bytes().split(b"\0")}
    assert not names & {b"LABOURMAP_DATABASE_URL", b"LANG", b"PROJ_DATA"}


def test_the_log_repeats_nobody_s_data(cluster: Cluster, ask: Ask, kept_dir: Path) -> None:
    """A refused row is logged without its values and without the statement."""
    ask(cluster, "DROP TABLE IF EXISTS people; CREATE TABLE people (name text CHECK (name <> 'Zhang Marker'))")
    with pytest.raises(psycopg.errors.CheckViolation):
        ask(cluster, "INSERT INTO people VALUES ('Zhang Marker')")
    written = (kept_dir / "postgres.log").read_text()
    assert "violates check constraint" in written
    assert "Marker" not in written


def test_writing_is_safe_unless_speed_is_asked_for(data_dir: Path, ask: Ask) -> None:
    """Only tests give up fsync."""
    with Cluster(data_dir) as safe:
        assert ask(safe, "SHOW fsync", "postgres") == "on"
    with Cluster(data_dir, fast=True) as fast:
        assert ask(fast, "SHOW fsync", "postgres") == "off"


def test_the_address_is_one_for_engines(cluster: Cluster) -> None:
    """SQLAlchemy takes the address as it is, password and socket included."""
    engine = sa.create_engine(cluster.url())
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT current_user")) == "labourmap"
    engine.dispose()
