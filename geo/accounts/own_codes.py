"""What somebody who is signed in does with their own one-time codes."""

from __future__ import annotations

import sqlalchemy as sa

from geo.accounts.codes import find_step, take_code, take_recovery_code
from geo.accounts.tables import account


def confirm_codes(connection: sa.Connection, account_id: int, secret: str, code: str) -> bool:
    """Keep a secret if the code is one of it; that code is not taken again."""
    step = find_step(secret, code.strip())
    if step is None:
        return False
    kept = {"totp_secret": secret, "totp_confirmed_at": sa.func.now(), "totp_last_step": step}
    connection.execute(sa.update(account).where(account.c.id == account_id).values(kept))
    return True


def is_own_code(connection: sa.Connection, account_id: int, code: str) -> bool:
    """Say whether a code is of the device that is set up, or a recovery code; it is not taken again."""
    secret = connection.scalar(sa.select(account.c.totp_secret).where(account.c.id == account_id))
    given = code.strip()
    if secret is not None and take_code(connection, account_id, secret, given):
        return True
    return take_recovery_code(connection, account_id, given)
