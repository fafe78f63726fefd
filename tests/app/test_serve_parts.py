from __future__ import annotations

import io
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.children import Child, bind, find_own_address, format_address, make_environment, wait_for_answer
from app.progress import Progress
from app.serve import LOCK_SECONDS, Stop, _publish
from app.settings import EditorSettings, OwnerSettings, ReaderSettings
from geo.errors import SetupError
from geo.publishing.publish import PUBLISH_LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERYWHERE = "0.0.0.0"  # noqa: S104  (for a moment, in a test)
ADDRESS = "postgresql+psycopg://labourmap_reader:r@h/d"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """Give a living process in the place of the public application."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def test_the_child_gets_what_is_on_the_list_and_nothing_else() -> None:
    """A variable nobody thought of is not handed to the process that strangers talk to."""
    ours = {
        "PATH": "/bin",
        "HOME": "/root",
        "PGPASSWORD": "p",
        "AWS_SECRET_ACCESS_KEY": "k",
        "LABOURMAP_DATABASE_URL": "postgresql://labourmap:o@h/d",
        "LABOURMAP_DATA_DIR": "/data",
        "LABOURMAP_CONTACT": "editors@map.example",
        "LABOURMAP_READER_URL": "postgresql://of:the@other/one",
    }
    settings = OwnerSettings(host="::1", port=9000)
    made = make_environment(ReaderSettings, settings, {"reader_url": ADDRESS}, ours)
    assert made == {
        "PATH": "/bin",
        "LABOURMAP_CONTACT": "editors@map.example",
        "LABOURMAP_READER_URL": ADDRESS,
        "LABOURMAP_HOST": "::1",
        "LABOURMAP_PORT": "9000",
    }


def test_the_editors_process_gets_the_editors_address_alone() -> None:
    """Neither the owner's nor the reader's address is in its environment."""
    ours = {
        "PATH": "/bin",
        "LABOURMAP_DATABASE_URL": "postgresql://labourmap:o@h/d",
        "LABOURMAP_READER_URL": ADDRESS,
        "LABOURMAP_EDITOR_BASE_URL": "https://editors.map.example",
    }
    own = {"editor_url": "postgresql://labourmap_editor:e@h/d", "editor_port": "8001"}
    made = make_environment(EditorSettings, OwnerSettings(), own, ours)
    assert made == {
        "PATH": "/bin",
        "LABOURMAP_EDITOR_BASE_URL": "https://editors.map.example",
        "LABOURMAP_EDITOR_URL": "postgresql://labourmap_editor:e@h/d",
        "LABOURMAP_EDITOR_PORT": "8001",
        "LABOURMAP_HOST": "127.0.0.1",
        "LABOURMAP_PORT": "8000",
    }


def test_a_port_is_taken_once() -> None:
    """Two starts at once cannot both prepare for one port."""
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(SetupError, match=f"Port {port} of 127.0.0.1 cannot be used"):
            bind("127.0.0.1", port)


def test_a_foreign_address_is_refused() -> None:
    """An address of another machine gets a clear message."""
    with pytest.raises(SetupError, match=r"of 192\.0\.2\.1 cannot be used"):
        bind("192.0.2.1", 8000)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), (EVERYWHERE, "127.0.0.1"), ("::1", "[::1]")])
def test_the_address_shown_can_be_opened(host: str, shown: str) -> None:
    """What is printed is what a browser on this machine can open, not what was bound."""
    if ":" in host and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with bind(host, 0) as listening:
        assert format_address(listening) == f"http://{shown}:{listening.getsockname()[1]}/"
        with socket.create_connection(find_own_address(listening), timeout=5):
            pass


def test_a_child_that_ends_is_not_waited_for() -> None:
    """The message says how it ended."""
    child = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    child.wait()
    with bind("127.0.0.1", 0) as quiet:
        quiet.shutdown(socket.SHUT_RD)  # now it refuses, as when nobody listens
        with pytest.raises(SetupError, match="ended with exit code 3"):
            wait_for_answer(Child("public application", child, quiet))


def test_a_front_page_that_fails_is_no_start(sleeper: subprocess.Popen[bytes]) -> None:
    """HTTP 500 on the first page ends the start with an error."""

    class Failing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(500)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Failing) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(SetupError, match="HTTP 500"):
            wait_for_answer(Child("public application", sleeper, server.socket))


def test_a_front_page_that_asks_for_patience_is_asked_again(sleeper: subprocess.Popen[bytes]) -> None:
    """HTTP 503 means later: the start waits until the page is there."""
    statuses = [503, 503, 200]

    class Busy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(statuses.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        wait_for_answer(Child("public application", sleeper, server.socket))
        server.shutdown()
    assert statuses == []


def test_a_wish_to_stop_is_no_error() -> None:
    """No `except Exception` on the way swallows it."""
    assert not issubclass(Stop, Exception)


def test_every_step_is_one_line_with_its_time() -> None:
    """Without a terminal nothing is drawn over."""
    out = io.StringIO()
    progress = Progress(out)
    with progress.step("Vocabularies up to date"):
        progress.count("terms", 1, 2)
    assert out.getvalue() == "Vocabularies up to date: 0.0 s\n"


def test_a_long_step_speaks_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a log file, too, one sees that it goes on."""
    monkeypatch.setattr("app.progress.FILE_SECONDS", 0.0)
    out = io.StringIO()
    Progress(out).count("regions: names", 5, 7)
    assert out.getvalue() == "  regions: names 5 of 7\n"


def test_a_terminal_is_drawn_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The finished line stands where the running one stood."""
    monkeypatch.setattr("app.progress.TERMINAL_SECONDS", 0.0)
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: True)
    progress = Progress(out)
    with progress.step("Regions"):
        progress.count("names", 5, 7)
    assert out.getvalue() == "\r\033[KRegions ...\r\033[K  names 5 of 7\r\033[KRegions: 0.0 s\n"


def test_a_failed_step_is_not_called_done() -> None:
    """The line with the time is said of what succeeded only."""
    out = io.StringIO()
    progress = Progress(out)
    with pytest.raises(ValueError, match="broken"), progress.step("Regions"):
        raise ValueError("broken")
    assert out.getvalue() == ""


def test_help_needs_no_database() -> None:
    """`labourmap --help` names the commands."""
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "--help"], capture_output=True, text=True, check=True
    )
    assert "serve" in done.stdout
    assert "migrate" in done.stdout


def test_an_error_raised_on_purpose_is_one_line(tmp_path: Path) -> None:
    """An operator sees what to do, not a traceback."""
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "migrate"],
        env={"PATH": "/bin", "HOME": str(tmp_path), "LABOURMAP_PROT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: LABOURMAP_PROT is not a setting of this process")
    assert "Traceback" not in done.stderr


def test_publishing_what_is_due_does_not_wait_for_a_large_load(engine: sa.Engine) -> None:
    """Whoever publishes for minutes must not keep the parent from starting again what was killed."""
    said = io.StringIO()
    with engine.begin() as loading:
        loading.execute(sa.select(sa.func.pg_advisory_xact_lock(PUBLISH_LOCK)))
        began = time.monotonic()
        _publish(engine, Progress(said))
        assert time.monotonic() - began < LOCK_SECONDS + 10
    assert "will be tried again" in said.getvalue()
