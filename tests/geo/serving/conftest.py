"""The small read model, read through an asynchronous connection as the reader's role."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.database import make_reader_engine
from geo.serving.column_reading import load_columns
from geo.serving.columns import Columns
from tests.published import anyio_backend, published, reader_url

__all__ = ["anyio_backend", "published", "reader_url"]


@pytest.fixture
async def reading(reader_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection of the reader's role, in one snapshot."""
    engine = make_reader_engine(reader_url).execution_options(isolation_level="REPEATABLE READ")
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


@pytest.fixture
async def columns(reading: AsyncConnection) -> Columns:
    """The columns of the small read model."""
    return await load_columns(reading)
