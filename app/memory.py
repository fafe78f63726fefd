"""How the public process holds memory: what an answer needed goes back to the system when the answer is made."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
from collections.abc import AsyncIterator

COLLECT_AFTER = (20_000, 20, 20)
"""Objects made and still there, after which Python looks for cycles (`gc.set_threshold`): one answer with tens of
thousands of cells makes as many, and none of them is part of one."""

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Numbers of glibc's `mallopt` (malloc.h)."""
LARGE = 2**22
"""Bytes, from which on an allocation is a mapping of its own, and unused bytes at the end of the heap are returned."""

SECONDS = 60.0
"""Between two times that free pages in the middle of the heap go back to the system."""


def hold_little() -> None:
    """Set Python's collector and glibc's malloc for a process that makes large answers now and then.

    By themselves they let the heap grow: after 15,000 mixed requests on 1,000,000 records 495 MB were held where 315
    were needed. Other C libraries know no `mallopt`, and are left as they are.
    """
    gc.set_threshold(*COLLECT_AFTER)
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        for option, value in ((M_ARENA_MAX, 1), (M_MMAP_THRESHOLD, LARGE), (M_TRIM_THRESHOLD, 2 * LARGE)):
            library.mallopt(option, value)


def settle() -> None:
    """Let the collector never look again at what is there by now, in a process that was told to hold little.

    The program and the first columns stay; for each answer with many cells it would go through all of them.
    """
    if gc.get_threshold() == COLLECT_AFTER:
        gc.collect()
        gc.freeze()


@contextlib.asynccontextmanager
async def give_back_now_and_then() -> AsyncIterator[None]:
    """Let free pages go back to the system as long as this is entered, in a process that was told to hold little.

    malloc itself returns only what is free at the end of the heap: of 275 MB, 26 were free somewhere in the middle.
    """
    library = ctypes.CDLL(None)
    if gc.get_threshold() != COLLECT_AFTER or not hasattr(library, "malloc_trim"):
        yield
        return
    task = asyncio.create_task(_give_back(library))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _give_back(library: ctypes.CDLL) -> None:
    while True:
        await asyncio.to_thread(library.malloc_trim, 0)  # some 30 ms for 250 MB
        await asyncio.sleep(SECONDS)
