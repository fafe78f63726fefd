"""How somebody who is signed in changes their password."""

from __future__ import annotations

import sqlalchemy as sa

from geo.accounts.passwords import hash_password, is_password
from geo.accounts.tables import account


def change_password(connection: sa.Connection, account_id: int, current: str, password: str) -> bool:
    """Set another password if the current one is right. Raises BadRequest for one that cannot be a password."""
    kept = connection.scalar(sa.select(account.c.password_hash).where(account.c.id == account_id))
    made = hash_password(password)
    if not is_password(kept, current):
        return False
    connection.execute(sa.update(account).where(account.c.id == account_id).values(password_hash=made))
    return True
