"""Keeps the places of the latest columns, and how many records each has under the filters that were asked last."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import NotReady
from geo.layers import RECORDS
from geo.serving.column_keeper import ColumnKeeper
from geo.serving.column_masks import find
from geo.serving.columns import Columns
from geo.serving.filters import FeatureQuery, without_page
from geo.serving.remembered import Remembered
from geo.serving.tile_places import Counts, Places, find_places

REMEMBERED: Final = 4
"""Filters whose counts are kept, with 1.5 MB each where 1,000,000 records have 90,000 places."""


class PlaceKeeper:
    """One belongs to each application, and lives in one event loop."""

    def __init__(self, columns: ColumnKeeper) -> None:
        self._columns = columns
        self._places: Places | None = None
        self._making = asyncio.Lock()
        self._ahead: asyncio.Task[None] | None = None
        self._counted = Remembered[Counts](size=REMEMBERED)

    async def stop(self) -> None:
        """End what runs."""
        if self._ahead is not None:
            self._ahead.cancel()
            await asyncio.wait({self._ahead})

    async def of(self, columns: Columns) -> Places:
        """Return the places of some columns."""
        async with self._making:
            if self._places is None or self._places.columns is not columns:
                self._places = await asyncio.to_thread(find_places, columns)
            return self._places

    @property
    def latest(self) -> Places | None:
        """The places at hand, of whatever version."""
        return self._places

    def make_ahead(self, version: int) -> None:
        """Begin to make the places of a version of the data, for who comes next."""
        if self._ahead is None or self._ahead.done():
            self._ahead = asyncio.create_task(self._make_ahead(version))

    def recall(self, places: Places, query: FeatureQuery) -> Counts | None:
        """Return how many records that match each place has, if that needs no counting."""
        if is_whole(query):
            return count_whole(places, query)
        return self._counted.find(places.version, without_page(query))

    async def count(self, places: Places, connection: AsyncConnection, query: FeatureQuery) -> Counts:
        """Count how many records that match each place has. Raises VersionsDiffer as `find`."""
        counts = places.count(await find(places.columns, connection, query))
        self._counted.keep(places.version, without_page(query), counts)
        return counts

    async def _make_ahead(self, version: int) -> None:
        try:
            await self.of(await self._columns.current(version))
        except NotReady:  # the next tile begins again
            return


def is_whole(query: FeatureQuery) -> bool:
    """Say whether a query asks for a collection without any filter."""
    return replace(without_page(query), collection="") == FeatureQuery(collection="")


def count_whole(places: Places, query: FeatureQuery) -> Counts:
    """Return how many records of a collection each place has."""
    if set(query.layers) == set(RECORDS):
        return places.counts
    return places.counts * np.isin(RECORDS, query.layers).astype(np.int32)
