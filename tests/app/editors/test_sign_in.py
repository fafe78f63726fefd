"""Attacks 28 and 40, and signing in as people do."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pyotp
import pytest
import sqlalchemy as sa

from app.editors.site_address import COOKIE_OF_THIS_MACHINE
from geo.accounts.codes import make_recovery_codes
from geo.accounts.passwords import hash_password
from geo.accounts.tables import account, session, sign_in_attempt
from tests.editing import HOME, Client, Editing

PASSWORD = "four words of mine"  # noqa: S105  (of nobody)
KEPT = hash_password(PASSWORD)
WRONG = "The name, the password or the code is wrong."


@dataclass(frozen=True)
class Member:
    """Somebody with a password and a device."""

    name: str
    account_id: int
    secret: str

    def code(self, later: int = 0) -> str:
        """Return the code that the device shows, some steps later."""
        return pyotp.TOTP(self.secret).at(int(time.time()) + 30 * later)


@pytest.fixture
def member(editing: Editing) -> Member:
    """Somebody new."""
    browser = editing.sign_in("editor")
    change = sa.update(account).where(account.c.id == browser.account_id).values(password_hash=KEPT)
    with editing.engine.begin() as connection:
        secret = connection.execute(change.returning(account.c.totp_secret)).scalar_one()
    return Member(browser.name, browser.account_id, secret)


def try_in(client: Client, name: str, password: str, code: str, **more: str) -> httpx.Response:
    """Send the form."""
    fields = {"name": name, "password": password, "code": code, **more}
    return client.post("/editor/sign-in", data=fields, headers={"Origin": HOME})


def read_fault(answer: httpx.Response) -> str:
    """Read what the page says is wrong."""
    found = re.search(r'role="alert"><p>(.+?)</p>', answer.text)
    assert found is not None
    return found[1]


def test_a_right_sign_in_begins_a_session(editing: Editing, member: Member) -> None:
    """The cookie is for us alone: no script reads it, no other site sends it, the browser forgets it when it closes."""
    client = editing.anonymous()
    answer = try_in(client, member.name, PASSWORD, member.code())
    assert (answer.status_code, answer.headers["location"]) == (303, "/editor/")
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(rf"{COOKIE_OF_THIS_MACHINE}=[\w-]{{43}}; HttpOnly; Path=/; SameSite=strict", cookie)
    assert client.get("/editor/").status_code == 200
    with editing.engine.connect() as connection:
        assert cookie.split("=")[1].split(";")[0] not in str(connection.execute(sa.select(session)).all())


@pytest.mark.parametrize("part", ["name", "password", "code", "empty code"])
def test_whatever_is_wrong_the_same_is_said(editing: Editing, member: Member, part: str) -> None:
    """Nobody learns which names there are, or that a password was right."""
    name = "nobody-at-all" if part == "name" else member.name
    password = "not it, I am afraid" if part == "password" else PASSWORD
    code = {"code": "000000", "empty code": ""}.get(part, member.code())
    answer = try_in(editing.anonymous(), name, password, code)
    assert answer.status_code == 401
    assert read_fault(answer) == WRONG
    assert "set-cookie" not in answer.headers


def test_a_name_that_nobody_has_takes_as_long(editing: Editing, member: Member) -> None:
    """The same work is done for nothing."""

    def time_it(name: str) -> float:
        took = []
        for number in range(4):
            began = time.perf_counter()
            try_in(editing.anonymous(), f"{name}{number}" if name == "nobody" else name, "not it, I am afraid", "1")
            took.append(time.perf_counter() - began)
        return min(took)

    known = time_it(member.name)
    assert time_it("nobody") > 0.4 * known


def test_after_five_failures_one_waits(editing: Editing, member: Member) -> None:
    """The right password does not help before the time has passed; then it does, and all is forgotten."""
    for _ in range(5):
        assert try_in(editing.anonymous(), member.name, "not it, I am afraid", "1").status_code == 401
    slowed = try_in(editing.anonymous(), member.name, PASSWORD, member.code())
    assert slowed.status_code == 429
    assert 0 < int(slowed.headers["retry-after"]) <= 60
    with editing.engine.begin() as connection:
        connection.execute(sa.update(sign_in_attempt).values(blocked_until=sa.func.now()))
    assert try_in(editing.anonymous(), member.name, PASSWORD, member.code()).status_code == 303
    assert try_in(editing.anonymous(), member.name, "not it, I am afraid", "1").status_code == 401


def test_a_name_that_nobody_has_is_slowed_as_well(editing: Editing) -> None:
    """Otherwise waiting would tell who there is."""
    statuses = [try_in(editing.anonymous(), "ghost", "not it, I am afraid", "1").status_code for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2


def test_many_guesses_at_once_do_not_slip_through(editing: Editing, member: Member) -> None:
    """Attempts count before they are judged."""

    def guess(number: int) -> int:
        return try_in(editing.anonymous(), member.name, f"guess number {number}", "1").status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(guess, range(40)))
    assert statuses.count(401) == 5
    assert set(statuses) == {401, 429}


def test_a_network_is_slowed_whatever_names_it_tries(editing: Editing) -> None:
    """And its address is in no table."""
    headers = {"Origin": HOME, "X-Forwarded-For": "10.0.0.1, 203.0.113.77"}
    statuses = []
    for number in range(32):
        fields = {"name": f"name{number}", "password": "not it, I am afraid"}
        answer = editing.anonymous().post("/editor/sign-in", data=fields, headers=headers)
        statuses.append(answer.status_code)
    assert statuses == [401] * 30 + [429] * 2
    with editing.engine.connect() as connection:
        assert "203.0.113" not in str(connection.execute(sa.select(sign_in_attempt)).all())


def test_a_code_is_taken_once(editing: Editing, member: Member) -> None:
    """Whoever looks over a shoulder is too late."""
    code = member.code()
    assert try_in(editing.anonymous(), member.name, PASSWORD, code).status_code == 303
    assert try_in(editing.anonymous(), member.name, PASSWORD, code).status_code == 401
    earlier = member.code(-1)
    assert try_in(editing.anonymous(), member.name, PASSWORD, earlier).status_code == 401


def test_a_wrong_password_does_not_use_up_a_code(editing: Editing, member: Member) -> None:
    """A slip of the finger costs nothing but the slip."""
    code = member.code()
    assert try_in(editing.anonymous(), member.name, "not it, I am afraid", code).status_code == 401
    assert try_in(editing.anonymous(), member.name, PASSWORD, code).status_code == 303


def test_a_recovery_code_helps_once(editing: Editing, member: Member) -> None:
    """However it is typed."""
    with editing.engine.begin() as connection:
        code = make_recovery_codes(connection, member.account_id)[3]
    typed = f" {code.upper().replace('-', ' ')} "
    assert try_in(editing.anonymous(), member.name, PASSWORD, typed).status_code == 303
    assert try_in(editing.anonymous(), member.name, PASSWORD, code).status_code == 401


def test_a_session_laid_under_somebody_is_not_theirs(editing: Editing, member: Member) -> None:
    """Signing in makes a new secret, whatever cookie was there."""
    planted = "A" * 43
    client = editing.anonymous({COOKIE_OF_THIS_MACHINE: planted})
    answer = try_in(client, member.name, PASSWORD, member.code())
    assert answer.status_code == 303
    assert planted not in answer.headers["set-cookie"]
    assert editing.anonymous({COOKIE_OF_THIS_MACHINE: planted}).get("/editor/").status_code == 303


@pytest.mark.parametrize("length", [1025, 1_000_000])
def test_a_huge_password_is_refused_at_once(editing: Editing, length: int) -> None:
    """It would only cost time and memory."""
    answer = try_in(editing.anonymous(), "somebody", "a" * length, "1")
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["", " ", "x" * 5000, "a\x00b", "😀", "Robert'); DROP TABLE account;--"])
def test_a_strange_name_is_just_wrong(editing: Editing, name: str) -> None:
    """No name makes anything but the usual answer."""
    assert try_in(editing.anonymous(), name, "not it, I am afraid", "1").status_code in {400, 401}


def test_a_field_more_is_refused(editing: Editing) -> None:
    """Nothing is set that the form does not have (attack 34)."""
    answer = try_in(editing.anonymous(), "somebody", "not it, I am afraid", "1", role="admin")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        *("//evil", "/\\evil", "https://evil", "javascript:alert(1)", "%2f%2fevil", "/%2f%2fevil", "/", "evil"),
        *("/editor//evil", "/editor/..//evil", "/editor/\n//evil", "/editor/%0d%0aSet-Cookie:x", "\t//evil"),
        *("/editorial", "/editor/@evil", "http:/editor/"),
    ],
)
def test_signing_in_leads_nowhere_else(editing: Editing, member: Member, address: str) -> None:
    """An address that is not a page of ours leads to the first page (attack 28)."""
    answer = try_in(editing.anonymous(), member.name, PASSWORD, member.code(), next=address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/editor/")


def test_signing_in_leads_back(editing: Editing, member: Member) -> None:
    """To where one wanted to go."""
    answer = try_in(editing.anonymous(), member.name, PASSWORD, member.code(), next="/editor/batches/7?page=2")
    assert answer.headers["location"] == "/editor/batches/7?page=2"


def test_a_disabled_account_is_as_one_that_nobody_has(editing: Editing, member: Member) -> None:
    """Its password is right no more."""
    with editing.engine.begin() as connection:
        connection.execute(
            sa.update(account).where(account.c.id == member.account_id).values(disabled_at=sa.func.now())
        )
    answer = try_in(editing.anonymous(), member.name, PASSWORD, member.code())
    assert (answer.status_code, read_fault(answer)) == (401, WRONG)
