"""Accounts, roles by two persons, and the attempts to get around them (attacks 34 and 35)."""

from __future__ import annotations

import re
import secrets

import pyotp
import pytest
import sqlalchemy as sa

from geo.accounts.tables import account, role_grant
from geo.database import make_engine
from geo.records.audit import audit_entry
from tests.editing import HOME, Browser, Editing

PASSWORD = "four words of mine"  # noqa: S105  (of nobody)


@pytest.fixture
def admin(editing: Editing) -> Browser:
    """An admin."""
    return editing.sign_in("admin")


@pytest.fixture
def other_admin(editing: Editing) -> Browser:
    """A second admin."""
    return editing.sign_in("admin")


def invite(admin: Browser, role: str = "editor") -> tuple[str, str]:
    """Invite somebody new; return their name and the path of their link."""
    name = f"new-{secrets.token_hex(4)}"
    page = admin.post("/editor/accounts", {"name": name, "role": role})
    assert page.status_code == 200
    found = re.search(r"http://localhost(/editor/first-password/[\w-]{43})", page.text)
    assert found is not None
    return name, found[1]


def read_role(editing: Editing, name: str) -> str:
    """Read somebody's role."""
    with editing.engine.connect() as connection:
        return str(connection.scalar(sa.select(account.c.role).where(account.c.name == name)))


def find_request(editing: Editing, name: str) -> int:
    """Find the number of the last role that was asked for somebody."""
    chosen = sa.select(sa.func.max(role_grant.c.id)).join(account).where(account.c.name == name)
    with editing.engine.connect() as connection:
        return int(connection.execute(chosen).scalar_one())


def test_the_way_of_a_new_editor(editing: Editing, admin: Browser, other_admin: Browser) -> None:
    """Invited, approved by a second admin, a password, one-time codes, recovery codes, and in."""
    name, link = invite(admin)
    other_admin.post(f"/editor/role-requests/{find_request(editing, name)}/approve")
    client = editing.anonymous()
    assert name in client.get(link).text
    fields = {"password": PASSWORD, "again": PASSWORD}
    set_up = client.post(link, data=fields, headers={"Origin": HOME})
    assert (set_up.status_code, set_up.headers["location"]) == (303, "/editor/account/codes")
    assert client.get("/editor/").headers["location"] == "/editor/account/codes"
    page = client.get("/editor/account/codes").text
    assert 'src="data:image/svg+xml' in page
    secret = re.findall(r'class="code">([A-Z2-7 ]+)<', page)[0].replace(" ", "")
    token = re.findall(r'name="csrf" value="(\w+)"', page)[0]
    code = pyotp.TOTP(secret).now()
    kept = client.post("/editor/account/codes", data={"csrf": token, "code": code}, headers={"Origin": HOME})
    assert len(re.findall(r"<code>([a-z2-7]{4}-){3}[a-z2-7]{4}</code>", kept.text)) == 10
    assert client.get("/editor/").status_code == 200
    assert client.post(link, data=fields, headers={"Origin": HOME}).status_code == 404


def test_looking_at_a_link_does_not_use_it_up(editing: Editing, admin: Browser) -> None:
    """Programs that look at links in letters do no harm."""
    _, link = invite(admin)
    assert [editing.anonymous().get(link).status_code for _ in range(3)] == [200] * 3


def test_a_link_ends(editing: Editing, admin: Browser) -> None:
    """After half an hour, and when there is a newer one."""
    name, link = invite(admin)
    newer = admin.post(f"/editor/accounts/{name}/reset").text
    assert editing.anonymous().get(link).status_code == 404
    latest = re.findall(r"/editor/first-password/[\w-]{43}", newer)[0]
    assert editing.anonymous().get(latest).status_code == 200
    with editing.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE editorial.one_time_link SET ends_at = now()")
    assert editing.anonymous().get(latest).status_code == 404


@pytest.mark.parametrize(("password", "again"), [("short", "short"), (PASSWORD, PASSWORD + "r"), ("a" * 1025,) * 2])
def test_a_bad_password_is_explained_and_the_link_stays(
    editing: Editing, admin: Browser, password: str, again: str
) -> None:
    """One tries again on the same page."""
    _, link = invite(admin)
    client = editing.anonymous()
    answer = client.post(link, data={"password": password, "again": again}, headers={"Origin": HOME})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert client.get(link).status_code == 200


def test_who_is_invited_is_a_viewer_until_a_second_admin_agrees(
    editing: Editing, admin: Browser, other_admin: Browser
) -> None:
    """Who asked cannot agree; who agrees makes it so."""
    name, _ = invite(admin, "reviewer")
    assert read_role(editing, name) == "viewer"
    request = find_request(editing, name)
    assert admin.post(f"/editor/role-requests/{request}/approve").status_code == 403
    assert read_role(editing, name) == "viewer"
    assert other_admin.post(f"/editor/role-requests/{request}/approve").status_code == 303
    assert read_role(editing, name) == "reviewer"
    assert other_admin.post(f"/editor/role-requests/{request}/refuse").status_code == 404


def test_a_second_session_or_key_is_no_second_person(editing: Editing, admin: Browser) -> None:
    """It is the account that counts."""
    name, _ = invite(admin)
    again = editing.open_browser(admin.name, admin.account_id)
    assert again.post(f"/editor/role-requests/{find_request(editing, name)}/approve").status_code == 403


