"""The parent process of `labourmap serve`: it owns the data, and runs the public application as its child.

Two processes, because the public one must hold no credential but the reader's: its environment is built here from a
list of what it may have. The parent prepares the database, publishes what is due every ten minutes, starts our own
server again should it have been killed, and on SIGTERM, SIGINT or SIGHUP stops the child and then the database.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.settings import OwnerSettings, ReaderSettings, name_variable
from app.setup import Database, open_database, prepare
from geo.database import make_engine
from geo.errors import SetupError
from geo.publishing.publish import publish_due

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.progress import Progress

PUBLISH_SECONDS = 600
CHECK_SECONDS = 5
POLL_SECONDS = 0.25
STOP_SECONDS = 10
ANSWER_SECONDS = 60
ASK_AGAIN_SECONDS = 0.1
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

CHILD_VARIABLES = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "PYTHONWARNINGS")
"""What the public process gets of our environment beside its own settings. HOME is not among them: libpq would look
there for other passwords."""


class Stop(BaseException):
    """Somebody asked the program to end."""


def serve(settings: OwnerSettings, progress: Progress) -> None:
    """Prepare the database and serve it until told to stop.

    Raises SetupError when the port is taken, the database cannot be prepared, or the public application ends by itself.
    """
    began = time.monotonic()
    try:
        with _signals_as_stop(), bind(settings.host, settings.port) as listening:
            progress.say("Starting the database")
            with open_database(settings) as database:
                prepare(database, progress)
                with _public_application(settings, database, listening) as child:
                    wait_for_answer(child, listening)
                    took = time.monotonic() - began
                    progress.say(f"Labour Map is at {format_address(listening)} ({took:.0f} s). Ctrl-C stops it.")
                    _watch(child, database, progress)
    except Stop:
        progress.say("Stopped")


def bind(host: str, port: int) -> socket.socket:
    """Take the port before the long work begins; who connects meanwhile waits for the first answer.

    Raises SetupError when the port is in use, or the address is none of this machine's.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, protocol)
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(place)
            # A socket that only is bound does not keep a second start from binding the same port.
            taken.listen()
        except OSError:
            taken.close()
            raise
    except OSError as problem:
        raise SetupError(
            f"Port {port} of {host} cannot be used ({problem.strerror}). Choose another with --port."
        ) from problem
    return taken


def format_address(listening: socket.socket) -> str:
    """Write the address to type in a browser on this machine."""
    host, port = find_own_address(listening)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def find_own_address(listening: socket.socket) -> tuple[str, int]:
    """Return a host and port at which this machine itself reaches the socket."""
    host, port = listening.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104  (read, not bound)


def make_child_environment(settings: OwnerSettings, reader_url: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Make the whole environment of the public process: its own settings, the reader's address, and little else."""
    chosen = {name: environment[name] for name in CHILD_VARIABLES if name in environment}
    for field in ReaderSettings.model_fields:
        name = name_variable(field)
        if name in environment:
            chosen[name] = environment[name]
    own = {"reader_url": reader_url, "host": settings.host, "port": str(settings.port)}
    return chosen | {name_variable(field): value for field, value in own.items()}


def wait_for_answer(child: subprocess.Popen[bytes], listening: socket.socket) -> None:
    """Wait until the front page answers. Raises SetupError when it fails, or the child ends before.

    503 says that it is to be asked again: on a busy machine the first page, which prepares much, may take too long.
    """
    deadline = time.monotonic() + ANSWER_SECONDS
    while (status := _ask_front_page(listening)) in {None, http.client.SERVICE_UNAVAILABLE}:
        _check_alive(child)
        if time.monotonic() > deadline:
            told = f"HTTP {status}" if status else "no answer"
            raise SetupError(f"The public application gave {told} within {ANSWER_SECONDS} seconds.")
        time.sleep(ASK_AGAIN_SECONDS)
    if status is not None and status >= http.client.INTERNAL_SERVER_ERROR:
        raise SetupError(f"The front page answers with HTTP {status}; the lines above say why.")


def _ask_front_page(listening: socket.socket) -> int | None:
    connection = http.client.HTTPConnection(*find_own_address(listening), timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


@contextmanager
def _public_application(
    settings: OwnerSettings, database: Database, listening: socket.socket
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the child. It has a session of its own, so that Ctrl-C reaches the parent alone, which ends it in order."""
    number = listening.fileno()
    child = subprocess.Popen(  # noqa: S603  (this interpreter, our own module)
        [sys.executable, "-P", "-m", "app.public_process", "--socket", str(number)],
        env=make_child_environment(settings, database.reader_url, os.environ),
        stdin=subprocess.PIPE,
        pass_fds=[number],
        start_new_session=True,
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdin is not None:
            child.stdin.close()


def _watch(child: subprocess.Popen[bytes], database: Database, progress: Progress) -> None:
    engine = make_engine(database.owner_url)
    publish_at = time.monotonic() + PUBLISH_SECONDS
    check_at = time.monotonic() + CHECK_SECONDS
    try:
        while True:
            time.sleep(POLL_SECONDS)
            _check_alive(child)
            now = time.monotonic()
            if now >= check_at:
                check_at = now + CHECK_SECONDS
                _keep_running(database, progress)
            if now >= publish_at:
                publish_at = now + PUBLISH_SECONDS
                _publish(engine, progress)
    finally:
        engine.dispose()


def _check_alive(child: subprocess.Popen[bytes]) -> None:
    code = child.poll()
    if code is not None:
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        raise SetupError(f"The public application {how}.")


def _keep_running(database: Database, progress: Progress) -> None:
    if database.cluster is not None and not database.cluster.is_running():
        with progress.step("The database had stopped; started again"):
            database.cluster.start()


def _publish(engine: sa.Engine, progress: Progress) -> None:
    """Publish what is due. A database away for a moment does not end the service: the next round tries again."""
    try:
        with engine.begin() as connection:
            published = publish_due(connection)
        if published:
            progress.say(f"Records whose time has come published: {published}")
    except sa.exc.OperationalError as problem:
        progress.say(f"Nothing was published, and will be tried again: {problem.orig}")


@contextmanager
def _signals_as_stop() -> Iterator[None]:
    """Turn the first signal to end into Stop, and let later ones not disturb the stopping.

    A signal that was ignored when we were started stays so: that is how nohup and background jobs are made.
    """

    def stop(_number: int, _frame: object) -> None:
        for number in before:
            signal.signal(number, lambda *_: None)
        raise Stop

    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    before = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
