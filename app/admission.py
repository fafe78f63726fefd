"""How many answers are made at once. Who comes when there are too many waits a moment, then is told to come again.

A place is taken while an answer is made, and given back before it is sent, so slow readers hold none. Kept answers
(`app.answer_cache`) need no place.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import make_problem, request_id_of

PLACES = 32
"""Answers made at once; the database does a few of them at a time."""
WAITING = 256
"""Requests that may wait for a place."""
WAIT_SECONDS = 1.0

BUSY = "There are more questions than can be answered now. Please ask again in a few seconds."


class Admission:
    """Answers 503 with Retry-After when no place becomes free in time, or when too many wait already."""

    def __init__(self, app: ASGIApp, *, places: int = PLACES, waiting: int = WAITING) -> None:
        self.app = app
        self._places = asyncio.Semaphore(places)
        self._may_wait = waiting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when there is a place."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif not await self._take_place():
            await make_problem(503, BUSY, request_id_of(scope))(scope, receive, send)
        else:
            await self._pass_on(scope, receive, send)

    async def _take_place(self) -> bool:
        if not self._places.locked():
            return await self._places.acquire()  # there is one: nothing is waited for
        if self._may_wait <= 0:
            return False
        self._may_wait -= 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            return False
        finally:
            self._may_wait += 1
        return True

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_place = True

        async def give_back(message: Message) -> None:
            nonlocal has_place
            if has_place and message["type"] == "http.response.body":
                has_place = False
                self._places.release()
            await send(message)

        try:
            await self.app(scope, receive, give_back)
        finally:
            if has_place:
                self._places.release()
