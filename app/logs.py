"""One JSON line a request, without anything about the reader: no address, no agent, no value of a query.

The path is the route's template (`/api/collections/{collection_id}/items`), never what was asked for.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sys
import time
from typing import IO, Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NO_ROUTE = "(none)"


class RequestLines:
    """Where the lines about requests go: nowhere until `configure_logs`.

    They are written past `logging`, which takes longer for a line than finding a kept answer does; those of one turn of
    the event loop together.
    """

    stream: IO[str] | None = None

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def write(self, fields: dict[str, Any]) -> None:
        """Write one line, in this turn of the running event loop."""
        if self.stream is None:
            return
        loop = asyncio.get_running_loop()
        if not self._lines or loop is not self._loop:
            self._loop = loop
            loop.call_soon(self._flush)
        self._lines.append(orjson.dumps({"at": time.time(), "level": "INFO", **fields}).decode() + "\n")

    def _flush(self) -> None:
        lines, self._lines = self._lines, []
        if self.stream is not None:
            self.stream.write("".join(lines))
            self.stream.flush()


_lines = RequestLines()


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON; line breaks and control characters are escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields = getattr(record, "fields", None) or {"message": record.getMessage()}
        return orjson.dumps({"at": record.created, "level": record.levelname, **fields}).decode()


def configure_logs(stream: IO[str] = sys.stdout) -> None:
    """Send the project's log lines to `stream`. For the process that serves; a library never calls this."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    ours = logging.getLogger("labourmap")
    ours.handlers = [handler]
    ours.setLevel(logging.INFO)
    ours.propagate = False
    _lines.stream = stream


class RequestLog:
    """Gives each request an id of our own, answers it in `X-Request-ID`, and logs one line when it is done."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0
        size = 0

        async def count(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", request_id.encode()))
            size += len(message.get("body", b""))
            await send(message)

        method = scope["method"]  # before it is changed on the way
        try:
            await self.app(scope, receive, count)
        finally:
            took = round((time.perf_counter() - began) * 1000, 1)
            path = getattr(scope.get("route"), "path", NO_ROUTE)
            fields = {"method": method, "route": path, "status": status, "ms": took, "bytes": size}
            _lines.write({**fields, "request_id": request_id})