def test_nobody_agrees_to_a_role_of_their_own(editing: Editing, admin: Browser) -> None:
    """Not even somebody who is an admin by then."""
    lower = editing.sign_in("reviewer")
    admin.post(f"/editor/accounts/{lower.name}/role", {"role": "admin"})
    request = find_request(editing, lower.name)
    with editing.engine.begin() as connection:
        connection.execute(sa.update(account).where(account.c.id == lower.account_id).values(role="admin"))
    assert lower.post(f"/editor/role-requests/{request}/approve").status_code == 403


def test_another_role_is_another_session(editing: Editing, admin: Browser) -> None:
    """Who is lowered signs in again; one admin may lower alone."""
    lowered = editing.sign_in("reviewer")
    assert lowered.get("/editor/").status_code == 200
    assert admin.post(f"/editor/accounts/{lowered.name}/role", {"role": "viewer"}).status_code == 303
    assert read_role(editing, lowered.name) == "viewer"
    assert lowered.get("/editor/").status_code == 303


def test_a_disabled_account_is_out_at_once(editing: Editing, admin: Browser) -> None:
    """Its session and its keys end with it; enabled again it has neither."""
    gone = editing.sign_in("editor")
    key = editing.make_key(gone.account_id, "batch:create")
    assert admin.post(f"/editor/accounts/{gone.name}/disable").status_code == 303
    assert gone.get("/editor/").status_code == 303
    admin.post(f"/editor/accounts/{gone.name}/enable")
    assert gone.get("/editor/").status_code == 303
    with editing.engine.connect() as connection:
        assert connection.exec_driver_sql(
            f"SELECT revoked_at IS NOT NULL FROM editorial.api_key WHERE account_id = {gone.account_id}"
        ).scalar()
    assert key


@pytest.mark.parametrize("action", ["disable", "reset"])
def test_an_admin_does_not_lock_himself_out(admin: Browser, action: str) -> None:
    """By mistake, or by a page that made him click."""
    assert admin.post(f"/editor/accounts/{admin.name}/{action}").status_code == 403


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/editor/accounts", {"name": "x1", "role": "viewer", "made_by": "operator"}),
        ("/editor/accounts", {"name": "x2", "role": "viewer", "approved_by": "1"}),
        ("/editor/account/language", {"language": "en", "role": "admin"}),
        ("/editor/sign-out", {"role": "admin"}),
    ],
)
def test_a_field_that_no_form_has_is_refused(admin: Browser, address: str, fields: dict[str, str]) -> None:
    """Nothing is set by the way."""
    assert admin.post(address, fields).status_code == 400


@pytest.mark.parametrize("name", ["operator", "Lin", "l", "-lin", "lin lin", "a" * 41, "lіn", "../x"])
def test_a_name_that_cannot_be_one_is_refused(admin: Browser, name: str) -> None:
    """Nor the command line's, nor one that looks like another's; large letters are made small."""
    answer = admin.post("/editor/accounts", {"name": name, "role": "viewer"})
    assert answer.status_code == (200 if name == "Lin" else 400)


def test_what_was_done_is_listed(editing: Editing, admin: Browser) -> None:
    """With who, what and to whom; admins read it."""
    name, _ = invite(admin)
    page = admin.get("/editor/audit").text
    for text in (admin.name, "account.create", "account.ask_for_editor", f"account:{name}"):
        assert text in page
    with editing.engine.connect() as connection:
        assert {column.name for column in audit_entry.c} == {"id", "at", "actor", "action", "object", "content_hash"}
        assert connection.scalar(sa.select(sa.func.count()).select_from(audit_entry))


EDITORS_TRIES = [
    "UPDATE editorial.audit_entry SET actor = 'somebody'",
    "DELETE FROM editorial.audit_entry",
    "TRUNCATE editorial.audit_entry",
    "UPDATE editorial.record_version SET actor = 'somebody'",
    "DELETE FROM editorial.record_version",
    "INSERT INTO editorial.permission VALUES ('viewer', 'account:manage', '*')",
    "DELETE FROM editorial.permission",
    "DELETE FROM editorial.account",
    "UPDATE editorial.account SET name = 'other' WHERE name = '{name}'",
    "UPDATE editorial.account SET role = 'admin' WHERE name = '{name}'",
    "INSERT INTO editorial.account (name, role, made_by) VALUES ('sneaky', 'editor', 'operator')",
    "DELETE FROM editorial.role_grant",
    "DELETE FROM editorial.api_key",
    "CREATE TABLE editorial.mine (a integer)",
    "ALTER TABLE editorial.account DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "ALTER ROLE labourmap_editor SUPERUSER",
    "SELECT pg_read_file('/etc/passwd')",
]


@pytest.mark.parametrize("statement", EDITORS_TRIES)
def test_the_application_s_own_role_cannot_get_around_it(editing: Editing, statement: str) -> None:
    """Whoever has broken into it is still held by the database."""
    lower = editing.sign_in("viewer")
    engine = make_engine(editing.editor_url)
    with engine.connect() as connection, pytest.raises((sa.exc.ProgrammingError, sa.exc.IntegrityError)):
        connection.exec_driver_sql(statement.format(name=lower.name))
    engine.dispose()


def test_an_old_approval_is_not_used_again(editing: Editing, admin: Browser, other_admin: Browser) -> None:
    """Raised, lowered, and raised again: each rise needs an approval of its own."""
    name, _ = invite(admin)
    other_admin.post(f"/editor/role-requests/{find_request(editing, name)}/approve")
    admin.post(f"/editor/accounts/{name}/role", {"role": "viewer"})
    engine = make_engine(editing.editor_url)
    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="second person"):
        connection.exec_driver_sql(f"UPDATE editorial.account SET role = 'editor' WHERE name = '{name}'")
    engine.dispose()
