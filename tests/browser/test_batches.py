"""A file's way from an editor's hands to the map and back, in a real browser, with the real worker beside it."""

from __future__ import annotations

import csv
import io
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyotp
import pytest
import sqlalchemy as sa
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page

from app.editor_app import editor_app
from app.editors.site_address import COOKIE_OF_THIS_MACHINE
from app.settings import UPLOADS, EditorSettings
from app.worker_child import run_worker
from geo.accounts.sessions import begin_session
from geo.accounts.tables import account
from geo.cluster import Cluster
from geo.database import EDITOR_ROLE, READER_ROLE, make_engine
from geo.publishing.publish import publish_reference
from tests.browser.conftest import DESKTOP, PATIENCE_SECONDS, PHONE, follow, serve, wait_until
from tests.browser.test_accessibility import RULES
from tests.conftest import copy_database
from tests.editing import TOMBSTONE_KEY

pytestmark = pytest.mark.browser

HEAD = ("source_id", "starts_on", "title_en", "region", "industry", "sources")
NASTY = "<img src=x onerror=alert(1)>"


@dataclass(frozen=True)
class Newsroom:
    """The editors' application beside the public map, with a worker; the owner's engine to make accounts with."""

    address: str
    map_address: str
    engine: sa.Engine

    def open(self, browser: Browser, *, role: str = "editor", language: str = "en", **options: object) -> Page:
        """Open a page with somebody new signed in."""
        codes = {"totp_secret": pyotp.random_base32(), "totp_confirmed_at": sa.func.now(), "language": language}
        values = {"name": f"{role}-{secrets.token_hex(4)}", "role": role, "made_by": "operator", **codes}
        with self.engine.begin() as connection:
            number = connection.execute(sa.insert(account).values(values).returning(account.c.id)).scalar_one()
            token = begin_session(connection, number)
        context = browser.new_context(base_url=self.address, **{"viewport": DESKTOP, **options})  # type: ignore[arg-type]
        context.add_cookies([{"name": COOKIE_OF_THIS_MACHINE, "value": token, "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        return page


@pytest.fixture(scope="module")
def newsroom(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Everything that `scripts/serve` runs, on a database without records."""
    name = f"newsroom_{secrets.token_hex(4)}"
    folder = tmp_path_factory.mktemp("newsroom")
    engine = make_engine(copy_database(cluster, template, name))
    with engine.begin() as connection:
        publish_reference(connection)
    with serve(cluster.url(name, READER_ROLE)) as public, run_worker(cluster.url(name), folder, os.environ):
        settings = EditorSettings(
            editor_url=cluster.url(name, EDITOR_ROLE),
            uploads_dir=folder / UPLOADS,
            base_url=public,
            tombstone_key=TOMBSTONE_KEY,
        )
        with serve_editors(settings) as address:
            yield Newsroom(address, public, engine)
    engine.dispose()
    cluster.drop_database(name)


@contextmanager
def serve_editors(settings: EditorSettings) -> Iterator[str]:
    """Run a server of the editors' application; give its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(editor_app(settings), access_log=False, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield f"http://localhost:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE_SECONDS)
    listener.close()


def make_rows(name: str, count: int = 4) -> list[dict[str, str]]:
    """Make strikes of a name of their own."""
    values = {"region": "440300", "industry": "manufacturing", "sources": "A newspaper"}
    return [
        {"source_id": f"{name}-{n}", "starts_on": f"2016-{n:02d}-03", "title_en": f"Walkout {name} {n}"} | values
        for n in range(1, count + 1)
    ]


def as_file(rows: list[dict[str, str]], name: str = "strikes.csv") -> FilePayload:
    """Write rows as a file that a browser sends."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, HEAD)
    writer.writeheader()
    writer.writerows(rows)
    return {"name": name, "mimeType": "text/csv", "buffer": out.getvalue().encode()}


def send(page: Page, file: FilePayload) -> None:
    """Send a file by the form and wait until it is checked."""
    page.goto("/editor/batches/new")
    page.check("input[name=layer][value=strikes]")
    page.set_input_files("#file", file)
    page.fill("#write-source", "newsroom")
    follow(page, "main form .button")
    wait_for_state(page, "validated")


def wait_for_state(page: Page, state: str) -> None:
    """Wait until the page of a batch shows a state: its module, or the page itself, opens it anew."""
    wait_until(lambda: page.locator(f".facts .state.{state}").count())
    page.wait_for_load_state()


def read_tile(page: Page, name: str) -> str:
    """Read one count of a batch's page."""
    return page.inner_text(f".tile.{name} dd")


@pytest.mark.parametrize("with_script", [True, False], ids=["with JavaScript", "without"])
def test_a_spoiled_file_is_corrected_from_its_report_and_taken_back(
    newsroom: Newsroom, browser: Browser, *, with_script: bool
) -> None:
    """Two rows are spoiled: the report names them, it is corrected and loaded, found on the map, and reverted."""
    page = newsroom.open(browser, java_script_enabled=with_script)
    rows = make_rows(secrets.token_hex(3))
    rows[1]["starts_on"], rows[3]["industry"] = "2016-02-30", "xyz"
    send(page, as_file(rows))
    assert (read_tile(page, "inserted"), read_tile(page, "rejected")) == ("2", "2")
    address = page.url
    with page.expect_download() as downloading:
        page.click("a[download]")
    report = list(csv.DictReader(io.StringIO(downloading.value.path().read_text(encoding="utf-8-sig"))))
    refused = [row for row in report if row["_status"] in {"rejected", "error"}]
    assert sorted(row["_codes"].split()[0].strip(",;") for row in refused) == ["DATE_IMPOSSIBLE", "VOC_UNKNOWN"]
    page.check(".decide input[name=policy]")
    assert page.inner_text(".decide button") == "Load 2 rows, leave out 2"
    follow(page, ".decide button")
    wait_for_state(page, "committed")
    mended = [{name: row[name] for name in HEAD} for row in refused]
    mended[0]["starts_on"], mended[1]["industry"] = "2016-02-28", "manufacturing"
    send(page, as_file(mended, "corrected.csv"))
    assert page.inner_text(".decide button") == "Load 2 rows"
    follow(page, ".decide button")
    wait_for_state(page, "committed")
    title = page.inner_text(".links a >> nth=0")
    follow(page, ".links a >> nth=0")
    assert page.url.startswith(f"{newsroom.map_address}/?record=S-2016-")
    assert title in page.inner_text("body")
    revert(page, address)


def revert(page: Page, address: str) -> None:
    """Take a batch back: see first what would happen, then do it."""
    page.goto(address)
    page.fill("#write-reason", "a trial")
    follow(page, ".button.danger")
    wait_for_state(page, "validated")
    assert read_tile(page, "deleted") == "2"
    assert page.inner_text(".decide button") == "Revert: remove 2"
    follow(page, ".decide button")
    wait_for_state(page, "committed")
    page.goto(address)
    assert page.locator(".facts .state.reverted").count() == 1
    page.context.close()


@pytest.mark.parametrize(
    ("screen", "colours", "language"), [(DESKTOP, "light", "zh-Hans"), (PHONE, "dark", "en")], ids=["desktop", "phone"]
)
def test_axe_finds_nothing(
    newsroom: Newsroom, browser: Browser, screen: dict[str, int], colours: str, language: str
) -> None:
    """No violation on any page of a batch whose cells hold markup, no dialog, and none is wider than the screen."""
    page = newsroom.open(browser, role="reviewer", language=language, viewport=screen, color_scheme=colours)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    rows = make_rows(secrets.token_hex(3))
    rows[0]["title_en"], rows[1]["starts_on"] = NASTY, "xyz"
    send(page, as_file(rows, f"{NASTY}.csv"))
    base = page.url
    found = {}
    addresses = [
        base,
        *(f"{base}/{name}" for name in ("file", "rows", "differences", "map")),
        "/editor/",
        "/editor/review",
    ]
    for address in [*addresses, "/editor/batches/new"]:
        page.goto(address)
        found[address] = Axe().run(page, options=RULES).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    shown = [(name, fault["id"], fault["nodes"][0]["html"]) for name, faults in found.items() for fault in faults]
    assert shown == []
    page.goto(f"{base}/rows")
    assert page.inner_text(".card h2 >> nth=0") == NASTY
    page.context.close()
