"""How much a request may carry, and how slowly it may come. Only somebody who is signed in may send a file."""

from __future__ import annotations

import asyncio
import re
import time

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.editors.faults import answer_fault

MEBIBYTE = 2**20
LARGEST_FORM = 2 * MEBIBYTE
LARGEST_UPLOAD = 257 * MEBIBYTE
"""A file of 256 MiB and what stands around it."""
UPLOADS = re.compile(r"/(api/editing|editor)/batches(/[0-9a-z-]+)*")
"""Where files are sent to."""
PAUSE_SECONDS = 20
PATIENCE_SECONDS = 60
LEAST_PER_SECOND = 5_000
"""A body that comes more slowly than this, after `PATIENCE_SECONDS`, is not waited for."""

TOO_LARGE = "What was sent is larger than this address takes."
TOO_SLOW = "What was sent came too slowly."


class BodyLimits:
    """Answers 413 for a body that is too large and 408 for one that comes too slowly."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = find_limit(scope)
        if announced_length(scope) > most:
            refusal = answer_fault(scope, 413, TOO_LARGE, {"Connection": "close"})
            await refusal(scope, receive, send)
        else:
            await self.app(scope, CountedBody(receive, most), send)


class CountedBody:
    """Receives a body in the place of the server's own function. Raises HTTPException where it is refused."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._came = 0
        self._began = time.monotonic()
        self._is_whole = False

    async def __call__(self) -> Message:
        """Receive the next part."""
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout(PAUSE_SECONDS):
                message = await self._receive()
        except TimeoutError as problem:
            raise HTTPException(408, TOO_SLOW, {"Connection": "close"}) from problem
        if message["type"] == "http.request":
            self._came += len(message.get("body", b""))
            self._is_whole = not message.get("more_body", False)
            self._refuse()
        return message

    def _refuse(self) -> None:
        if self._came > self._most:
            raise HTTPException(413, TOO_LARGE, {"Connection": "close"})
        took = time.monotonic() - self._began
        if not self._is_whole and took > PATIENCE_SECONDS and self._came < took * LEAST_PER_SECOND:
            raise HTTPException(408, TOO_SLOW, {"Connection": "close"})


def find_limit(scope: Scope) -> int:
    """Return how many bytes a request may carry."""
    is_upload = UPLOADS.fullmatch(scope["path"]) and scope.get("state", {}).get("person") is not None
    return LARGEST_UPLOAD if is_upload else LARGEST_FORM


def announced_length(scope: Scope) -> int:
    """Return the length that a request announces, 0 without one."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and len(value) < 19:  # noqa: PLR2004  (fits into 64 bits)
            return int(value)
    return 0
