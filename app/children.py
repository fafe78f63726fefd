"""The processes that `labourmap serve` runs beside itself: the public application and the editors'.

Each has an environment made here from a list of what it may have, so that it holds its own credential and no other.
"""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from app.settings import OwnerSettings, WebSettings, name_variable
from geo.errors import SetupError

STOP_SECONDS = 10
ANSWER_SECONDS = 60
ASK_AGAIN_SECONDS = 0.1

CHILD_VARIABLES = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "PYTHONWARNINGS")
"""What a child gets of our environment beside its own settings. HOME is not among them: libpq would look there for
other passwords."""


@dataclass(frozen=True)
class Child:
    """A process of ours, and the socket it serves on."""

    name: str
    process: subprocess.Popen[bytes]
    listening: socket.socket


def bind(host: str, port: int, remedy: str = "Choose another with --port.") -> socket.socket:
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
        raise SetupError(f"Port {port} of {host} cannot be used ({problem.strerror}). {remedy}") from problem
    return taken


def format_address(listening: socket.socket) -> str:
    """Write the address to type in a browser on this machine."""
    host, port = find_own_address(listening)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def find_own_address(listening: socket.socket) -> tuple[str, int]:
    """Return a host and port at which this machine itself reaches the socket."""
    host, port = listening.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104  (read, not bound)


def make_environment(
    kind: type[WebSettings], settings: OwnerSettings, own: Mapping[str, str], environment: Mapping[str, str]
) -> dict[str, str]:
    """Make the whole environment of a child: its settings of `kind`, its address of the database, and little else."""
    chosen = {name: environment[name] for name in CHILD_VARIABLES if name in environment}
    for field in kind.model_fields:
        name = name_variable(field)
        if name in environment:
            chosen[name] = environment[name]
    given = {"host": settings.host, "port": str(settings.port), **own}
    return chosen | {name_variable(field): value for field, value in given.items()}


@contextmanager
def run_child(name: str, module: str, environment: Mapping[str, str], listening: socket.socket) -> Iterator[Child]:
    """Run a child until the block is left.

    It has a session of its own, so that Ctrl-C reaches the parent alone, which ends it in order.
    """
    number = listening.fileno()
    process = subprocess.Popen(  # noqa: S603  (this interpreter, our own module)
        [sys.executable, "-P", "-m", module, "--socket", str(number)],
        env=dict(environment),
        stdin=subprocess.PIPE,
        pass_fds=[number],
        start_new_session=True,
    )
    try:
        yield Child(name, process, listening)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()


def check_alive(child: Child) -> None:
    """Raise SetupError when a child has ended."""
    code = child.process.poll()
    if code is not None:
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        raise SetupError(f"The {child.name} {how}.")


def wait_for_answer(child: Child) -> None:
    """Wait until the front page answers. Raises SetupError when it fails, or the child ends before.

    503 says that it is to be asked again: on a busy machine the first page, which prepares much, may take too long.
    """
    deadline = time.monotonic() + ANSWER_SECONDS
    while (status := _ask_front_page(child.listening)) in {None, http.client.SERVICE_UNAVAILABLE}:
        check_alive(child)
        if time.monotonic() > deadline:
            told = f"HTTP {status}" if status else "no answer"
            raise SetupError(f"The {child.name} gave {told} within {ANSWER_SECONDS} seconds.")
        time.sleep(ASK_AGAIN_SECONDS)
    if status is not None and status >= http.client.INTERNAL_SERVER_ERROR:
        raise SetupError(f"The front page of the {child.name} answers with HTTP {status}; the lines above say why.")


def _ask_front_page(listening: socket.socket) -> int | None:
    connection = http.client.HTTPConnection(*find_own_address(listening), timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
