"""Uploaded files on their way: kept under random names until their batch is committed or a week has passed.

The folder is the owner's alone. What was uploaded may hold names and numbers, so a file that is no longer needed is
overwritten before it is removed; a file system that copies on write, or a disk that levels its wear, may keep traces.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.loading.messages import refuse

UPLOAD_LIMIT: Final = 256 * 2**20
KEPT_SECONDS: Final = 7 * 86_400
_ORPHAN_SECONDS: Final = 3_600
_PIECE: Final = 2**20
_MEGABYTE: Final = 2**20


@dataclass(frozen=True)
class StoredFile:
    """A file in the folder of uploads."""

    name: str
    sha256: str
    size: int


class Incoming:
    """A file that comes piece by piece, written under a random name. End it by `finish` or `abandon`."""

    def __init__(self, folder: Path, limit: int = UPLOAD_LIMIT) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._limit = folder, limit
        self._path = folder / secrets.token_hex(16)
        self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._digest, self._size = hashlib.sha256(), 0

    def write(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            FileRefused: FILE_TOO_BIG as soon as the limit is passed.
        """
        self._size += len(piece)
        _check_size(self._size, self._limit)
        self._digest.update(piece)
        self._file.write(piece)

    def finish(self) -> StoredFile:
        """Return what came; it is on the disk by then."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return StoredFile(self._path.name, self._digest.hexdigest(), self._size)

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        shred_file(self._folder, self._path.name)


def store_file(folder: Path, pieces: Iterable[bytes], limit: int = UPLOAD_LIMIT) -> StoredFile:
    """Write `pieces` under a random name and return what came; it is on the disk once this returns.

    Raises:
        FileRefused: FILE_TOO_BIG as soon as the limit is passed. Nothing is left behind then.
    """
    incoming = Incoming(folder, limit)
    try:
        for piece in pieces:
            incoming.write(piece)
        return incoming.finish()
    except BaseException:
        incoming.abandon()
        raise


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise refuse("FILE_TOO_BIG", megabytes=f"> {limit // _MEGABYTE}", limit=limit // _MEGABYTE)


def shred_file(folder: Path, name: str) -> None:
    """Overwrite and remove a stored file; one that is gone already is no fault."""
    path = folder / Path(name).name
    try:
        with path.open("r+b") as file:
            left = os.fstat(file.fileno()).st_size
            while left > 0:
                left -= file.write(b"\0" * min(left, _PIECE))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return


def shred_leftovers(folder: Path, kept: Iterable[str]) -> int:
    """Shred every file that is a week old, or an hour old and of no batch; return how many. `kept` names the others."""
    if not folder.is_dir():
        return 0
    known, now, shredded = set(kept), time.time(), 0
    for path in folder.iterdir():
        age = now - path.stat().st_mtime
        if age > KEPT_SECONDS or (path.name not in known and age > _ORPHAN_SECONDS):
            shred_file(folder, path.name)
            shredded += 1
    return shredded
