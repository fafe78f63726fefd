"""One statement, one round trip: what the busiest routes read with.

A single statement sees one snapshot of the data, so it needs no transaction around it. SQLAlchemy makes the SQL, once
for each question; psycopg sends it. Texts come back as bytes, ready to be sent on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.adapt import Loader
from psycopg.pq import Format, TransactionStatus
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from geo.serving.watched_connection import WatchedConnection

WAIT_SECONDS = 2
"""How long a request waits for a free connection before it is told to come again."""


Row = tuple[Any, ...]


class BytesLoader(Loader):
    """Leaves a text as the bytes that the server sent, UTF-8."""

    def load(self, data: Any) -> bytes:
        """Return the bytes."""
        return bytes(data)


class BinaryBytesLoader(BytesLoader):
    """The same for answers in binary, where a text is its bytes too."""

    format = Format.BINARY


@dataclass(frozen=True)
class Compiled:
    """A statement ready to be sent: SQL in psycopg's form, and its values.

    A `planned_once` statement is planned at its first use on a connection, where PostgreSQL itself is at the other end.
    That suits statements whose best plan is the same for all values, and no others.
    """

    sql: str
    values: Mapping[str, Any]
    planned_once: bool = False

    def fill(self, **values: Any) -> Compiled:
        """Return the statement with other values in some of its named places."""
        return Compiled(self.sql, {**self.values, **values}, self.planned_once)


def compile_statement(statement: sa.Executable, *, planned_once: bool = False) -> Compiled:
    """Return SQL and values of a statement. Values of `sa.bindparam(name)` can be filled in later."""
    dialect = PGDialect_psycopg(paramstyle="pyformat")  # type: ignore[no-untyped-call]
    made = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
    return Compiled(str(made), dict(made.params), planned_once)


class QuickReads:
    """A few connections of the reader's role, each in autocommit; made when they are first needed, and kept.

    Statements that are planned once have connections of their own, which plan without looking at values: left to
    itself, PostgreSQL takes a plan for certain values to be better each time, and making it costs as much as a page.
    One belongs to each application; it lives in one event loop.
    """

    def __init__(self, url: str, size: int = 4) -> None:
        self._conninfo = conninfo_of(url)
        self._idle: dict[bool, list[WatchedConnection]] = {False: [], True: []}
        self._free = asyncio.Semaphore(size)
        self._is_closed = False

    async def close(self) -> None:
        """Close the connections; those still in use are closed when they are given back."""
        self._is_closed = True
        for idle in self._idle.values():
            while idle:
                await idle.pop().close()

    async def fetch_row(self, statement: Compiled) -> Row | None:
        """Return the first row of a statement, texts as bytes; None when there is none."""
        rows = await self.fetch_rows(statement)
        return rows[0] if rows else None

    async def fetch_rows(self, statement: Compiled) -> list[Row]:
        """Return the rows of a statement, texts as bytes.

        Raises psycopg's errors, and TimeoutError when every connection stays busy. Connections that were cut while
        nobody used them are found out one by one, and cost no answer.
        """
        if self._free.locked():
            async with asyncio.timeout(WAIT_SECONDS):
                await self._free.acquire()
        else:
            await self._free.acquire()  # there is one: nothing is waited for
        try:
            idle = self._idle[statement.planned_once]
            while idle:
                connection = idle.pop()
                try:
                    return await self._fetch(connection, statement)
                except psycopg.OperationalError:
                    if not connection.closed:
                        raise
            return await self._fetch(await self._connect(planned_once=statement.planned_once), statement)
        finally:
            self._free.release()

    async def _fetch(self, connection: WatchedConnection, statement: Compiled) -> list[Row]:
        try:
            planned_once = statement.planned_once and connection.prepare_threshold is not None
            cursor = connection.reading
            await cursor.execute(statement.sql, statement.values, prepare=planned_once)
            rows = await cursor.fetchall()
            if cursor.pgresult is not None:
                cursor.pgresult.clear()  # a page of ten thousand is not to stay until the next statement
            return rows
        finally:
            # A request that was given up leaves its statement behind, and nobody may read its answer for another's.
            is_idle = connection.pgconn.transaction_status == TransactionStatus.IDLE
            if self._is_closed or not is_idle:
                await connection.close()
            else:
                self._idle[statement.planned_once].append(connection)

    async def _connect(self, *, planned_once: bool) -> WatchedConnection:
        connection = await WatchedConnection.connect(
            self._conninfo, autocommit=True, prepare_threshold=None, connect_timeout=3
        )
        try:
            cursor = await connection.execute("SELECT pg_backend_pid()")
            # A pooler that shares connections out would give a plan to one and the question to another; it tells a
            # process number of its own.
            if await cursor.fetchone() == (connection.info.backend_pid,):
                connection.prepare_threshold = 5
                if planned_once:
                    await connection.execute("SET plan_cache_mode TO force_generic_plan")
        except BaseException:
            await connection.close()
            raise
        for loader in (BytesLoader, BinaryBytesLoader):
            connection.adapters.register_loader("text", loader)
        connection.reading = connection.cursor(binary=True)
        return connection


def conninfo_of(url: str) -> str:
    """Return an SQLAlchemy address as libpq's."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
