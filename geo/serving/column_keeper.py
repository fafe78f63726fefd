"""Keeps the columns of an application at the version of the data that its readers see."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.errors import NotReady
from geo.serving.column_reading import renew_columns
from geo.serving.columns import Columns
from geo.serving.facets import work_out

START_SECONDS: Final = 20.0
"""How long a start waits for the columns. Longer, and it goes on without them."""
STOP_SECONDS: Final = 2.0
"""How long an end waits for a reading that runs."""
PATIENCE_SECONDS: Final = 1.5
"""How long a reader waits for the columns of the version asked for. Then those of the version before answer."""

_AWAY = (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError)
_log = logging.getLogger("labourmap.columns")


class ColumnKeeper:
    """One belongs to each application, and lives in one event loop. One renewal runs at a time, for all who wait."""

    def __init__(self) -> None:
        self._engine: AsyncEngine | None = None
        self._columns: Columns | None = None
        self._renewing: asyncio.Task[None] | None = None

    async def start(self, engine: AsyncEngine) -> None:
        """Begin to read the columns, and wait for them for a while. A database that is away does not end the start.

        `engine` gives REPEATABLE READ transactions.
        """
        self._engine = engine
        await asyncio.wait({self._renew()}, timeout=START_SECONDS)

    async def stop(self) -> None:
        """End what runs; a reading that is nearly done may finish, so that its connection is given back in order."""
        if self._renewing is not None:
            await asyncio.wait({self._renewing}, timeout=STOP_SECONDS)
            self._renewing.cancel()
            await asyncio.wait({self._renewing})

    async def current(self, version: int, patience: float = PATIENCE_SECONDS) -> Columns:
        """Return the columns of a version of the data, or newer ones, or, if reading them takes long, the ones before.

        Whoever answers from them names their version. Raises NotReady when there are none yet.
        """
        clock = asyncio.get_running_loop().time
        deadline = clock() + patience
        while not self._has(version) and (left := deadline - clock()) > 0:
            began_before = self._is_renewing()
            done, _ = await asyncio.wait({self._renew()}, timeout=left)
            for task in done:
                task.result()
            if done and not began_before:  # what this reader sees was there to be read
                break
        if self._columns is None:
            raise NotReady("The data is being read. Please ask again in a few seconds.")
        return self._columns

    def at_hand(self, version: int) -> Columns | None:
        """Return the columns of a version of the data, if they are here already."""
        return self._columns if self._has(version) else None

    def _has(self, version: int) -> bool:
        return self._columns is not None and self._columns.dataset.version == version

    def _is_renewing(self) -> bool:
        return self._renewing is not None and not self._renewing.done()

    def _renew(self) -> asyncio.Task[None]:
        """Return the renewal that runs, or a new one."""
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._read())
        return self._renewing

    async def _read(self) -> None:
        assert self._engine is not None  # noqa: S101  (asked for between start and stop only)
        try:
            async with self._engine.connect() as connection:
                columns = await renew_columns(connection, self._columns)
            if columns is not self._columns:
                await asyncio.to_thread(work_out, columns)
                self._columns = columns
        except _AWAY as error:
            _log.warning("columns", extra={"fields": {"error": type(error).__qualname__}})
