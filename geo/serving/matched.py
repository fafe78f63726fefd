"""How many records match a query on all pages: `numberMatched`, counted once for a filter and a version of the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import NotReady
from geo.serving.column_keeper import ColumnKeeper
from geo.serving.column_masks import find, find_held, without_held
from geo.serving.columns import Columns
from geo.serving.conditions import conditions
from geo.serving.day_counts import count_days
from geo.serving.filters import FeatureQuery, without_page
from geo.serving.regions import names_regions
from geo.serving.remembered import Remembered
from geo.serving.search import FEW, find_few
from geo.serving.tables import feature

PATIENCE_SECONDS = 0.25
"""How long a page waits for the columns of its version. To count by the database takes about as long."""


class Matched(Remembered[int]):
    """The numbers counted last. One belongs to each application; without columns the database counts."""

    def __init__(self, columns: ColumnKeeper | None = None) -> None:
        super().__init__()
        self._columns = columns

    async def count(self, connection: AsyncConnection, query: FeatureQuery, version: int) -> int:
        """Return how many records match on all pages, in the version that the connection sees."""
        question = without_page(query)
        matched = self.find(version, question)
        if matched is None:
            matched = await self._count(connection, question, version)
            self.keep(version, question, matched)
        return matched

    def count_at_once(self, query: FeatureQuery, version: int) -> int | None:
        """Return how many records match on all pages, if that is known, or the columns at hand say it by themselves.

        None for words, and for what names regions: whether those exist is to be asked first.
        """
        question = without_page(query)
        matched = self.find(version, question)
        columns = self._columns.at_hand(version) if self._columns else None
        if matched is not None or columns is None or question.q or names_regions(question):
            return matched
        whole = FeatureQuery(collection=question.collection)
        if without_held(question) != whole:
            return None
        if question.datetime and question == replace(whole, datetime=question.datetime):
            matched = count_days(columns, question.layers, question.datetime)
        else:
            matched = int(np.count_nonzero(find_held(columns, question)))
        self.keep(version, question, matched)
        return matched

    async def find_few(self, connection: AsyncConnection, query: FeatureQuery, version: int) -> list[int] | None:
        """Return the keys of the records that match a query with words on all pages.

        None when they are more than `FEW`, so that a walk soon meets enough of them, or when no words are asked for.
        """
        if not query.q:
            return None
        question = without_page(query)
        columns = await self._find_columns(version)
        if columns is None:
            return await find_few(connection, query.q)
        mask = await find(columns, connection, question)
        matched = int(np.count_nonzero(mask))
        self.keep(version, question, matched)
        few: list[int] | None = columns.ids[mask].tolist() if matched <= FEW else None
        return few

    async def _count(self, connection: AsyncConnection, question: FeatureQuery, version: int) -> int:
        """Count by the columns; while those are of another version, by the database: a page is of one version."""
        columns = await self._find_columns(version)
        if columns is not None:
            return int(np.count_nonzero(await find(columns, connection, question)))
        statement = sa.select(sa.func.count()).select_from(feature).where(*conditions(question))
        return int((await connection.execute(statement)).scalar_one())

    async def _find_columns(self, version: int) -> Columns | None:
        """Return the columns of a version, if they are there soon."""
        try:
            columns = await self._columns.current(version, PATIENCE_SECONDS) if self._columns else None
        except NotReady:
            return None
        return columns if columns is not None and columns.dataset.version == version else None
