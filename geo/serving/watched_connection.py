"""A connection whose socket stays watched between its statements.

psycopg tells the event loop to watch the socket for each answer it waits for, and no longer to watch it afterwards: ten
system calls, half of what a small statement costs this process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg
from psycopg.waiting import Ready, Wait

_Result = TypeVar("_Result")
Steps = Generator[Any, Any, _Result]
"""What psycopg gives to `wait`: it says what it waits for, is told what has come, and ends with its result."""

CANCEL_SECONDS = 1.0


class WatchedConnection(psycopg.AsyncConnection[tuple[Any, ...]]):
    """An asynchronous connection that is used in one event loop, by one statement at a time."""

    reading: psycopg.AsyncCursor[tuple[Any, ...]]
    """The cursor through which statements are sent: to make one for each costs as much as to find a record."""

    _watched: tuple[asyncio.AbstractEventLoop, int] | None = None
    _comes: asyncio.Future[None] | None = None

    async def wait(self, gen: Steps[_Result], interval: float = 0.1, timeout: float | None = None) -> _Result:  # noqa: ASYNC109  (psycopg's signature)
        """Go through the steps of a statement, waiting before each for what it needs."""
        if timeout is not None:
            self._stop_watching()
            return await super().wait(gen, interval, timeout)
        try:
            return await self._go_through(gen, interval)
        except asyncio.CancelledError:
            await self.cancel_safe(timeout=CANCEL_SECONDS)
            raise
        except BaseException:
            self._stop_watching()
            raise

    @property
    def is_watched(self) -> bool:
        """Whether the event loop watches the socket now."""
        return self._watched is not None

    async def close(self) -> None:
        """Close the connection."""
        self._stop_watching()
        await super().close()

    async def _go_through(self, gen: Steps[_Result], interval: float) -> _Result:
        try:
            wanted = next(gen)
            while wanted == Wait.R:
                await self._readable()
                wanted = gen.send(Ready.R)
        except StopIteration as end:
            result: _Result = end.value
            return result
        self._stop_watching()  # there is more to send than the socket takes at once: psycopg's own way
        return await super().wait(_go_on(wanted, gen), interval)

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        if self._watched is None:
            self._watched = loop, self.fileno()
            loop.add_reader(self.fileno(), self._take_note)
        self._comes = loop.create_future()
        try:
            await self._comes
        finally:
            self._comes = None

    def _take_note(self) -> None:
        if self._comes is None:
            self._stop_watching()  # nobody waits: the server has closed the connection, or has something else to say
        elif not self._comes.done() and self._is_answered():
            self._comes.set_result(None)

    def _is_answered(self) -> bool:
        """Take what has come, and say whether it is all: an answer comes in many pieces, and is waited for once."""
        try:
            self.pgconn.consume_input()
        except psycopg.OperationalError:
            return True  # the step that waits meets the same fault, and raises it
        return not self.pgconn.is_busy()

    def _stop_watching(self) -> None:
        if self._watched is not None:
            loop, number = self._watched  # the connection may have lost its socket by now
            loop.remove_reader(number)
            self._watched = None


def _go_on(wanted: Any, gen: Steps[_Result]) -> Steps[_Result]:
    """Yield what is waited for already, then what comes after it."""
    try:
        while True:
            wanted = gen.send((yield wanted))
    except StopIteration as end:
        result: _Result = end.value
        return result
