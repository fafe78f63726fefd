"""One PostgreSQL server process over one folder: made, run, found alive or dead, stopped."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from functools import cached_property
from pathlib import Path

from geo.cluster_files import (
    DatabaseUser,
    find_socket_folder,
    read_recorded_pid,
    read_recorded_sockets,
    read_tail,
    retire_pid,
)
from geo.errors import SetupError
from geo.postgres_programs import find_programs

PORT = 5432  # part of the socket's name; nothing listens on TCP

START_SECONDS = 120  # recovery after a crash may take its time
STOP_SECONDS = 60
ZOMBIE_SECONDS = 5
POLL_SECONDS = 0.05
LOG_BYTES = 5_000_000

KEPT_VARIABLES = ("PATH", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""All the server sees of our environment: no credential, no PG* setting, no LANG that was never generated, and no
PROJ_DATA of a Python package, which would blind PostGIS."""

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    # Whatever fails, the log repeats no statement and no row: both can hold what must not be written down.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
SMALLEST_BUFFERS = 128  # MB, PostgreSQL's own choice


def settings_for(memory: int) -> dict[str, str]:
    """Return what follows from the machine's memory, in bytes: PostgreSQL's own choices suit a machine of 1 GB.

    The buffers take an eighth of it (PostgreSQL's manual says a quarter where nothing else runs), so that what is read
    often is not copied from the system's cache for each reader. Room for the log of changes keeps large loads from
    writing every page several times.
    """
    megabytes = memory // 2**20
    return {
        "shared_buffers": f"{max(SMALLEST_BUFFERS, megabytes // 8)}MB",
        "effective_cache_size": f"{max(4 * SMALLEST_BUFFERS, megabytes // 2)}MB",
        "maintenance_work_mem": f"{min(1024, max(64, megabytes // 32))}MB",
        "max_wal_size": "4GB",
    }


FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def find_memory() -> int:
    """Find the machine's memory, in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


class Server:
    """The server over the folder `pgdata`, run by `user`. Its log is beside the folder.

    Nothing here keeps two processes from acting at once: the caller holds a lock.
    """

    def __init__(self, pgdata: Path, user: DatabaseUser, *, fast: bool) -> None:
        self.pgdata = pgdata
        self.log = pgdata.with_suffix(".log")
        self._pid_file = pgdata / "postmaster.pid"
        self._user = user
        self._fast = fast

    def is_made(self) -> bool:
        """Say whether there is a whole cluster in the folder."""
        return (self.pgdata / "PG_VERSION").exists()

    def make(self, superuser: str, password: str) -> None:
        """Make the cluster under another name, and rename it when it is whole: initdb writes PG_VERSION early."""
        if self.pgdata.exists() and any(self.pgdata.iterdir()):
            raise SetupError(f"{self.pgdata} holds something that is no PostgreSQL cluster; move it away.")
        part = self.pgdata.with_suffix(".part")
        if part.exists():  # left by an interrupted start
            shutil.rmtree(part)
        part.mkdir(mode=0o700)
        self._user.take(part)
        with tempfile.NamedTemporaryFile("w", dir=self.find_sockets()) as file:
            file.write(password)
            file.flush()
            self._user.take(Path(file.name))
            options = ["--auth=scram-sha-256", f"--pwfile={file.name}", *(["--no-sync"] if self._fast else [])]
            # With plain C as its locale, pg_trgm finds no letters in Chinese.
            self._check("initdb", "-D", part, "-U", superuser, "-E", "UTF8", "--locale=C.UTF-8", *options)
        part.rename(self.pgdata)

    def is_running(self) -> bool:
        """Say whether the server answers. Not `pg_ctl status`: that believes the pid file, even about a zombie."""
        sockets = read_recorded_sockets(self._pid_file)
        return sockets is not None and self._run("pg_isready", "-q", "-h", sockets, "-p", str(PORT)).returncode == 0

    def find_sockets(self) -> Path:
        """Find the folder of the sockets: where the running server has them, else where the next one will."""
        return read_recorded_sockets(self._pid_file) or find_socket_folder(self.pgdata, self._user)

    def start(self) -> None:
        """Run the server unless it runs; one that is still starting or stopping is waited for."""
        deadline = time.monotonic() + START_SECONDS
        while self._is_alive():
            if self.is_running():
                return
            if time.monotonic() > deadline:
                raise SetupError(f"The database does not answer. {self.log} ends:\n{read_tail(self.log)}")
            time.sleep(POLL_SECONDS)
        self._retire_dead_server()
        self._prepare_log()
        sockets = find_socket_folder(self.pgdata, self._user)
        settings = SETTINGS | {"unix_socket_directories": str(sockets)}
        settings |= FAST_SETTINGS if self._fast else settings_for(find_memory())
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        self._check("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", self.pgdata, "-l", self.log, "-o", options)

    def stop(self) -> None:
        """Stop the server, breaking connections off, if it is alive."""
        if self._is_alive():
            sockets = self.find_sockets()
            self._check("pg_ctl", "stop", "-w", "-t", str(STOP_SECONDS), "-m", "fast", "-D", self.pgdata)
            with contextlib.suppress(OSError):  # not ours to remove, or not empty
                sockets.rmdir()

    def _is_alive(self) -> bool:
        """Say whether the recorded process is this cluster's server; a zombie or another program is not."""
        pid = read_recorded_pid(self._pid_file)
        if pid is None:
            return False
        if not Path("/proc/self").exists():  # macOS has no such files
            return self.is_running()
        try:
            command = Path("/proc", str(pid), "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return os.fsencode(self.pgdata) in command  # a zombie has no command line

    def _retire_dead_server(self) -> None:
        """Make a killed server's lock files harmless, once it had its time to be reaped.

        Only while its process number is taken: about one that is free PostgreSQL knows by itself.
        """
        for file in (self._pid_file, self.find_sockets() / f".s.PGSQL.{PORT}.lock"):
            pid = read_recorded_pid(file)
            if pid is None:
                continue
            deadline = time.monotonic() + ZOMBIE_SECONDS
            while _is_zombie(pid) and time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)
            if Path("/proc", str(pid)).exists():
                retire_pid(file)

    def _prepare_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)
        self._user.take(self.log)

    @cached_property
    def _programs(self) -> Path:
        return find_programs((self.pgdata / "PG_VERSION").read_text().strip() if self.is_made() else None)

    def _run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        return subprocess.run(  # noqa: S603  (our own arguments, no shell)
            [self._programs / program, *arguments],
            check=False,
            cwd="/",  # the database's user may not enter the folder we stand in
            env=environment | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # a second Ctrl-C at the terminal must not break off the stopping
            **self._user.popen_arguments(),
        )

    def _check(self, program: str, *arguments: str | Path) -> None:
        done = self._run(program, *arguments)
        if done.returncode != 0:
            tail = read_tail(self.log)
            raise SetupError(
                f"{program} failed: {done.stdout.strip()}" + (f"\n{self.log} ends:\n{tail}" if tail else "")
            )


def _is_zombie(pid: int) -> bool:
    try:
        facts = Path("/proc", str(pid), "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return facts.rpartition(") ")[2].startswith("Z")  # the name before it may itself hold a bracket
