"""The files and folders around a managed cluster: who owns them, how they are made, what they tell."""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import SetupError

SOCKET_PATH_BYTES = 103  # the kernel's limit with its closing zero: 108 on Linux, 104 on macOS
SOCKET_NAME = ".s.PGSQL.65535"  # the longest name a socket can have
NO_PROCESS = 2**31 - 1  # a number no process can have: both Linux and macOS count less far
PID_LINE, SOCKETS_LINE = 0, 4  # lines of postmaster.pid


@dataclass(frozen=True)
class DatabaseUser:
    """The system user that runs the server: PostgreSQL refuses to be started by root."""

    uid: int
    gid: int
    switch: bool
    """Whether we are root and must become that user."""

    def popen_arguments(self) -> dict[str, Any]:
        """Say it as arguments of `subprocess.run`. Without `extra_groups` the server would keep root's groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def take(self, path: Path) -> None:
        """Give `path` to this user."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def find_closed_folder(self, path: Path) -> Path | None:
        """Return the first folder on the way to `path` that this user may not enter, or None."""
        for folder in (*reversed(path.parents), path):
            if not folder.exists():
                return None
            facts = folder.stat()
            if facts.st_uid == self.uid:
                needed = stat.S_IXUSR
            elif facts.st_gid == self.gid:
                needed = stat.S_IXGRP
            else:
                needed = stat.S_IXOTH
            if not facts.st_mode & needed:
                return folder
        return None


def find_database_user() -> DatabaseUser:
    """Find the system user that will run the server: ourselves, or "postgres" when we are root.

    Raises SetupError as root where there is no such user.
    """
    if os.geteuid() != 0:
        return DatabaseUser(os.geteuid(), os.getegid(), switch=False)
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise SetupError(
            "PostgreSQL cannot be run by root, and this machine has no user named postgres. "
            "Start Labour Map as an ordinary user, or install PostgreSQL from the system's packages."
        ) from None
    return DatabaseUser(entry.pw_uid, entry.pw_gid, switch=True)


def make_folder(path: Path, mode: int) -> None:
    """Make `path` with exactly `mode`, whatever the umask says; leave an existing folder's mode alone."""
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        return
    path.chmod(mode)


def find_socket_folder(pgdata: Path, user: DatabaseUser) -> Path:
    """Make and return the folder of the sockets of the cluster in `pgdata`, mode 0700, owned by `user`.

    It is in the temporary directory, or in /tmp when that is too deep for a socket's path, closed to the user, or has
    a comma in its name, which libpq would take for the end of it.
    Raises SetupError when somebody else made that folder first: they could then pose as our server.
    """
    name = "labourmap-pg-" + hashlib.sha256(os.fsencode(pgdata)).hexdigest()[:10]
    folder = Path("/tmp", name)  # noqa: S108  (owner and mode are checked below)
    temporary = Path(tempfile.gettempdir()).resolve()
    short = len(os.fsencode(temporary / name / SOCKET_NAME)) <= SOCKET_PATH_BYTES
    if short and "," not in str(temporary) and not user.find_closed_folder(temporary):
        folder = temporary / name
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {user.uid, os.geteuid()}:
            raise SetupError(f"{folder} belongs to another user of this machine; remove it and start again.") from None
    user.take(folder)
    folder.chmod(0o700)
    return folder


def make_secret(path: Path) -> None:
    """Make a password in `path`, readable by us alone. A password already there stays.

    It appears under its name only when whole, so that an interrupted start leaves no empty password.
    """
    if path.exists():
        return
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def read_recorded_pid(file: Path) -> int | None:
    """Read the server's process number from its `postmaster.pid` or the lock file of its socket, if there is one."""
    lines = _read_lines(file)
    try:
        return int(lines[PID_LINE])
    except (IndexError, ValueError):
        return None


def read_recorded_sockets(pid_file: Path) -> Path | None:
    """Read from `postmaster.pid` where the server's sockets are: another process may have had another TMPDIR."""
    lines = _read_lines(pid_file)
    if len(lines) > SOCKETS_LINE and lines[SOCKETS_LINE].startswith("/"):
        return Path(lines[SOCKETS_LINE])
    return None


def retire_pid(file: Path) -> None:
    """Replace the process number in a lock file of PostgreSQL by one that no process can have.

    PostgreSQL believes a lock file whose number is a zombie's, or another program's of the same user. Removing the
    file would help as well, but the file also names the shared memory, by which PostgreSQL sees that worker processes
    of the dead server are still writing; that check must not be lost.
    """
    lines = _read_lines(file)
    if lines:
        lines[PID_LINE] = str(NO_PROCESS)
        file.write_text("\n".join(lines) + "\n")


def read_tail(file: Path, lines: int = 15) -> str:
    """Return the last lines of a log, or "" when there is none."""
    return "\n".join(_read_lines(file)[-lines:])


def _read_lines(file: Path) -> list[str]:
    try:
        return file.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []
