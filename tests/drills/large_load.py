"""Loads a large file the whole way: `python -m tests.drills.large_load [--rows 1000000] [--folder FOLDER] [--write]`.

The file goes to the editors' application as a browser sends it, the site's own worker reads, checks, previews, commits
and publishes it, and readers ask all the while. docs/performance.md has the outcome.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

from geo.cluster import Cluster
from geo.database import make_engine
from tests.benchmarks.made_files import write_file
from tests.benchmarks.made_places import read_places
from tests.drills.load_watch import ASKED, Watch
from tests.drills.served_site import Site, serve_site, sign_in

DOCUMENT = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- large load: begin -->", "<!-- large load: end -->"
MEGABYTE = 2**20
POLL_SECONDS = 0.2


def main() -> None:
    """Run the load and tell what it took."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills.large_load", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "labourmap-large-load")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    file = given.folder / f"strikes-{given.rows}.csv"
    with serve_site(given.folder / "site") as site:
        if not file.exists():
            _make(site, file, given.rows)
        text = _load(site, file, given.rows)
    os.write(1, text.encode())
    if given.write:
        before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def _make(site: Site, file: Path, rows: int) -> None:
    with Cluster(site.folder) as cluster:
        engine = make_engine(cluster.url())
        with engine.connect() as connection:
            write_file(file, read_places(connection), rows)
        engine.dispose()


def _load(site: Site, file: Path, rows: int) -> str:
    with sign_in(site) as editor:
        watch = Watch(site, editor)
        threads = watch.start()
        began = time.monotonic()
        try:
            choices = {"layer": "strikes", "file_name": file.name, "source": "made", "datum": "wgs84"}
            with file.open("rb") as content:
                answer = editor.post("/api/editing/batches", params=choices, content=content)
            answer.raise_for_status()
            watch.batch_id = answer.json()["id"]
            uploaded = time.monotonic()
            _finish(watch)
            ended = time.monotonic()
            time.sleep(5)  # readers must have seen the new data by then
            counts = watch.get_batch()["counts"]
        finally:
            watch.stop.set()
            for thread in threads:
                thread.join()
    return _render(watch, (began, uploaded, ended), rows, counts)


def _finish(watch: Watch) -> None:
    """Ask for the commit once the preview is there, and wait for its end; rows that are held are left out."""
    while (batch := watch.get_batch())["state"] != "committed":
        assert batch["state"] not in {"failed", "discarded"}, batch["failure"]
        if batch["state"] == "validated":
            sent = {"content_hash": batch["content_hash"], "policy": "valid_rows_only"}
            watch.editor.post(f"/api/editing/batches/{watch.batch_id}/commit", json=sent).raise_for_status()
        time.sleep(POLL_SECONDS)


def _render(watch: Watch, moments: tuple[float, float, float], rows: int, counts: dict[str, int]) -> str:
    began, uploaded, ended = moments
    told = [uploaded, *(moment for moment in watch.told if moment < ended), ended]
    longest = max(later - earlier for earlier, later in itertools.pairwise(told))
    left_out = counts.get("rejected", 0) + counts.get("held", 0)
    head = f"Measured on {time.strftime('%Y-%m-%d')}: {rows:,} rows in a CSV file, {os.cpu_count()} cores"
    lines = [
        f"{head}, Python {platform.python_version()}, load average {os.getloadavg()[0]:.1f} at the end.",
        "",
        "| What | Measured | At least |",
        "|---|---|---|",
        f"| From the first byte sent to published, s | {ended - began:.0f} | 180 |",
        f"| Rows a second, the whole way | {rows / (ended - began):,.0f} | 5,556 |",
        f"| Longest time without news of progress, s | {longest:.1f} | 2 |",
        f"| Worker and its readers of files, most MB held | {watch.memory / MEGABYTE:.0f} | 400 |",
        f"| Published | {counts.get('inserted', 0):,}; left out {left_out:,} | |",
        f"| Answers that were no answer (not 200) | {len(watch.faults)} | 0 |",
        f"| Answers of neither the data before nor the data after | {_count_mixed(watch)} | 0 |",
        "",
        "| Phase | Seconds |",
        "|---|---|",
        f"| upload | {uploaded - began:.1f} |",
        *(f"| {name} | {seconds:.1f} |" for name, seconds in _list_phases(watch, ended)),
        "",
        "| Readers asked | answers | median ms | 99 % | longest |",
        "|---|---|---|---|---|",
        *(_render_latencies(watch, name) for name, *_ in ASKED),
    ]
    return "\n".join(lines) + "\n"


def _list_phases(watch: Watch, ended: float) -> list[tuple[str, float]]:
    """Return the phases in their order, with the seconds until the next one."""
    phases: list[tuple[str, float]] = []
    started: list[tuple[float, str]] = []
    for moment, state, phase, _ in watch.said:
        name = f"{state}: {phase}" if phase else state
        if state != "committed" and (not started or started[-1][1] != name):
            started.append((moment, name))
    for (moment, name), (until, _) in zip(started, [*started[1:], (ended, "")], strict=True):
        phases.append((name, max(0.0, until - moment)))
    return phases


def _count_mixed(watch: Watch) -> int:
    """Count what no single version holds: each reader sees the value before, then the value after, and no other."""
    return sum(max(0, len(set(values)) - 2) for values in watch.seen.values())


def _render_latencies(watch: Watch, name: str) -> str:
    taken = sorted(watch.latencies[name])
    shown = (statistics.median(taken), taken[min(len(taken) - 1, int(len(taken) * 0.99))], taken[-1])
    middle, high, last = (round(one * 1000) for one in shown)
    return f"| {name} | {len(taken):,} | {middle} | {high} | {last} |"


if __name__ == "__main__":
    main()
