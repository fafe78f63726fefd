"""The process of the public application: `python -m app.public_process [--socket NUMBER]`.

Its environment holds the reader's credential only. With `--socket` it is a child: it serves on a socket its parent has
bound and passed on, and ends when its standard input is closed, which the kernel does when the parent is killed; so no
process without a parent keeps the port.
"""

from __future__ import annotations

import argparse
import socket
import sys
import threading
from typing import TYPE_CHECKING

import uvicorn

from app.logs import configure_logs
from app.main import public_app
from app.memory import hold_little
from app.patience import PatientProtocol
from app.settings import ReaderSettings, load_settings
from geo.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Sequence

GRACE_SECONDS = 8
"""How long running answers may take once the process is told to end; its parent kills it after ten."""


def make_server(settings: ReaderSettings) -> uvicorn.Server:
    """Make the server of the public application. The lines about requests are our own, which name no visitor."""
    config = uvicorn.Config(
        public_app(settings),
        host=settings.host,
        port=settings.port,
        http=PatientProtocol,
        proxy_headers=False,  # whoever stands before us is named by LABOURMAP_BASE_URL, never by a header
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return uvicorn.Server(config)


def end_with_parent(server: uvicorn.Server) -> None:
    """Let `server` end when standard input does."""

    def watch() -> None:
        sys.stdin.buffer.read()
        server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to end; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.public_process")
    parser.add_argument("--socket", type=int, help="number of the bound socket passed on by the parent")
    chosen = parser.parse_args(arguments)
    configure_logs()
    hold_little()
    try:
        server = make_server(load_settings(ReaderSettings))
    except SetupError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    if chosen.socket is None:
        server.run()
    else:
        end_with_parent(server)
        server.run(sockets=[socket.socket(fileno=chosen.socket)])
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
