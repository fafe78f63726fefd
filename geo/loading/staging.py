"""Rows on their way into the database: hashed, copied to the staging tables, counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Final

import orjson
import psycopg
import sqlalchemy as sa

from geo.loading.messages import Message
from geo.records.identity import hash_identity

_APART: Final = ("source_system", "source_id")
"""Values that have a staging column of their own, and are no part of a record's content."""

_COPY_ROWS: Final = (
    "COPY editorial.staging_row"
    " (batch_id, row_no, source_system, source_id, identity_hash, content_hash, data, outcome) FROM STDIN"
)
_COPY_MESSAGES: Final = (
    "COPY editorial.staging_message (batch_id, row_no, column_name, code, severity, value_redacted, facts, times)"
    " FROM STDIN"
)


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One row ready for staging. `data` None: it was rejected, for what the messages say.

    A row that is only held keeps its data: somebody may decide that it is loaded.
    """

    row_no: int
    source_system: str | None
    source_id: str | None
    identity_hash: str | None
    content_hash: str | None
    data: bytes | None
    messages: Sequence[Message]

    @property
    def outcome(self) -> str | None:
        """What its own messages make of the row: rejected, held, or None."""
        if self.data is None:
            return "rejected"
        return "held" if any(message.problem.weight == "held" for message in self.messages) else None

    def saying(self, more: Sequence[Message]) -> StagedRow:
        """Return the row with further messages."""
        return replace(self, messages=[*self.messages, *more])


def hash_row(row_no: int, values: dict[str, Any], province: str | None, messages: Sequence[Message]) -> StagedRow:
    """Make the staged row of `values`; it is rejected when one of the messages is an error.

    The content hash is of all values but the row's id.
    """
    source_system, source_id = values.pop("source_system", None), values.pop("source_id", None)
    if any(message.problem.weight == "error" for message in messages):
        return StagedRow(row_no, source_system, source_id, None, None, None, messages)
    data = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
    identity = hash_identity(values, province)
    return StagedRow(
        row_no, source_system, source_id, identity, blake2b(data, digest_size=16).hexdigest(), data, messages
    )


def copy_rows(connection: sa.Connection, batch_id: int, rows: Sequence[StagedRow]) -> None:
    """Copy a chunk of rows and their messages into the staging tables."""
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]  # psycopg's
    with driver.cursor() as cursor:
        with cursor.copy(_COPY_ROWS) as copy:
            copy.write(b"".join(_write_row(batch_id, row) for row in rows))
        copy_messages(connection, batch_id, (message for row in rows for message in row.messages))


def copy_messages(connection: sa.Connection, batch_id: int, messages: Iterable[Message]) -> None:
    """Copy messages into their staging table."""
    lines = b"".join(_write_message(batch_id, message) for message in messages)
    if not lines:
        return
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]  # psycopg's
    with driver.cursor() as cursor, cursor.copy(_COPY_MESSAGES) as copy:
        copy.write(lines)


def _write_row(batch_id: int, row: StagedRow) -> bytes:
    outcome = _escape(row.outcome)
    data = b"\\N" if row.data is None else row.data.replace(b"\\", b"\\\\")
    texts = (row.source_system, row.source_id, row.identity_hash, row.content_hash)
    return b"\t".join((b"%d\t%d" % (batch_id, row.row_no), *map(_escape, texts), data, outcome)) + b"\n"


def _write_message(batch_id: int, message: Message) -> bytes:
    problem = message.problem
    facts = orjson.dumps(dict(problem.facts), default=str).replace(b"\\", b"\\\\")
    row_no = b"\\N" if message.row_no is None else b"%d" % message.row_no
    texts = map(_escape, (message.column, problem.code, problem.weight, message.value))
    return b"\t".join((b"%d" % batch_id, row_no, *texts, facts, b"%d" % message.times)) + b"\n"


def _escape(text: str | None) -> bytes:
    """Write a text for COPY: backslash, tab and line ends are the only signs that mean something there."""
    if text is None:
        return b"\\N"
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if "\t" in text or "\n" in text or "\r" in text:
        text = text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text.encode("utf-8", errors="replace")
