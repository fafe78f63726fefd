from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.cluster_files import (
    SOCKET_NAME,
    SOCKET_PATH_BYTES,
    DatabaseUser,
    find_database_user,
    find_socket_folder,
    make_secret,
)
from geo.errors import SetupError

if TYPE_CHECKING:
    from tests.geo.cluster.conftest import Ask

AS_OURSELVES = DatabaseUser(os.geteuid(), os.getegid(), switch=False)


def read_mode(path: Path) -> int:
    """Read who may do what with a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_closed_and_different(cluster: Cluster, kept_dir: Path) -> None:
    """Each role has a long password of its own, which only we can read."""
    files = sorted((kept_dir / "secrets").iterdir())
    assert [file.name for file in files] == ["editor", "owner", "reader", "superuser"]
    assert [read_mode(file) for file in files] == [0o600] * 4
    assert read_mode(kept_dir / "secrets") == 0o700
    passwords = {cluster.password(role) for role in ("postgres", "labourmap", "labourmap_reader", "labourmap_editor")}
    assert len(passwords) == 4
    assert min(len(password) for password in passwords) >= 32


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    """A second start does not lock out those who have the password."""
    make_secret(tmp_path / "owner")
    first = (tmp_path / "owner").read_text()
    make_secret(tmp_path / "owner")
    assert (tmp_path / "owner").read_text() == first


def test_a_secret_half_written_is_made_again(tmp_path: Path) -> None:
    """A start that was killed while writing leaves no empty password behind."""
    (tmp_path / "owner.part").touch()
    make_secret(tmp_path / "owner")
    assert len((tmp_path / "owner").read_text().strip()) >= 32


def test_a_lost_secret_is_named(data_dir: Path) -> None:
    """The message says which file to restore."""
    with pytest.raises(SetupError, match="secrets/owner is missing"):
        Cluster(data_dir).url()


def test_a_changed_secret_is_taken_over(data_dir: Path, ask: Ask) -> None:
    """The file is the truth: editing it and starting again changes the owner's password."""
    with Cluster(data_dir, fast=True) as cluster:
        cluster.ensure_database()
    (data_dir / "secrets" / "owner").write_text("chosen by the operator\n")
    with Cluster(data_dir, fast=True) as cluster:
        assert ask(cluster, "SELECT current_user") == "labourmap"


def test_a_deep_data_folder_works(data_dir: Path) -> None:
    """The path of a socket ends at 107 bytes; that of a data folder does not."""
    deep = data_dir / "/".join(["a folder with a long name"] * 6)
    with Cluster(deep, fast=True) as cluster:
        assert cluster.is_running()


def test_a_strict_umask_does_not_lock_the_server_out(data_dir: Path) -> None:
    """Under umask 077 the database's user can still enter its folder."""
    before = os.umask(0o077)
    try:
        with Cluster(data_dir / "new", fast=True) as cluster:
            assert cluster.is_running()
    finally:
        os.umask(before)


@pytest.mark.parametrize("name", ["a b 'c'", 'd "e" $f;g'])
def test_an_odd_temporary_directory_works(data_dir: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Spaces and quotes in TMPDIR reach the server as they are."""
    odd = data_dir / name
    odd.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(odd))
    with Cluster(data_dir, fast=True) as cluster:
        assert cluster.is_running()
        assert list(odd.glob("labourmap-pg-*/.s.PGSQL.5432"))


@pytest.mark.parametrize("name", ["x" * 80, "a,b"])
def test_a_temporary_directory_unfit_for_sockets_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A path too long for the kernel, or with a comma, where libpq ends a name, gives way to /tmp."""
    (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / name))
    folder = find_socket_folder(tmp_path, AS_OURSELVES)
    assert folder.parent == Path("/tmp")  # noqa: S108  (the system's own)
    assert len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_BYTES
    folder.rmdir()


def test_no_empty_folder_of_sockets_is_left(data_dir: Path) -> None:
    """Stopping cleans up what starting made outside the data folder."""
    with Cluster(data_dir, fast=True) as cluster:
        host = sa.make_url(cluster.url()).query["host"]
        assert isinstance(host, str)
        assert Path(host).exists()
    assert not Path(host).exists()


def test_nobody_can_pose_as_our_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link in the place of the sockets' folder, as another user could make in /tmp, is refused."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = find_socket_folder(tmp_path / "data", AS_OURSELVES)
    folder.rmdir()
    (tmp_path / "theirs").mkdir()
    folder.symlink_to(tmp_path / "theirs")
    with pytest.raises(SetupError, match="belongs to another user"):
        find_socket_folder(tmp_path / "data", AS_OURSELVES)


def test_the_sockets_are_closed_to_others(cluster: Cluster) -> None:
    """Other users of the machine cannot even try a password."""
    host = sa.make_url(cluster.url()).query["host"]
    assert isinstance(host, str)
    assert read_mode(Path(host)) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_a_folder_closed_to_the_server_is_named(data_dir: Path) -> None:
    """A data folder below /root cannot work; the message says which folder is closed and what to set."""
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(SetupError, match=r"cannot enter .*/closed, .*LABOURMAP_DATA_DIR"):
        Cluster(closed / "data").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_root_s_server_runs_as_postgres(cluster: Cluster, kept_dir: Path) -> None:
    """PostgreSQL refuses to be started by root, and keeps none of root's groups."""
    assert cluster.is_running()
    pid = (kept_dir / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]
    facts = dict(line.split(":", 1) for line in Path("/proc", pid, "status").read_text().splitlines())
    assert facts["Uid"].split() == [str(find_database_user().uid)] * 4
    assert facts["Groups"].split() == []


def test_something_else_in_the_folder_is_not_removed(data_dir: Path) -> None:
    """A folder that is no cluster is refused and left as it was."""
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "thesis.txt").write_text("years of work")
    with pytest.raises(SetupError, match="no PostgreSQL cluster"):
        Cluster(data_dir, fast=True).start()
    assert (data_dir / "postgres" / "thesis.txt").read_text() == "years of work"


def test_a_folder_of_another_version_is_not_touched(data_dir: Path) -> None:
    """After an upgrade of the system the message says which version the data needs."""
    with Cluster(data_dir, fast=True):
        pass
    (data_dir / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(SetupError, match=r"made by PostgreSQL 9; .*postgresql-9-postgis"):
        Cluster(data_dir, fast=True).start()


def test_a_long_log_is_put_aside(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log does not grow for ever: one old one is kept."""
    monkeypatch.setattr("geo.postgres_server.LOG_BYTES", 10)
    for _ in range(3):
        with Cluster(data_dir, fast=True):
            pass
    assert (data_dir / "postgres.log").read_text().count("ready to accept") == 1
    assert (data_dir / "postgres.log.1").read_text().count("ready to accept") == 1
