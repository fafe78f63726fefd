"""The public application in a server of its own, on a real database with the sample records, driven in Chromium."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

from app.main import public_app
from app.settings import ReaderSettings
from geo.cluster import Cluster
from geo.database import READER_ROLE, make_engine
from geo.loading.load import load_file
from geo.loading.request import LoadRequest
from geo.loading.samples import load_samples
from geo.publishing.publish import publish_due, publish_reference
from tests.conftest import copy_database

NASTY = "<img src=x onerror=alert(1)>"
NASTY_TEXT = (
    "مرحبا {{7*7}} ${7} {% raw %} </script><script>alert(1)</script> <svg onload=alert(1)> [x](javascript:alert(1))"
)
NASTY_EMPLOYER = "\u202eevil\u202c مرحبا {{7*7}} ${7*7} {% raw %}{id} <%= 7*7 %> </script><script>alert(2)</script>"
"""With an override of direction, which no file that is loaded may have: it is put into the finished text."""
FLAGS = (
    *("--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", *(("--no-sandbox",) if os.geteuid() == 0 else ())),
)
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_SECONDS = 30

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def reader_address(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The reader's address of a database with the samples and one strike whose title tries to run script."""
    name = f"browser_{secrets.token_hex(4)}"
    engine = make_engine(copy_database(cluster, template, name))
    file = tmp_path_factory.mktemp("browser") / "strikes.csv"
    write_nasty_strike(file)
    try:
        with engine.begin() as connection:
            publish_reference(connection)
            load_samples(connection)
            report = load_file(connection, LoadRequest(layer="strikes", path=file, source="browser_test"))
            assert report.loaded, report
            publish_due(connection)
            plant_employer(connection)
    finally:
        engine.dispose()
    yield cluster.url(name, READER_ROLE)
    cluster.drop_database(name)


def write_nasty_strike(file: Path) -> None:
    """Write one strike, known to Tibet and no finer, where no sample lies."""
    file.write_text(
        "source_id,starts_on,title_en,title_zh_hans,description_en,employers,region,sources\n"
        f'X1,2021-06-01,{NASTY},{NASTY},{NASTY_TEXT},NASTY_EMPLOYER,540000,"A citation without a link"\n',
        encoding="utf-8",
    )


def plant_employer(connection: sa.Connection) -> None:
    """Put what no loader lets through into the strike that is public."""
    planted = sa.text(
        "UPDATE published.feature_text SET geojson = replace(geojson, :name, :text) WHERE geojson LIKE :like"
    )
    text = json.dumps(NASTY_EMPLOYER, ensure_ascii=False)
    connection.execute(planted, {"name": '"NASTY_EMPLOYER"', "text": text, "like": "%NASTY_EMPLOYER%"})
    found = sa.text("UPDATE published.feature SET employers = :employers WHERE employers = ARRAY['NASTY_EMPLOYER']")
    assert connection.execute(found, {"employers": [NASTY, NASTY_EMPLOYER]}).rowcount == 1


@pytest.fixture(scope="session")
def site_address(reader_address: str) -> Iterator[str]:
    """The address of a running server of the public application."""
    with serve(reader_address) as address:
        yield address


@contextmanager
def serve(reader_url: str) -> Iterator[str]:
    """Run a server of the public application on a database; give its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = public_app(ReaderSettings(reader_url=reader_url, contact="editors@map.example"))
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE_SECONDS)
    listener.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; a module's own, because Playwright leaves a running event loop that other tests would meet."""
    program = shutil.which("chromium")
    assert program, "Chromium is not installed: scripts/bootstrap test"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, site_address: str) -> Iterator[OpenPage]:
    """A function that opens a page and waits until it is alive.

    Whatever a test does, no page may ask another origin for anything, break the Content-Security-Policy, throw, or
    open a dialog. `forgiven` is part of an error that a test provokes. The pages of the API have no map to wait for.
    """
    faults: list[str] = []
    contexts = []

    def open_page(path: str = "/", *, forgiven: str | None = None, has_map: bool = True, **options: Any) -> Page:
        settings = {"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "UTC", "reduced_motion": "reduce"}
        context = browser.new_context(base_url=site_address, **{**settings, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: note_foreign(request.url))
        page.on("console", lambda message: note_error(message, forgiven))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        page.goto(path)
        if has_map and options.get("java_script_enabled", True):
            wait_until_ready(page)
        return page

    def note_error(message: ConsoleMessage, forgiven: str | None) -> None:
        if message.type == "error" and not (forgiven and forgiven in message.text):
            faults.append(message.text)

    def note_foreign(url: str) -> None:
        if not url.startswith((f"{site_address}/", "data:")):
            faults.append(f"asked {url}")

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def wait_until(holds: Callable[[], Any]) -> Any:
    """Return what `holds` gives once it is true. Polls, because the page's policy forbids what Playwright would run."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < limit:
        if found := holds():
            return found
        time.sleep(0.03)
    raise AssertionError("waited in vain")


def follow(page: Page, link: str | Locator) -> None:
    """Click what leads to another page, and wait until that page is whole."""
    with page.expect_navigation():
        (page.locator(link).first if isinstance(link, str) else link).click()


def wait_until_ready(page: Page) -> None:
    """Wait until the live map stands."""
    page.wait_for_load_state()
    wait_until(lambda: page.evaluate("document.documentElement.dataset.ready"))


def wait_for_level(page: Page, level: str) -> None:
    """Wait until the map draws a level."""
    wait_until(lambda: page.evaluate("document.documentElement.dataset.level") == level)


def wait_for_place(page: Page, name: str) -> None:
    """Wait until the panel shows a place."""
    wait_until(lambda: page.inner_text("h1") == name)


def read_rings(page: Page) -> dict[str, int]:
    """Return the count of each region's ring by code; rings of a remainder are left out."""
    script = """[...document.querySelectorAll('.ring-marker:not([data-remainder])')]
        .map((ring) => [ring.dataset.code, Number(ring.dataset.count)])"""
    return dict(page.evaluate(script))
