"""Brings a backup back: all of it in one transaction, into a database that holds nothing, unless told to replace it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import alembic.config
import alembic.script
import orjson
import sqlalchemy as sa

from geo.backup.archive import Backup, Manifest
from geo.backup.make import SCHEMAS, describe
from geo.backup.programs import Programs, read_server_major, say_end
from geo.database import MIGRATIONS, migrate
from geo.errors import DataError, SetupError

_HELD: Final = ("editorial.incident", "editorial.accountability_case", "editorial.account", "editorial.tombstone")
_OTHERS: Final = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_ACCOUNTS: Final = """
INSERT INTO editorial.account (id, name, role, language, disabled_at, made_by, made_at) OVERRIDING SYSTEM VALUE
SELECT id, name, role, language, disabled_at, made_by, made_at
FROM jsonb_populate_recordset(NULL::editorial.account, CAST(:accounts AS jsonb))
"""
_NEXT_ACCOUNT: Final = """
SELECT setval(pg_get_serial_sequence('editorial.account', 'id'), (SELECT max(id) FROM editorial.account))
"""

Progress = Callable[[str, int, int], None]


def restore_backup(engine: sa.Engine, url: str, path: Path, progress: Progress, *, replace: bool = False) -> Manifest:
    """Restore the backup at `path` into the database at `url`, and check that all of it came.

    Nothing else may be connected. The passwords of the roles, and whatever a newer release adds, are put in place by
    preparing the database afterwards, as at every start.

    Raises:
        DataError: the file is no backup or was damaged, or the database holds records and `replace` is not set.
        SetupError: a newer release made it; others are connected; PostgreSQL's programs are missing or failed.
    """
    backup = Backup(path)
    try:
        _check_revision(backup.manifest)
        backup.check(lambda done, total: progress("bytes of the backup checked", done, total))
        with engine.connect() as connection:
            _check_target(connection, replace=replace)
            programs = Programs(url, read_server_major(connection))
        migrate(url)  # makes the roles, which belong to the server and not to the database
        _restore(programs, backup, progress)
        with engine.begin() as connection:
            _restore_accounts(connection, backup.manifest)
            _compare(connection, backup.manifest)
    finally:
        backup.close()
    return backup.manifest


def _check_revision(manifest: Manifest) -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = {script.revision for script in alembic.script.ScriptDirectory.from_config(config).walk_revisions()}
    if manifest.revision not in known:
        raise SetupError("The backup was made by a newer release; restore it with that one.")


def _check_target(connection: sa.Connection, *, replace: bool) -> None:
    for table in _HELD:
        there = connection.scalar(sa.text("SELECT to_regclass(:table)"), {"table": table}) is not None
        if there and not replace and connection.scalar(sa.text(f"SELECT EXISTS (SELECT FROM {table})")):  # noqa: S608  (our own names)
            raise DataError("The database holds records or accounts; say --replace to put the backup in their place.")
    if connection.scalar(sa.text(_OTHERS)):
        raise SetupError("Somebody is connected to the database: stop Labour Map first.")


def _restore(programs: Programs, backup: Backup, progress: Progress) -> None:
    """Drop what is there and make what the dump holds, in one transaction: SQL from pg_restore, run by psql."""
    with tempfile.TemporaryFile() as said:
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        psql = programs.start("psql", options, stdin=subprocess.PIPE, stderr=said)
        assert psql.stdin is not None  # noqa: S101  (a pipe was asked for)
        psql.stdin.write(f"DROP SCHEMA IF EXISTS {', '.join(SCHEMAS)} CASCADE;\n".encode())
        psql.stdin.flush()
        reader = programs.start(
            "pg_restore", ["--no-owner", "--file=-"], stdin=subprocess.PIPE, stdout=psql.stdin, stderr=said
        )
        try:
            _feed(reader, backup, progress)
        finally:
            reader.wait()
            psql.stdin.close()
            psql.wait()
        say_end("pg_restore", reader, said)
        say_end("psql", psql, said)


def _feed(reader: subprocess.Popen[bytes], backup: Backup, progress: Progress) -> None:
    done = 0
    assert reader.stdin is not None  # noqa: S101  (a pipe was asked for)
    try:
        for piece in backup.walk():
            reader.stdin.write(piece)
            done += len(piece)
            progress("bytes of the backup restored", done, backup.manifest.bytes)
        reader.stdin.close()
    except BrokenPipeError:
        reader.poll()  # it ended early; its last words say why


def _restore_accounts(connection: sa.Connection, manifest: Manifest) -> None:
    """Make the accounts again, without passwords: each needs a new one-time link."""
    if manifest.accounts:
        connection.execute(sa.text(_ACCOUNTS), {"accounts": orjson.dumps(manifest.accounts).decode()})
        connection.execute(sa.text(_NEXT_ACCOUNT))


def _compare(connection: sa.Connection, manifest: Manifest) -> None:
    found = describe(connection)
    if (found.rows, found.dataset_version) != (manifest.rows, manifest.dataset_version):
        raise DataError("Not all of the backup came back: counts differ from its manifest.")
