"""schemathesis over the OpenAPI document of a live server: `python -m tests.clients.run_schemathesis`.

It draws requests from the document, valid ones and broken ones, until there were as many as asked for, and fails at an
answer of 5xx, at a status or media type that the document does not name, and at a body that its schema does not allow.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.clients.live_data import serve_fresh_data

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
CASES = 10_000
GENERATED = re.compile(r"^\s*([\d,]+) generated", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """How many requests were made, whether all checks held, and what schemathesis said."""

    cases: int
    passed: bool
    said: str


def run_schemathesis(api: str, seed: int, *options: str) -> Outcome:
    """Run it once over the document below `api`. The working folder is one that is thrown away."""
    program = Path(sys.executable).parent / "schemathesis"
    fixed = ("--checks", CHECKS, "--seed", str(seed), "--no-color", "--warnings", "off", "--continue-on-failure")
    command = [str(program), "run", f"{api}/openapi.json", *fixed, *options]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    said = done.stdout + done.stderr
    found = GENERATED.search(said)
    return Outcome(int(found[1].replace(",", "")) if found else 0, done.returncode == 0, said)


def main() -> int:
    """Run until enough requests were made; return 1 when any check failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.clients.run_schemathesis", description=__doc__)
    parser.add_argument("--api", help="address of a live API; without it one is started on data of its own")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if chosen.api:
        return ask_everything(chosen.api, chosen.cases, chosen.seed)
    with serve_fresh_data() as live:
        return ask_everything(live.api, chosen.cases, chosen.seed)


def ask_everything(api: str, cases: int, seed: int) -> int:
    """Run with one seed after the other until there were enough requests; the first run covers every bound."""
    made, failed = 0, False
    while made < cases:
        phases = "examples,coverage,fuzzing" if made == 0 else "fuzzing"
        outcome = run_schemathesis(api, seed, "--phases", phases, "--max-examples", "20")
        if outcome.cases == 0:
            print(outcome.said)  # noqa: T201  (the command's own output)
            return 1
        made, failed = made + outcome.cases, failed or not outcome.passed
        told = "every check held" if outcome.passed else f"FAILED\n{outcome.said}"
        print(f"seed {seed}: {outcome.cases:,} requests, {told}", flush=True)  # noqa: T201
        seed += 1
    print(f"{made:,} requests in all: {'faults found' if failed else 'no fault'}")  # noqa: T201
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
