"""Opens a file by what its first bytes say it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.loading.csv_reader import open_csv
from geo.loading.messages import refuse
from geo.loading.table_file import TableFile
from geo.loading.xlsx_reader import open_xlsx

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OTHER_FORMATS: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"SQLite format 3",
    b"Rar!",
    b"7z\xbc",
)
_MARKUP: Final = re.compile(rb"\s*(?:<[?!A-Za-z]|[{\[])")
_BEGINNING: Final = 20


@dataclass(frozen=True)
class Choices:
    """What the person who loads has decided where a file leaves it open."""

    encoding: str | None = None
    sheet: str | None = None


READERS: Final[tuple[tuple[bytes, Callable[[Path, Choices], TableFile]], ...]] = (
    (b"PK\x03\x04", lambda path, choices: open_xlsx(path, choices.sheet)),
)
"""The first bytes of each format and what opens such a file; text without a mark of its own is read as CSV."""


def open_table(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> TableFile:
    """Open the file at `path` as a table of text.

    Raises:
        FileRefused: it is empty, of another format, or cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(b"\xef\xbb\xbf \r\n\t"):
        raise refuse("FILE_EMPTY")
    if start.startswith(_OLE):
        raise refuse("FILE_ENCRYPTED" if _ENCRYPTED in path.read_bytes() else "FILE_MACRO")
    choices = Choices(encoding, sheet)
    for magic, reader in READERS:
        if start.startswith(magic):
            return reader(path, choices)
    is_binary = b"\0" in start and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if is_binary or start.startswith(_OTHER_FORMATS) or _MARKUP.match(start.removeprefix(b"\xef\xbb\xbf")):
        raise refuse("FILE_TYPE", begins=_show(start))
    return open_csv(path, encoding)


def _show(start: bytes) -> str:
    text = start.lstrip()[:_BEGINNING].decode("ascii", errors="replace").split("\n")[0]
    return "".join(char if char.isprintable() and char != "\ufffd" else "?" for char in text)
