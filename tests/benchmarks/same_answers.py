"""Before anything is measured: do all servers give the same records, and PostgreSQL alone the same bytes?"""

from __future__ import annotations

import json
import urllib.request

import psycopg

from geo.errors import SetupError
from tests.benchmarks.addresses import PATHS
from tests.benchmarks.benchmark_database import Opened, plain_url, say
from tests.benchmarks.questions import Question, Span
from tests.benchmarks.rows import ALONE, Row
from tests.benchmarks.servers import Server

CHECKED = 3
"""Questions of each row of pages."""


def check_answers(opened: Opened, servers: dict[str, Server], rows: list[Row]) -> None:
    """Compare what all give to the first questions of each row of pages. Raises SetupError where they differ."""
    checked = 0
    with psycopg.connect(plain_url(opened.reader_url), autocommit=True) as connection:
        for row in (row for row in rows if row.statements):
            for number, question in enumerate(row.questions[:CHECKED]):
                ours = fetch(servers["ours"], PATHS["ours"](question))
                features = connection.execute(row.statements[number].encode()).fetchone()
                if features is None or str(features[0] or "").encode() not in ours:
                    raise SetupError(f"{row.says}: {ALONE} gives other bytes than we do for {question}.")
                wanted = list_ids(ours, question)
                for name in (name for name in row.servers if name in servers and name != "ours"):
                    found = json.loads(fetch(servers[name], PATHS[name](question)))["features"]
                    if [feature["properties"]["public_id"] for feature in found] != wanted:
                        raise SetupError(f"{row.says}: {name} gives other records than we do for {question}.")
                checked += 1
    say(f"{checked} pages compared: all servers give the same records in the same order")


def list_ids(body: bytes, question: Question) -> list[str]:
    """Return the ids of our page; of a span, those of records that also began in it, for the peers know one day."""
    first = str(question.first) if isinstance(question, Span) else ""
    features = json.loads(body)["features"]
    return [feature["id"] for feature in features if feature["properties"]["starts_on"] >= first]


def fetch(server: Server, path: str) -> bytes:
    """Return the body of an answer."""
    with urllib.request.urlopen(server.base + path, timeout=120) as answer:  # noqa: S310  (our own loopback address)
        body: bytes = answer.read()
        return body
