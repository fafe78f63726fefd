"""The public application on a socket, writing down each request it receives: `recorded_server.py SOCKET FILE`.

The service itself never logs what was asked; to see which filters a client leaves to the server, a test must.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from app.main import public_app
from app.settings import ReaderSettings, load_settings


class Recorder:
    """Writes path and query of each request to a file, a line each, before passing the request on."""

    def __init__(self, app: ASGIApp, file: Path) -> None:
        self.app = app
        self._file = file.open("a", buffering=1, encoding="utf-8")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write a request down, and pass it on."""
        if scope["type"] == "http":
            self._file.write(f"{scope['path']}?{scope['query_string'].decode('latin-1')}\n")
        await self.app(scope, receive, send)


def main() -> None:
    """Serve until told to end."""
    app = Recorder(public_app(load_settings(ReaderSettings)), Path(sys.argv[2]))
    config = uvicorn.Config(app, access_log=False, log_level="warning", lifespan="on")
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


if __name__ == "__main__":
    main()
