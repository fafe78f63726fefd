from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from geo.accounts.tables import sign_in_attempt
from geo.accounts.throttle import Bucket, BucketNames, count_attempt, empty_bucket, take_back_attempt

BUCKET = Bucket("of a test", 5)


def let_pass(connection: sa.Connection) -> None:
    """Let the time of waiting pass."""
    connection.execute(sa.update(sign_in_attempt).values(blocked_until=sa.func.clock_timestamp()))


def read_wait(connection: sa.Connection) -> float:
    """Read for how many minutes the bucket is closed."""
    left = sa.select(sign_in_attempt.c.blocked_until - sa.func.clock_timestamp())
    wait: dt.timedelta = connection.execute(left.where(sign_in_attempt.c.bucket == BUCKET.name)).scalar_one()
    return round(wait.total_seconds() / 60, 1)


def test_one_waits_longer_and_never_for_ever(connection: sa.Connection) -> None:
    """Four are free; from the fifth on 1, 2, 4, 8 minutes, then always 15."""
    waits = []
    for _ in range(12):
        assert count_attempt(connection, BUCKET) is None
        waits.append(max(read_wait(connection), 0))
        let_pass(connection)
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15, 15]


def test_trying_while_one_waits_does_not_make_it_longer(connection: sa.Connection) -> None:
    """Otherwise anybody could keep an editor out for ever."""
    for _ in range(5):
        count_attempt(connection, BUCKET)
    waits = [count_attempt(connection, BUCKET) for _ in range(20)]
    assert all(wait is not None and wait <= dt.timedelta(minutes=1) for wait in waits)
    let_pass(connection)
    assert count_attempt(connection, BUCKET) is None


def test_failures_of_yesterday_are_forgotten(connection: sa.Connection) -> None:
    """The count begins anew."""
    for _ in range(5):
        count_attempt(connection, BUCKET)
    old = sa.text("now() - interval '25 hours'")
    connection.execute(sa.update(sign_in_attempt).values(last_at=old, blocked_until=old))
    assert [count_attempt(connection, BUCKET) for _ in range(5)] == [None] * 5
    assert count_attempt(connection, BUCKET) is not None


def test_the_right_password_empties_the_bucket(connection: sa.Connection) -> None:
    """And takes one attempt back from a bucket that others fill."""
    for _ in range(4):
        count_attempt(connection, BUCKET)
    take_back_attempt(connection, BUCKET)
    count = sa.select(sign_in_attempt.c.failures).where(sign_in_attempt.c.bucket == BUCKET.name)
    assert connection.execute(count).scalar_one() == 3
    empty_bucket(connection, BUCKET)
    assert connection.execute(count).scalar_one_or_none() is None


def test_a_bucket_s_name_tells_nothing() -> None:
    """Another process, or another day, calls it otherwise; one process calls it the same all day."""
    names = BucketNames()
    assert names.of_account("lin") == names.of_account("lin")
    assert names.of_account("lin") != names.of_account("mei")
    assert names.of_account("lin") != BucketNames().of_account("lin")
    assert "lin" not in names.of_account("lin").name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.250", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("2001:db8:1:2::3", "2001:db8:1:ffff::4", True),
        ("2001:db8:1::", "2001:db8:2::", False),
    ],
)
def test_neighbours_share_a_bucket(one: str, other: str, same: bool) -> None:  # noqa: FBT001  (what is expected)
    """Whoever has one address has often many."""
    names = BucketNames()
    assert (names.of_network(one) == names.of_network(other)) is same


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "", "nowhere"])
def test_this_machine_has_no_bucket(address: str) -> None:
    """A proxy that tells no address would else slow everybody."""
    assert BucketNames().of_network(address) is None
