"""Looks at the list of a zip archive before anything in it is unpacked: XLSX and zipped Shapefiles.

Nothing is ever unpacked to disk, and `zipfile` gives no more bytes of an entry than the list says, so an honest list
bounds what is read. What a well-made file never has (links, names that lead outside, entries that share bytes, sizes
that do not agree) is refused whole.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from geo.errors import FileRefused
from geo.loading.limits import ARCHIVE_ENTRIES, ARCHIVE_MB, MEGABYTE, RATIO, RATIO_FROM_MB, UNPACKED_MB
from geo.loading.messages import refuse

_LOCAL_HEADER: Final = 30
_END_RECORD: Final = b"PK\x05\x06"
_END_BYTES: Final = 22 + 65_535
_COUNT_AT: Final = 10
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def list_archive(path: Path) -> list[zipfile.ZipInfo]:
    """Return the entries of the archive at `path`, checked.

    Raises:
        FileRefused: FILE_TOO_BIG, FILE_BOMB, FILE_ENCRYPTED, FILE_DAMAGED.
    """
    packed = path.stat().st_size
    if packed > ARCHIVE_MB * MEGABYTE:
        raise refuse("FILE_TOO_BIG", megabytes=packed // MEGABYTE, limit=ARCHIVE_MB)
    _check_count(_read_stated_count(path, packed))
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            end = archive.start_dir
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError) as wrong:
        raise refuse("FILE_DAMAGED", reason=type(wrong).__name__) from wrong
    _check_count(len(entries))
    _check_entries(entries)
    _check_overlap(entries, end)
    _check_sizes(entries, packed)
    return entries


def unpacked_megabytes(path: Path) -> int:
    """How many megabytes the file at `path` is when unpacked, as far as its list can be believed and may go."""
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            size = max(size, sum(entry.file_size for entry in archive.infolist()))
        return min(size // MEGABYTE, UNPACKED_MB)
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError):
        return size // MEGABYTE  # no archive: it is as big as it is


def _read_stated_count(path: Path, size: int) -> int:
    """How many entries the end of the archive states: a hundred thousand are not worth listing."""
    with path.open("rb") as file:
        file.seek(max(0, size - _END_BYTES))
        end = file.read()
    at = end.rfind(_END_RECORD)
    return int.from_bytes(end[at + _COUNT_AT : at + _COUNT_AT + 2], "little") if at >= 0 else 0


def _check_count(entries: int) -> None:
    if entries > ARCHIVE_ENTRIES:
        raise _bomb(
            f"The archive has {entries} entries (limit {ARCHIVE_ENTRIES})",
            f"压缩包有 {entries} 个条目（上限 {ARCHIVE_ENTRIES}）",
        )


def _check_entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            raise _bomb("An entry's name leads outside the archive", "压缩包条目的名称指向压缩包之外")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise _bomb("An entry is a link", "压缩包条目是链接")
        if entry.flag_bits & 1:
            raise refuse("FILE_ENCRYPTED")
        if entry.compress_type not in _METHODS:
            raise refuse("FILE_DAMAGED", reason="compression")
    if len({entry.filename for entry in entries}) != len(entries):
        raise _bomb("Two entries have one name", "压缩包有同名条目")


def _check_overlap(entries: Sequence[zipfile.ZipInfo], end: int) -> None:
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    starts = [*(entry.header_offset for entry in ordered[1:]), end]
    for entry, following in zip(ordered, starts, strict=False):
        if entry.header_offset + _LOCAL_HEADER + entry.compress_size > following:
            raise _bomb("Entries of the archive share bytes", "压缩包条目互相重叠")


def _check_sizes(entries: Sequence[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    ratio = unpacked // max(packed, 1)
    if unpacked > UNPACKED_MB * MEGABYTE or (unpacked > RATIO_FROM_MB * MEGABYTE and ratio > RATIO):
        raise _bomb(
            f"Unpacked size passes the limit ({unpacked // MEGABYTE} MB, limit {UNPACKED_MB} MB; "
            f"ratio {ratio}:1, limit {RATIO}:1)",
            f"解压后超过上限（{unpacked // MEGABYTE} MB，上限 {UNPACKED_MB} MB；比例 {ratio}:1，上限 {RATIO}:1）",
        )


def _bomb(why: str, why_zh: str) -> FileRefused:
    return refuse("FILE_BOMB", why=why, why_zh=why_zh)
