"""Signing in: a name, a password and a one-time code, judged together, so that no part alone is told right or wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa

from geo.accounts.accounts import NAME
from geo.accounts.codes import make_code_secret, take_code, take_recovery_code
from geo.accounts.passwords import check_length, hash_password, is_outdated, is_password
from geo.accounts.sessions import begin_session
from geo.accounts.tables import account
from geo.accounts.throttle import BucketNames, count_attempt, empty_bucket, take_back_attempt
from geo.errors import LabourMapError
from geo.records.audit import note_action

NOBODY = 0
_SECRET_OF_NOBODY = make_code_secret()


class WrongSignIn(LabourMapError):  # noqa: N818  (says what it is)
    """Name, password or code are wrong; which of them is not told."""


class TooManyAttempts(LabourMapError):  # noqa: N818  (says what it is)
    """There were too many failures; `wait` is how long until the next attempt is looked at."""

    def __init__(self, wait: dt.timedelta) -> None:
        super().__init__("There were too many failed attempts.")
        self.wait = wait


@dataclass(frozen=True)
class Attempt:
    """What somebody types, and the address of the network they come from, which is not stored."""

    name: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    address: str


@dataclass(frozen=True)
class _Kept:
    """What is kept of an account, or in the place of one that nobody has."""

    id: int = NOBODY
    password_hash: str | None = None
    totp_secret: str | None = None
    has_codes: bool = True


def sign_in(engine: sa.Engine, names: BucketNames, attempt: Attempt) -> str:
    """Begin a session and return its secret. Raises WrongSignIn, TooManyAttempts, or BadRequest for a huge password.

    The same work is done whether the name is somebody's or nobody's, and whichever part is wrong.
    """
    check_length(attempt.password)
    name = attempt.name.strip().lower()[:100]
    buckets = [bucket for bucket in (names.of_account(name), names.of_network(attempt.address)) if bucket is not None]
    with engine.begin() as connection:
        waits = [count_attempt(connection, bucket) for bucket in buckets]
    if blocked := [wait for wait in waits if wait is not None]:
        raise TooManyAttempts(max(blocked))
    with engine.begin() as connection:
        kept = _find(connection, name)
    password_is_right = is_password(kept.password_hash, attempt.password)
    with engine.connect() as connection:
        code_is_right = _take_any_code(connection, kept, attempt.code.strip())
        if not (password_is_right and code_is_right):
            raise WrongSignIn("The name, the password or the code is wrong.")
        token = begin_session(connection, kept.id)
        _keep_strong(connection, kept, attempt.password)
        empty_bucket(connection, buckets[0])
        for bucket in buckets[1:]:
            take_back_attempt(connection, bucket)
        note_action(connection, name, "account.sign_in", f"account:{name}")
        connection.commit()
    return token


def _find(connection: sa.Connection, name: str) -> _Kept:
    # What cannot be a name is looked for as well, under one that nobody has.
    wanted = name if NAME.fullmatch(name) else ""
    row = connection.execute(
        sa.select(account.c.id, account.c.password_hash, account.c.totp_secret, account.c.totp_confirmed_at).where(
            account.c.name == wanted, account.c.disabled_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return _Kept()
    return _Kept(row.id, row.password_hash, row.totp_secret, row.totp_confirmed_at is not None)


def _take_any_code(connection: sa.Connection, kept: _Kept, code: str) -> bool:
    """Take a one-time code or a recovery code; where none are set up, none is asked for."""
    taken = take_code(connection, kept.id, kept.totp_secret or _SECRET_OF_NOBODY, code)
    recovered = take_recovery_code(connection, kept.id, code)
    return taken or recovered or not kept.has_codes


def _keep_strong(connection: sa.Connection, kept: _Kept, password: str) -> None:
    """Keep a password anew that was kept with weaker settings than today's."""
    if kept.password_hash is not None and is_outdated(kept.password_hash):
        renewed = sa.update(account).where(account.c.id == kept.id).values(password_hash=hash_password(password))
        connection.execute(renewed)
