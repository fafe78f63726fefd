"""The benchmarks' command: `python -m tests.benchmarks`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from geo.errors import SetupError
from tests.benchmarks.benchmark_database import open_database, plain_url, say, usual_folder

ROWS = 1_000_000


def main() -> int:
    """Do what the command line asks for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("what", choices=("data",))
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--folder", type=Path, default=usual_folder())
    chosen = parser.parse_args()
    try:
        with open_database(chosen.folder, chosen.rows) as opened:
            say(f"Reader: {plain_url(opened.reader_url)}")
    except SetupError as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
