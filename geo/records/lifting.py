"""Lets a record that was taken down be loaded again. It takes two people: one asks, another one agrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from geo.errors import DataError, NotAllowed, NotFound
from geo.records.tombstones import tombstone


def list_tombstones(connection: sa.Connection) -> Sequence[sa.Row[Any]]:
    """Return every tombstone without its marks, the newest first."""
    columns = (column for column in tombstone.columns if column.name not in {"marks", "key_name"})
    return connection.execute(sa.select(*columns).order_by(tombstone.c.id.desc())).all()


def ask_to_lift(connection: sa.Connection, number: int, *, actor: str) -> None:
    """Ask that what was taken down may be loaded again.

    Raises:
        NotFound: there is no such tombstone. DataError: it was lifted already.
    """
    _lock(connection, number)
    asked = {"lift_asked_by": actor, "lift_asked_at": sa.func.now()}
    connection.execute(sa.update(tombstone).where(tombstone.c.id == number).values(asked))


def lift(connection: sa.Connection, number: int, *, actor: str) -> None:
    """Agree to what somebody else asked: from now on the same row is loaded like any other.

    Raises:
        NotFound: there is no such tombstone. DataError: nobody asked, or it was lifted already.
        NotAllowed: the actor is the one who asked.
    """
    asked_by = _lock(connection, number).lift_asked_by
    if asked_by is None:
        raise DataError("Nobody has asked for this yet.")
    if asked_by == actor:
        raise NotAllowed("A second person must agree.")
    lifted = {"lifted_by": actor, "lifted_at": sa.func.now()}
    connection.execute(sa.update(tombstone).where(tombstone.c.id == number).values(lifted))


def _lock(connection: sa.Connection, number: int) -> Any:
    asked = sa.select(tombstone.c.lift_asked_by, tombstone.c.lifted_at).where(tombstone.c.id == number)
    found = connection.execute(asked.with_for_update()).one_or_none()
    if found is None:
        raise NotFound("There is no such tombstone.")
    if found.lifted_at is not None:
        raise DataError("It was lifted already.")
    return found
