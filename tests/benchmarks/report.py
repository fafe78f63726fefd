"""The tables: what was measured beside what is to be reached, as Markdown."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import os
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.benchmarks.benchmark_database import HERE, Opened
from tests.benchmarks.latencies import Timed
from tests.benchmarks.memory import Memory
from tests.benchmarks.rounds import Results
from tests.benchmarks.rows import Row
from tests.benchmarks.servers import ROOT
from tests.benchmarks.targets import LIMITS, MEGABYTE, MEMORY, NAMES, RATIOS, judge

DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
TARGET_HEAD = ("| What | Against | Measured | At least | Aim | Reached |", "|---|---|---|---|---|---|")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All that one run gave."""

    rows: list[Row]
    results: Results
    timed: list[Timed]
    memory: Memory | None


def render(opened: Opened, outcome: Outcome) -> str:
    """Return the whole report."""
    parts = [describe_run(opened, outcome), "\n".join((*TARGET_HEAD, *target_lines(outcome)))]
    parts.append("Our answers a second, as a multiple of each other server's:")
    parts.append("\n".join(ratio_lines(outcome)))
    if outcome.timed:
        parts.append("Milliseconds, one question at a time (median, 95th percentile, largest):")
        parts.append("\n".join(timed_lines(outcome.timed)))
    wrong = sum(one.wrong for found in outcome.results.measured.values() for one in found.values())
    parts.append(f"Answers that were not what was asked for, in all rounds: {wrong}.")
    refused = [f"- `{question}`" for one in outcome.timed for question in one.refused]
    if refused:
        parts.append("\n".join(("Not answered when first asked, one at a time:", "", *refused)))
    return "\n\n".join(parts) + "\n"


def target_lines(outcome: Outcome) -> list[str]:
    """Return a line for each target that was measured."""
    says = {row.name: row.says for row in outcome.rows} | {one.name: one.says for one in outcome.timed}
    lines = []
    for target in RATIOS:
        ours, other = (outcome.results.rate(target.row, name) for name in ("ours", target.against))
        if ours and other:
            ratio = ours / other
            verdict = judge(ratio, target.least, target.aim)
            cells = (says[target.row], NAMES[target.against], f"{ratio:.2f}", target.least, target.aim, verdict)
            lines.append(line(*cells))
    for limit in LIMITS:
        for one in (one for one in outcome.timed if one.name == limit.row):
            _, p95, _ = one.tell(limit.which)
            verdict = judge(p95, limit.least, limit.aim, less_is_better=True)
            what = f"{one.says}, {'first time' if limit.which == 'first' else 'repeated'}"
            lines.append(line(what, "", f"{p95:.1f} ms", f"{limit.least:g} ms", f"{limit.aim:g} ms", verdict))
    if outcome.memory is not None:
        least, aim = MEMORY
        verdict = judge(outcome.memory.after, least, aim, less_is_better=True)
        at_start = f"{outcome.memory.at_start / MEGABYTE:.0f} MB at start"
        what = f"memory after {outcome.memory.requests:,} mixed requests ({at_start})"
        sizes = (f"{bytes_ / MEGABYTE:.0f} MB" for bytes_ in (outcome.memory.after, least, aim))
        lines.append(line(what, "", *sizes, verdict))
    return lines


def line(*cells: object) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(map(str, cells))} |"


def ratio_lines(outcome: Outcome) -> list[str]:
    """Return a table of our rate by each other's, and how many bytes an answer of each has."""
    lines = [line("What", *NAMES.values(), "bytes: ours, tipg, pygeoapi"), "|---" * (len(NAMES) + 2) + "|"]
    for row in outcome.rows:
        ours = outcome.results.rate(row.name, "ours")
        if ours is None:
            continue
        rates = [outcome.results.rate(row.name, name) for name in NAMES]
        cells = [f"{ours / rate:.2f}" if rate else "" for rate in rates]
        with_sizes = [name for name in ("ours", "tipg", "pygeoapi") if outcome.results.rate(row.name, name)]
        sizes = ", ".join(f"{outcome.results.size(row.name, name):,.0f}" for name in with_sizes)
        lines.append(line(row.says, *cells, sizes))
    return lines


def timed_lines(timed: list[Timed]) -> list[str]:
    """Return a table of the rows in milliseconds."""
    lines = [line("What", "questions", "first time", "repeated"), "|---|---|---|---|"]
    for one in timed:
        cells = (", ".join(f"{ms:.1f}" for ms in one.tell(which)) for which in ("first", "repeated"))
        lines.append(line(one.says, len(one.first), *cells))
    return lines


def describe_run(opened: Opened, outcome: Outcome) -> str:
    """Say when, on what machine, with which versions."""
    with sa.create_engine(opened.owner_url).connect() as connection:
        server = connection.scalar(sa.text("SHOW server_version"))
        postgis = connection.scalar(sa.text("SELECT postgis_lib_version()"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    rounds = max((len(found) for found in outcome.results.measured.values()), default=0)
    peers = ", ".join(f"{name} {read_version(name)}" for name in ("tipg", "pygeoapi"))
    own = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("fastapi", "uvicorn", "psycopg"))
    return (
        f"Measured on {dt.datetime.now(dt.UTC).date()}: {opened.rows:,} incidents, medians of {rounds} interleaved "
        f"rounds ({outcome.results.run.rsplit(' ', 1)[-1]} s each), one process a server; {os.cpu_count()} cores, "
        f"{memory:.0f} GB; PostgreSQL {server}, PostGIS {postgis}; {peers}; {own}."
    )


def read_version(name: str) -> str:
    """Return the pinned version of a peer, as its environment has it."""
    for text in (HERE / "environments" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if text.startswith(f"{name}=="):
            return text.split(";")[0].removeprefix(f"{name}==").strip()
    return "?"


def write_report(text: str, path: Path = DOCUMENT) -> None:
    """Put the report between its two marks in the document."""
    whole = path.read_text(encoding="utf-8")
    before, _, rest = whole.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
