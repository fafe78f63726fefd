"""What a long command says while it works: one line a step, with its time."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

TERMINAL_SECONDS = 0.2  # between two pictures of one progress
FILE_SECONDS = 5.0  # between two lines where nothing can be drawn over


class Progress:
    """Writes steps to `out`. On a terminal the running step is drawn over; elsewhere it gets a line now and then."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._drawn = False
        self._spoke_at = time.monotonic()

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Say `text` with the seconds it took, once the block is done."""
        began = time.monotonic()
        if self._out.isatty():
            self._draw(f"{text} ...")
        yield
        self.say(f"{text}: {time.monotonic() - began:.1f} s")

    def count(self, text: str, done: int, total: int) -> None:
        """Show how far something is. Call it as often as you like; it speaks rarely."""
        terminal = self._out.isatty()
        now = time.monotonic()
        if now - self._spoke_at < (TERMINAL_SECONDS if terminal else FILE_SECONDS):
            return
        self._spoke_at = now
        shown = f"  {text} {done} of {total}"
        if terminal:
            self._draw(shown)
        else:
            self.say(shown)

    def say(self, line: str) -> None:
        """Write one line, over what was drawn last."""
        self._out.write(("\r\033[K" if self._drawn else "") + line + "\n")
        self._out.flush()
        self._drawn = False

    def _draw(self, text: str) -> None:
        self._out.write(f"\r\033[K{text}")
        self._out.flush()
        self._drawn = True
