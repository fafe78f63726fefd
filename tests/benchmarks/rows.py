"""The rows that are measured by answers a second: who is asked what."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.addresses import PATHS
from tests.benchmarks.binary_clients import Statement
from tests.benchmarks.questions import Pool, Question
from tests.benchmarks.servers import Server
from tests.benchmarks.statements import page_sql, tile_sql

ALONE = "postgresql"
REPEATED = 16
"""Questions that are asked over and over where a row is of repeated ones."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its name, what it says, the questions, and who is asked them.

    `conditional` sends the ETag of each answer with the question, so that 304 comes.
    """

    name: str
    says: str
    questions: list[Question]
    servers: tuple[str, ...]
    conditional: bool = False
    statements: list[str] = field(default_factory=list)
    binary_statements: list[Statement] = field(default_factory=list)


def make_rows(pool: Pool) -> list[Row]:
    """Return all rows in the order they are measured and shown."""
    tiles = pool.new_tiles(10)
    repeated = pool.pages(10)[:REPEATED]
    return [
        *(page_row(f"page of {limit:,}", f"page-{limit}", list(pool.pages(limit))) for limit in (10, 100, 1_000)),
        page_row("bbox of a province, 1,000", "bbox", list(pool.boxes(1_000))),
        page_row("layer and year, 100", "year", list(pool.years(100))),
        page_row("first page of a bbox never asked before, 1,000", "bbox-new", list(pool.new_boxes(1_000))),
        page_row("first page of a layer and days never asked before, 100", "days-new", list(pool.new_spans(100))),
        Row(name="item", says="one item", questions=list(pool.ids), servers=("ours", "bare", "tipg", "pygeoapi")),
        Row(name="repeated-10", says="repeated page of 10", questions=list(repeated), servers=("ours", "bare")),
        Row(
            name="repeated-100",
            says="repeated page of 100",
            questions=list(pool.pages(100)[:REPEATED]),
            servers=("ours", "bare"),
        ),
        Row(
            name="tile-10",
            says="MVT z10",
            questions=list(tiles),
            servers=(ALONE, "ours", "tipg"),
            binary_statements=[tile_sql(tile) for tile in tiles[:200]],
        ),
        Row(name="304", says="304", questions=list(repeated), servers=("ours", "bare"), conditional=True),
    ]


def page_row(says: str, name: str, questions: list[Question]) -> Row:
    """Return a row of pages: PostgreSQL alone, ourselves and the peers."""
    statements = [page_sql(question) for question in questions[:200]]
    servers = (ALONE, "ours", "tipg", "pygeoapi")
    return Row(name=name, says=says, questions=questions, servers=servers, statements=statements)


def write_questions(row: Row, server: Server, folder: Path) -> Path:
    """Write the lines that `walk.lua` reads."""
    path_of = PATHS[server.name]
    paths: Iterable[str] = (path_of(question) for question in row.questions)
    if row.conditional and server.name == "ours":
        paths = (f"{path}\t{fetch_etag(server.base + path)}" for path in paths)
    written = folder / f"{row.name}.{server.name}.txt"
    written.write_text("\n".join(paths) + "\n", encoding="utf-8")
    return written


def fetch_etag(address: str) -> str:
    """Return the validator of an answer."""
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310  (our own loopback address)
        return str(answer.headers["ETag"])
