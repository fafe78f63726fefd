"""The public application on a real read model, asked through ASGI as a browser or a client would."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from app.main import public_app
from app.settings import ReaderSettings
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine
from geo.publishing.publish import publish_reference
from tests.conftest import copy_database
from tests.published import anyio_backend, make_record, published, put_records, reader_url

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


SHARED_ID = "2020101312203812345"
RECORDS_IN_CHINA = (
    make_record("S-2020-000001", "2020-07-02", legacy_id=SHARED_ID),
    make_record("U-2020-000001", "2020-07-02", legacy_id=SHARED_ID),
    make_record("A-2020-000001", "2020-07-02", legacy_id="2020101312203812346"),
    make_record("A-2020-000002", "2020-07-02", legacy_id="2020101312203812346"),
    make_record("H-2020-000001", "2020-07-01"),
)
"""A strike and the case about it under one id of CLB's, two accidents under another, and a call that shows none."""


@pytest.fixture(scope="session")
def china_url(cluster: Cluster, template: str) -> Iterator[str]:
    """The reader's address of a database with China's regions published, and few records."""
    name = f"china_{secrets.token_hex(4)}"
    engine = make_engine(copy_database(cluster, template, name))
    with engine.begin() as connection:
        publish_reference(connection)
        put_records(connection, RECORDS_IN_CHINA)
    engine.dispose()
    yield cluster.url(name, READER_ROLE)
    cluster.drop_database(name)


@pytest.fixture
async def china(china_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the public application on China's regions."""
    async with open_client(ReaderSettings(reader_url=china_url)) as opened:
        yield opened
