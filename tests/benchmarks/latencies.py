"""The rows with limits in milliseconds: one question at a time, each asked for the first time, then once more."""

from __future__ import annotations

import http.client
import itertools
import time
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import numpy as np

from geo.layers import INCIDENTS
from tests.benchmarks.addresses import path_of_ours
from tests.benchmarks.questions import Pool
from tests.benchmarks.servers import Server

WORDS = (
    *("讨薪", "罢工", "堵路", "静坐", "停运", "示威", "上访", "求助", "社保", "裁员", "工伤", "坍塌", "触电", "火灾"),
    *("中暑", "窒息", "煤业", "农场", "出租", "司机", "建筑", "环卫", "教师", "百货", "热力", "警方", "调解", "维权"),
    *("深圳", "广州", "郑州", "西安", "宏达", "鑫源"),
)
"""Words of two characters, in half of all records or in very few."""

LEVELS = ("province", "prefecture", "county")
CROSSED = (None, "industry", "year", "layer", "demands")
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"datetime": "2016-01-01/2016-12-31"},
    {"industry": "construction"},
    {"industry": "manufacturing,mining", "datetime": "2014-01-01/2019-12-31"},
    {"demands": "wage_arrears"},
    {"region": "440000"},
    {"participants_min": "100"},
    {"ownership": "private", "datetime": "2020-01-01/.."},
    {"bbox": "110,20,120,30"},
    {"q": "讨薪"},
    {"verification": "corroborated", "industry": "unknown"},
)


@dataclass(frozen=True, kw_only=True)
class Timed:
    """Milliseconds of one row: of first and of repeated questions, in the order they were asked.

    `refused` are the questions that were not answered when they were first asked, and how.
    """

    name: str
    says: str
    first: list[float]
    repeated: list[float]
    refused: list[str]

    def tell(self, which: str) -> tuple[float, float, float]:
        """Return median, 95th percentile and the largest."""
        taken = np.array(getattr(self, which))
        return float(np.median(taken)), float(np.percentile(taken, 95)), float(taken.max())


def time_questions(server: Server, name: str, says: str, paths: list[str]) -> Timed:
    """Ask each question twice over one kept connection."""
    host = urlsplit(server.base).netloc
    connection = http.client.HTTPConnection(host, timeout=60)
    first, repeated, refused = [], [], []
    for path in paths:
        status, taken = time_one(connection, path)
        first.append(taken)
        repeated.append(time_one(connection, path)[1])
        if status != http.client.OK:
            refused.append(f"{path}: {status}")
    connection.close()
    return Timed(name=name, says=says, first=first, repeated=repeated, refused=refused)


def time_one(connection: http.client.HTTPConnection, path: str) -> tuple[int, float]:
    """Return the status, and the milliseconds from sending a question to having all of its answer."""
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status, (time.perf_counter() - began) * 1_000


def write_filter(chosen: dict[str, str]) -> str:
    """Return filters as the end of a query."""
    return "".join(f"&{name}={quote(value, safe=',/:')}" for name, value in chosen.items())


def count_paths() -> list[str]:
    """Return counts by each region level, alone and crossed, under each filter."""
    paths = []
    for level, crossed, chosen in itertools.product(LEVELS, CROSSED, FILTERS):
        collection = "strikes" if "demands" in (crossed, *chosen) else "incidents"
        by = level if crossed is None else f"{level},{crossed}"
        paths.append(f"/api/collections/{collection}/counts?by={by}{write_filter(chosen)}")
    return paths


def facet_paths() -> list[str]:
    """Return all facets of the incidents, and of each layer of them, under each filter."""
    paths = []
    for collection, chosen in itertools.product(("incidents", *INCIDENTS), FILTERS):
        if "demands" not in chosen or collection in {"strikes", "incidents"}:
            paths.append(f"/api/collections/{collection}/facets?{write_filter(chosen)[1:]}".rstrip("?"))
    return paths


def search_paths(what: str) -> list[str]:
    """Return searches for words of two characters: the first page, or how many there are."""
    ending = {"page": "items?q={}", "count": "counts?by=layer&q={}"}[what]
    return [f"/api/collections/incidents/{ending.format(quote(word))}" for word in WORDS]


def tile_paths(pool: Pool) -> list[str]:
    """Return the tiles of zooms 4 to 7 that hold records."""
    return [path_of_ours(tile) for zoom in (4, 5, 6, 7) for tile in pool.tiles[zoom]]
