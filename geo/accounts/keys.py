"""API keys: how programs sign in. A key is shown once, ends within a year, and may do what its scopes say."""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from geo.accounts.people import Person
from geo.accounts.secrets_given import hash_secret, make_secret
from geo.accounts.sessions import PERMISSIONS, read_person
from geo.accounts.tables import SCOPES, account, api_key
from geo.errors import BadRequest

PREFIX = "lk_ed_"
"""By which programs that look for secrets in public places know one of ours."""
SHOWN = len(PREFIX) + 6
MOST_DAYS = 365
MOST_ACTIVE = 2
LONGEST_TITLE = 60
_KEY = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
_IN_FORCE = sa.and_(api_key.c.revoked_at.is_(None), api_key.c.ends_at > sa.func.now())


@dataclass(frozen=True)
class Key:
    """What is known of a key after it was shown."""

    id: int
    account_id: int
    owner: str
    title: str
    beginning: str
    scopes: tuple[str, ...]
    made_at: dt.datetime
    ends_at: dt.datetime
    last_used_on: dt.date | None
    revoked_at: dt.datetime | None
    in_force: bool


def find_by_key(connection: sa.Connection, key: str) -> Person | None:
    """Find whose key in force this is, and note the day it was used."""
    if not _KEY.fullmatch(key):
        return None
    wanted = hash_secret(key)
    found = connection.execute(
        sa.select(account, PERMISSIONS, api_key.c.id.label("key_id"), api_key.c.key_sha256, api_key.c.scopes)
        .join(api_key, api_key.c.account_id == account.c.id)
        .where(api_key.c.key_sha256 == wanted, _IN_FORCE, account.c.disabled_at.is_(None))
    ).one_or_none()
    if found is None or not hmac.compare_digest(found.key_sha256, wanted):
        return None
    unused_today = api_key.c.last_used_on.is_distinct_from(sa.func.current_date())
    connection.execute(
        sa.update(api_key).where(api_key.c.id == found.key_id, unused_today).values(last_used_on=sa.func.current_date())
    )
    return read_person(found, scopes=found.scopes)


def make_key(connection: sa.Connection, account_id: int, title: str, scopes: Collection[str], days: int) -> str:
    """Make a key and return it, this once. Raises BadRequest when it may not be made as asked."""
    title = title.strip()
    if not 0 < len(title) <= LONGEST_TITLE or not title.isprintable():
        raise BadRequest(f"A key has a title of 1 to {LONGEST_TITLE} characters.")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise BadRequest(f"A key has at least one scope: {', '.join(SCOPES)}.")
    if not 1 <= days <= MOST_DAYS:
        raise BadRequest(f"A key is for 1 to {MOST_DAYS} days.")
    key = PREFIX + make_secret()
    row = {"account_id": account_id, "title": title, "beginning": key[:SHOWN], "key_sha256": hash_secret(key)}
    made = sa.insert(api_key).values(**row, scopes=sorted(set(scopes)), ends_at=sa.func.now() + dt.timedelta(days=days))
    try:
        with connection.begin_nested():
            connection.execute(made)
    except sa.exc.IntegrityError as refused:
        raise BadRequest(f"There are {MOST_ACTIVE} keys in force already: revoke one first.") from refused
    return key


def rotate_key(connection: sa.Connection, account_id: int, key_id: int) -> str | None:
    """Make a key like one of somebody's, for as many days, and return it; the old one stays until it is revoked."""
    old = connection.execute(
        sa.select(api_key).where(api_key.c.id == key_id, api_key.c.account_id == account_id, _IN_FORCE)
    ).one_or_none()
    if old is None:
        return None
    return make_key(connection, account_id, old.title, old.scopes, (old.ends_at - old.made_at).days)


def revoke_key(connection: sa.Connection, key_id: int, account_id: int | None = None) -> bool:
    """Revoke a key, of one account if one is named. False when there is none in force."""
    revoked = sa.update(api_key).where(api_key.c.id == key_id, _IN_FORCE).values(revoked_at=sa.func.now())
    if account_id is not None:
        revoked = revoked.where(api_key.c.account_id == account_id)
    return connection.execute(revoked).rowcount > 0


def list_keys(connection: sa.Connection, account_id: int | None = None) -> list[Key]:
    """List keys, the newest first; of one account, or of all."""
    columns = (*(api_key.c[name] for name in ("title", "beginning", "scopes", "made_at", "ends_at")),)
    chosen = sa.select(
        api_key.c.id,
        api_key.c.account_id,
        account.c.name,
        *columns,
        api_key.c.last_used_on,
        api_key.c.revoked_at,
        _IN_FORCE.label("in_force"),
    ).join(account, account.c.id == api_key.c.account_id)
    if account_id is not None:
        chosen = chosen.where(api_key.c.account_id == account_id)
    return [Key(*row) for row in connection.execute(chosen.order_by(api_key.c.id.desc()))]
