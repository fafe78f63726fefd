"""Makes a backup: the dump and the counts are of one moment, whatever is written meanwhile."""

from __future__ import annotations

import datetime as dt
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from geo.backup.archive import CHUNK, Manifest, Take, write_archive
from geo.backup.programs import Programs, read_server_major, say_end
from geo.errors import DataError

SCHEMAS: Final = ("editorial", "published")
SECRET: Final = (*("account", "api_key", "one_time_link", "recovery_code", "role_grant", "session", "sign_in_attempt"),)
"""Tables of `editorial` whose rows are left out: what people sign in with. Names and roles go into the manifest."""
PASSING: Final = ("staging_*",)
"""Rows on their way, which a crash may take as well."""

_LISTED: Final = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname = ANY(:schemas) AND NOT (schemaname = 'editorial' AND (tablename = ANY(:secret)
    OR tablename LIKE 'staging\\_%')) ORDER BY 1
"""
_ACCOUNTS: Final = "SELECT id, name, role, language, disabled_at, made_by, made_at FROM editorial.account ORDER BY id"

Progress = Callable[[str, int, int], None]


def make_backup(engine: sa.Engine, url: str, path: Path, progress: Progress, *, force: bool = False) -> Manifest:
    """Write a backup of the database at `url` to `path`.

    Raises:
        DataError: the file is there already, and `force` is not set; or the database holds nothing to keep.
        SetupError: pg_dump is missing, or failed.
    """
    if path.exists() and not force:
        raise DataError(f"{path.name} is there already; say --force to write over it.")
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        if connection.scalar(sa.text("SELECT to_regclass('editorial.migration')")) is None:
            raise DataError("The database is empty: there is nothing to keep.")
        snapshot = str(connection.scalar(sa.text("SELECT pg_export_snapshot()")))
        programs = Programs(url, read_server_major(connection))
        manifest = describe(connection)

        def fill(take: Take) -> Manifest:
            _dump(programs, snapshot, take, progress)
            return manifest

        return write_archive(path, fill)


def describe(connection: sa.Connection) -> Manifest:
    """Say what is in the database, as one transaction sees it."""
    tables = connection.scalars(sa.text(_LISTED), {"schemas": list(SCHEMAS), "secret": list(SECRET)}).all()
    rows = {table: int(connection.scalar(sa.text(f"SELECT count(*) FROM {table}"))) for table in tables}  # noqa: S608  (names of the catalogue, quoted by it)
    accounts = [dict(row) for row in connection.execute(sa.text(_ACCOUNTS)).mappings()]
    return Manifest(
        made_at=dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
        revision=str(connection.scalar(sa.text("SELECT version_num FROM editorial.migration"))),
        dataset_version=int(connection.scalar(sa.text("SELECT version FROM published.dataset_version"))),
        rows=rows,
        accounts=[_write_dates(account) for account in accounts],
    )


def _dump(programs: Programs, snapshot: str, take: Take, progress: Progress) -> None:
    left_out = (f"--exclude-table-data=editorial.{name}" for name in (*SECRET, *PASSING))
    schemas = (f"--schema={name}" for name in SCHEMAS)
    arguments = ["--format=custom", "--compress=6", "--no-owner", f"--snapshot={snapshot}", *schemas, *left_out]
    with tempfile.TemporaryFile() as said:
        program = programs.start("pg_dump", arguments, stdout=subprocess.PIPE, stderr=said)
        done = 0
        with program:
            assert program.stdout is not None  # noqa: S101  (a pipe was asked for)
            while piece := program.stdout.read(CHUNK):
                take(piece)
                done += len(piece)
                progress("megabytes written", done // 10**6, done // 10**6)
        say_end("pg_dump", program, said)


def _write_dates(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in row.items()}
