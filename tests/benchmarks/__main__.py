"""The benchmarks' command: `python -m tests.benchmarks`; docs/performance.md says how it is used."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

import sqlalchemy as sa

from geo.errors import SetupError
from tests.benchmarks.benchmark_database import Opened, open_database, say, usual_folder
from tests.benchmarks.first_view_report import render_first_views, write_first_views
from tests.benchmarks.first_views import measure_first_views
from tests.benchmarks.latencies import Timed, count_paths, facet_paths, search_paths, tile_paths, time_questions
from tests.benchmarks.memory import measure_memory
from tests.benchmarks.questions import Pool, read_pool
from tests.benchmarks.report import Outcome, render, write_report
from tests.benchmarks.rounds import Bench, Results, name_run
from tests.benchmarks.rows import make_rows
from tests.benchmarks.same_answers import check_answers
from tests.benchmarks.servers import PEERS, Server, start_servers

ROWS = 1_000_000


def read_command_line() -> argparse.Namespace:
    """Read what is to be done."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        default="run",
        choices=("run", "data", "hold", "page"),
        help="run: measure the API and print the tables; page: measure the first view of the map page; "
        "data: only make the database; hold: keep its server up until Ctrl-C",
    )
    parser.add_argument("--rows", type=int, default=ROWS, help="incidents (1,000,000)")
    parser.add_argument("--folder", type=Path, default=usual_folder(), help="where database and environments are kept")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--only", default="", help="names of rows, by commas; nothing means all")
    parser.add_argument("--without", default="", help="servers that are left out, by commas")
    parser.add_argument("--fresh", action="store_true", help="forget what an interrupted run has measured")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    return parser.parse_args()


def main() -> int:
    """Do what the command line asks for; return the exit code."""
    chosen = read_command_line()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    chosen.folder.mkdir(parents=True, exist_ok=True)
    try:
        with open_database(chosen.folder, chosen.rows) as opened:
            say(f"Database {opened.name}, {opened.rows:,} incidents; passwords are in {chosen.folder}/cluster/secrets")
            say(f"Reader: {sa.make_url(opened.reader_url).set(drivername='postgresql')!r}")
            if chosen.what == "hold":
                signal.pause()
            if chosen.what == "page":
                text = run_page(opened, chosen)
                print(text)  # noqa: T201  (the command's own output)
                if chosen.write:
                    write_first_views(text)
            if chosen.what == "run":
                report = run(opened, chosen)
                print(report)  # noqa: T201  (the command's own output)
                if chosen.write:
                    write_report(report)
    except SetupError as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("Stopped; the same command goes on where this one was.")
        return 1
    return 0


def run(opened: Opened, chosen: argparse.Namespace) -> str:
    """Measure everything, and return the report."""
    engine = sa.create_engine(opened.owner_url)  # the reader is given two seconds a question
    with engine.connect() as connection:
        pool = read_pool(connection)
    engine.dispose()
    only = {name for name in chosen.only.split(",") if name}
    rows = [row for row in make_rows(pool) if not only or row.name in only]
    results = Results(chosen.folder / "results.jsonl", name_run(opened, chosen.seconds))
    if chosen.fresh:
        results.file.unlink(missing_ok=True)
    results.load()
    without = set(chosen.without.split(","))
    names = tuple(name for name in ("ours", "bare", *PEERS) if name not in without)
    with start_servers(opened, chosen.folder, names) as servers:
        check_answers(opened, servers, rows)
        bench = Bench(opened=opened, servers=servers, folder=chosen.folder, seconds=chosen.seconds, results=results)
        bench.run(rows, chosen.rounds)
    with start_servers(opened, chosen.folder, ("ours",)) as servers:
        timed = time_all(servers["ours"], pool, only)
    memory = None
    if not only or "memory" in only:
        with start_servers(opened, chosen.folder, ("ours",)) as servers:
            memory = measure_memory(servers["ours"], pool, chosen.folder)
    return render(opened, Outcome(rows=rows, results=results, timed=timed, memory=memory))


def run_page(opened: Opened, chosen: argparse.Namespace) -> str:
    """Measure the first view of the map page, and return its table."""
    with start_servers(opened, chosen.folder, ("ours",)) as servers:
        return render_first_views(opened, measure_first_views(servers["ours"], chosen.rounds))


def time_all(server: Server, pool: Pool, only: set[str]) -> list[Timed]:
    """Measure the rows in milliseconds."""
    wanted = {
        "counts": ("counts by a region level under a filter", count_paths()),
        "facets": ("all facets at once under a filter", facet_paths()),
        "tiles": ("MVT z4 to z7", tile_paths(pool)),
        "search-count": ("search of a two-character word, count", search_paths("count")),
        "search": ("search of a two-character word, first page", search_paths("page")),
    }
    timed = []
    for name, (says, paths) in wanted.items():
        if not only or name in only:
            timed.append(time_questions(server, name, says, paths))
            say(f"{says}: {timed[-1].tell('first')} {timed[-1].tell('repeated')}")
    return timed


if __name__ == "__main__":
    sys.exit(main())
