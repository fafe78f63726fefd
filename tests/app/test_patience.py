"""Heads of requests that come too slowly or grow too large, and bodies: a real server, raw bytes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn

from app.patience import LARGEST_HEAD, HeadWithBody, PatientProtocol
from app.public_process import make_server
from app.settings import ReaderSettings
from tests.app.conftest import until

pytestmark = pytest.mark.anyio

HEAD = b"GET /api HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
async def port(reader_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """The port of a server that waits half a second for a head."""
    monkeypatch.setattr(PatientProtocol, "head_seconds", 0.5)
    listener = socket.create_server(("127.0.0.1", 0))
    server: uvicorn.Server = make_server(ReaderSettings(reader_url=reader_url))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    await until(lambda: server.started)
    yield listener.getsockname()[1]
    server.should_exit = True
    await running


async def speak(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send pieces with pauses between, and return all that comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
    except ConnectionError:
        pass  # closed by the server before all was sent; what it said is read below
    async with asyncio.timeout(8):
        try:
            return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


async def test_a_head_that_comes_byte_by_byte_is_given_up(port: int) -> None:
    """408, and the connection is closed."""
    answer = await speak(port, *(HEAD[place : place + 1] for place in range(6)), pause=0.06)
    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_a_connection_that_says_nothing_is_closed(port: int) -> None:
    """It holds no place for long."""
    assert (await speak(port)).startswith(b"HTTP/1.1 408 ")


async def test_a_second_request_has_its_own_time(port: int) -> None:
    """The wait begins anew with each request on a connection."""
    answer = await speak(port, HEAD + b"\r\n", HEAD, pause=0.2)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answer


async def test_a_head_without_an_end_is_refused(port: int) -> None:
    """Before it fills the memory."""
    answer = await speak(
        port, HEAD, *(b"X-Long: " + b"x" * 60_000 + b"\r\n" for _ in range(LARGEST_HEAD // 60_000 + 2))
    )
    assert answer.startswith(b"HTTP/1.1 431 ") or answer == b""


@pytest.mark.parametrize("announced", [b"Content-Length: 200000000", b"Transfer-Encoding: chunked"])
async def test_a_body_is_refused_before_it_comes(port: int, announced: bytes) -> None:
    """No address takes one: 413, and the connection is closed."""
    answer = await speak(port, HEAD + announced + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()


async def test_two_ways_to_end_a_request_are_refused(port: int) -> None:
    """Content-Length beside Transfer-Encoding is how requests are smuggled."""
    smuggled = b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n"
    answer = await speak(port, HEAD + smuggled)
    assert answer[:13] in {b"HTTP/1.1 400 ", b"HTTP/1.1 413 "}
    assert answer.count(b"HTTP/1.1 ") == 1


async def test_no_header_of_a_visitor_changes_the_scheme_of_links(port: int) -> None:
    """A proxy is named by a setting alone."""
    answer = await speak(
        port, HEAD + b"X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nConnection: close\r\n\r\n"
    )
    assert b"http://localhost/api" in answer
    assert b"https://localhost" not in answer
    assert b"evil" not in answer


async def test_an_answer_is_sent_at_once(port: int) -> None:
    """Its head comes with its body, in one piece; one without a body is not held back."""
    transport = Recorder()
    together = HeadWithBody(transport)  # type: ignore[arg-type]  # what is called is there
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"
    together.write(head)
    together.write(b"{}")
    together.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    together.write(head)
    together.write(b"x" * 100_000)
    together.write(head)
    together.close()
    large = [head, b"x" * 100_000]
    assert transport.sent == [head + b"{}", b"HTTP/1.1 100 Continue\r\n\r\n", large, head, "closed"]
    asked = b"HEAD /api HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = await speak(port, asked + asked)
    assert answer.count(b"HTTP/1.1 200 ") == 2


class Recorder:
    """A transport that notes what it is told."""

    def __init__(self) -> None:
        self.sent: list[object] = []

    def write(self, data: bytes) -> None:
        """Note a piece."""
        self.sent.append(data)

    def writelines(self, pieces: tuple[bytes, ...]) -> None:
        """Note pieces sent together."""
        self.sent.append(list(pieces))

    def close(self) -> None:
        """Note the end."""
        self.sent.append("closed")
