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


_HEAD_BEGINS, _HEAD_ENDS, _NOT_YET = b"HTTP/1.1 ", b"\r\n\r\n", b"HTTP/1.1 1"
_JOINED = 65_536


class HeadWithBody:
    """A transport that sends the head of an answer together with the first of its body.

    Two sends are two packets and two system calls, which for a short answer cost more than to find it.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send a piece of an answer; a head is held until the next piece."""
        if self._head:
            head, self._head = self._head, b""
            if len(data) < _JOINED:
                self._transport.write(head + data)
            else:
                self._transport.writelines((head, data))
        elif data.startswith(_HEAD_BEGINS) and data.endswith(_HEAD_ENDS) and not data.startswith(_NOT_YET):
            self._head = data
        else:
            self._transport.write(data)

    def send_head(self) -> None:
        """Send what is held."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def close(self) -> None:
        """Send what is held, and close."""
        self.send_head()
        self._transport.close()


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a limit of time and size for the head of each request."""

    head_seconds = HEAD_SECONDS
    _head_bytes = 0
    _waits: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own types
        """Begin to wait for the first request."""
        super().connection_made(HeadWithBody(transport))  # type: ignore[arg-type]  # what it calls is there
        self._begin_wait()

    def on_response_complete(self) -> None:
        """Send the head that no body followed."""
        transport: Any = self.transport
        transport.send_head()
        super().on_response_complete()

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
