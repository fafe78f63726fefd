"""How much a file may ask of this machine, whoever brings it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MEGABYTE: Final = 1 << 20

MEMORY_MB: Final = 512
"""Address space of the process that reads a file."""

SECONDS: Final = 60
SECONDS_A_MEGABYTE: Final = 1.0
"""Processor time of that process: so much, and so much more for each unpacked megabyte."""

ARCHIVE_MB: Final = 64
UNPACKED_MB: Final = 400
RATIO: Final = 100
RATIO_FROM_MB: Final = 8
"""A small sheet of repeated words packs well and harms nobody."""
ARCHIVE_ENTRIES: Final = 5000

CELL_CHARACTERS: Final = 131_072
"""The longest cell of formats that have no limit of their own; a CSV's is the same."""


@dataclass(frozen=True)
class Limits:
    """Limits of a file that differ between who loads it. None: there is none."""

    megabytes: int | None = None
    rows: int | None = None


OPERATOR_LIMITS: Final = Limits()
"""Of the command line: what a file holds, this machine will read."""

UPLOAD_LIMITS: Final = Limits(megabytes=256, rows=1_000_000)
"""Of files that come over the network."""
