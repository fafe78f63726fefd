"""One-time links: how somebody gets their first password, or a new one. Half an hour, one use, shown once."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from geo.accounts.passwords import hash_password
from geo.accounts.secrets_given import hash_secret, make_secret
from geo.accounts.sessions import end_sessions
from geo.accounts.tables import account, one_time_link
from geo.errors import NotFound
from geo.records.audit import note_action

LASTS = dt.timedelta(minutes=30)
PATH = "/editor/first-password/"
NOT_IN_FORCE = "This link is not in force: it was used, it is older than half an hour, or there is a newer one."


def make_link(connection: sa.Connection, account_id: int, made_by: str) -> str:
    """Make a link and return its path. Older links of the account end."""
    connection.execute(sa.delete(one_time_link).where(one_time_link.c.account_id == account_id))
    token = make_secret()
    connection.execute(
        sa.insert(one_time_link).values(
            token_sha256=hash_secret(token), account_id=account_id, ends_at=sa.func.now() + LASTS, made_by=made_by
        )
    )
    return PATH + token


def find_link(connection: sa.Connection, token: str) -> str:
    """Return the name of the account that a link in force is for. Raises NotFound."""
    found = connection.scalar(
        sa.select(account.c.name)
        .join(one_time_link, one_time_link.c.account_id == account.c.id)
        .where(_in_force(token), account.c.disabled_at.is_(None))
    )
    if found is None:
        raise NotFound(NOT_IN_FORCE)
    return str(found)


def use_link(connection: sa.Connection, token: str, password: str) -> tuple[int, bool]:
    """Set the password of the account that a link is for. Its sessions end.

    Returns the account's id, and whether one-time codes are set up. Raises NotFound for a link that is not in force,
    and BadRequest for a password that cannot be one.
    """
    name = find_link(connection, token)
    kept = hash_password(password)
    used = sa.update(one_time_link).where(_in_force(token)).values(used_at=sa.func.now())
    account_id = connection.execute(used.returning(one_time_link.c.account_id)).scalar_one_or_none()
    if account_id is None:  # somebody else was quicker
        raise NotFound(NOT_IN_FORCE)
    changed = sa.update(account).where(account.c.id == account_id).values(password_hash=kept)
    confirmed_at = connection.execute(changed.returning(account.c.totp_confirmed_at)).scalar_one()
    end_sessions(connection, account_id)
    note_action(connection, name, "account.set_password", f"account:{name}")
    return int(account_id), confirmed_at is not None


def _in_force(token: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        one_time_link.c.token_sha256 == hash_secret(token),
        one_time_link.c.used_at.is_(None),
        one_time_link.c.ends_at > sa.func.now(),
    )
