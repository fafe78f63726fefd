"""The process in which a file is read: `python -m geo.loading.reading_child`, asked on its standard input.

It has little memory, little time, no network where the system lets it go, may write no file, and knows no credentials.
What it finds goes to its standard output (`geo.loading.frames`).
"""

from __future__ import annotations

import gc
import os
import resource
import sys
from pathlib import Path
from typing import IO, Any, Final

import orjson

from geo.errors import FileRefused
from geo.loading.archives import unpacked_megabytes
from geo.loading.file_formats import Choices, open_here
from geo.loading.frames import frame_head, frame_rows, pack_problem, write_frame
from geo.loading.limits import MEGABYTE, MEMORY_MB, SECONDS, SECONDS_A_MEGABYTE, Limits

_FILES: Final = 32
_MORE_SECONDS: Final = 5
_GARBAGE: Final = 100_000  # rows are no garbage; looking for some in them costs a tenth of the time
_NEW_USER_AND_NETWORK: Final = (0x10000000 | 0x40000000, 0x40000000)  # CLONE_NEWUSER with CLONE_NEWNET; the latter


def main() -> None:
    """Read the file that standard input names, within the limits."""
    asked = orjson.loads(sys.stdin.buffer.read())
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing else gets between the frames
    gc.set_threshold(_GARBAGE)
    path = Path(asked["path"])
    _leave_network()
    _set_limits(unpacked_megabytes(path))
    try:
        _hand_over(pipe, path, asked)
    except FileRefused as refused:
        write_frame(pipe, {"refused": refused.code, "facts": refused.facts})
    except MemoryError:
        write_frame(pipe, {"refused": "FILE_MEMORY", "facts": {"limit": MEMORY_MB}})
    except BrokenPipeError:
        os._exit(0)  # nobody reads on; a flush at the end could only fail again
    except Exception as wrong:  # noqa: BLE001  (whatever a hostile file makes a reader raise, the file is refused)
        write_frame(pipe, {"refused": "FILE_DAMAGED", "facts": {"reason": type(wrong).__name__}})


def _hand_over(pipe: IO[bytes], path: Path, asked: dict[str, Any]) -> None:
    table = open_here(path, Choices(**asked["choices"]), Limits(**asked["limits"]))
    told = len(table.problems)
    write_frame(pipe, frame_head(table))
    for frame in frame_rows(table):
        write_frame(pipe, frame)
    write_frame(pipe, {"end": True, "problems": [pack_problem(problem) for problem in table.problems[told:]]})


def _set_limits(megabytes: int) -> None:
    seconds = SECONDS + int(megabytes * SECONDS_A_MEGABYTE)
    for limit, soft, hard in (
        (resource.RLIMIT_AS, MEMORY_MB * MEGABYTE, MEMORY_MB * MEGABYTE),
        (resource.RLIMIT_CPU, seconds, seconds + _MORE_SECONDS),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, _FILES, _FILES),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(limit, (soft, hard))


def _leave_network() -> None:
    """Go where there is no network, if the system allows it; the readers never ask for one."""
    try:
        import ctypes  # noqa: PLC0415

        system = ctypes.CDLL(None)
        any(system.unshare(flags) == 0 for flags in _NEW_USER_AND_NETWORK)
    except (ImportError, OSError, AttributeError):
        return  # not Linux


if __name__ == "__main__":
    main()
