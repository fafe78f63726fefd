"""How much memory the public process holds after 100,000 mixed requests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.addresses import path_of_ours
from tests.benchmarks.generators import ask
from tests.benchmarks.latencies import count_paths, facet_paths, search_paths, tile_paths
from tests.benchmarks.questions import SEED, Pool
from tests.benchmarks.servers import Server

REQUESTS = 100_000
MOST_SECONDS = 1_200
SLICE_SECONDS = 20


@dataclass(frozen=True)
class Memory:
    """Bytes held when the process had just started, and after so many mixed requests."""

    at_start: int
    after: int
    requests: int
    wrong: int


def mix_paths(pool: Pool) -> list[str]:
    """Return paths of all kinds in one fixed order: mostly single records and small pages, as readers ask."""
    rng = np.random.default_rng([SEED, 3])
    kinds: list[tuple[int, list[str]]] = [
        (40_000, [path_of_ours(item) for item in pool.ids[:40_000]]),
        (35_000, [path_of_ours(page) for page in pool.pages(10)[:35_000]]),
        (10_000, [path_of_ours(page) for page in pool.pages(100)[:10_000]]),
        (500, [path_of_ours(page) for page in pool.pages(1_000)[:500]]),
        (300, [path_of_ours(box) for box in pool.boxes(1_000)[:300]]),
        (300, [path_of_ours(box) for box in pool.new_boxes(1_000)[:300]]),
        (6_000, [path_of_ours(page) for page in pool.years(100)[:6_000]]),
        (2_000, [path_of_ours(page) for page in pool.new_spans(100)[:2_000]]),
        (2_000, tile_paths(pool)),
        (3_000, count_paths()),
        (1_000, facet_paths()),
        (2_000, search_paths("page")),
    ]
    mixed = [paths[n % len(paths)] for count, paths in kinds for n in range(count)]
    return [mixed[n] for n in rng.permutation(len(mixed))]


def measure_memory(server: Server, pool: Pool, folder: Path) -> Memory:
    """Ask a server that has just started for everything, and look at what it holds then."""
    written = folder / "mixed.txt"
    written.write_text("\n".join(mix_paths(pool)) + "\n", encoding="utf-8")
    at_start, answered, wrong, seconds = server.memory(), 0, 0, 0
    while answered < REQUESTS and seconds < MOST_SECONDS:
        found = ask(server, written, answered, SLICE_SECONDS)
        answered, wrong, seconds = answered + found.answers, wrong + found.wrong, seconds + SLICE_SECONDS
    return Memory(at_start, server.memory(), answered, wrong)
