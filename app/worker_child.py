"""The worker as a child of `labourmap serve`: started beside the editors' application, and again if it is killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.children import CHILD_VARIABLES, STOP_SECONDS
from app.progress import Progress
from app.settings import name_variable

AGAIN_SECONDS = 2.0
"""A worker that ends at once is not started again sooner than this."""


class WorkerChild:
    """The running worker. Only its own address and folder, and what every child has, are in its environment."""

    def __init__(self, owner_url: str, data_dir: Path, environment: Mapping[str, str]) -> None:
        kept = {name: environment[name] for name in CHILD_VARIABLES if name in environment}
        own = {"database_url": owner_url, "data_dir": str(data_dir.absolute())}
        self._environment = kept | {name_variable(name): value for name, value in own.items()}
        self._started_at = 0.0
        self.process = self._start()

    def keep_running(self, progress: Progress) -> None:
        """Start it again if it has ended; what it was doing is taken up where it was."""
        code = self.process.poll()
        if code is not None and time.monotonic() - self._started_at >= AGAIN_SECONDS:
            progress.say(f"The worker had ended ({code}); started again")
            self._close()
            self.process = self._start()

    def stop(self) -> None:
        """End it; a batch that it is working on is taken up at the next start."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._close()

    def _start(self) -> subprocess.Popen[bytes]:
        self._started_at = time.monotonic()
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "app.worker_process"],
            env=self._environment,
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _close(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()


@contextmanager
def run_worker(owner_url: str, data_dir: Path, environment: Mapping[str, str]) -> Iterator[WorkerChild]:
    """Run the worker until the block is left."""
    worker = WorkerChild(owner_url, data_dir, environment)
    try:
        yield worker
    finally:
        worker.stop()
