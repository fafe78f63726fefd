"""Attack 41, on the one route under `/api` that every key may ask, or on the way in."""

from __future__ import annotations

import io
import logging
import re
import secrets
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa
from fastapi import APIRouter, Depends

from app.editors.signing import require
from app.logs import configure_logs
from geo.accounts.people import Person
from geo.accounts.tables import api_key
from tests.editing import Browser, Editing, wait_for_lines

PATH = "/api/editing/test-of-keys"


@pytest.fixture(scope="module", autouse=True)
def route(editing: Editing) -> None:
    """Give the application a route that needs `batch:create`, made as every other is."""
    router = APIRouter()

    @router.post(PATH)
    @router.get(PATH)
    def answer(person: Person = Depends(require("batch:create", "strikes"))) -> dict[str, str]:  # noqa: B008, FAST002
        return {"actor": person.name}

    editing.app.include_router(router)


@pytest.fixture
def owner(editing: Editing) -> Browser:
    """Somebody who may have keys."""
    return editing.sign_in("editor")


@pytest.fixture
def key(editing: Editing, owner: Browser) -> str:
    """A key of theirs that may send files."""
    return editing.make_key(owner.account_id, "batch:create")


def ask(editing: Editing, key: str, method: str = "GET") -> httpx.Response:
    """Ask with a key."""
    return editing.anonymous().request(method, PATH, headers={"Authorization": f"Bearer {key}"})


def change(editing: Editing, **values: object) -> None:
    """Change all keys."""
    with editing.engine.begin() as connection:
        connection.execute(sa.update(api_key).values(**values))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_key_acts_for_its_owner(editing: Editing, owner: Browser, key: str, method: str) -> None:
    """Without a cookie, and so without the token of a form."""
    answer = ask(editing, key, method)
    assert (answer.status_code, answer.json()) == (200, {"actor": owner.name})


def test_a_key_is_in_the_header_or_it_is_none(editing: Editing, key: str) -> None:
    """Addresses and cookies end up in places where keys must not be."""
    client = editing.anonymous({"key": key, "labourmap-sid": key})
    for name in ("key", "api_key", "access_token", "Authorization"):
        assert client.get(f"{PATH}?{name}={key}").status_code == 401
    assert editing.anonymous().get("/editor/", headers={"Authorization": f"Bearer {key}"}).status_code == 303


def test_a_key_that_is_not_in_force_is_none(editing: Editing, key: str) -> None:
    """Revoked, ended, cut short, another's, or of another kind: the answer is the same."""
    unknown = f"lk_ed_{secrets.token_urlsafe(32)}"
    said = {
        ask(editing, wrong).text.partition("request_id")[0] for wrong in (unknown, key[:-1], key[:12], "", "x" * 9000)
    }
    change(editing, revoked_at=sa.func.now())
    said.add(ask(editing, key).text.partition("request_id")[0])
    change(
        editing,
        revoked_at=None,
        made_at=sa.text("now() - interval '2 days'"),
        ends_at=sa.text("now() - interval '1 s'"),
    )
    answer = ask(editing, key)
    assert answer.status_code == 401
    said.add(answer.text.partition("request_id")[0])
    assert len(said) == 1


def test_a_bad_key_is_not_helped_by_a_cookie(owner: Browser) -> None:
    """Who brings a key is its owner or nobody."""
    assert owner.get(PATH).status_code == 200
    assert owner.get(PATH, headers={"Authorization": "Bearer lk_ed_none"}).status_code == 401


def test_a_key_of_another_scope_is_refused(editing: Editing, owner: Browser) -> None:
    """It may do what it was made for."""
    other = editing.make_key(owner.account_id, "export:restricted")
    assert ask(editing, other).status_code == 403


def test_a_key_may_do_no_more_than_its_owner(editing: Editing, owner: Browser, key: str) -> None:
    """When the role is lowered, the key is, too; when the account is disabled, it is none."""
    with editing.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE editorial.account SET role = 'viewer' WHERE id = {owner.account_id}")
    assert ask(editing, key).status_code == 403
    with editing.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE editorial.account SET disabled_at = now() WHERE id = {owner.account_id}")
    assert ask(editing, key).status_code == 401


