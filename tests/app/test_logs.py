"""One line a request, with nothing about the reader."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import httpx
import pytest

from app.logs import JsonLines, configure_logs

pytestmark = pytest.mark.anyio


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the process writes."""
    ours = logging.getLogger("labourmap")
    before = (ours.handlers, ours.level, ours.propagate)
    stream = io.StringIO()
    configure_logs(stream)
    yield stream
    ours.handlers, ours.level, ours.propagate = before


async def read(lines: io.StringIO) -> str:
    """Return what was written until the next turn of the event loop, when the lines of this one are."""
    await asyncio.sleep(0)
    return lines.getvalue()


async def test_a_request_is_one_line_of_json(client: httpx.AsyncClient, lines: io.StringIO) -> None:
    """Method, route, status, time, size and the id that the answer carries."""
    answer = await client.get("/api/collections/strikes/items", headers={"Accept-Encoding": "identity"})
    (line,) = (await read(lines)).splitlines()
    logged = json.loads(line)
    assert logged["method"] == "GET"
    assert logged["route"] == "/api/collections/{collection_id}/items"
    assert logged["status"] == 200
    assert logged["bytes"] == len(answer.content)
    assert logged["ms"] > 0
    assert logged["request_id"] == answer.headers["x-request-id"]
    assert set(logged) == {"at", "level", "method", "route", "status", "ms", "bytes", "request_id"}


@pytest.mark.parametrize(
    "url",
    [
        "/api/collections/strikes/items?employers=Somebody",
        "/api/collections/strikes/items/Somebody",
        "/Somebody",
        "/api/collections/Somebody",
    ],
)
async def test_nothing_that_was_asked_is_logged(client: httpx.AsyncClient, lines: io.StringIO, url: str) -> None:
    """Neither the query nor the path itself, nor who asked and with what."""
    await client.get(url, headers={"User-Agent": "Somebody", "X-Forwarded-For": "Somebody", "X-Request-ID": "Somebody"})
    written = await read(lines)
    assert len(written.splitlines()) == 1
    assert "Somebody" not in written
    assert "127.0.0.1" not in written


async def test_head_is_logged_as_it_was_asked_and_answered(client: httpx.AsyncClient, lines: io.StringIO) -> None:
    """It is routed as GET, and no byte of a body leaves."""
    await client.head("/api")
    logged = json.loads(await read(lines))
    assert (logged["method"], logged["bytes"]) == ("HEAD", 0)


def test_a_message_cannot_begin_a_line_of_its_own() -> None:
    """Line breaks and control characters are escaped."""
    record = logging.LogRecord("labourmap", logging.INFO, "", 0, "a\r\n{} \x1b[2J", None, None)
    assert len(JsonLines().format(record).splitlines()) == 1
    assert "\x1b" not in JsonLines().format(record)
