"""Sessions of people in browsers: kept in the database, so that each can be ended from anywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from geo.accounts.people import Person
from geo.accounts.secrets_given import hash_secret, make_secret
from geo.accounts.tables import account, permission, session

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=12)
NOTED_EVERY = dt.timedelta(minutes=1)
"""How finely it is kept when a session was last used."""

PERMISSIONS = (
    sa.select(sa.func.array_agg(permission.c.action + " " + permission.c.layer))
    .where(permission.c.role == account.c.role)
    .scalar_subquery()
    .label("permissions")
)
_LIVING = sa.and_(session.c.ends_at > sa.func.now(), session.c.seen_at > sa.func.now() - IDLE)


@dataclass(frozen=True)
class OpenSession:
    """One of somebody's sessions, as they may see it."""

    id: int
    began_at: dt.datetime
    seen_at: dt.datetime
    ends_at: dt.datetime


def begin_session(connection: sa.Connection, account_id: int) -> str:
    """Begin a session and return the secret that its browser keeps. Sessions that have ended are removed."""
    connection.execute(sa.delete(session).where(~_LIVING))
    token = make_secret()
    connection.execute(
        sa.insert(session).values(
            token_sha256=hash_secret(token), account_id=account_id, ends_at=sa.func.now() + LONGEST
        )
    )
    return token


def find_signed_in(connection: sa.Connection, token: str) -> Person | None:
    """Find whose living session a secret belongs to, and note that it was used."""
    found = connection.execute(
        sa.select(account, PERMISSIONS, session.c.id.label("session_id"), session.c.seen_at, sa.func.now().label("now"))
        .join(session, session.c.account_id == account.c.id)
        .where(session.c.token_sha256 == hash_secret(token), _LIVING, account.c.disabled_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    if found.now - found.seen_at > NOTED_EVERY:
        connection.execute(sa.update(session).where(session.c.id == found.session_id).values(seen_at=sa.func.now()))
    return read_person(found, session_id=found.session_id)


def read_person(
    row: sa.Row[tuple[object, ...]], *, session_id: int | None = None, scopes: Sequence[str] | None = None
) -> Person:
    """Make a person of a row of `account` with its permissions."""
    given = row._mapping  # noqa: SLF001  (its public name in SQLAlchemy)
    return Person(
        account_id=given["id"],
        name=given["name"],
        role=given["role"],
        permissions=frozenset(split_permission(text) for text in given["permissions"] or ()),
        language=given["language"],
        session_id=session_id,
        scopes=None if scopes is None else frozenset(scopes),
        has_codes=given["totp_confirmed_at"] is not None,
    )


def split_permission(text: str) -> tuple[str, str]:
    """Part an action from its layer."""
    action, layer = text.split(" ")
    return action, layer


def list_sessions(connection: sa.Connection, account_id: int) -> list[OpenSession]:
    """List somebody's living sessions, the one used last first."""
    chosen = sa.select(session.c.id, session.c.began_at, session.c.seen_at, session.c.ends_at)
    rows = connection.execute(
        chosen.where(session.c.account_id == account_id, _LIVING).order_by(session.c.seen_at.desc())
    )
    return [OpenSession(*row) for row in rows]


def end_session(connection: sa.Connection, account_id: int, session_id: int) -> bool:
    """End one of somebody's sessions. False when they have no such session."""
    mine = sa.and_(session.c.id == session_id, session.c.account_id == account_id)
    return connection.execute(sa.delete(session).where(mine)).rowcount > 0


def end_sessions(connection: sa.Connection, account_id: int, *, but: int | None = None) -> int:
    """End all of somebody's sessions, save one; return how many."""
    theirs = sa.delete(session).where(session.c.account_id == account_id)
    return connection.execute(theirs if but is None else theirs.where(session.c.id != but)).rowcount
