"""The attribute table of a Shapefile (dBASE III): fields of fixed width, read in one walk without going back.

Nothing that the header claims is believed further than the bytes reach: a field without width, records shorter than
their fields or more records than there are bytes refuse the file.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from geo.loading.messages import refuse
from geo.loading.table_file import MAX_COLUMNS

_HEADER: Final = 32
_FIELD: Final = 32
_END_OF_FIELDS: Final = 0x0D
_NAME_BYTES: Final = 11
_KINDS: Final = frozenset(b"CNFDLIM")
_DELETED: Final = ord("*")
_CODE_PAGES: Final = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5"}
"""Language marks of the header that say something certain about Chinese text."""
_BOOLEANS: Final = dict.fromkeys("TtYy", "true") | dict.fromkeys("FfNn", "false")


class Stream(Protocol):
    """What the table is read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to so many bytes."""


@dataclass(frozen=True)
class Field:
    """One column. `name` is as the bytes have it."""

    name: bytes
    kind: str
    start: int
    width: int


@dataclass(frozen=True)
class Layout:
    """What the header says. `encoding` is None where it leaves that open."""

    records: int
    width: int
    fields: tuple[Field, ...]
    encoding: str | None


def read_layout(stream: Stream, size: int) -> Layout:
    """Read the header, up to the first record; `size` is how many bytes there are in all."""
    head = stream.read(_HEADER)
    if len(head) < _HEADER:
        raise _damaged("dbf header")
    records, header, width = struct.unpack_from("<IHH", head, 4)
    if header < _HEADER + 1 or width < 2 or header + records * width > size + width:  # noqa: PLR2004
        raise _damaged("dbf header")
    rest = stream.read(header - _HEADER)
    fields = _read_fields(rest, width)
    return Layout(records, width, fields, _CODE_PAGES.get(head[29]))


def _read_fields(rest: bytes, width: int) -> tuple[Field, ...]:
    fields = []
    start = 1
    for at in range(0, len(rest), _FIELD):
        if rest[at] == _END_OF_FIELDS or len(rest) - at < _FIELD:
            break
        kind, length = rest[at + 11], rest[at + 16]
        if kind not in _KINDS or length == 0 or start + length > width:
            raise _damaged("dbf field")
        fields.append(Field(rest[at : at + _NAME_BYTES].split(b"\0")[0], chr(kind), start, length))
        start += length
    if not fields:
        raise _damaged("dbf field")
    if len(fields) > MAX_COLUMNS:
        raise refuse("HDR_TOO_MANY", limit=MAX_COLUMNS)
    return tuple(fields)


def walk_records(stream: Stream, layout: Layout) -> Iterator[bytes | None]:
    """Give the bytes of each record; None for a deleted one."""
    for _ in range(layout.records):
        record = stream.read(layout.width)
        if len(record) < layout.width:
            raise _damaged("dbf records")
        yield None if record[0] == _DELETED else record


def is_encoded(stream: Stream, layout: Layout, encoding: str) -> bool:
    """Whether the texts of all records are `encoding`; the last sign of a text may have been cut by its field."""
    texts = [field for field in layout.fields if field.kind == "C"]
    make = codecs.getincrementaldecoder(encoding)
    try:
        for field in layout.fields:
            make().decode(field.name)
        for record in walk_records(stream, layout):
            if record is not None and not record.isascii():
                for field in texts:
                    make().decode(record[field.start : field.start + field.width].rstrip(b" \0"))
    except UnicodeDecodeError:
        return False
    return True


def decode(text: bytes, encoding: str) -> str:
    """Decode a text; a last sign that its field cut in two is left out, other faults show as U+FFFD."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(text)


def read_cells(record: bytes, fields: Sequence[Field], encoding: str) -> list[str]:
    """Return the cells of a record as text."""
    return [_read_cell(field, record[field.start : field.start + field.width], encoding) for field in fields]


def _read_cell(field: Field, raw: bytes, encoding: str) -> str:
    if field.kind == "I" and len(raw) == 4:  # noqa: PLR2004  (a binary integer)
        return str(struct.unpack("<i", raw)[0])
    text = decode(raw.rstrip(b" \0"), encoding).strip()
    if field.kind == "L":
        return _BOOLEANS.get(text, "")
    if field.kind in "NF" and "." in text and "e" not in text.lower():
        return text.rstrip("0").rstrip(".") or "0"
    return text


def _damaged(reason: str) -> Exception:
    return refuse("FILE_DAMAGED", reason=reason)
