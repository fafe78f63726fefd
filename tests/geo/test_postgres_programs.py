from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import SetupError
from geo.postgres_programs import NEEDED, find_programs, read_major_version

REAL = find_programs()


def make_folder_of_links(folder: Path) -> Path:
    """Make a folder that names the real programs without their version, as /usr/local/bin may."""
    folder.mkdir()
    for name in NEEDED:
        (folder / name).symlink_to(REAL / name)
    return folder


def test_the_programs_of_this_machine_are_found() -> None:
    """The folder holds the programs themselves and is that of one version."""
    assert all((REAL / name).exists() for name in NEEDED)
    assert read_major_version(REAL).isdigit()


def test_links_without_a_version_lead_to_the_real_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server run by its link would not find its own files."""
    monkeypatch.setenv("PATH", str(make_folder_of_links(tmp_path / "bin")))
    assert find_programs(root=tmp_path) == REAL


def test_a_wrapper_that_is_no_server_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An `initdb` on PATH without PostGIS beside it is not ours."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(SetupError, match="apt-get install postgresql-postgis"):
        find_programs(root=tmp_path)
    assert find_programs() == REAL


def test_a_pg_config_that_refuses_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's asks for -dev packages, on standard error, when they are not there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "pg_config").write_text("#!/bin/sh\necho 'install libpq-dev' >&2\nexit 1\n")
    (folder / "pg_config").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    assert find_programs() == REAL


def test_a_version_that_is_not_there_is_named() -> None:
    """Data made by one major version is not opened by another."""
    with pytest.raises(SetupError, match=r"made by PostgreSQL 9; .* for PostgreSQL \d+ only"):
        find_programs("9")


def test_the_version_asked_for_is_found() -> None:
    """The version of the data decides where several are installed."""
    assert find_programs(read_major_version(REAL)) == REAL
