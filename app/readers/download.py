"""How a file is sent: piece by piece, as fast as its reader takes it, and no longer than somebody is there.

Nothing of the database is ever cancelled half-way: when a reader goes, the piece being made is waited for, and what
was opened is closed. A file that could not be finished is cut off, so that its reader sees that the rest is missing.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, aclosing
from pathlib import Path

import anyio
from starlette.responses import StreamingResponse
from starlette.types import Send

from geo.serving.exports.rows import Chunk
from geo.serving.exports.texts import Writer

PATIENCE_SECONDS = 30
"""A reader who takes nothing for so long is cut off."""
LONGEST_SECONDS = 1_800
"""No download takes longer."""
PIECE = 2**18
"""Bytes of a piece of a file on disk."""

Pieces = AsyncGenerator[bytes]


class ReaderGone(Exception):  # noqa: N818  (nobody's error)
    """Nobody waits for the file any more."""


class Download(StreamingResponse):
    """Sends the pieces of a file, then closes what was opened to make them."""

    def __init__(
        self, pieces: Pieces, opened: AsyncExitStack, gone: threading.Event, headers: Mapping[str, str], media_type: str
    ) -> None:
        super().__init__(pieces, headers=headers, media_type=media_type)
        self._pieces = pieces
        self._opened = opened
        self._gone = gone
        self._next: asyncio.Task[bytes | None] | None = None

    async def stream_response(self, send: Send) -> None:
        """Send the file. Nothing is sent before the first piece is made, so that an error until then is answered."""
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                piece = await self._make_next()
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                while piece is not None:
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                    piece = await self._make_next()
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._gone.set()
            with anyio.CancelScope(shield=True):
                await self._close()

    async def _make_next(self) -> bytes | None:
        self._next = asyncio.ensure_future(anext(self._pieces, None))
        return await asyncio.shield(self._next)

    async def _close(self) -> None:
        if self._next is not None:
            await asyncio.wait([self._next])
            if not self._next.cancelled():
                self._next.exception()  # it was raised already, or nobody is there to be told
        await self._pieces.aclose()
        await self._opened.aclose()


async def make_pieces(writer: Writer, chunks: AsyncIterator[Chunk]) -> Pieces:
    """Yield a file that is text: its head, its rows chunk by chunk, its end. A thread does the work of each."""
    head = await asyncio.to_thread(writer.begin)
    async for chunk in chunks:
        piece = head + await asyncio.to_thread(writer.write, chunk)
        head = b""
        if piece:
            yield piece
    if last := head + writer.end():
        yield last


async def pack_pieces(
    making: tuple[Callable[[Path, Iterator[Chunk]], None], str],
    chunks: AsyncGenerator[Chunk],
    opened: AsyncExitStack,
    gone: threading.Event,
) -> Pieces:
    """Yield a file that is made on disk first; it stands nowhere once it is being sent.

    `making` is the function that writes it, in a thread, and the extension of its name. When it is made, `opened` is
    closed: sending it needs neither the database nor a turn.
    """
    write, extension = making
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="labourmap-export-"))
    try:
        path = folder / f"made.{extension}"
        async with aclosing(chunks):
            await asyncio.to_thread(write, path, pull_chunks(chunks, asyncio.get_running_loop(), gone))
        file = await asyncio.to_thread(path.open, "rb")
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    await opened.aclose()
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


def pull_chunks(
    chunks: AsyncIterator[Chunk], loop: asyncio.AbstractEventLoop, gone: threading.Event
) -> Iterator[Chunk]:
    """Yield the chunks to a thread, each fetched by the event loop. Raises ReaderGone when nobody waits any more."""

    async def fetch() -> Chunk | None:
        return await anext(chunks, None)

    while True:
        if gone.is_set():
            raise ReaderGone
        chunk = asyncio.run_coroutine_threadsafe(fetch(), loop).result()
        if chunk is None:
            return
        yield chunk
