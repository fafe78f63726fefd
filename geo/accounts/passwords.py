"""Passwords: argon2id, two at once at the most, and as long for a name that nobody has as for one that somebody has."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geo.errors import BadRequest, Busy

SHORTEST = 12
LONGEST_BYTES = 1024
AT_ONCE = 2
"""Each takes 19 MiB and one core for a moment: more at once would let strangers fill both."""

PATIENCE_SECONDS = 5

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_places = threading.BoundedSemaphore(AT_ONCE)
_OF_NOBODY = _hasher.hash("the password of nobody")


def hash_password(password: str) -> str:
    """Return what is kept of a password. Raises BadRequest for one that is too short or too long."""
    check_length(password)
    if len(password) < SHORTEST:
        raise BadRequest(f"A password has at least {SHORTEST} characters.")
    with _place():
        return _hasher.hash(password)


def check_length(password: str) -> None:
    """Refuse a password that only costs time: nobody has one that long."""
    if len(password.encode()) > LONGEST_BYTES:
        raise BadRequest(f"A password has at most {LONGEST_BYTES} bytes.")


def is_password(kept: str | None, password: str) -> bool:
    """Say whether a password is the one that was kept. Without one the same work is done, for nothing."""
    check_length(password)
    with _place():
        try:
            _hasher.verify(kept or _OF_NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


@contextmanager
def _place() -> Iterator[None]:
    """Wait for one of the places. Raises Busy when none becomes free in time: threads must not pile up here."""
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise Busy("Too many people are signing in at this moment. Please try again in a few seconds.")
    try:
        yield
    finally:
        _places.release()


def is_outdated(kept: str) -> bool:
    """Say whether a kept password was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(kept)
