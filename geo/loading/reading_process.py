"""Starts the process in which a file is read, and hands on the rows that it sends.

A hostile file can then take no more than that process has: a reader that is killed, or says what it should not, refuses
the file. Reading goes on beside checking, so that it costs a large load no time of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

import orjson

from geo.errors import FileRefused
from geo.loading.file_formats import Choices
from geo.loading.frames import read_frame, unpack_problem, unpack_rows
from geo.loading.limits import MEMORY_MB, SECONDS, Limits
from geo.loading.messages import catalogue, refuse
from geo.loading.table_file import Row, TableFile

_ENVIRONMENT: Final = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONPATH": str(Path(__file__).resolve().parents[2]),  # the program that asks, should there be two of it
}
_GRACE_SECONDS: Final = 5.0
_COMMAND: Final = (sys.executable, "-P", "-s", "-m", "geo.loading.reading_child")


def read_apart(path: Path, choices: Choices, limits: Limits) -> TableFile:
    """Open the file at `path` in a process of its own; closing the table ends it.

    Raises:
        FileRefused: whatever the readers refuse; FILE_MEMORY, FILE_SLOW or FILE_DAMAGED where the process was stopped.
    """
    asked = {"path": str(path.absolute()), "choices": asdict(choices), "limits": asdict(limits)}
    process = subprocess.Popen(  # noqa: S603  (this very program)
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    )
    try:
        return _open(process, orjson.dumps(asked))
    except BaseException:
        _end(process)
        raise


def _open(process: subprocess.Popen[bytes], asked: bytes) -> TableFile:
    question, answer = _pipes_of(process)
    with question:
        question.write(asked)
    head = _expect(process, answer)
    problems = [unpack_problem(packed) for packed in head["problems"]]
    table = TableFile(str(head["kind"]), [str(header) for header in head["headers"]], iter(()), problems)
    reached = [0]
    table.separator = str(head["separator"])
    table.rows = _walk(process, answer, table, reached)
    table.tell, table.size, table.close = (lambda: reached[0]), int(head["size"]), lambda: _end(process)
    return table


def _walk(process: subprocess.Popen[bytes], answer: IO[bytes], table: TableFile, reached: list[int]) -> Iterator[Row]:
    wanted = len(table.headers)
    while "end" not in (frame := _expect(process, answer)):
        if any(len(cells) != wanted for cells in frame["cells"]):
            raise refuse("FILE_DAMAGED", reason="row")
        yield from unpack_rows(frame)
        reached[0] = int(frame["at"])
    table.problems += [unpack_problem(packed) for packed in frame["problems"]]


def _expect(process: subprocess.Popen[bytes], answer: IO[bytes]) -> dict[str, Any]:
    frame = read_frame(answer)
    if frame is None:
        raise _explain_end(process)
    if "refused" in frame:
        _end(process)
        raise refuse(catalogue()[frame["refused"]].code, **frame["facts"])
    return frame


def _explain_end(process: subprocess.Popen[bytes]) -> FileRefused:
    """Say why the process ended before the file did."""
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _end(process)
    if process.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return refuse("FILE_SLOW", seconds=SECONDS)
    if process.returncode in {-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS}:
        return refuse("FILE_MEMORY", limit=MEMORY_MB)
    return refuse("FILE_DAMAGED", reason=f"reader {process.returncode}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop the process if it still runs, and take leave of it."""
    _, answer = _pipes_of(process)
    answer.close()
    process.kill()
    process.wait()


def _pipes_of(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The reading process was started without pipes.")
    return process.stdin, process.stdout
