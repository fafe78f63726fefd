"""Walks every route of the editors' application, also those that are yet to come (attacks 29, 33 and 36)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.routing import APIRoute

from app.editor_app import ROUTERS
from geo.accounts.tables import ROLES
from tests.editing import HOME, Browser, Editing

OPEN = frozenset({"/", "/favicon.ico", "/static/{sha}/{name:path}", "/editor/sign-in"})
OPEN_BY_LINK = "/editor/first-password/{token}"
"""What needs no session: the way in, and the files of pages."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Asked:
    """A route and a method of it, with an address that fits it."""

    route: APIRoute
    method: str

    @property
    def address(self) -> str:
        """Return an address of the route."""
        return re.sub(r"\{[^}]+\}", "1", self.route.path)

    @property
    def is_api(self) -> bool:
        """Whether it is asked by programs."""
        return self.route.path.startswith("/api/")

    def find_needs(self) -> set[tuple[str, str | None]]:
        """Return the actions that the route's dependencies ask for."""
        found = set()
        waiting = list(self.route.dependant.dependencies)
        while waiting:
            dependant = waiting.pop()
            waiting += dependant.dependencies
            if needs := getattr(dependant.call, "needs", None):
                found.add(needs)
        return found


def list_asked() -> Iterator[Asked]:
    """List every route with every method."""
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods or ()):
                yield Asked(route, method)


ALL = list(list_asked())
CLOSED = [asked for asked in ALL if asked.route.path not in {*OPEN, OPEN_BY_LINK}]
CHANGING = [asked for asked in CLOSED if asked.method not in SAFE]


def name(asked: Asked) -> str:
    """Name a test."""
    return f"{asked.method} {asked.route.path}"


@pytest.fixture(scope="module")
def admin(editing: Editing) -> Browser:
    """A browser of somebody who may do everything."""
    return editing.sign_in("admin")


@pytest.mark.parametrize("asked", CLOSED, ids=name)
def test_nobody_gets_in_without_a_session(editing: Editing, asked: Asked) -> None:
    """A browser is led to where one signs in, a program is told 401; nothing else is said."""
    answer = editing.anonymous().request(asked.method, asked.address, headers={"Origin": HOME})
    if asked.is_api:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/editor/sign-in")


@pytest.mark.parametrize("asked", CHANGING, ids=name)
def test_what_changes_something_needs_the_token_of_a_form(admin: Browser, asked: Asked) -> None:
    """With the session's cookie alone, or the token of another session, it is refused."""
    for given in ({}, {"data": {"csrf": "0" * 64}}, {"headers": {"X-CSRF-Token": "0" * 64}}):
        headers = {"Origin": HOME, **given.pop("headers", {})}
        answer = admin.client.request(asked.method, asked.address, headers=headers, **given)
        assert answer.status_code == 403


@pytest.mark.parametrize("asked", CHANGING, ids=name)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ],
    ids=str,
)
def test_what_changes_something_comes_from_a_page_of_ours(
    admin: Browser, asked: Asked, headers: dict[str, str]
) -> None:
    """Even with the right token: the map on its own port is another origin, too."""
    given = {"headers": {**headers, "X-CSRF-Token": admin.token}}
    answer = admin.client.request(asked.method, asked.address, **given)
    assert answer.status_code == 403


@pytest.mark.parametrize("asked", [asked for asked in CLOSED if asked.find_needs()], ids=name)
def test_too_low_a_role_is_refused(editing: Editing, lower: dict[str, Browser], asked: Asked) -> None:
    """Whoever lacks what the route asks for is told 403, or that nothing is there."""
    for action, layer in asked.find_needs():
        for role in ROLES:
            browser = lower[role]
            if (action, layer or "*") in may(editing, role) or (action, "*") in may(editing, role):
                continue
            if layer is None and any(what == action for what, _ in may(editing, role)):
                continue
            answer = browser.call(asked.method, asked.address)
            assert answer.status_code in {403, 404}, role


@pytest.fixture(scope="module")
def lower(editing: Editing) -> dict[str, Browser]:
    """A browser of each role."""
    return {role: editing.sign_in(role) for role in ROLES}


def may(editing: Editing, role: str) -> set[tuple[str, str]]:
    """Read what a role may do."""
    if role not in _MAY:
        with editing.engine.connect() as connection:
            rows = connection.exec_driver_sql(f"SELECT action, layer FROM editorial.permission WHERE role = '{role}'")
            _MAY[role] = {(row.action, row.layer) for row in rows}
    return _MAY[role]


_MAY: dict[str, set[tuple[str, str]]] = {}


@pytest.mark.parametrize("asked", [asked for asked in CLOSED if asked.find_needs()], ids=name)
def test_nothing_opens_before_one_time_codes_are_set_up(editing: Editing, half: Browser, asked: Asked) -> None:
    """An admin without codes is led to where they are set up."""
    answer = half.call(asked.method, asked.address)
    if asked.is_api:
        assert answer.status_code == 403
    else:
        assert (answer.status_code, answer.headers["location"]) == (303, "/editor/account/codes")
    assert editing.app.state.address.cookie_name not in answer.cookies


@pytest.fixture(scope="module")
def half(editing: Editing) -> Browser:
    """A browser of an admin who has not set up one-time codes."""
    return editing.sign_in("admin", with_codes=False)


@pytest.mark.parametrize("asked", [asked for asked in ALL if asked.method == "GET"], ids=name)
def test_reading_changes_nothing(editing: Editing, admin: Browser, asked: Asked) -> None:
    """A link that somebody is made to follow has no effect: the audit has no new line."""

    def count() -> object:
        with editing.engine.connect() as connection:
            return connection.exec_driver_sql("SELECT count(*) FROM editorial.audit_entry").scalar()

    before = count()
    admin.get(asked.address)
    assert count() == before


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW"])
def test_other_verbs_are_refused(admin: Browser, method: str) -> None:
    """Nothing is done, and nothing is echoed."""
    answer = admin.client.request(method, "/editor/", headers={"Origin": HOME, "X-Secret": "kept"})
    assert answer.status_code in {403, 405}
    assert "kept" not in answer.text


@pytest.mark.parametrize(
    "address",
    ["/docs", "/redoc", "/openapi.json", "/api/docs", "/editor//", "/editor/%2e%2e/", "/editor/accounts.", "/editor"],
)
def test_nothing_is_where_nothing_was_put(admin: Browser, address: str) -> None:
    """No documentation of ours, and no other spelling of a path."""
    assert admin.get(address).status_code == 404


def test_a_verb_in_a_header_is_not_heard(admin: Browser) -> None:
    """X-HTTP-Method-Override is for servers that cannot do better."""
    answer = admin.get("/editor/account", headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.status_code == 200