def test_only_the_day_of_use_is_kept(editing: Editing, owner: Browser, key: str) -> None:
    """When somebody works is nobody's business."""
    ask(editing, key)
    with editing.engine.connect() as connection:
        row = connection.execute(sa.select(api_key).where(api_key.c.account_id == owner.account_id)).one()
        assert row.last_used_on == connection.execute(sa.select(sa.func.current_date())).scalar_one()
    assert key not in str(row)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the process would write to its log."""
    written = io.StringIO()
    configure_logs(written)
    yield written
    configure_logs()
    logging.getLogger("labourmap").handlers = []


def test_no_key_and_no_name_is_logged(editing: Editing, owner: Browser, key: str, log: io.StringIO) -> None:
    """Whether it is right or not, and wherever it stands."""
    ask(editing, key)
    ask(editing, key[:-1] + "A")
    editing.anonymous().get(f"{PATH}?key={key}&title=a%0d%0ab")
    owner.get("/editor/account")
    lines = wait_for_lines(log, 4)
    assert lines.count("\n") == 4
    assert "lk_ed_" not in lines
    assert owner.name not in lines
    assert owner.client.cookies["labourmap-sid"] not in lines


def test_making_a_key_shows_it_once(editing: Editing, owner: Browser) -> None:
    """On the page that answers, and never again; a third is refused by the database, too."""
    made = owner.post("/editor/account/keys", {"title": "nightly", "scopes": ["batch:create"], "days": "30"})
    found = re.search(r"lk_ed_[\w-]{43}", made.text)
    assert found is not None
    assert ask(editing, found[0]).status_code == 200
    assert found[0] not in owner.get("/editor/account/keys").text
    editing.make_key(owner.account_id, "batch:commit")
    third = owner.post("/editor/account/keys", {"title": "third", "scopes": ["batch:create"], "days": "30"})
    assert third.status_code == 400
    assert "lk_ed_" not in third.text.replace("lk_ed_…", "")


def test_rotating_overlaps(editing: Editing, owner: Browser, key: str) -> None:
    """The new key is in force before the old one is revoked."""
    with editing.engine.connect() as connection:
        chosen = sa.select(api_key.c.id).where(api_key.c.account_id == owner.account_id)
        number = connection.execute(chosen).scalar_one()
    page = owner.post(f"/editor/account/keys/{number}/rotate").text
    found = re.search(r"lk_ed_[\w-]{43}", page)
    assert found is not None
    assert [ask(editing, one).status_code for one in (key, found[0])] == [200, 200]
    assert owner.post(f"/editor/account/keys/{number}/revoke").status_code == 303
    assert [ask(editing, one).status_code for one in (key, found[0])] == [401, 200]


def test_somebody_else_s_key_is_not_found(editing: Editing, owner: Browser, key: str) -> None:
    """Guessing its number helps nobody (attack 33)."""
    with editing.engine.connect() as connection:
        chosen = sa.select(api_key.c.id).where(api_key.c.account_id == owner.account_id)
        number = connection.execute(chosen).scalar_one()
    other = editing.sign_in("editor")
    assert other.post(f"/editor/account/keys/{number}/revoke").status_code == 404
    assert other.post(f"/editor/account/keys/{number}/rotate").status_code == 404
    assert ask(editing, key).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "a", "scopes": ["everything"], "days": "30"},
        {"title": "a", "scopes": ["batch:create"], "days": "366"},
        {"title": "a", "scopes": ["batch:create"], "days": "0"},
        {"title": "a", "days": "30"},
        {"title": "", "scopes": ["batch:create"], "days": "30"},
        {"title": "a", "scopes": ["batch:create"], "days": "30", "account_id": "1"},
    ],
    ids=str,
)
def test_a_key_is_made_by_the_rules(owner: Browser, fields: dict[str, object]) -> None:
    """Anything else is refused, also a field that the form does not have."""
    assert owner.post("/editor/account/keys", fields).status_code in {400, 403}
