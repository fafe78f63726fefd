"""The map in a page of another site: it may be framed, everything else may not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Frame, Page

from tests.browser.conftest import OpenPage, follow, wait_for_level, wait_until, wait_until_ready
from tests.browser.test_sharing import open_dialog

pytestmark = pytest.mark.browser


@pytest.fixture
def other_site() -> Iterator[ThreadingHTTPServer]:
    """A site of another origin, whose page is whatever a test puts into `page`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if self.path == "/":
                self.wfile.write(server.page)  # type: ignore[attr-defined]  # a test's own

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (as the base has it)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def frame_page(browser: Browser, other_site: ThreadingHTTPServer, body: str) -> tuple[Page, Frame, list[str]]:
    """Open a page of another origin that holds `body`; return it, its frame, and what the browser complains of."""
    other_site.page = f"<!doctype html><title>News</title>{body}".encode()  # type: ignore[attr-defined]  # as above
    page = browser.new_page(reduced_motion="reduce")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(f"http://127.0.0.1:{other_site.server_address[1]}/")
    wait_until(lambda: len(page.frames) > 1)
    return page, page.frames[1], said


def test_the_code_works_in_a_page_of_another_site(
    browser: Browser, open_page: OpenPage, other_site: ThreadingHTTPServer
) -> None:
    """The frame draws the same view, is walked by clicks, stays on its page, and leads to the whole in a new tab."""
    page = open_page("/?region=130000&layer=strikes,accidents,calls_for_help")
    wait_for_level(page, "prefecture")
    open_dialog(page, "share")
    framing, frame, said = frame_page(browser, other_site, page.input_value("#share-code"))
    frame.wait_for_load_state()
    wait_until(lambda: frame.evaluate("document.documentElement.dataset.ready"))
    assert frame.inner_text("h1") == "Hebei"
    frame.click(".ring-marker[data-code='130900']")
    wait_until(lambda: frame.inner_text("h1") == "Cangzhou")
    assert frame.url.startswith(page.url.partition("/?")[0] + "/embed?")
    assert "region=130900" in frame.url
    frame.click("#crumbs a >> nth=0")
    wait_until(lambda: frame.inner_text("h1") == "China")
    assert frame.evaluate("localStorage.length + document.cookie.length + document.forms.length") == 0
    with framing.expect_popup() as opened:
        frame.click("#whole")
    wait_until_ready(opened.value)
    assert opened.value.url.endswith("/?layer=strikes,accidents,calls_for_help")
    assert said == []
    framing.close()


@pytest.mark.parametrize("path", ["/", "/share", "/export", "/method"])
def test_no_other_page_can_be_framed(
    browser: Browser, site_address: str, other_site: ThreadingHTTPServer, path: str
) -> None:
    """The browser refuses, and says by which rule."""
    framing, frame, said = frame_page(browser, other_site, f'<iframe src="{site_address}{path}"></iframe>')
    wait_until(lambda: [text for text in said if "frame-ancestors" in text])
    assert frame.locator(".brand, .problem").count() == 0
    framing.close()


def test_the_embedded_map_stands_without_javascript(open_page: OpenPage) -> None:
    """Picture, way and time are in the page, and a ring is a step inside."""
    page = open_page(
        "/embed?lang=zh-Hans&theme=dark", java_script_enabled=False, viewport={"width": 900, "height": 560}
    )
    assert page.locator(".first-frame a .ring").count() == 14
    follow(page, ".first-frame a[aria-label^='河北']")
    assert page.url.endswith("/embed?region=130000&lang=zh-Hans&theme=dark")
    assert page.locator("#crumbs li").count() == 2
