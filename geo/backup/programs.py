"""Runs PostgreSQL's own programs against a database; passwords go by the environment, never by the command line."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from geo.errors import SetupError
from geo.postgres_programs import find_programs, read_major_version

_WORDS = {"host": "PGHOST", "port": "PGPORT", "username": "PGUSER", "password": "PGPASSWORD", "database": "PGDATABASE"}


class Programs:
    """The programs that fit the server at `url`."""

    def __init__(self, url: str, server_major: str) -> None:
        made = sa.make_url(url)
        told = {**dict(made.query), **{name: value for name, value in made.translate_connect_args().items() if value}}
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PG", "LABOURMAP_"))},
            **{word: str(told[name]) for name, word in _WORDS.items() if name in told},
            "PGOPTIONS": "-c statement_timeout=0",
        }
        self._folder = _find(server_major)

    def start(self, name: str, arguments: Sequence[str], **pipes: Any) -> subprocess.Popen[bytes]:
        """Start a program; what it says goes where `pipes` say."""
        command = [str(self._folder / name), *arguments]
        return subprocess.Popen(command, env=self._environment, **pipes)  # noqa: S603  (a found path, words of our own)


def _find(server_major: str) -> Path:
    """Return the folder of programs of the server's version or a newer one: an older pg_dump refuses the server."""
    for major in (server_major, None):
        try:
            folder = find_programs(major)
        except SetupError:
            continue
        if (folder / "pg_dump").exists() and int(read_major_version(folder)) >= int(server_major):
            return folder
    raise SetupError(
        f"pg_dump of PostgreSQL {server_major} was not found on this machine "
        f"(Debian: apt-get install postgresql-client-{server_major})."
    )


def read_server_major(connection: sa.Connection) -> str:
    """Ask the server for its major version."""
    return str(int(connection.scalar(sa.text("SHOW server_version_num"))) // 10_000)


def say_end(name: str, program: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    """Wait for a program. Raises SetupError with its last words when it failed."""
    if program.wait() != 0:
        said.seek(0)
        lines = said.read().decode(errors="replace").strip().splitlines()
        raise SetupError(f"{name} failed: {' '.join(lines[-3:])[:500]}")
