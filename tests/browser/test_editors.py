"""The editors' pages in a real browser: from the one-time link to signing out without JavaScript; what axe finds."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pyotp
import pytest
import sqlalchemy as sa
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from app.editor_app import editor_app
from app.editors.site_address import COOKIE_OF_THIS_MACHINE
from app.settings import EditorSettings
from geo.accounts.accounts import add_account, set_language
from geo.accounts.keys import make_key
from geo.accounts.one_time_links import make_link
from geo.accounts.role_grants import change_role
from geo.accounts.sessions import begin_session
from geo.accounts.tables import account
from geo.cluster import Cluster
from geo.database import EDITOR_ROLE, make_engine
from tests.browser.conftest import DESKTOP, PATIENCE_SECONDS, PHONE, wait_until
from tests.browser.test_accessibility import RULES
from tests.conftest import copy_database

pytestmark = pytest.mark.browser

PASSWORD = "four words of mine"  # noqa: S105  (of nobody)
PAGES = {
    "batches": "/editor/",
    "account": "/editor/account",
    "codes": "/editor/account/codes",
    "keys": "/editor/account/keys",
    "accounts": "/editor/accounts",
    "audit": "/editor/audit",
    "nothing": "/editor/nothing",
}


@dataclass(frozen=True)
class EditorsSite:
    """The editors' application at an address, with the owner's engine."""

    address: str
    engine: sa.Engine


@pytest.fixture(scope="module")
def editors(cluster: Cluster, template: str) -> Iterator[EditorsSite]:
    """A running server of the editors' application."""
    name = "browsing_editors"
    engine = make_engine(copy_database(cluster, template, name))
    app = editor_app(EditorSettings(editor_url=cluster.url(name, EDITOR_ROLE)))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield EditorsSite(f"http://localhost:{listener.getsockname()[1]}", engine)
    server.should_exit = True
    thread.join(PATIENCE_SECONDS)
    listener.close()
    engine.dispose()
    cluster.drop_database(name)


def press(page: Page, button: str) -> None:
    """Press a button that leads to another page, and wait for it."""
    with page.expect_navigation():
        page.click(button)


def test_from_the_link_to_signing_out_without_javascript(editors: EditorsSite, browser: Browser) -> None:
    """Every form is sent with the browser's own origin and the session's token, and taken."""
    with editors.engine.begin() as connection:
        link = make_link(connection, add_account(connection, "walker", "admin", "operator"), "operator")
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(editors.address + link)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    press(page, "main button")
    assert page.url == f"{editors.address}/editor/account/codes"
    page.fill("#code", pyotp.TOTP(page.inner_text(".scan .code").replace(" ", "")).now())
    press(page, "main button")
    recovery_code = page.inner_text(".secrets code >> nth=0")
    press(page, "main .button")
    press(page, ".languages button[value='zh-Hans']")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    press(page, "header form[action='/editor/sign-out'] button")
    page.goto(f"{editors.address}/editor/audit?lang=en")
    page.fill("#name", "walker")
    page.fill("#password", PASSWORD)
    page.fill("#code", recovery_code)
    press(page, "main button")
    assert page.url == f"{editors.address}/editor/audit?lang=en"
    assert page.locator("tbody tr").count() >= 5
    page.context.close()


def sign_in(editors: EditorsSite, context: BrowserContext, language: str) -> None:
    """Sign an admin in who has a key, and a request that waits for somebody."""
    filled = {"totp_secret": pyotp.random_base32(), "totp_confirmed_at": sa.func.now(), "language": language}
    with editors.engine.begin() as connection:
        known = sa.select(account.c.id).where(account.c.name == "looker")
        number = connection.execute(known).scalar_one_or_none()
        if number is None:
            number = add_account(connection, "looker", "admin", "operator")
            connection.execute(sa.update(account).where(account.c.id == number).values(filled))
            make_key(connection, number, "nightly", ["batch:create"], 30)
            add_account(connection, "invited", "viewer", "looker")
            change_role(connection, "invited", "reviewer", "looker")
        set_language(connection, number, language)
        token = begin_session(connection, number)
    context.add_cookies([{"name": COOKIE_OF_THIS_MACHINE, "value": token, "url": editors.address}])


@pytest.mark.parametrize(
    ("screen", "colours", "language"),
    [(DESKTOP, "light", "zh-Hans"), (PHONE, "dark", "en")],
    ids=["desktop", "phone"],
)
def test_axe_finds_nothing(
    editors: EditorsSite, browser: Browser, screen: dict[str, int], colours: str, language: str
) -> None:
    """No violation on any page, and no page that is wider than the screen."""
    context = browser.new_context(viewport=screen, color_scheme=colours)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{editors.address}/editor/sign-in?lang={language}")
    found = {"sign in": Axe().run(page, options=RULES).response["violations"]}
    sign_in(editors, context, language)
    for name, path in PAGES.items():
        page.goto(editors.address + path)
        if name == "accounts":
            page.click("summary")
        found[name] = Axe().run(page, options=RULES).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    shown = [(name, fault["id"], fault["nodes"][0]["html"]) for name, faults in found.items() for fault in faults]
    assert shown == []
    context.close()
