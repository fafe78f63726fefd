"""One-time codes: six digits that a device shows (TOTP), and ten recovery codes for when the device is lost."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time

import pyotp
import sqlalchemy as sa

from geo.accounts.tables import account, recovery_code

ISSUER = "Labour Map"
STEP_SECONDS = 30
EARLIER, LATER = 1, 1
"""Steps that a device's clock may be behind or before ours."""
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
GROUP = 4


def make_code_secret() -> str:
    """Return a secret to share with a device."""
    return pyotp.random_base32()


def write_device_address(name: str, secret: str) -> str:
    """Return the address that a QR code holds: what a device needs to show codes."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def find_step(secret: str, code: str, now: float | None = None) -> int | None:
    """Return the step of time whose code this is, if it is one of those that count now."""
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    device = pyotp.TOTP(secret)
    current = int((time.time() if now is None else now) // STEP_SECONDS)
    steps = range(current - EARLIER, current + LATER + 1)
    # Every step is looked at, so that the time it takes does not tell which one it is.
    right = [step for step in steps if pyotp.utils.strings_equal(device.generate_otp(step), code)]
    return max(right, default=None)


def take_code(connection: sa.Connection, account_id: int, secret: str, code: str) -> bool:
    """Say whether a code is right and was not taken before; then it never will be again."""
    step = find_step(secret, code)
    if step is None:
        return False
    unused = sa.update(account).where(account.c.id == account_id, account.c.totp_last_step < step)
    return connection.execute(unused.values(totp_last_step=step)).rowcount > 0


def make_recovery_codes(connection: sa.Connection, account_id: int) -> list[str]:
    """Make ten new recovery codes in the place of the old ones, and return them, this once."""
    codes = [_write_code() for _ in range(RECOVERY_CODES)]
    connection.execute(sa.delete(recovery_code).where(recovery_code.c.account_id == account_id))
    rows = [{"account_id": account_id, "code_sha256": _hash_code(code)} for code in codes]
    connection.execute(sa.insert(recovery_code), rows)
    return codes


def take_recovery_code(connection: sa.Connection, account_id: int, code: str) -> bool:
    """Say whether a recovery code is one of somebody's that was not used yet; now it is."""
    taken = sa.update(recovery_code).where(
        recovery_code.c.account_id == account_id,
        recovery_code.c.code_sha256 == _hash_code(code),
        recovery_code.c.used_at.is_(None),
    )
    return connection.execute(taken.values(used_at=sa.func.now())).rowcount > 0


def count_recovery_codes(connection: sa.Connection, account_id: int) -> int:
    """Count the recovery codes that are left."""
    left = sa.select(sa.func.count()).where(recovery_code.c.account_id == account_id, recovery_code.c.used_at.is_(None))
    return int(connection.execute(left).scalar_one())


def _write_code() -> str:
    """Write 80 random bits as four groups of four small letters and digits."""
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def _hash_code(code: str) -> bytes:
    """Return what is kept of a recovery code, however it was typed."""
    plain = "".join(character for character in code.lower() if character.isalnum())
    return hashlib.sha256(plain.encode()).digest()
