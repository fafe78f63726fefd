"""The public application on a real read model, asked through ASGI as a browser or a client would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from app.main import public_app
from app.settings import ReaderSettings
from tests.published import anyio_backend, published, reader_url

__all__ = ["anyio_backend", "published", "reader_url"]


async def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until something holds."""
    for _ in range(round(seconds * 500)):
        if condition():
            return
        await asyncio.sleep(0.002)
    raise AssertionError("It did not come about in time.")


@asynccontextmanager
async def open_client(settings: ReaderSettings) -> AsyncIterator[httpx.AsyncClient]:
    """Run the public application and yield a client of it."""
    app = public_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield client


@pytest.fixture
async def client(reader_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the public application on the small read model."""
    async with open_client(ReaderSettings(reader_url=reader_url)) as opened:
        yield opened
