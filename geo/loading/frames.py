"""How the reading process hands a table over: frames of JSON, each after its length.

The first frame is the table's head, the last its end; between them come rows by the hundred. A process that a hostile
file has taken over can say nothing but JSON with it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, Any, Final

import orjson

from geo.loading.messages import Problem, catalogue
from geo.loading.table_file import Row, TableFile

ROWS_A_FRAME: Final = 250
LONGEST_FRAME: Final = 256 << 20
_LENGTH: Final = struct.Struct(">I")


def write_frame(pipe: IO[bytes], content: Mapping[str, Any]) -> None:
    """Write one frame. Half of a surrogate pair, which no text in UTF-8 has, becomes U+FFFD."""
    try:
        data = orjson.dumps(content, default=str)
    except (orjson.JSONEncodeError, UnicodeEncodeError):
        data = orjson.dumps(_without_surrogates(content), default=str)
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> dict[str, Any] | None:
    """Read one frame; None where the writer is gone or writes what is no frame."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length) if length <= LONGEST_FRAME else b""
    try:
        content = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return content if isinstance(content, dict) else None


def frame_head(table: TableFile) -> dict[str, Any]:
    """The frame of a table's head."""
    problems = [pack_problem(problem) for problem in table.problems]
    return {
        "kind": table.kind,
        "headers": table.headers,
        "size": table.size,
        "separator": table.separator,
        "problems": problems,
    }


def frame_rows(table: TableFile) -> Iterator[dict[str, Any]]:
    """The frames of a table's rows."""
    while chunk := list(islice(table.rows, ROWS_A_FRAME)):
        numbers, cells, problems = zip(*chunk, strict=True)
        said = [
            (at, [(position, pack_problem(problem)) for position, problem in found])
            for at, found in enumerate(problems)
            if found
        ]
        yield {"numbers": numbers, "cells": cells, "said": said, "at": table.tell()}


def unpack_rows(frame: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of a frame."""
    said = {at: tuple((position, unpack_problem(packed)) for position, packed in found) for at, found in frame["said"]}
    if not said:
        for row_no, cells in zip(frame["numbers"], frame["cells"], strict=True):
            yield row_no, cells, ()
        return
    for at, (row_no, cells) in enumerate(zip(frame["numbers"], frame["cells"], strict=True)):
        yield row_no, cells, said.get(at, ())


def pack_problem(problem: Problem) -> Sequence[Any]:
    """A problem as plain values."""
    return [problem.code, dict(problem.facts), problem.severity, problem.part]


def unpack_problem(packed: Sequence[Any]) -> Problem:
    """A problem from plain values. Raises KeyError where the catalogue does not know it."""
    code, facts, severity, part = packed
    return Problem(catalogue()[code].code, facts, severity, part)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", errors="surrogatepass").decode("utf-8", errors="replace")
    if isinstance(value, Mapping):
        return {_without_surrogates(key): _without_surrogates(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_surrogates(inner) for inner in value]
    return value
