"""The programs that make the load: wrk for HTTP, pgbench for PostgreSQL alone. Both are compiled and small."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from geo.errors import SetupError
from tests.benchmarks.benchmark_database import HERE
from tests.benchmarks.servers import POOL, Server

CLIENTS = 2
"""Of PostgreSQL alone: as many as the machine it was set for has cores."""
QUIET = "-c jit=off -c max_parallel_workers_per_gather=0"
"""What serves everybody best under load: no helpers for one question."""
MOST_SCRIPTS = 120
"""pgbench takes 128 files."""


@dataclass(frozen=True)
class Measured:
    """How a server did in one round: answers a second, bytes an answer, how many answers, how many went wrong."""

    rate: float
    bytes: float
    answers: int
    wrong: int


def find_program(name: str, package: str) -> str:
    """Return the path of a program. Raises SetupError that names Debian's package."""
    found = shutil.which(name)
    if found is None:
        raise SetupError(f"{name} is missing: apt-get install {package}")
    return found


def ask(server: Server, questions: Path, start: int, seconds: float) -> Measured:
    """Ask a server the questions of a file from number `start` on, `POOL` at a time, for some seconds."""
    script = HERE / "walk.lua"
    options = ["-t1", f"-c{POOL}", f"-d{max(1, round(seconds))}s", "--timeout", "60s", "-s", str(script)]
    command = [find_program("wrk", "wrk"), *options, server.base, "--", str(questions), str(start)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        raise SetupError(f"wrk failed: {done.stdout}{done.stderr}")
    told = json.loads(lines[-1])
    answers = int(told["requests"])
    return Measured(
        rate=answers / (told["microseconds"] / 1e6),
        bytes=told["bytes"] / max(1, answers),
        answers=answers,
        wrong=int(told["broken"]) + int(told["refused"]),
    )


def write_scripts(folder: Path, statements: list[str]) -> list[Path]:
    """Write statements as files for pgbench, one each."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.sql"):
        old.unlink()
    written = []
    for number, statement in enumerate(statements[:MOST_SCRIPTS]):
        path = folder / f"{number:03d}.sql"
        path.write_text(" ".join(statement.split()) + ";\n", encoding="utf-8")
        written.append(path)
    return written


def ask_database(url: str, scripts: list[Path], seconds: float) -> Measured:
    """Let two clients send prepared statements, drawn at random, and throw their rows away when they have come."""
    address = sa.make_url(url)
    options = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", str(CLIENTS), "-T", str(max(1, round(seconds)))]
    where = {
        "PGHOST": str(address.query["host"]),
        "PGPORT": str(address.query["port"]),
        "PGUSER": str(address.username),
        "PGPASSWORD": str(address.password),
        "PGDATABASE": str(address.database),
        "PGOPTIONS": QUIET,
    }
    files = [part for path in scripts for part in ("-f", str(path))]
    done = subprocess.run(
        [find_program("pgbench", "postgresql"), *options, *files],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], **where},
    )
    found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    count = re.search(r"actually processed: (\d+)", done.stdout)
    if done.returncode != 0 or found is None or count is None:
        raise SetupError(f"pgbench failed: {done.stdout[-500:]}{done.stderr[-1500:]}")
    return Measured(rate=float(found[1]), bytes=0.0, answers=int(count[1]), wrong=0)
