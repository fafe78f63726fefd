"""Accounts: made, disabled, given a new password. An account is never removed, and its name never given again."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import sqlalchemy as sa

from geo.accounts.sessions import end_sessions
from geo.accounts.tables import NAME_PATTERN, OPERATOR, ROLES, account, api_key, recovery_code, role_grant
from geo.errors import BadRequest, NotFound
from geo.records.audit import note_action

NAME = re.compile(NAME_PATTERN.removesuffix("$"))


@dataclass(frozen=True)
class Account:
    """What others may know of an account."""

    id: int
    name: str
    role: str
    made_at: dt.datetime
    disabled_at: dt.datetime | None
    has_password: bool
    has_codes: bool
    asked_role: str | None
    """The role that somebody has asked for, and nobody has settled yet."""


_ASKED = (
    sa.select(role_grant.c.role)
    .where(role_grant.c.account_id == account.c.id, role_grant.c.approved.is_(None))
    .scalar_subquery()
)
_COLUMNS = (
    *(account.c[name] for name in ("id", "name", "role", "made_at", "disabled_at")),
    account.c.password_hash.is_not(None),
    account.c.totp_confirmed_at.is_not(None),
    _ASKED,
)


def list_accounts(connection: sa.Connection) -> list[Account]:
    """List all accounts by name, those in use first."""
    rows = connection.execute(sa.select(*_COLUMNS).order_by(account.c.disabled_at.is_not(None), account.c.name))
    return [Account(*row) for row in rows]


def get_account(connection: sa.Connection, name: str) -> Account:
    """Return one account. Raises NotFound."""
    row = connection.execute(sa.select(*_COLUMNS).where(account.c.name == name)).one_or_none()
    if row is None:
        raise NotFound("Nobody has this name.")
    return Account(*row)


def add_account(connection: sa.Connection, name: str, role: str, made_by: str) -> int:
    """Make an account without a password and return its id. Raises BadRequest for a name that cannot be one.

    Whoever is not the owner of the data may make viewers only; a higher role is asked for (`role_grants`).
    """
    if not NAME.fullmatch(name) or name == OPERATOR:
        raise BadRequest("A name has 2 to 40 small letters, digits, dots, hyphens or underscores.")
    if role not in ROLES:
        raise BadRequest(f"A role is one of {', '.join(ROLES)}.")
    made = sa.insert(account).values(name=name, role=role, made_by=made_by).returning(account.c.id)
    try:
        with connection.begin_nested():
            account_id = int(connection.execute(made).scalar_one())
    except sa.exc.IntegrityError as taken:
        raise BadRequest("This name was given before; names are given once.") from taken
    note_action(connection, made_by, "account.create", f"account:{name}")
    return account_id


def disable_account(connection: sa.Connection, name: str, actor: str) -> None:
    """Let nobody sign in by an account: its sessions end and its keys are revoked. Raises NotFound."""
    found = get_account(connection, name)
    connection.execute(sa.update(account).where(account.c.id == found.id).values(disabled_at=sa.func.now()))
    end_sessions(connection, found.id)
    theirs = sa.and_(api_key.c.account_id == found.id, api_key.c.revoked_at.is_(None))
    connection.execute(sa.update(api_key).where(theirs).values(revoked_at=sa.func.now()))
    note_action(connection, actor, "account.disable", f"account:{name}")


def enable_account(connection: sa.Connection, name: str, actor: str) -> None:
    """Let somebody sign in again. Raises NotFound."""
    found = get_account(connection, name)
    connection.execute(sa.update(account).where(account.c.id == found.id).values(disabled_at=None))
    note_action(connection, actor, "account.enable", f"account:{name}")


def reset_account(connection: sa.Connection, name: str, actor: str, *, codes: bool) -> int:
    """Take an account's password, and its one-time codes if asked; its sessions end. Returns its id.

    Raises NotFound. A link is made separately: nobody can sign in until it was used.
    """
    found = get_account(connection, name)
    taken: dict[str, object] = {"password_hash": None}
    if codes:
        taken |= {"totp_secret": None, "totp_confirmed_at": None}
        connection.execute(sa.delete(recovery_code).where(recovery_code.c.account_id == found.id))
    connection.execute(sa.update(account).where(account.c.id == found.id).values(taken))
    end_sessions(connection, found.id)
    note_action(connection, actor, "account.reset_all" if codes else "account.reset_password", f"account:{name}")
    return found.id


def set_language(connection: sa.Connection, account_id: int, language: str) -> None:
    """Remember the language of somebody's pages."""
    connection.execute(sa.update(account).where(account.c.id == account_id).values(language=language))
