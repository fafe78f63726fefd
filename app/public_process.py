"""The process of the public application: `python -m app.public_process [--socket NUMBER]`.

Its environment holds the reader's credential only.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.child_process import configure, run_process
from app.main import public_app
from app.memory import hold_little
from app.settings import ReaderSettings, load_settings

if TYPE_CHECKING:
    import uvicorn


def make_server(settings: ReaderSettings) -> uvicorn.Server:
    """Make the server of the public application."""
    return configure(public_app(settings), settings.host, settings.port)


def begin() -> uvicorn.Server:
    """Make the server from the environment, in a process that holds little memory."""
    hold_little()
    return make_server(load_settings(ReaderSettings))


if __name__ == "__main__":
    sys.exit(run_process("app.public_process", begin))
