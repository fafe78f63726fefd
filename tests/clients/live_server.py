"""A live server for clients: the public application in a process of its own, over HTTP on the loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 60


@dataclass(frozen=True)
class Live:
    """A running server: its address, and the file of what it was asked."""

    base: str
    file: Path

    @property
    def api(self) -> str:
        """The address of the API's landing page."""
        return f"{self.base}/api"

    def get(self, path: str) -> Any:
        """Return the JSON document at a path below `/api`."""
        with urllib.request.urlopen(f"{self.api}{path}", timeout=60) as answer:  # noqa: S310  (our own loopback)
            return orjson.loads(answer.read())

    def features(self, collection: str, query: str = "") -> list[dict[str, Any]]:
        """Return all features of a collection, following the links to the next page."""
        address = f"/collections/{collection}/items?limit=1000{query}"
        found: list[dict[str, Any]] = []
        while address:
            page = self.get(address)
            found += page["features"]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            address = following[0].removeprefix(self.api) if following else ""
        return found

    def forget(self) -> None:
        """Forget what was asked so far."""
        self.file.write_text("", encoding="utf-8")

    def asked(self, collection: str) -> list[dict[str, list[str]]]:
        """Return the parameters of each page of a collection that was asked for since."""
        lines = [urlsplit(line) for line in self.file.read_text(encoding="utf-8").splitlines()]
        return [parse_qs(line.query) for line in lines if line.path == f"/api/collections/{collection}/items"]


@contextmanager
def start_live(reader_url: str, folder: Path) -> Iterator[Live]:
    """Run a server until the block is left."""
    file = folder / "asked.txt"
    file.write_text("", encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.fileno()
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.clients.recorded_server", str(number), str(file)],
            cwd=ROOT,
            env={**kept, "LABOURMAP_READER_URL": reader_url},
            pass_fds=[number],
        )
        live = Live(f"http://127.0.0.1:{taken.getsockname()[1]}", file)
        try:
            wait_for_answer(live, process)
            yield live
        finally:
            process.terminate()
            process.wait(20)


def wait_for_answer(live: Live, process: subprocess.Popen[bytes]) -> None:
    """Wait until the landing page answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            live.get("/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server gives no answer.")
