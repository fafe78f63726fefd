from __future__ import annotations

import pyotp
import pytest
import sqlalchemy as sa

from geo.accounts.codes import (
    count_recovery_codes,
    find_step,
    make_recovery_codes,
    take_recovery_code,
    write_device_address,
)
from geo.accounts.passwords import hash_password, is_outdated, is_password
from geo.accounts.tables import account
from geo.errors import BadRequest

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  (of nobody)
NOW = 1_750_000_010.0
STEP = int(NOW // 30)


@pytest.mark.parametrize(("later", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(later: int, counts: bool) -> None:  # noqa: FBT001  (what is expected)
    """And no more."""
    code = pyotp.TOTP(SECRET).at(int(NOW) + 30 * later)
    assert find_step(SECRET, code, NOW) == (STEP + later if counts else None)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 456", "-12345"])
def test_what_is_no_code_is_wrong(code: str) -> None:
    """Whatever it looks like."""
    assert find_step(SECRET, code, NOW) is None


def test_the_device_is_told_who_and_where() -> None:
    """So that it shows the right name beside the code."""
    address = write_device_address("lin", SECRET)
    assert address == f"otpauth://totp/Labour%20Map:lin?secret={SECRET}&issuer=Labour%20Map"


def test_recovery_codes_are_ten_and_replace_each_other(connection: sa.Connection) -> None:
    """Only their hashes are kept, and another account's do not count."""
    made = sa.insert(account).values(name="one-more", role="editor", made_by="operator").returning(account.c.id)
    number = connection.execute(made).scalar_one()
    old = make_recovery_codes(connection, number)
    assert len(set(old)) == count_recovery_codes(connection, number) == 10
    new = make_recovery_codes(connection, number)
    assert not take_recovery_code(connection, number, old[0])
    assert not take_recovery_code(connection, number + 1, new[0])
    assert take_recovery_code(connection, number, new[0])
    assert count_recovery_codes(connection, number) == 9


def test_passwords_are_kept_by_argon2id() -> None:
    """With at least 19 MiB and two rounds; the same password is kept differently each time."""
    kept = hash_password("four words of mine")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != hash_password("four words of mine")
    assert is_password(kept, "four words of mine")
    assert not is_password(kept, "four words of mine ")
    assert not is_password(None, "the password of nobody")
    assert not is_outdated(kept)


@pytest.mark.parametrize("password", ["", "eleven char", "a" * 1025, "长" * 342])
def test_a_password_has_a_length(password: str) -> None:
    """Twelve characters at least, 1024 bytes at most."""
    with pytest.raises(BadRequest):
        hash_password(password)
