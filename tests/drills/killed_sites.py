"""Kills processes of a whole site while it loads: `python -m tests.drills.killed_sites [--rows 100000] [--kills 50]`.

In turns the worker, the editors' application, every process of PostgreSQL, the public application and the parent of all
are killed with SIGKILL at random moments, several in one load. After each kill no part of the batch may be visible, the
same upload must be answered with the same batch, and every load must be committed once and whole.
docs/performance.md has the outcome.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import sqlalchemy as sa

from geo.cluster import Cluster
from geo.database import make_engine
from tests.drills.killed_loads import AWAY, STATE, kill_server, make_file
from tests.drills.served_site import Site, serve_site, sign_in

POLL_SECONDS: Final = 0.2
PATIENCE_SECONDS: Final = 1_800
GONE_SECONDS: Final = 3.0
KILLED: Final = {
    "worker": "app.worker_process",
    "editors' application": "app.editor_process",
    "PostgreSQL": "",
    "public application": "app.public_process",
    "parent of all": "",
}


@dataclass
class Drilled:
    """A site that is started again whenever it has ended, and the editor who loads into it."""

    folder: Path
    rows: int
    site: Site | None = None
    editor: httpx.Client | None = None
    before: tuple[int, ...] = ()
    killed: Counter[str] = field(default_factory=Counter)
    running: ExitStack = field(default_factory=ExitStack)

    def bring_up(self) -> tuple[Site, httpx.Client]:
        """Start the site unless it runs."""
        if self.site is None or self.editor is None or self.site.process.poll() is not None:
            self.running.close()
            self.site = self.running.enter_context(serve_site(self.folder))
            self.editor = self.running.enter_context(sign_in(self.site))
        return self.site, self.editor

    def ask(self, method: str, address: str, **given: Any) -> dict[str, Any]:
        """Ask the editors' application until it answers; what was killed is started again meanwhile."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            _, editor = self.bring_up()
            try:
                answer = editor.request(method, address, **given)
            except httpx.TransportError:
                time.sleep(POLL_SECONDS)
                continue
            if answer.status_code not in {httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.CONFLICT}:
                answer.raise_for_status()
                return dict(answer.json())
            time.sleep(POLL_SECONDS)
        raise AssertionError("the editors' application did not answer in time")

    def upload(self, content: bytes) -> int:
        """Upload as a program does: sending again is answered with the batch that is there."""
        choices = {"layer": "strikes", "file_name": "drill.csv", "source": "drill"}
        return int(self.ask("POST", "/api/editing/batches", params=choices, content=content)["id"])

    def advance(self, batch_id: int) -> str:
        """Ask for the commit once there is a preview; return the state."""
        batch = self.ask("GET", f"/api/editing/batches/{batch_id}")
        assert batch["state"] not in {"failed", "discarded"}, batch["failure"]
        if batch["state"] == "validated":
            sent = {"content_hash": batch["content_hash"]}
            self.ask("POST", f"/api/editing/batches/{batch_id}/commit", json=sent)
        return str(batch["state"])

    def look(self) -> tuple[int, ...]:
        """Count what is visible, in one snapshot: incidents, features, versions, changes, committed batches."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            self.bring_up()
            try:
                with Cluster(self.folder) as cluster:
                    engine = make_engine(cluster.url())
                    with engine.connect() as connection:
                        found = tuple(connection.execute(sa.text(STATE)).one())[:5]
                    engine.dispose()
                    return found
            except AWAY:
                time.sleep(POLL_SECONDS)
        raise AssertionError("the database did not come back in time")

    def check(self) -> None:
        """Whatever was killed: a batch is visible whole or not at all."""
        incidents, features, versions, changes, committed = (
            now - then for now, then in zip(self.look(), self.before, strict=True)
        )
        assert (incidents, features, versions, changes) == (self.rows * committed,) * 4

    def kill(self, name: str) -> None:
        """Kill what is called so, as `kill -9` does."""
        site, _ = self.bring_up()
        if name == "PostgreSQL":
            kill_server(self.folder / "postgres" / "postmaster.pid")
        elif name == "parent of all":
            os.kill(site.process.pid, signal.SIGKILL)
            site.process.wait()
        else:
            for pid in site.find_processes(KILLED[name]):
                os.kill(pid, signal.SIGKILL)
            time.sleep(GONE_SECONDS)  # the parent ends with one of its applications, and starts a worker again
        self.killed[name] += 1


def load_once(drilled: Drilled, kills: list[str], took: float, say: Callable[[str], None]) -> float:
    """Load one file, kill on the way, and let it be finished; return the seconds it took."""
    content = make_file(drilled.rows)
    began = time.monotonic()
    batch_id = drilled.upload(content)
    for name in kills:
        until = time.monotonic() + random.uniform(0, took)  # noqa: S311  (no secret)
        while (state := drilled.advance(batch_id)) != "committed" and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
        drilled.kill(name)
        drilled.check()
        assert drilled.upload(content) == batch_id
        say(f"{name} killed at {time.monotonic() - began:.1f} s, batch was {state}: nothing partial")
    while drilled.advance(batch_id) != "committed":
        assert time.monotonic() - began < PATIENCE_SECONDS, "the batch was not committed in time"
        time.sleep(POLL_SECONDS)
    drilled.check()
    return time.monotonic() - began


def main() -> None:
    """Run the drill."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills.killed_sites", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--each", type=int, default=5, help="kills in one load")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "labourmap-killed-sites")
    given = parser.parse_args()
    drilled = Drilled(given.folder, given.rows)
    try:
        drilled.before = drilled.look()
        took = load_once(drilled, [], 0, _say)
        _say(f"a load of {given.rows:,} rows without a kill takes {took:.1f} s")
        names = [list(KILLED)[number % len(KILLED)] for number in range(given.kills)]
        for first in range(0, given.kills, given.each):
            finished = load_once(drilled, names[first : first + given.each], took / given.each * 2, _say)
            _say(f"committed once and whole after {finished:.1f} s; killed so far: {dict(drilled.killed)}")
    finally:
        drilled.running.close()
    _say(f"{given.kills} kills, no partial batch, every load committed once")


def _say(line: str) -> None:
    os.write(1, f"{time.strftime('%H:%M:%S')} {line}\n".encode())


if __name__ == "__main__":
    main()
