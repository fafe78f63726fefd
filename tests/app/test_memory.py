"""How the public process holds memory."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import asyncio, sys
from pathlib import Path
from app import memory

def held():
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1])

async def main():
    if sys.argv[1] == "told":
        memory.hold_little()
    blocks = [bytes(2_000) for _ in range(50_000)]
    kept = blocks[::50]
    del blocks
    before = held()
    async with memory.give_back_now_and_then():
        await asyncio.sleep(1)
    print(before - held())

asyncio.run(main())
"""


def give_back(*arguments: str) -> int:
    """Return how many kB of 100 MB, free between blocks that are still needed, went back to the system."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_free_pages_between_others_go_back() -> None:
    """What answers needed is not held because something small lies behind it."""
    assert give_back("told") > 70_000


def test_a_process_that_was_told_nothing_is_left_alone() -> None:
    """Programs that use the application in their own process keep malloc's ways."""
    assert give_back("untold") < 10_000
