"""What is watched while a large file is loaded: progress, memory of the worker, and what readers are answered."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from tests.drills.served_site import Site, children_of, read_proc

SAMPLE_SECONDS: Final = 0.5
WORKER: Final = "app.worker_process"
ASKED: Final = (
    ("items", "/api/collections/strikes/items?limit=100", "numberMatched"),
    ("counts", "/api/collections/strikes/counts?by=province", "total"),
    ("facets", "/api/collections/strikes/facets?date_precision=day", "total"),
    ("region", "/api/collections/strikes/items?limit=10&region=440300", "numberMatched"),
)
"""What readers ask in turns: (name, address, the member that must belong to one version of the data)."""


@dataclass
class Watch:
    """Everything that was seen, by threads that run until `stop`."""

    site: Site
    editor: httpx.Client
    batch_id: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    said: list[tuple[float, str, str, int]] = field(default_factory=list)
    """(moment, state, phase, rows) whenever one of them, or the worker's own clock, changed."""
    told: list[float] = field(default_factory=list)
    memory: int = 0
    latencies: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    """By question, the values in the order in which they were answered, each once in a row."""
    faults: list[str] = field(default_factory=list)

    def start(self) -> list[threading.Thread]:
        """Begin to watch: one thread for progress and memory, two that read."""
        threads = [threading.Thread(target=self._sample, daemon=True)]
        threads += [threading.Thread(target=self._read, daemon=True) for _ in range(2)]
        for thread in threads:
            thread.start()
        return threads

    def get_batch(self) -> dict[str, Any]:
        """Ask the editors' application for the batch."""
        answer = self.editor.get(f"/api/editing/batches/{self.batch_id}")
        answer.raise_for_status()
        return dict(answer.json())

    def _sample(self) -> None:
        last: tuple[Any, ...] = ()
        clock = None
        while not self.stop.wait(SAMPLE_SECONDS):
            self.memory = max(self.memory, measure_worker(self.site))
            if not self.batch_id:
                continue
            batch = self.get_batch()
            now = (batch["state"], batch["phase"] or "", batch["rows_read"])
            if now != last:
                self.said.append((time.monotonic(), *now))
            if now != last or batch["progress_at"] != clock:
                self.told.append(time.monotonic())
            last, clock = now, batch["progress_at"]

    def _read(self) -> None:
        mine: dict[str, Any] = {}
        with httpx.Client(base_url=self.site.public, timeout=30) as reader:
            while not self.stop.is_set():
                for name, address, member in ASKED:
                    began = time.monotonic()
                    try:
                        answer = reader.get(address)
                    except httpx.TransportError as broken:
                        self.faults.append(f"{name}: {type(broken).__name__}")
                        continue
                    self.latencies[name].append(time.monotonic() - began)
                    if answer.status_code != httpx.codes.OK:
                        self.faults.append(f"{name}: {answer.status_code}")
                    elif mine.get(name) != answer.json()[member]:
                        mine[name] = answer.json()[member]
                        self.seen[name].append(mine[name])
                self.stop.wait(0.05)


def measure_worker(site: Site) -> int:
    """Return the bytes that the worker and its children hold, shared memory divided among those that share it."""
    workers = site.find_processes(WORKER)
    pids = [*workers, *(child for worker in workers for child in children_of(worker))]
    return sum(_read_share(pid) for pid in pids)


def _read_share(pid: int) -> int:
    for line in read_proc(pid, "smaps_rollup").decode().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
