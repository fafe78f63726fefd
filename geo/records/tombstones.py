"""What was taken down stays down: marks by which a removed record is known again, and which tell nothing by themselves.

A mark is a keyed hash of a record's id in its data set, of CLB's event id, or of its first day with a title. The key
is a file beside the passwords of the data folder and never in the database: without it nobody can try out titles.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from geo.cluster_files import make_folder, make_secret
from geo.database import metadata
from geo.errors import SetupError

REASONS: Final = ("person", "safety", "personal_data", "court", "false", "other")
"""Why a record is taken down: a person it is about asked, somebody is in danger, ... No other words are kept."""
SCOPES: Final = ("record", "fields")

_FILE: Final = "tombstones"
_OPTION: Final = "tombstone_key"


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


tombstone = sa.Table(
    "tombstone",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("public_id", sa.Text, comment="NULL: it never was public"),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, comment="a class, never words of somebody's"),
    sa.Column("taken_down_on", sa.Date, nullable=False, server_default=sa.text("((now() AT TIME ZONE 'UTC')::date)")),
    sa.Column("taken_down_by", sa.Text, nullable=False),
    sa.Column("marks", ARRAY(sa.Text), nullable=False, comment="keyed hashes"),
    sa.Column("key_name", sa.Text, nullable=False, comment="says which key made the marks, and nothing else of it"),
    sa.Column("batch_id", sa.BigInteger, sa.ForeignKey("editorial.batch.id"), nullable=False),
    sa.Column("lift_asked_by", sa.Text),
    sa.Column("lift_asked_at", sa.DateTime(timezone=True)),
    sa.Column("lifted_by", sa.Text),
    sa.Column("lifted_at", sa.DateTime(timezone=True)),
    sa.CheckConstraint(_one_of("scope", SCOPES), name="scope"),
    sa.CheckConstraint(_one_of("reason", REASONS), name="reason"),
    sa.CheckConstraint("cardinality(marks) > 0", name="marks"),
    sa.CheckConstraint("lifted_by IS NULL OR lifted_by <> lift_asked_by", name="second_person"),
    sa.CheckConstraint("lifted_by IS NULL OR lift_asked_by IS NOT NULL", name="asked_first"),
    schema="editorial",
    comment="Records that were taken down and may not be loaded again; nothing here says what they said.",
)


def read_key(data_dir: Path) -> bytes:
    """Read the key of the marks from the data folder, made at the first reading."""
    secrets = data_dir.expanduser().resolve() / "secrets"
    make_folder(secrets, 0o700)
    make_secret(secrets / _FILE)
    return (secrets / _FILE).read_bytes().strip()


def with_key(engine: sa.Engine, key: bytes) -> sa.Engine:
    """Give an engine the key, which its connections then carry; it is never sent to the server."""
    return engine.execution_options(**{_OPTION: key})


def name_key(key: bytes) -> str:
    """Return a name of the key that does not tell it."""
    return hashlib.blake2b(key, digest_size=4, person=b"tombstones").hexdigest()


def get_key(connection: sa.Connection) -> bytes:
    """Return the key that the connection carries.

    Raises:
        SetupError: it has none.
    """
    key = connection.get_execution_options().get(_OPTION)
    if not isinstance(key, bytes):
        raise SetupError("This process was not given the key of the tombstones, so it can take nothing down.")
    return key


def make_marks(
    key: bytes, source_system: str | None, source_id: str | None, values: Mapping[str, Any]
) -> dict[str, None]:
    """Return the marks of what a row or a version says; the same words in other signs or letters give the same ones."""
    parts: list[tuple[str, ...]] = []
    if source_system and source_id:
        parts.append(("id", source_system, source_id))
    if values.get("legacy_id"):
        parts.append(("event", str(values["legacy_id"])))
    for name in ("title_en", "title_zh_hans"):
        words = fold_title(str(values.get(name) or ""))
        if words and values.get("starts_on"):
            parts.append(("title", str(values["starts_on"]), words))
    return {hmac.digest(key, "\0".join(part).encode(), "sha256").hex(): None for part in parts}


def fold_title(title: str) -> str:
    """Return the letters and figures of a title, whatever their case and width."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", title).casefold() if sign.isalnum())


class Tombstones:
    """The marks that hold now. Most data folders have none, and looking rows up then costs nothing."""

    def __init__(self, key: bytes, marks: Mapping[str, dt.date]) -> None:
        self._key = key
        self._marks = marks

    def __bool__(self) -> bool:
        return bool(self._marks)

    def find(self, source_system: str | None, source_id: str | None, values: Mapping[str, Any]) -> dt.date | None:
        """Return the day on which what a row says was taken down; None when it was not."""
        marks: Iterable[str] = make_marks(self._key, source_system, source_id, values)
        return next((self._marks[mark] for mark in marks if mark in self._marks), None)


def load_tombstones(connection: sa.Connection) -> Tombstones:
    """Read the marks that were not lifted.

    Raises:
        SetupError: there are some, and this process has no key or another one: nothing may be loaded unseen.
    """
    asked = sa.select(tombstone.c.marks, tombstone.c.taken_down_on, tombstone.c.key_name)
    rows = connection.execute(asked.where(tombstone.c.lifted_at.is_(None)).order_by(tombstone.c.id)).all()
    if not rows:
        return Tombstones(b"", {})
    key = get_key(connection)
    if {row.key_name for row in rows} != {name_key(key)}:
        raise SetupError(
            "The key of the tombstones is not the one that made them, so rows that were taken down could come back. "
            f"Put the file secrets/{_FILE} of the old data folder back."
        )
    return Tombstones(key, {mark: row.taken_down_on for row in rows for mark in row.marks})
