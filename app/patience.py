"""How long and how large the head of a request may be while it comes in: what the server itself does not limit.

Whoever sends a byte now and then would else hold a connection for ever, and whoever sends a header without an end would
fill the memory.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
LARGEST_HEAD = 131_072
"""Bytes. Above what `app.refusals` lets through, so that whoever is only a little above gets a readable answer."""

_LATE = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a limit of time and size for the head of each request."""

    head_seconds = HEAD_SECONDS
    _head_bytes = 0
    _waits: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own types
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._begin_wait()

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of a head."""
        self._begin_wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End the wait: the head is here."""
        self._end_wait()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the wait: nothing will come."""
        self._end_wait()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, as long as the head they belong to is not too large."""
        if self._waits is not None:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._waits is not None and self._head_bytes > LARGEST_HEAD:
            self._refuse(_LARGE)

    def _begin_wait(self) -> None:
        self._end_wait()
        self._head_bytes = 0
        self._waits = asyncio.get_running_loop().call_later(self.head_seconds, self._refuse, _LATE)

    def _end_wait(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None

    def _refuse(self, answer: bytes) -> None:
        self._end_wait()
        transport: Any = self.transport
        if not transport.is_closing():
            transport.write(answer)
            transport.close()
