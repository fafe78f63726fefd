"""How a process that speaks HTTP runs, the public one and the editors': `python -m MODULE [--socket NUMBER]`.

With `--socket` it is a child: it serves on a socket its parent has bound and passed on, and ends when its standard
input is closed, which the kernel does when the parent is killed; so no process without a parent keeps the port.
"""

from __future__ import annotations

import argparse
import socket
import sys
import threading
from collections.abc import Callable, Sequence

import uvicorn
from fastapi import FastAPI

from app.logs import configure_logs
from app.patience import PatientProtocol
from geo.errors import SetupError

GRACE_SECONDS = 8
"""How long running answers may take once the process is told to end; its parent kills it after ten."""


def configure(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    """Make the server of an application. The lines about requests are our own, which name no visitor."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=PatientProtocol,
        proxy_headers=False,  # whoever stands before us is named by a setting, never by a header
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return uvicorn.Server(config)


def run_process(module: str, make_server: Callable[[], uvicorn.Server], arguments: Sequence[str] | None = None) -> int:
    """Serve until told to end; return the exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}")
    parser.add_argument("--socket", type=int, help="number of the bound socket passed on by the parent")
    chosen = parser.parse_args(arguments)
    configure_logs()
    try:
        server = make_server()
    except SetupError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    if chosen.socket is None:
        server.run()
    else:
        end_with_parent(server)
        server.run(sockets=[socket.socket(fileno=chosen.socket)])
    return 0 if server.started else 1


def end_with_parent(server: uvicorn.Server) -> None:
    """Let `server` end when standard input does."""

    def watch() -> None:
        sys.stdin.buffer.read()
        server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
