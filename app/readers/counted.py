"""Answers that are counted from the columns: of which version they are, and how they are kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from app.readers.answers import find_unchanged, make_etag, open_snapshot
from geo.serving.column_masks import VersionsDiffer
from geo.serving.columns import Columns
from geo.serving.dataset import Dataset

LARGEST_REMEMBERED = 2**18
"""Bytes of the largest answer that is kept for whoever asks the same again."""

Made = TypeVar("Made")
Make = Callable[[Columns, AsyncConnection], Awaitable[bytes]]


@dataclass(frozen=True)
class Counted:
    """The body of an answer, its validator, and the version of the data that it speaks of."""

    body: bytes
    etag: str
    dataset: Dataset


async def try_twice(read: Callable[[], Awaitable[Made]]) -> Made:
    """Read, and once more when the data moved on between what was read from the columns and from the database."""
    try:
        return await read()
    except VersionsDiffer:
        return await read()


async def answer_counted(request: Request, address: str, make: Make) -> Counted | Response:
    """Return what `make` counts for a canonical address, remembered if it was counted before, or 304.

    While the columns of a new version are being read, the answer is that of the version before.
    """

    async def read() -> Counted | Response:
        async with open_snapshot(request) as (connection, dataset):
            if unchanged := find_unchanged(request, make_etag(dataset, address)):
                return unchanged
            found = _recall(request, address, dataset)
            if found is None:
                columns = await request.app.state.columns.current(dataset.version)
                found = _recall(request, address, columns.dataset)
            return found or _keep(request, address, columns.dataset, await make(columns, connection))

    return await try_twice(read)


def _recall(request: Request, address: str, dataset: Dataset) -> Counted | None:
    etag = make_etag(dataset, address)
    body = request.app.state.counted.find(dataset.version, etag)
    return None if body is None else Counted(body, etag, dataset)


def _keep(request: Request, address: str, dataset: Dataset, body: bytes) -> Counted:
    etag = make_etag(dataset, address)
    if len(body) <= LARGEST_REMEMBERED:
        request.app.state.counted.keep(dataset.version, etag, body)
    return Counted(body, etag, dataset)
