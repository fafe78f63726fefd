"""Who did what, and when: a list that can only be added to. No address and no browser stands in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from geo.database import metadata

PAGE = 100

audit_entry = sa.Table(
    "audit_entry",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("actor", sa.Text, nullable=False, comment="operator, or an account's name"),
    sa.Column("action", sa.Text, nullable=False, comment="as batch.commit"),
    sa.Column("object", sa.Text, nullable=False, comment="what it was done to, as batch:12; never a value of a record"),
    sa.Column("content_hash", sa.Text, comment="of what was agreed to"),
    sa.CheckConstraint("action ~ '^[a-z_]+([.:][a-z_]+)*$'", name="action"),
    sa.Index("ix_audit_entry_at", "at"),
    schema="editorial",
    comment="Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE.",
)


def note_action(
    connection: sa.Connection, actor: str, action: str, object_: str, content_hash: str | None = None
) -> None:
    """Note what somebody does, in the transaction that does it.

    `actor` is an account's name or `operator`; `action` is two words as `batch.commit`; `object_` names what it is
    done to by kind and id, as `batch:12`, and holds no value of a record.
    """
    connection.execute(
        sa.insert(audit_entry).values(actor=actor, action=action, object=object_, content_hash=content_hash)
    )


@dataclass(frozen=True)
class Action:
    """One thing that somebody did."""

    id: int
    at: dt.datetime
    actor: str
    action: str
    object: str
    content_hash: str | None


def list_actions(connection: sa.Connection, *, before: int | None = None, limit: int = PAGE) -> list[Action]:
    """List what was done, the newest first; only what has an id below `before`, if it is given."""
    chosen = sa.select(*audit_entry.c).order_by(audit_entry.c.id.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(audit_entry.c.id < before)
    return [Action(*row) for row in connection.execute(chosen)]
