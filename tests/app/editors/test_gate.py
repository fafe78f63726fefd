"""The frame of the application: hosts, origins, headers, bodies, errors (attacks 14, 30 to 32, 38, 44 and 47)."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import pydantic
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from app.editor_app import make_editor_engine
from app.editors.bodies import MEBIBYTE, BodyLimits
from app.logs import configure_logs
from app.settings import EditorSettings
from geo.cluster import Cluster
from tests.editing import HOME, Browser, Editing, open_editing, wait_for_lines

BASE = "https://editors.map.example"
NOWHERE = "postgresql+psycopg://labourmap_editor:hidden@127.0.0.1:1/none"


@pytest.fixture(scope="module")
def browser(editing: Editing) -> Browser:
    """Somebody who is signed in."""
    return editing.sign_in("admin")


@pytest.fixture(scope="module")
def behind_proxy(cluster: Cluster, template: str) -> Iterator[Editing]:
    """The application as a proxy gives it HTTPS."""
    with open_editing(cluster, template, editor_base_url=BASE) as opened:
        yield opened


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "localhost.evil.example"},
        {"Host": "192.0.2.7"},
        {"Host": "10.0.0.1:8001"},
        {"Host": ""},
        {"Host": "localhost", "X-Forwarded-Host": "evil.example"},
    ],
    ids=str,
)
def test_other_hosts_are_not_served(editing: Editing, headers: dict[str, str]) -> None:
    """Without HTTPS only this machine is; what a proxy's header says changes nothing."""
    answer = editing.anonymous().get("/editor/sign-in", headers=headers)
    assert "evil" not in answer.text
    assert answer.status_code == (200 if headers["Host"] == "localhost" else 400)


