"""How many answers are made at once, and what becomes of the others."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app import admission
from app.admission import Admission

pytestmark = pytest.mark.anyio


class Slow:
    """Answers when it is let, and tells how many answers it makes at once at the most."""

    def __init__(self) -> None:
        self.may_go = asyncio.Event()
        self.now = 0
        self.most = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        self.now += 1
        self.most = max(self.most, self.now)
        await self.may_go.wait()
        self.now -= 1
        await PlainTextResponse("made")(scope, receive, send)


async def test_no_more_are_made_at_once_than_there_are_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest wait for a place; who waits too long is told to come again."""
    monkeypatch.setattr(admission, "WAIT_SECONDS", 0.3)
    slow = Slow()
    transport = httpx.ASGITransport(Admission(slow, places=3, waiting=100))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        asked = [asyncio.create_task(client.get("/")) for _ in range(10)]
        await asyncio.sleep(0.6)
        slow.may_go.set()
        statuses = sorted([answer.status_code for answer in await asyncio.gather(*asked)])
        refused = next(answer for answer in await asyncio.gather(*asked) if answer.status_code == 503)
        assert (await client.get("/")).text == "made"
    assert statuses == [200] * 3 + [503] * 7
    assert slow.most == 3
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["content-type"] == "application/problem+json"


async def test_when_too_many_wait_the_next_is_told_at_once() -> None:
    """A queue without an end would make everybody wait."""
    slow = Slow()
    transport = httpx.ASGITransport(Admission(slow, places=1, waiting=2))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        asked = [asyncio.create_task(client.get("/")) for _ in range(3)]
        await asyncio.sleep(0.05)
        async with asyncio.timeout(0.5):
            assert (await client.get("/")).status_code == 503
        slow.may_go.set()
        assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200] * 3


async def test_a_slow_reader_holds_no_place() -> None:
    """The place is given back before the answer is sent."""
    sent = asyncio.Event()
    gate = Admission(PlainTextResponse("made"), places=1)

    async def receive() -> dict[str, str]:
        return {"type": "http.request"}

    async def send_slowly(message: object) -> None:
        if isinstance(message, dict) and message["type"] == "http.response.body":
            await sent.wait()

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    first = asyncio.create_task(gate(scope, receive, send_slowly))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(gate(scope, receive, send_slowly))
    sent.set()
    async with asyncio.timeout(0.5):
        await asyncio.gather(first, second)
