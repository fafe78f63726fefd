"""The file of a backup: a tar with the dump of the database first and, after it, a manifest that says what is in it.

The dump is written as it comes, so a backup needs no second copy on the disk: its place in the tar is kept free and its
length filled in at the end. Any tar can take the file apart.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import orjson

from geo.errors import DataError

FORMAT: Final = 1
DUMP: Final = "labourmap.dump"
MANIFEST: Final = "manifest.json"
CHUNK: Final = 2**20

Take = Callable[[bytes], None]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds. `rows` counts those of each table, `accounts` are names and roles without any secret."""

    made_at: str
    revision: str
    dataset_version: int
    rows: dict[str, int]
    accounts: list[dict[str, Any]] = field(default_factory=list)
    sha256: str = ""
    bytes: int = 0
    format: int = FORMAT


class Backup:
    """A backup that is read."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            self._tar = tarfile.open(fileobj=self._file)  # noqa: SIM115  (reads the file, which `close` closes)
            self.manifest = read_manifest(self._tar)
            self._dump = self._tar.getmember(DUMP)
        except (tarfile.TarError, KeyError, OSError, ValueError) as problem:
            self._file.close()
            raise DataError(f"{path.name} is no backup of Labour Map, or it was cut short.") from problem

    def walk(self) -> Iterator[bytes]:
        """Give the dump in pieces."""
        file = self._tar.extractfile(self._dump)
        while file is not None and (piece := file.read(CHUNK)):
            yield piece

    def check(self, progress: Callable[[int, int], None]) -> None:
        """Read the dump once and compare it with the manifest. Raises DataError when it was damaged."""
        digest, done = hashlib.sha256(), 0
        for piece in self.walk():
            digest.update(piece)
            done += len(piece)
            progress(done, self.manifest.bytes)
        if (digest.hexdigest(), done) != (self.manifest.sha256, self.manifest.bytes):
            raise DataError("The backup is damaged: its dump is not the one that was written.")

    def close(self) -> None:
        """Close the file."""
        self._tar.close()
        self._file.close()


def read_manifest(tar: tarfile.TarFile) -> Manifest:
    """Read what the backup says of itself."""
    file = tar.extractfile(MANIFEST)
    said = orjson.loads(file.read() if file else b"")
    if said.get("format") != FORMAT:
        raise DataError("The backup was made by a newer release; restore it with that one.")
    return Manifest(**said)


def write_archive(path: Path, fill: Callable[[Take], Manifest]) -> Manifest:
    """Write a backup to `path`, readable by us alone. `fill` gives the dump piece by piece and returns the manifest.

    The file appears under its name only when it is whole.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            manifest = _write(file, fill)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(file: IO[bytes], fill: Callable[[Take], Manifest]) -> Manifest:
    digest, size = hashlib.sha256(), 0

    def take(piece: bytes) -> None:
        nonlocal size
        file.write(piece)
        digest.update(piece)
        size += len(piece)

    file.write(b"\0" * tarfile.BLOCKSIZE)
    said = fill(take)
    _pad(file, size)
    manifest = Manifest(**{**asdict(said), "sha256": digest.hexdigest(), "bytes": size})
    text = orjson.dumps(manifest, option=orjson.OPT_INDENT_2)
    file.write(_head(MANIFEST, len(text)) + text)
    _pad(file, len(text))
    file.write(b"\0" * tarfile.BLOCKSIZE * 2)
    file.seek(0, io.SEEK_SET)
    file.write(_head(DUMP, size))
    return manifest


def _head(name: str, size: int) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry.tobuf(tarfile.GNU_FORMAT)


def _pad(file: IO[bytes], size: int) -> None:
    file.write(b"\0" * (-size % tarfile.BLOCKSIZE))
