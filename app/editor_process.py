"""The process of the editors' application: `python -m app.editor_process [--socket NUMBER]`.

Its environment holds the editors' credential only.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.child_process import configure, run_process
from app.editor_app import editor_app
from app.settings import EditorSettings, load_settings

if TYPE_CHECKING:
    import uvicorn


def begin() -> uvicorn.Server:
    """Make the server of the editors' application from the environment."""
    settings = load_settings(EditorSettings)
    return configure(editor_app(settings), settings.editor_host, settings.port_for_editors)


if __name__ == "__main__":
    sys.exit(run_process("app.editor_process", begin))
