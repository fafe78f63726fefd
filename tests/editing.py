"""The editors' application for tests: on a database of their own, asked as a browser would by somebody signed in."""

from __future__ import annotations

import io
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import pyotp
import pytest
import sqlalchemy as sa
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from app.editor_app import editor_app
from app.editors.signing import make_form_token
from app.editors.site_address import COOKIE_OF_THIS_MACHINE
from app.settings import EditorSettings
from geo.accounts.keys import make_key
from geo.accounts.sessions import begin_session
from geo.accounts.tables import account
from geo.cluster import Cluster
from geo.database import EDITOR_ROLE, make_engine
from tests.conftest import copy_database

HOME = "http://localhost"
TOMBSTONE_KEY = "a key of the tests alone, long enough"


class Client:
    """Asks the application as one browser or program does. It keeps cookies and follows no redirects."""

    def __init__(self, portal: BlockingPortal, app: FastAPI, cookies: dict[str, str] | None = None) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._portal = portal
        self._client = httpx.AsyncClient(transport=transport, base_url=HOME, cookies=cookies)

    @property
    def cookies(self) -> httpx.Cookies:
        """The cookies that it keeps."""
        return self._client.cookies

    def request(self, method: str, address: str, **given: Any) -> httpx.Response:
        """Ask, and wait for the answer."""
        return self._portal.call(partial(self._client.request, method, address, **given))

    def get(self, address: str, **given: Any) -> httpx.Response:
        """Open a page."""
        return self.request("GET", address, **given)

    def post(self, address: str, **given: Any) -> httpx.Response:
        """Send something."""
        return self.request("POST", address, **given)


@dataclass(frozen=True)
class Editing:
    """The editors' application on a database, with the owner's engine beside it."""

    portal: BlockingPortal
    app: FastAPI
    engine: sa.Engine
    editor_url: str

    def add_account(self, name: str, role: str = "editor", *, with_codes: bool = True) -> int:
        """Make an account as the owner may, and return its id; it has no password."""
        codes = {"totp_secret": pyotp.random_base32(), "totp_confirmed_at": sa.func.now()} if with_codes else {}
        made = sa.insert(account).values(name=name, role=role, made_by="operator", **codes).returning(account.c.id)
        with self.engine.begin() as connection:
            return int(connection.execute(made).scalar_one())

    def sign_in(self, role: str = "editor", name: str | None = None, *, with_codes: bool = True) -> Browser:
        """Return a browser in which somebody new of that role is signed in."""
        called = name or f"{role}-{secrets.token_hex(4)}"
        account_id = self.add_account(called, role, with_codes=with_codes)
        return self.open_browser(called, account_id)

    def open_browser(self, name: str, account_id: int) -> Browser:
        """Return a browser with a new session of an account."""
        with self.engine.begin() as connection:
            token = begin_session(connection, account_id)
        return Browser(self.anonymous({COOKIE_OF_THIS_MACHINE: token}), name, account_id, make_form_token(token))

    def make_key(self, account_id: int, *scopes: str) -> str:
        """Make a key in force for an account."""
        with self.engine.begin() as connection:
            return make_key(connection, account_id, "for a test", scopes, 30)

    def anonymous(self, cookies: dict[str, str] | None = None) -> Client:
        """Return a client that nobody is signed in with."""
        return Client(self.portal, self.app, cookies)


@dataclass(frozen=True)
class Browser:
    """Somebody's browser: forms are sent with the session's token and the page's origin."""

    client: Client
    name: str
    account_id: int
    token: str

    def get(self, address: str, **given: Any) -> httpx.Response:
        """Open a page."""
        return self.client.get(address, **given)

    def post(self, address: str, data: dict[str, Any] | None = None, **given: Any) -> httpx.Response:
        """Send a form of ours."""
        return self.client.post(address, data={"csrf": self.token, **(data or {})}, headers={"Origin": HOME}, **given)

    def call(self, method: str, address: str, **given: Any) -> httpx.Response:
        """Send JSON as a module of ours would."""
        headers = {"Origin": HOME, "X-CSRF-Token": self.token, **given.pop("headers", {})}
        return self.client.request(method, address, headers=headers, **given)


def wait_for_lines(written: io.StringIO, count: int) -> str:
    """Wait until so many lines are logged: the log is written a moment after the answers."""
    deadline = time.monotonic() + 10
    while written.getvalue().count("\n") < count and time.monotonic() < deadline:
        time.sleep(0.01)
    return written.getvalue()


def read_form_token(page: str) -> str:
    """Read the token that stands in the forms of a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


@contextmanager
def open_editing(cluster: Cluster, template: str, **settings: Any) -> Iterator[Editing]:
    """Run the editors' application on a copy of the template."""
    name = f"editing_{secrets.token_hex(4)}"
    engine = make_engine(copy_database(cluster, template, name))
    url = cluster.url(name, EDITOR_ROLE)
    app = editor_app(EditorSettings(editor_url=url, **{"tombstone_key": TOMBSTONE_KEY, **settings}))
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(app.router.lifespan_context(app)):
        yield Editing(portal, app, engine, url)
    engine.dispose()
    cluster.drop_database(name)


@pytest.fixture(scope="session")
def editing(cluster: Cluster, template: str) -> Iterator[Editing]:
    """The editors' application on one database for all tests, each of which makes the people it needs."""
    with open_editing(cluster, template) as opened:
        yield opened
