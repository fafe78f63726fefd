from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from geo.cluster import Cluster
from geo.cluster_files import read_recorded_pid

if TYPE_CHECKING:
    from collections.abc import Iterator

READY, EDITORS = "Labour Map is at ", "Editors sign in at "
PUBLIC_PROCESS = b"app.public_process"
EDITOR_PROCESS, WORKER_PROCESS = b"app.editor_process", b"app.worker_process"


class Served:
    """One `labourmap serve` on a data folder, at a free port unless one is named."""

    def __init__(self, data_dir: Path, port: int = 0) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LABOURMAP_")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(port)],
            env=environment | {"LABOURMAP_DATA_DIR": str(data_dir), "PGPASSWORD": "of somebody else"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []

    def wait_until_ready(self) -> str:
        """Wait for the line with the address and return the address."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if line.startswith(READY):
                return line.removeprefix(READY).split(" ", 1)[0]
        raise AssertionError("".join(self.lines))

    def find_editors_address(self) -> str:
        """Return the editors' address, which is told before the map's."""
        found = [line for line in self.lines if line.startswith(EDITORS)]
        assert len(found) == 1
        return found[0].removeprefix(EDITORS).strip()

    def find_child(self, module: bytes = PUBLIC_PROCESS) -> int:
        """Find the process of an application."""
        (found,) = self._find_children(module)
        return found

    def count_children(self, module: bytes) -> int:
        """Count the living processes of a module."""
        return len(self._find_children(module))

    def _find_children(self, module: bytes) -> list[int]:
        pid = self.process.pid
        children = Path("/proc", str(pid), "task", str(pid), "children").read_text().split()
        return [int(child) for child in children if module in read_proc(int(child), "cmdline")]

    def stop(self) -> None:
        """Stop it, if it still runs."""
        if self.process.poll() is None:
            self.process.terminate()
            self.end()
        if self.process.stderr is not None:
            self.process.stderr.close()

    def end(self) -> str:
        """Wait for the end, and return all that was said."""
        said = self.process.communicate(timeout=30)[1]
        return "".join(self.lines) + said


def read_proc(pid: int, name: str) -> bytes:
    """Read what the system knows about a process, or nothing when it is gone."""
    try:
        return Path("/proc", str(pid), name).read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def get(address: str, path: str) -> Any:
    """Ask for a JSON document."""
    with urllib.request.urlopen(address + path, timeout=30) as answer:  # noqa: S310  (an address of our own)
        return json.load(answer)


def find_port(address: str) -> int:
    """Read the port of an address."""
    return urlsplit(address).port or 0


def wait_until(condition: Any, seconds: float = 12) -> None:
    """Wait for something that other processes do."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def made_dir() -> Iterator[Path]:
    """Make a data folder that the database's user can enter."""
    made = Path(tempfile.mkdtemp(prefix="labourmap-test-"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        Cluster(made)._server.stop()  # noqa: SLF001  (a failed test must leave nothing running)
        shutil.rmtree(made)


@contextmanager
def running(data_dir: Path, port: int = 0) -> Iterator[Served]:
    """Run a map, and stop it if the block has not."""
    served = Served(data_dir, port)
    try:
        yield served
    finally:
        served.stop()


@pytest.fixture
def empty_dir() -> Iterator[Path]:
    """Give an empty data folder."""
    with made_dir() as made:
        yield made


@pytest.fixture(scope="module")
def filled_dir() -> Iterator[Path]:
    """Give a data folder as a first start leaves it."""
    with made_dir() as made:
        with running(made) as served:
            served.wait_until_ready()
        yield made


@pytest.fixture
def served(filled_dir: Path) -> Iterator[Served]:
    """Give a running map."""
    with running(filled_dir) as made:
        yield made


def test_a_second_start_takes_seconds_and_serves_every_layer(served: Served) -> None:
    """With everything in place nothing is done again."""
    began = time.monotonic()
    address = served.wait_until_ready()
    assert time.monotonic() - began < 15
    for layer in ("strikes", "accidents", "calls_for_help", "accountability"):
        assert get(address, f"api/collections/{layer}/items?limit=1")["numberMatched"] > 0
    assert not any("Sample records" in line for line in served.lines)


def test_the_public_process_holds_the_reader_s_credential_only(served: Served, filled_dir: Path) -> None:
    """Nothing in its environment leads to the owner's side of the database."""
    served.wait_until_ready()
    child = served.find_child()
    environment = dict(line.split(b"=", 1) for line in read_proc(child, "environ").split(b"\0") if line)
    assert environment[b"LABOURMAP_READER_URL"].startswith(b"postgresql+psycopg://labourmap_reader:")
    assert not {b"LABOURMAP_DATABASE_URL", b"LABOURMAP_DATA_DIR", b"PGPASSWORD", b"HOME"} & environment.keys()
    everything = read_proc(child, "environ") + read_proc(child, "cmdline")
    for secret in ("owner", "superuser", "editor"):
        assert (filled_dir / "secrets" / secret).read_bytes().strip() not in everything
    assert str(filled_dir).encode() not in everything


def test_the_editors_process_holds_the_editors_credential_only(served: Served, filled_dir: Path) -> None:
    """It serves at the address that is told, and nothing in its environment leads further than its role may."""
    served.wait_until_ready()
    asked = http.client.HTTPConnection("127.0.0.1", find_port(served.find_editors_address()), timeout=30)
    asked.request("GET", "/")
    assert asked.getresponse().getheader("Location") == "/editor/"
    asked.close()
    child = served.find_child(EDITOR_PROCESS)
    everything = read_proc(child, "environ") + read_proc(child, "cmdline")
    assert (filled_dir / "secrets" / "editor").read_bytes().strip() in everything
    for secret in ("owner", "superuser", "reader"):
        assert (filled_dir / "secrets" / secret).read_bytes().strip() not in everything
    everything = everything.replace(str(filled_dir / "uploads").encode(), b"")  # where it puts what editors send
    uploads = str(filled_dir / "uploads").encode()
    assert str(filled_dir).encode() not in everything.replace(uploads, b"")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_stopping_stops_all_that_was_started(served: Served, filled_dir: Path, number: signal.Signals) -> None:
    """Within ten seconds neither the two applications nor the database are left, and the exit code says success."""
    served.wait_until_ready()
    children = [served.find_child(), served.find_child(EDITOR_PROCESS)]
    began = time.monotonic()
    served.process.send_signal(number)
    assert "Stopped" in served.end()
    assert served.process.returncode == 0
    assert time.monotonic() - began < 10
    assert [read_proc(child, "cmdline") for child in children] == [b"", b""]
    assert not Cluster(filled_dir).is_running()


def test_stopping_while_it_prepares_leaves_nothing(empty_dir: Path) -> None:
    """A first start takes its time; who breaks it off gets the machine back."""
    with running(empty_dir) as served:
        wait_until(lambda: Cluster(empty_dir).is_running() or served.process.poll() is not None, 30)
        served.process.terminate()
        assert "Stopped" in served.end()
        assert served.process.returncode == 0
    assert not Cluster(empty_dir).is_running()


def test_a_killed_parent_leaves_nobody_at_the_port(served: Served, filled_dir: Path) -> None:
    """After `kill -9` the applications end by themselves, and the next start finds every record again."""
    address = served.wait_until_ready()
    counted = get(address, "api/collections/records/items?limit=1")["numberMatched"]
    children = [served.find_child(), served.find_child(EDITOR_PROCESS)]
    served.process.kill()
    served.end()
    wait_until(lambda: not any(read_proc(child, "cmdline") for child in children))
    with running(filled_dir, find_port(address)) as again:
        assert again.wait_until_ready() == address
        assert get(address, "api/collections/records/items?limit=1")["numberMatched"] == counted
    assert not Cluster(filled_dir).is_running()


def test_a_killed_database_comes_back(served: Served, filled_dir: Path) -> None:
    """The parent notices that its database was killed, starts it again, and readers get the same answers."""
    address = served.wait_until_ready()
    counted = get(address, "api/collections/records/items?limit=1")["numberMatched"]
    pid = read_recorded_pid(filled_dir / "postgres" / "postmaster.pid")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    def answers() -> bool:
        try:
            return bool(get(address, "api/collections/records/items?limit=1")["numberMatched"] == counted)
        except OSError:
            return False

    wait_until(lambda: read_recorded_pid(filled_dir / "postgres" / "postmaster.pid") not in {pid, None}, 40)
    wait_until(answers, 20)


def test_a_dead_public_process_ends_the_parent(served: Served, filled_dir: Path) -> None:
    """A service manager learns of it by the exit code, a person by the line; nothing is left running."""
    served.wait_until_ready()
    os.kill(served.find_child(), signal.SIGKILL)
    assert "The public application was killed by SIGKILL." in served.end()
    assert served.process.returncode == 1
    assert not Cluster(filled_dir).is_running()


def test_a_dead_editors_process_ends_the_parent(served: Served, filled_dir: Path) -> None:
    """It is told by its name, and the map does not go on without it unnoticed."""
    served.wait_until_ready()
    os.kill(served.find_child(EDITOR_PROCESS), signal.SIGKILL)
    assert "The editors' application was killed by SIGKILL." in served.end()
    assert served.process.returncode == 1
    assert not Cluster(filled_dir).is_running()


def test_a_dead_worker_is_started_again(served: Served) -> None:
    """What it was doing waits in the database, so nothing else needs to end."""
    served.wait_until_ready()
    first = served.find_child(WORKER_PROCESS)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: served.count_children(WORKER_PROCESS) == 1 and served.find_child(WORKER_PROCESS) != first)


def test_a_taken_port_is_said_at_once(served: Served, empty_dir: Path) -> None:
    """Before any work is done the message names the port and the way out."""
    port = find_port(served.wait_until_ready())
    with running(empty_dir, port) as second:
        said = second.end()
    assert f"Port {port} of 127.0.0.1 cannot be used (Address already in use)" in said
    assert "--port" in said
    assert second.process.returncode == 1
    assert list(empty_dir.iterdir()) == []


def test_two_maps_share_one_database(served: Served, filled_dir: Path) -> None:
    """A second start on the same data uses the running database; the last to stop stops it."""
    served.wait_until_ready()
    with running(filled_dir) as second:
        address = second.wait_until_ready()
        served.stop()
        assert get(address, "api/status")["status"] == "ok"
    assert not Cluster(filled_dir).is_running()
