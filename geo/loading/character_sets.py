"""Which encoding a text file is in: its byte-order mark, else strict UTF-8, else strict GB18030.

Statistics fail on short Chinese files, so none decide. Where the bytes are also Big5, and its reading has the larger
share of common characters, nobody but a person can tell: the file is held.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.loading.messages import Problem, refuse

_CHUNK: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON_BIG5: Final = range(0xA4, 0xC7)  # lead bytes of Big5's frequently used characters
_COMMON_GB: Final = range(0xB0, 0xD8)  # lead bytes of level 1 of GB 2312


@dataclass(frozen=True)
class CharacterSet:
    """How to decode a file, and what a person should know about it."""

    encoding: str
    problem: Problem | None = None


def find_character_set(path: Path, chosen: str | None = None) -> CharacterSet:
    """Find the encoding of the whole file at `path`.

    Raises:
        FileRefused: ENC_INVALID, ENC_UNREADABLE (not the chosen encoding), ENC_BIG5 (two readings, none chosen).
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if chosen:
        encoding = _look_up(chosen)
        wrong = _find_invalid(path, encoding)
        if wrong:
            raise refuse("ENC_UNREADABLE", line=wrong[0], byte=wrong[1], encoding=chosen)
        return CharacterSet(encoding)
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return _marked(path, encoding)
    if not _find_invalid(path, "utf-8"):
        return CharacterSet("utf-8")
    wrong = _find_invalid(path, "gb18030")
    if wrong:
        raise refuse("ENC_INVALID", line=wrong[0], byte=wrong[1])
    big5 = _read_as_big5(sample)
    if big5:
        raise refuse("ENC_BIG5", big5=big5[0], gb18030=big5[1])
    return CharacterSet("gb18030", Problem("ENC_GB18030"))


def _marked(path: Path, encoding: str) -> CharacterSet:
    wrong = _find_invalid(path, encoding)
    if wrong:
        raise refuse("ENC_UNREADABLE", line=wrong[0], byte=wrong[1], encoding=encoding)
    if encoding == "utf-16":
        return CharacterSet(encoding, Problem("ENC_UTF16"))
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline().strip().split(",")[0].strip('"')
    return CharacterSet(encoding, Problem("ENC_UTF8_BOM", {"first": first}))


def _look_up(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise refuse("ENC_UNREADABLE", line=1, byte=1, encoding=name) from None


def _find_invalid(path: Path, encoding: str) -> tuple[int, int] | None:
    """Return (line, byte in the line) of the first byte that is not `encoding`, both from 1; None if all is well."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            read += len(chunk)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as wrong:
                return _locate(path, read - len(wrong.object) + wrong.start)
            if not chunk:
                return None


def _locate(path: Path, offset: int) -> tuple[int, int]:
    passed = 0
    number = 1
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):  # noqa: B007  (the last number is wanted after the loop)
            if passed + len(line) > offset:
                break
            passed += len(line)
    return number, offset - passed + 1


def _read_as_big5(sample: bytes) -> tuple[str, str] | None:
    """Return the first words in both readings when Big5's has the larger share of common characters."""
    cut = sample if len(sample) < _SAMPLE else sample[: sample.rfind(b"\n") + 1]
    try:
        big5, gb = cut.decode("big5"), cut.decode("gb18030")
    except UnicodeDecodeError:
        return None
    if _share_of_common(big5, "big5", _COMMON_BIG5) <= _share_of_common(gb, "gb18030", _COMMON_GB):
        return None
    return _first_words(big5), _first_words(gb)


def _share_of_common(text: str, encoding: str, common: range) -> float:
    foreign = [char.encode(encoding) for char in text if ord(char) > 0x7F]  # noqa: PLR2004  (beyond ASCII)
    return sum(len(code) == 2 and code[0] in common for code in foreign) / max(len(foreign), 1)  # noqa: PLR2004


def _first_words(text: str) -> str:
    return " / ".join(text.splitlines()[0].replace("\t", ",").split(",")[:3])
