"""The PostgreSQL with PostGIS that the application manages by itself, when no other server is named.

A data folder holds:

    postgres/      the cluster, owned by the database user
    postgres.log   what the server says, without anybody's data in it
    secrets/       one password a file, mode 0600: superuser, owner, reader, editor
    cluster.lock   held while the server is being started or stopped
    users          held, shared, by every process that uses the server

Who may stop the server: every user holds a shared lock on `users` for as long as it lives, and leaving means trying
to make that lock exclusive. Only the last user can, so only the last one out stops the server. The kernel drops the
lock of a process that was killed, so a server left behind by `kill -9` is stopped by whoever uses it next, and nobody
ever stops it under another living user. A count in a file, or "who started it stops it", would fail in either case.

The sockets are in a folder of their own under the temporary directory, because the path of a socket ends at 107 bytes
(103 on macOS) and a data folder may be deeper. Nothing listens on TCP.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import IO, TYPE_CHECKING, Any, Self

import psycopg
import sqlalchemy as sa
from psycopg import sql

from geo.cluster_files import find_database_user, make_folder, make_secret
from geo.database import EDITOR_ROLE, READER_ROLE
from geo.errors import SetupError
from geo.postgres_server import PORT, Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

SUPERUSER = "postgres"
OWNER_ROLE = "labourmap"
DATABASE = "labourmap"
SECRET_OF = {SUPERUSER: "superuser", OWNER_ROLE: "owner", READER_ROLE: "reader", EDITOR_ROLE: "editor"}
EXTENSIONS = ("postgis", "pg_trgm")


class Cluster:
    """A PostgreSQL cluster with PostGIS under `data_dir`, made at the first start.

    `fast` gives up safety against power cuts, for tests. Use it as a context manager, or call `start` and `stop`; an
    instance belongs to one process and one thread.
    """

    def __init__(self, data_dir: Path, *, fast: bool = False) -> None:
        self.data_dir = data_dir.expanduser().resolve()
        self._secrets = self.data_dir / "secrets"
        self._user = find_database_user()
        self._server = Server(self.data_dir / "postgres", self._user, fast=fast)
        self._use: IO[str] | None = None

    def start(self) -> None:
        """Make the cluster if there is none, run its server if it is not running, and become a user of it.

        Raises SetupError, with what to do, when the machine lacks something.
        """
        try:
            self._make_folders()
            with self._lock():
                self._enter()
                try:
                    self._start_server()
                except BaseException:
                    self._leave()
                    raise
        except PermissionError as problem:
            raise SetupError(
                f"{problem.filename} belongs to another user. Start Labour Map as that user, or name another folder "
                "in LABOURMAP_DATA_DIR."
            ) from problem

    def stop(self) -> None:
        """Stop being a user of the server; the last user stops it. Does nothing without a `start` before."""
        if self._use is not None:
            with self._lock():
                self._leave()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def is_running(self) -> bool:
        """Say whether the server answers, whoever started it."""
        return self._server.is_running()

    def url(self, database: str = DATABASE, user: str = OWNER_ROLE) -> str:
        """Return the SQLAlchemy URL of a database, with the password of `user`, a role of `SECRET_OF`, in it."""
        # The port is named because libpq would otherwise take it from PGPORT.
        query = {"host": str(self._server.find_sockets()), "port": str(PORT)}
        made = sa.URL.create("postgresql+psycopg", user, self.password(user), database=database, query=query)
        return made.render_as_string(hide_password=False)

    def password(self, user: str) -> str:
        """Read the password made here for a role. Raises SetupError before the first start."""
        file = self._secrets / SECRET_OF[user]
        try:
            return file.read_text().strip()
        except FileNotFoundError:
            raise SetupError(
                f"{file} is missing: start the cluster first, or restore the file from a backup."
            ) from None

    def has_database(self, name: str = DATABASE) -> bool:
        """Say whether there is a database of that name."""
        with self._connect() as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database that belongs to the owner's role, with the extensions, or as a copy of `template`.

        A template must have no open connection. Raises psycopg.errors.DuplicateDatabase when the name is taken.
        """
        names = [sql.Identifier(part) for part in (name, OWNER_ROLE, template or "template1")]
        with self._connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*names))
        if template is None:
            self._create_extensions(name)

    def ensure_database(self, name: str = DATABASE) -> None:
        """Make the database if it is not there, and its extensions if an earlier attempt was cut short."""
        with self._lock():
            if self.has_database(name):
                self._create_extensions(name)
            else:
                self.create_database(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, and the connections to it. Nothing happens when there is none."""
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        with self._open_lock("cluster.lock") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # given back by the kernel, even after kill -9
            yield

    def _open_lock(self, name: str) -> IO[str]:
        """Open a lock file closed to other users of the machine, who could otherwise hold it for ever."""
        file = (self.data_dir / name).open("a")
        os.fchmod(file.fileno(), 0o600)
        return file

    def _enter(self) -> None:
        if self._use is None:
            self._use = self._open_lock("users")
            fcntl.flock(self._use, fcntl.LOCK_SH)  # never waits: it is made exclusive under the other lock only

    def _leave(self) -> None:
        if self._use is None:
            return
        with self._use, contextlib.suppress(BlockingIOError):  # raised while other users live
            fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._server.stop()
        self._use = None

    def _make_folders(self) -> None:
        make_folder(self.data_dir, 0o755)
        if closed := self._user.find_closed_folder(self.data_dir):
            raise SetupError(
                f"The database's user cannot enter {closed}, on the way to {self.data_dir}. "
                "Name another folder in LABOURMAP_DATA_DIR, such as /var/lib/labourmap."
            )
        make_folder(self._secrets, 0o700)

    def _start_server(self) -> None:
        is_made = self._server.is_made()
        for role, name in SECRET_OF.items():
            # A lost password of the superuser cannot be made anew; those of the others are set at every start.
            if not is_made or role not in {SUPERUSER, OWNER_ROLE}:
                make_secret(self._secrets / name)
        if not is_made:
            self._server.make(SUPERUSER, self.password(SUPERUSER))
        self._server.start()
        self._set_owner_password()

    def _set_owner_password(self) -> None:
        """Give the owner's role the password in `secrets`, as a digest, so that no statement holds the password."""
        with self._connect() as connection:
            role = sql.Identifier(OWNER_ROLE)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER_ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(role))
            digest = connection.pgconn.encrypt_password(
                self.password(OWNER_ROLE).encode(), OWNER_ROLE.encode(), b"scram-sha-256"
            )
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(digest.decode())))

    def _create_extensions(self, database: str) -> None:
        with self._connect(database) as connection:
            for extension in EXTENSIONS:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))

    def _connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=str(self._server.find_sockets()),
            port=PORT,
            user=SUPERUSER,
            password=self.password(SUPERUSER),
            dbname=database,
            autocommit=True,
        )
