"""Interleaved rounds: in each, every row asks every one of its servers in turn, so that all meet the same machine.

What was measured is kept in a file at once. A run that was broken off goes on where it was, as long as the code, the
number of rows and the seconds are the same.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from tests.benchmarks.benchmark_database import Opened, say
from tests.benchmarks.binary_clients import ask_database_for_bytes
from tests.benchmarks.generators import Measured, ask, ask_database, write_scripts
from tests.benchmarks.rows import ALONE, Row, write_questions
from tests.benchmarks.servers import POOL, ROOT, Server


@dataclass
class Results:
    """What was measured, by row and server, one entry a round."""

    file: Path
    run: str
    measured: dict[tuple[str, str], dict[int, Measured]] = field(default_factory=dict)

    def load(self) -> None:
        """Take up what an earlier, equal run has measured."""
        if not self.file.exists():
            return
        for line in self.file.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            if told.pop("run") == self.run:
                key = (told.pop("row"), told.pop("server"))
                self.measured.setdefault(key, {})[told.pop("round")] = Measured(**told)

    def keep(self, row: str, server: str, number: int, found: Measured) -> None:
        """Remember one measurement, in the file too."""
        self.measured.setdefault((row, server), {})[number] = found
        with self.file.open("a", encoding="utf-8") as file:
            told = {"run": self.run, "row": row, "server": server, "round": number, **asdict(found)}
            file.write(json.dumps(told) + "\n")

    def asked(self, row: str, server: str) -> int:
        """Return how many questions of a row a server has answered in all rounds."""
        return sum(found.answers for found in self.measured.get((row, server), {}).values())

    def rate(self, row: str, server: str) -> float | None:
        """Return the median of the rounds, answers a second."""
        found = self.measured.get((row, server))
        return median(one.rate for one in found.values()) if found else None

    def size(self, row: str, server: str) -> float:
        """Return the bytes of an answer, headers included."""
        return median(one.bytes for one in self.measured[row, server].values())


def name_run(opened: Opened, seconds: float) -> str:
    """Return what tells runs apart: the commit with its changes, the data, the seconds."""
    git = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(git, cwd=ROOT, check=False, capture_output=True, text=True).stdout.strip()
    return f"{commit or 'no commit'} {opened.name} {seconds:g}"


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Everything a round needs."""

    opened: Opened
    servers: dict[str, Server]
    folder: Path
    seconds: float
    results: Results

    def run(self, rows: list[Row], rounds: int) -> None:
        """Measure what is missing of so many rounds."""
        files = {
            (row.name, name): write_questions(row, self.servers[name], self.folder)
            for row in rows
            for name in row.servers
            if name in self.servers
        }
        scripts = {row.name: write_scripts(self.folder / row.name, row.statements) for row in rows}
        for number in range(1, rounds + 1):
            for row in rows:
                for name in row.servers:
                    if number in self.results.measured.get((row.name, name), {}):
                        continue
                    if name == ALONE and row.binary_statements:
                        found = ask_database_for_bytes(self.opened.reader_url, row.binary_statements, self.seconds)
                    elif name == ALONE and scripts[row.name]:
                        found = ask_database(self.opened.reader_url, scripts[row.name], self.seconds)
                    elif name in self.servers:
                        start = self.results.asked(row.name, name) + POOL * number  # what was under way is not counted
                        found = ask(self.servers[name], files[row.name, name], start, self.seconds)
                    else:
                        continue
                    self.results.keep(row.name, name, number, found)
                    wrong = f", {found.wrong} wrong" if found.wrong else ""
                    say(f"round {number}: {row.says}: {name} {found.rate:,.1f}/s, {found.bytes:,.0f} bytes{wrong}")
