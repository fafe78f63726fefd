"""Secrets that are given to a person once, and kept as their hash.

They are random and long, so one round of SHA-256 is enough: nobody can try them all.
"""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32


def make_secret() -> str:
    """Return 256 random bits as they stand in an address, a cookie or a key."""
    return secrets.token_urlsafe(BYTES)


def hash_secret(secret: str) -> bytes:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()
