"""Clients of PostgreSQL alone for answers that are bytes: as many processes as pgbench has clients, each with psycopg.

pgbench takes answers as text, and bytes as text are twice as long. What a process of the driver adds to an answer of
some milliseconds is little.
"""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import psycopg

from tests.benchmarks.benchmark_database import plain_url
from tests.benchmarks.generators import CLIENTS, QUIET, Measured

Statement = tuple[str, dict[str, Any]]
"""SQL in psycopg's form, and its values."""


def ask_database_for_bytes(url: str, statements: list[Statement], seconds: float) -> Measured:
    """Let the clients send prepared statements, each its own share in turn, for some seconds."""
    shares = [statements[number::CLIENTS] for number in range(CLIENTS)]
    with ProcessPoolExecutor(CLIENTS, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(send_share, itertools.repeat(plain_url(url)), shares, itertools.repeat(seconds)))
    answers = sum(count for count, _, _ in found)
    taken = sum(size for _, _, size in found)
    rate = sum(count / elapsed for count, elapsed, _ in found)
    return Measured(rate=rate, bytes=taken / max(1, answers), answers=answers, wrong=0)


def send_share(address: str, statements: list[Statement], seconds: float) -> tuple[int, float, int]:
    """Send statements one after the other; return how many, in how many seconds, and the bytes that came."""
    with psycopg.connect(address, autocommit=True, prepare_threshold=0, options=QUIET) as connection:
        cursor = connection.cursor(binary=True)
        cursor.execute(*statements[0])
        answers, size, began = 0, 0, time.monotonic()
        for sql, values in itertools.cycle(statements):
            row = cursor.execute(sql, values).fetchone()
            answers += 1
            size += sum(len(value) for value in row or () if isinstance(value, (bytes, str)))
            if time.monotonic() - began >= seconds:
                break
        return answers, time.monotonic() - began, size
