"""Sessions and one's own account."""

from __future__ import annotations

import re

import pyotp
import pytest
import sqlalchemy as sa

from geo.accounts.passwords import hash_password
from geo.accounts.tables import account, session
from tests.editing import HOME, Browser, Editing

PASSWORD = "four words of mine"  # noqa: S105  (of nobody)
OTHER = "four others of mine"


@pytest.fixture
def member(editing: Editing) -> Browser:
    """Somebody who is signed in, with a password."""
    browser = editing.sign_in("editor")
    with editing.engine.begin() as connection:
        kept = hash_password(PASSWORD)
        connection.execute(sa.update(account).where(account.c.id == browser.account_id).values(password_hash=kept))
    return browser


def age(editing: Editing, browser: Browser, column: str, interval: str) -> None:
    """Make somebody's sessions older."""
    moved = {column: sa.text(f"now() - interval '{interval}'")}
    with editing.engine.begin() as connection:
        connection.execute(sa.update(session).where(session.c.account_id == browser.account_id).values(moved))


def test_a_session_ends_after_half_an_hour_without_use(editing: Editing, member: Browser) -> None:
    """Using it before keeps it."""
    age(editing, member, "seen_at", "29 minutes")
    assert member.get("/editor/").status_code == 200
    with editing.engine.connect() as connection:
        chosen = sa.select(session.c.seen_at > sa.text("now() - interval '1 minute'"))
        assert connection.scalar(chosen.where(session.c.account_id == member.account_id))
    age(editing, member, "seen_at", "31 minutes")
    assert member.get("/editor/").status_code == 303


def test_a_session_ends_after_half_a_day(editing: Editing, member: Browser) -> None:
    """However busy one is."""
    with editing.engine.connect() as connection:
        lasts = sa.select(session.c.ends_at - session.c.began_at).where(session.c.account_id == member.account_id)
        assert connection.execute(lasts).scalar_one().total_seconds() == 12 * 3600
    age(editing, member, "ends_at", "1 second")
    assert member.get("/editor/").status_code == 303


def test_signing_out_ends_the_session_here_and_in_the_database(editing: Editing, member: Browser) -> None:
    """A copied cookie is worth nothing afterwards."""
    copied = dict(member.client.cookies)
    answer = member.post("/editor/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/editor/sign-in")
    assert 'labourmap-sid=""' in answer.headers["set-cookie"]
    assert editing.anonymous(copied).get("/editor/").status_code == 303


def test_one_ends_one_s_own_sessions_alone(editing: Editing, member: Browser) -> None:
    """One of them, or all others; somebody else's is not found (attack 33)."""
    second = editing.open_browser(member.name, member.account_id)
    stranger = editing.sign_in("admin")
    page = member.get("/editor/account").text
    (number,) = re.findall(r"/editor/account/sessions/(\d+)/end", page)
    assert stranger.post(f"/editor/account/sessions/{number}/end").status_code == 404
    assert second.get("/editor/account").status_code == 200
    assert member.post(f"/editor/account/sessions/{number}/end").status_code == 303
    assert second.get("/editor/account").status_code == 303
    third = editing.open_browser(member.name, member.account_id)
    member.post("/editor/account/sessions/end-others")
    assert [browser.get("/editor/account").status_code for browser in (member, third)] == [200, 303]


def test_a_new_password_needs_the_old_one(editing: Editing, member: Browser) -> None:
    """And ends all other sessions; guessing it is slow."""
    second = editing.open_browser(member.name, member.account_id)
    fields = {"current": "not it, I am afraid", "password": OTHER, "again": OTHER}
    wrong = member.post("/editor/account/password", fields)
    assert wrong.status_code == 400
    assert "The current password is wrong." in wrong.text
    assert member.post("/editor/account/password", fields | {"current": PASSWORD}).status_code == 303
    assert [browser.get("/editor/account").status_code for browser in (member, second)] == [200, 303]
    statuses = [member.post("/editor/account/password", fields).status_code for _ in range(5)]
    assert statuses[-1] == 429


def test_codes_move_to_another_device_with_a_code_of_the_old_one(editing: Editing, member: Browser) -> None:
    """A stolen session alone cannot."""
    with editing.engine.connect() as connection:
        chosen = sa.select(account.c.totp_secret).where(account.c.id == member.account_id)
        old = connection.execute(chosen).scalar_one()
    page = member.get("/editor/account/codes").text
    secret = re.findall(r'class="code">([A-Z2-7 ]+)<', page)[0].replace(" ", "")
    new = pyotp.TOTP(secret).now()
    assert member.post("/editor/account/codes", {"code": new, "current": "000000"}).status_code == 400
    assert member.post("/editor/account/codes", {"code": "000000", "current": ""}).status_code == 400
    moved = member.post("/editor/account/codes", {"code": new, "current": pyotp.TOTP(old).now()})
    assert moved.status_code == 200
    assert "labourmap-sid=" in moved.headers["set-cookie"]
    with editing.engine.connect() as connection:
        assert connection.execute(chosen).scalar_one() == secret


def test_the_language_stays(editing: Editing, member: Browser) -> None:
    """With the account, on every page; the switch leads back to the page it was used on."""
    answer = member.post("/editor/account/language", {"language": "zh-Hans", "back": "/editor/account"})
    assert answer.headers["location"] == "/editor/account"
    assert '<html lang="zh-Hans">' in member.get("/editor/account").text
    assert member.post("/editor/account/language", {"language": "xx"}).status_code == 400
    assert editing.open_browser(member.name, member.account_id).get("/editor/").text.count('lang="zh-Hans"') > 1


def test_the_sign_in_page_speaks_the_browser_s_language(editing: Editing) -> None:
    """Unless the address says another."""
    client = editing.anonymous()
    chinese = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}
    assert '<html lang="zh-Hans">' in client.get("/editor/sign-in", headers=chinese).text
    assert '<html lang="en">' in client.get("/editor/sign-in?lang=en", headers=chinese).text
    assert client.get("/editor/sign-in", headers={"Origin": HOME}).status_code == 200
