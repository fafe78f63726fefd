"""Single records, read together: whoever asks while others are being read is read with the next.

One question for four records costs hardly more than one for one, so the more readers come at once, the less each costs.
"""

from __future__ import annotations

import asyncio

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from geo.layers import COLLECTIONS
from geo.serving.quick_reads import QuickReads, Row, compile_statement
from geo.serving.tables import dataset_version, feature, feature_text

_RECORDS = compile_statement(
    sa.select(
        feature.c.public_id,
        feature.c.layer,
        feature_text.c.geojson,
        sa.select(dataset_version.c.version).scalar_subquery(),
    )
    .join(feature_text, feature_text.c.id == feature.c.id)
    .where(feature.c.public_id == sa.any_(sa.bindparam("ids", [], ARRAY(sa.Text)))),
    planned_once=True,
)


READERS = 2
"""Statements under way at once: while the database answers one, the answers of the other are written."""


class QuickItems:
    """Those who wait for a record, by its public id. One belongs to each application."""

    def __init__(self, reads: QuickReads) -> None:
        self._reads = reads
        self._waiting: dict[str, asyncio.Future[Row | None]] = {}
        self._readers = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def find(self, collection: str, public_id: str, version: int) -> bytes | None:
        """Return the GeoJSON text of one record; None when there is none, or when there is a later version.

        Raises psycopg's errors, and TimeoutError when every connection stays busy.
        """
        found = self._waiting.get(public_id)
        if found is None:
            found = self._waiting[public_id] = asyncio.get_running_loop().create_future()
            if self._readers < READERS:
                self._readers += 1
                reading = asyncio.create_task(self._read())
                self._tasks.add(reading)  # the loop itself would not keep it
                reading.add_done_callback(self._tasks.discard)
        row = await asyncio.shield(found)  # others may wait for the same
        if row is None or row[3] != version or row[1].decode() not in COLLECTIONS[collection]:
            return None
        text: bytes = row[2]
        return text

    async def _read(self) -> None:
        """Read for all who wait, and for those who have come meanwhile, until nobody waits."""
        try:
            while self._waiting:
                asked, self._waiting = self._waiting, {}
                try:
                    rows = await self._reads.fetch_rows(_RECORDS.fill(ids=list(asked)))
                except Exception as error:  # noqa: BLE001  (each who waits raises it)
                    for waiting in asked.values():
                        waiting.set_exception(error)
                        waiting.exception()  # taken note of, should nobody wait any more
                    continue
                found = {row[0].decode(): row for row in rows}
                for public_id, waiting in asked.items():
                    waiting.set_result(found.get(public_id))
        finally:
            self._readers -= 1  # here, and not when the task is done: whoever comes in between must find a reader
