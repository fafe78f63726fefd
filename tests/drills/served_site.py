"""`labourmap serve` in a folder of its own, with an editor signed in: what the drills ask as people would."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx
import pyotp
import sqlalchemy as sa

from app.editors.signing import make_form_token
from app.editors.site_address import COOKIE_OF_THIS_MACHINE
from geo.accounts.sessions import begin_session
from geo.accounts.tables import account
from geo.cluster import Cluster
from geo.database import make_engine

READY, EDITORS = "Labour Map is at ", "Editors sign in at "
PATIENCE = 120
NAME = "drill"


@dataclass
class Site:
    """A running site: its two addresses, its process, and the database under it."""

    folder: Path
    process: subprocess.Popen[str]
    public: str = ""
    editors: str = ""
    said: list[str] = field(default_factory=list)

    def find_processes(self, module: str) -> list[int]:
        """Find the processes of a module among the children."""
        return [pid for pid in children_of(self.process.pid) if module.encode() in read_proc(pid, "cmdline")]


def children_of(pid: int) -> list[int]:
    """Return the children of a process, none where it is gone."""
    return [int(one) for one in read_proc(pid, f"task/{pid}/children").split()]


def read_proc(pid: int, name: str) -> bytes:
    """Read what the system knows about a process, or nothing when it is gone."""
    try:
        return Path("/proc", str(pid), name).read_bytes()
    except OSError:
        return b""


@contextmanager
def serve_site(folder: Path) -> Iterator[Site]:
    """Run the site until the block is left; both addresses are free ports of this machine."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LABOURMAP_")}
    process = subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", "0"],
        env=environment | {"LABOURMAP_DATA_DIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    site = Site(folder, process)
    try:
        _wait_until_ready(site, process.stderr)
        threading.Thread(target=site.said.extend, args=(process.stderr,), daemon=True).start()
        yield site
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_until_ready(site: Site, lines: IO[str]) -> None:
    for line in lines:
        site.said.append(line)
        if line.startswith(EDITORS):
            site.editors = line.removeprefix(EDITORS).strip().rstrip("/")
        if line.startswith(READY):
            site.public = line.removeprefix(READY).split(" ", 1)[0].rstrip("/")
            return
    raise AssertionError("".join(site.said))


def sign_in(site: Site) -> httpx.Client:
    """Return a browser of an editor who has just signed in; the account is made the first time."""
    with Cluster(site.folder) as cluster:
        engine = make_engine(cluster.url())
        with engine.begin() as connection:
            asked = sa.select(account.c.id).where(account.c.name == NAME)
            found = connection.scalar(asked) or _add_account(connection)
            token = begin_session(connection, found)
        engine.dispose()
    headers = {"Origin": site.editors, "X-CSRF-Token": make_form_token(token)}
    return httpx.Client(
        base_url=site.editors, cookies={COOKIE_OF_THIS_MACHINE: token}, headers=headers, timeout=PATIENCE
    )


def _add_account(connection: sa.Connection) -> int:
    codes: dict[str, Any] = {"totp_secret": pyotp.random_base32(), "totp_confirmed_at": sa.func.now()}
    made = sa.insert(account).values(name=NAME, role="editor", made_by="operator", **codes).returning(account.c.id)
    return int(connection.execute(made).scalar_one())
