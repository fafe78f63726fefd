"""Which version of the data is the latest, known without asking: told by NOTIFY, and asked for once a second too.

NOTIFY comes within a millisecond or two of a commit. The question once a second bounds how stale the answer can be
where notices do not arrive: from a replica, or through a pooler that hands out a connection for each transaction.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import psycopg

from geo.serving.dataset import CHANNEL, DATASET_SQL, Dataset

HEARTBEAT_SECONDS = 1.0
PATIENCE_SECONDS = 3
"""How long the server may take to answer the question before the connection counts as lost."""

_log = logging.getLogger("labourmap.dataset")


class DatasetWatch:
    """Keeps `dataset`, the latest state of the data; None while the database cannot be asked.

    `conninfo` is libpq's, of the reader's role. The watch has a connection of its own, made again once a second at most
    after it was lost.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._task: asyncio.Task[None] | None = None
        self.dataset: Dataset | None = None

    @property
    def is_running(self) -> bool:
        """Whether the watch was begun and not ended."""
        return self._task is not None and not self._task.done()

    async def start(self) -> None:
        """Begin to watch, in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the watch and its connection."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self._watch()
            except (psycopg.Error, OSError, TimeoutError) as error:
                if self.dataset is not None:
                    _log.warning("dataset", extra={"fields": {"watch": "lost", "error": type(error).__qualname__}})
                self.dataset = None
                await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _watch(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True, prepare_threshold=None)
        async with connection:
            with suppress(psycopg.errors.FeatureNotSupported, psycopg.errors.ObjectNotInPrerequisiteState):
                await connection.execute(f"LISTEN {CHANNEL}")  # a replica refuses
            while True:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    row = await (await connection.execute(DATASET_SQL)).fetchone()
                if row is not None:
                    self.dataset = Dataset(*row)
                async for _ in connection.notifies(timeout=HEARTBEAT_SECONDS, stop_after=1):
                    pass