@pytest.mark.parametrize("path", ["/editor/", "/editor/x.css", "/editor/sign-in", "/api/editing/batches", "/nothing"])
@pytest.mark.parametrize("origin", ["https://evil.example", HOME, "null"])
def test_nothing_may_be_kept_or_read_from_elsewhere(browser: Browser, path: str, origin: str) -> None:
    """Every answer says no-store, and none lets another origin read it (attacks 31 and 32)."""
    answer = browser.get(path, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    assert answer.headers["cache-control"] == "no-store"
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_preflight_gets_no_leave(browser: Browser) -> None:
    """A browser then sends nothing."""
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = browser.client.request("OPTIONS", "/api/editing/batches", headers=headers)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_pages_are_closed_to_frames_and_to_foreign_scripts(browser: Browser) -> None:
    """As those of the map, and never framed (attack 38)."""
    headers = browser.get("/editor/").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in headers
    assert "server" not in headers


def test_files_of_pages_may_be_kept(editing: Editing) -> None:
    """Their address holds their hash; under another it is not kept."""
    address = editing.app.state.pages.site.own.address("css/editor.css")
    answer = editing.anonymous().get(address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/css")
    other = editing.anonymous().get("/static/0/css/editor.css")
    assert other.headers["cache-control"] == "no-cache"
    assert editing.anonymous().get("/static/0/../../pyproject.toml").status_code == 404


def test_behind_a_proxy_the_cookie_is_for_https_alone(behind_proxy: Editing) -> None:
    """With the prefix that no other host can set, and HSTS."""
    browser = behind_proxy.sign_in("editor")
    address = behind_proxy.app.state.address
    assert address.cookie_name == "__Host-sid"
    client = behind_proxy.anonymous({"__Host-sid": dict(browser.client.cookies)["labourmap-sid"]})
    headers = {"Host": "editors.map.example"}
    page = client.get("/editor/account", headers=headers)
    assert page.status_code == 200
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    out = client.post(
        "/editor/sign-out", data={"csrf": browser.token}, headers=headers | {"Origin": "https://editors.map.example"}
    )
    assert out.status_code == 303
    for part in ("__Host-sid=", "Secure", "HttpOnly", "Path=/", "SameSite=strict"):
        assert part in out.headers["set-cookie"]
    assert "Domain" not in out.headers["set-cookie"]


@pytest.mark.parametrize("origin", [HOME, "http://editors.map.example", "https://map.example"])
def test_behind_a_proxy_other_origins_are_foreign(behind_proxy: Editing, origin: str) -> None:
    """Also its own host without HTTPS."""
    headers = {"Host": "editors.map.example", "Origin": origin}
    answer = behind_proxy.anonymous().post("/editor/sign-in", data={"name": "a", "password": "b"}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "given", ["http://editors.map.example", "https://map.example/editors", "map.example", "https://"]
)
def test_an_address_without_https_is_no_setting(given: str) -> None:
    """Passwords do not travel in the open."""
    with pytest.raises(pydantic.ValidationError):
        EditorSettings(editor_url="postgresql://labourmap_editor:e@h/d", editor_base_url=given)


def test_a_body_that_is_too_large_is_refused(editing: Editing) -> None:
    """By what it announces, before anything of it is read (attack 14)."""
    announced = {"Origin": HOME, "Content-Length": str(3 * MEBIBYTE)}
    assert editing.anonymous().post("/editor/sign-in", content=b"a=1", headers=announced).status_code == 413


def pour(path: str, person: object, size: int) -> int:
    """Send a body without a length through the limits to an application that reads it; return what was answered."""
    parts = [b"a" * MEBIBYTE] * (size // MEBIBYTE)
    answered: list[int] = []

    async def receive() -> Message:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": parts.pop() if parts else b"", "more_body": bool(parts)}

    async def send(message: Message) -> None:
        await asyncio.sleep(0)
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    async def read(request: Request) -> Response:
        return Response(str(len(await request.body())))

    app = Starlette(routes=[Route("/{path:path}", read, methods=["POST"])], middleware=[Middleware(BodyLimits)])
    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
    asyncio.run(app({**scope, "state": {"person": person}}, receive, send))
    return answered[0]


@pytest.mark.parametrize(
    ("path", "person", "size", "status"),
    [
        ("/editor/sign-in", None, 2, 200),
        ("/editor/sign-in", None, 3, 413),
        ("/editor/batches", None, 3, 413),
        ("/editor/batches", "somebody", 3, 200),
        ("/api/editing/batches", None, 3, 413),
        ("/api/editing/batches", "somebody", 257, 200),
        ("/api/editing/batches", "somebody", 258, 413),
        ("/api/editing/batchesque", "somebody", 3, 413),
        ("/editor/account/language", "somebody", 3, 413),
    ],
)
def test_only_somebody_who_is_signed_in_sends_a_file(path: str, person: object, size: int, status: int) -> None:
    """And only to where files are taken; counted as it comes."""
    assert pour(path, person, size * MEBIBYTE) == status


def test_addresses_and_headers_have_an_end(browser: Browser) -> None:
    """As those of the public application."""
    assert browser.get("/editor/?a=" + "a" * 9000).status_code == 414
    assert browser.get("/editor/", headers={"X-Long": "a" * 40_000}).status_code == 431


@pytest.mark.parametrize("path", ["/editor/", "/api/editing/batches"])
def test_a_database_that_is_away_is_told_without_a_trace(path: str, cluster: Cluster, template: str) -> None:
    """503 and when to come again; no SQL, no path, no stack (attack 47)."""
    with open_editing(cluster, template) as opened:
        browser = opened.sign_in("admin")
        opened.app.state.engine.dispose()
        opened.app.state.engine = make_editor_engine(NOWHERE, None)
        answer = browser.get(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    for trace in ("Traceback", "psycopg", "SELECT", "/app/", "127.0.0.1:1", "hidden"):
        assert trace not in answer.text


def test_problems_are_documents_for_programs_and_pages_for_people(browser: Browser) -> None:
    """Each in the form that can be read, and short."""
    document = browser.get("/api/editing/nothing")
    assert document.headers["content-type"] == "application/problem+json"
    assert document.json()["status"] == 404
    page = browser.get("/editor/nothing?lang=zh-Hans")
    assert page.status_code == 404
    assert '<html lang="zh-Hans">' in page.text


def test_a_line_of_the_log_is_one_line(editing: Editing, browser: Browser) -> None:
    """Whatever stands in a header or an address, and nobody's address in it (attack 44)."""
    written = io.StringIO()
    configure_logs(written)
    try:
        browser.get("/editor/%0d%0a%7b%22at%22:1%7d", headers={"User-Agent": "a\tb", "X-Forwarded-For": "203.0.113.9"})
        editing.anonymous().post("/editor/sign-in", data={"name": "a\r\nb", "password": "c"}, headers={"Origin": HOME})
        lines = wait_for_lines(written, 2).splitlines()
    finally:
        configure_logs()
        logging.getLogger("labourmap").handlers = []
    assert [json.loads(line)["status"] for line in lines] == [404, 401]
    assert "203.0.113" not in written.getvalue()
