"""The servers that are measured, each a process of its own on the loopback, one worker, on the same database.

ours       this project's public process
tipg       tipg in an environment of its own, on the peers' table
pygeoapi   pygeoapi in an environment of its own, on the peers' table
bare       one FastAPI route that answers nothing: what the framework itself can give
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from geo.errors import SetupError
from tests.benchmarks.benchmark_database import HERE, Opened, say

ROOT = HERE.parent.parent
POOL = 4
"""Connections to the database, where a server lets them be set; as many requests are under way at a time."""
START_SECONDS = 120
PEERS = ("tipg", "pygeoapi")
PORTS = {"ours": 8741, "tipg": 8742, "pygeoapi": 8743, "bare": 8744}
UVICORN = ("--host", "127.0.0.1", "--no-access-log", "--no-server-header", "--log-level", "warning")


@dataclass(frozen=True)
class Server:
    """One running server: the address its paths are appended to, and its process."""

    name: str
    base: str
    pid: int

    def memory(self) -> int:
        """Return the bytes of memory its process holds now (resident set)."""
        for line in Path("/proc", str(self.pid), "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise SetupError(f"The process of {self.name} is gone.")


def find_uv() -> str:
    """Return the program uv, which scripts/bootstrap puts into .tools."""
    own = ROOT / ".tools" / "bin" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if found is None:
        raise SetupError("uv is missing: run scripts/bootstrap test, or install uv.")
    return found


def install_peer(folder: Path, name: str) -> Path:
    """Make the environment of a peer from its pinned list, unless it is there; return its folder."""
    wish = (HERE / "environments" / f"{name}.txt").read_text(encoding="utf-8")
    environment = folder / name
    stamp = environment / "filled-with"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wish:
        say(f"Installing {name}")
        uv, at = find_uv(), {**os.environ, "VIRTUAL_ENV": str(environment)}
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, environment], check=True)
        listed = HERE / "environments" / f"{name}.txt"
        subprocess.run([uv, "pip", "install", "--quiet", "-r", listed], check=True, env=at)
        stamp.write_text(wish, encoding="utf-8")
    return environment


@contextmanager
def start_servers(opened: Opened, folder: Path, names: tuple[str, ...]) -> Iterator[dict[str, Server]]:
    """Run the servers of these names until the block is left."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(_STARTS[name](opened, folder)) for name in names}


@contextmanager
def run(name: str, command: list[str], environment: dict[str, str], folder: Path, path: str = "/") -> Iterator[Server]:
    """Run one server, its words going to a file, and wait until `path` answers."""
    base = f"http://127.0.0.1:{PORTS[name]}"
    log = folder / f"{name}.log"
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "TMPDIR") if key in os.environ}
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, cwd=folder, env=kept | environment, stdout=out, stderr=out)
    try:
        wait_for_answer(base + path, process, log)
        yield Server(name, base, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_answer(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for a good answer. Raises SetupError with the end of the log when none comes."""
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=30):  # noqa: S310  (our own loopback address)
                return
        except urllib.error.HTTPError as problem:
            raise SetupError(f"{address} answers {problem.code}; see {log}") from problem
        except OSError:
            sleep(0.2)
    tail = "\n".join(log.read_text(encoding="utf-8").splitlines()[-15:])
    raise SetupError(f"{address} does not answer. {log} ends:\n{tail}")


@contextmanager
def run_ours(opened: Opened, folder: Path) -> Iterator[Server]:
    """Run the public process as `labourmap serve` does, with the reader's address alone."""
    settings = {"LABOURMAP_READER_URL": opened.reader_url, "LABOURMAP_PORT": str(PORTS["ours"])}
    command = [sys.executable, "-m", "app.public_process"]
    with run("ours", command, {**settings, "PYTHONPATH": str(ROOT)}, folder, "/api/") as server:
        yield server


@contextmanager
def run_bare(_opened: Opened, folder: Path) -> Iterator[Server]:
    """Run the bare route under the same uvicorn."""
    command = [sys.executable, "-m", "uvicorn", "tests.benchmarks.bare_route:app", "--port", str(PORTS["bare"])]
    with run("bare", [*command, *UVICORN], {"PYTHONPATH": str(ROOT)}, folder) as server:
        yield server


@contextmanager
def run_tipg(opened: Opened, folder: Path) -> Iterator[Server]:
    """Run tipg. Its address of the database needs a host in its own place, so the sockets' folder is written there."""
    url = sa.make_url(opened.owner_url)
    host = quote(str(url.query["host"]), safe="")
    settings = {
        "DATABASE_URL": f"postgresql://{url.username}:{quote(str(url.password), safe='')}@{host}:5432/{url.database}",
        "DB_MIN_CONN_SIZE": str(POOL),
        "DB_MAX_CONN_SIZE": str(POOL),
        "TIPG_DB_SCHEMAS": '["peers"]',
        "TIPG_CATALOG_TTL": "0",
        "TIPG_TABLE_CONFIG__PEERS_INCIDENT__DATETIMECOL": "starts_on",
        "TIPG_TABLE_CONFIG__PEERS_INCIDENT__PK": "id",
    }
    environment = install_peer(folder, "tipg")
    command = [str(environment / "bin" / "uvicorn"), "tipg.main:app", "--port", str(PORTS["tipg"]), *UVICORN]
    with run("tipg", command, settings, folder, "/collections/peers.incident/items?limit=1") as server:
        yield server


@contextmanager
def run_pygeoapi(opened: Opened, folder: Path) -> Iterator[Server]:
    """Run pygeoapi's Starlette application under the same uvicorn, with a configuration written for it."""
    environment = install_peer(folder, "pygeoapi")
    config, openapi = folder / "pygeoapi.json", folder / "pygeoapi.openapi.json"
    config.write_text(json.dumps(configure_pygeoapi(opened)), encoding="utf-8")
    config.chmod(0o600)
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    made = [str(environment / "bin" / "pygeoapi"), "openapi", "generate", str(config), "--output-file", str(openapi)]
    # It warns of columns that it takes as texts: not shown.
    subprocess.run([*made, "--format", "json"], check=True, env={**os.environ, **settings}, capture_output=True)
    command = [str(environment / "bin" / "uvicorn"), "pygeoapi.starlette_app:APP", "--port", str(PORTS["pygeoapi"])]
    with run(
        "pygeoapi", [*command, *UVICORN], settings, folder, "/collections/incident/items?limit=1&f=json"
    ) as server:
        yield server


def configure_pygeoapi(opened: Opened) -> dict[str, Any]:
    """Return pygeoapi's configuration, whose JSON it reads as YAML: one collection from PostGIS."""
    text = (HERE / "environments" / "pygeoapi.json").read_text(encoding="utf-8")
    config: dict[str, Any] = json.loads(text)
    config["server"]["bind"]["port"] = PORTS["pygeoapi"]
    config["server"]["url"] = f"http://127.0.0.1:{PORTS['pygeoapi']}"
    url = sa.make_url(opened.owner_url)
    data = {"host": url.query["host"], "dbname": url.database, "user": url.username, "password": url.password}
    config["resources"]["incident"]["providers"][0]["data"] |= data
    return config


_STARTS: dict[str, Callable[[Opened, Path], AbstractContextManager[Server]]] = {
    "ours": run_ours,
    "tipg": run_tipg,
    "pygeoapi": run_pygeoapi,
    "bare": run_bare,
}
