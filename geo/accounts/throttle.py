"""Guesses at passwords become slow: after five failures one waits 1, 2, 4 ... at most 15 minutes, and never for ever.

Two buckets are filled by each attempt: that of the account, and that of the network it comes from. An attempt counts
before it is judged, in a transaction of its own, so that many at once do not slip through; the right password empties
the account's bucket, and takes itself back from the network's.

Neither names nor addresses are stored. A bucket is called by a keyed hash; the key is in the memory of the process
alone and is another one every day, so that nobody can find out later who tried, not even with the database in hand.
A restart or a new day forgets the failures, five free guesses for an account: nothing beside what they slow down.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
import threading
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo.accounts.tables import sign_in_attempt

FREE_OF_ACCOUNT = 5
FREE_OF_NETWORK = 30
LONGEST_MINUTES = 15
FORGOTTEN_AFTER = dt.timedelta(days=1)
NETWORK_BITS = {4: 24, 6: 48}
"""An address is counted with its neighbours: whoever has one has often many."""


@dataclass(frozen=True)
class Bucket:
    """Something that attempts are counted for, and how many of them are free."""

    name: str
    free: int


class BucketNames:
    """Calls buckets by a hash whose key changes every day and is kept nowhere."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day: dt.date | None = None
        self._key = b""

    def of_account(self, name: str) -> Bucket:
        """Return the bucket of an account, or of a name that nobody has: it is the same to see."""
        return Bucket(self._hash(f"account {name}"), FREE_OF_ACCOUNT)

    def of_network(self, address: str) -> Bucket | None:
        """Return the bucket of the network of an address; None for what is no address, and for this machine."""
        try:
            read = ipaddress.ip_address(address)
        except ValueError:
            return None
        if read.is_loopback:
            return None
        network = ipaddress.ip_network((read, NETWORK_BITS[read.version]), strict=False)
        return Bucket(self._hash(f"network {network}"), FREE_OF_NETWORK)

    def _hash(self, text: str) -> str:
        today = dt.datetime.now(dt.UTC).date()
        with self._lock:
            if today != self._day:
                self._day, self._key = today, secrets.token_bytes(32)
            key = self._key
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def count_attempt(connection: sa.Connection, bucket: Bucket) -> dt.timedelta | None:
    """Count an attempt, or return how long one has to wait for the next; a wait is not made longer by trying."""
    now = sa.func.clock_timestamp()
    table = sign_in_attempt
    is_old = table.c.last_at < now - FORGOTTEN_AFTER
    failures = sa.case((is_old, 1), else_=table.c.failures + 1)
    over = failures - bucket.free
    minutes = sa.func.least(sa.func.power(2, sa.func.least(over, 10)), LONGEST_MINUTES)
    blocked = sa.case((over >= 0, now + minutes * sa.text("interval '1 minute'")), else_=now)
    counted = (
        insert(table)
        .values(bucket=bucket.name, failures=1, last_at=now, blocked_until=now)
        .on_conflict_do_update(
            index_elements=[table.c.bucket],
            set_={"failures": failures, "last_at": now, "blocked_until": blocked},
            where=table.c.blocked_until <= now,
        )
        .returning(table.c.failures)
    )
    if connection.execute(counted).one_or_none() is not None:
        return None
    wait: dt.timedelta = connection.execute(
        sa.select(sa.func.greatest(table.c.blocked_until - now, sa.text("interval '1 second'"))).where(
            table.c.bucket == bucket.name
        )
    ).scalar_one()
    return wait


def take_back_attempt(connection: sa.Connection, bucket: Bucket) -> None:
    """Take an attempt that was right out of a bucket that others fill, too."""
    table = sign_in_attempt
    fewer = {"failures": sa.func.greatest(table.c.failures - 1, 0), "blocked_until": sa.func.clock_timestamp()}
    connection.execute(sa.update(table).where(table.c.bucket == bucket.name).values(fewer))


def empty_bucket(connection: sa.Connection, bucket: Bucket) -> None:
    """Forget the failures of a bucket, and buckets that nobody has filled for long."""
    table = sign_in_attempt
    is_old = table.c.last_at < sa.func.now() - FORGOTTEN_AFTER
    connection.execute(sa.delete(table).where((table.c.bucket == bucket.name) | is_old))
