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
    """Milliseconds of one row: of first and of repeated questions, in the order they were asked."""

    name: str
    says: str
    first: list[float]
    repeated: list[float]

    def tell(self, which: str) -> tuple[float, float, float]:
        """Return median, 95th percentile and the largest."""
        taken = np.array(getattr(self, which))
        return float(np.median(taken)), float(np.percentile(taken, 95)), float(taken.max())


def time_questions(server: Server, name: str, says: str, paths: list[str]) -> Timed:
    """Ask each question twice over one kept connection. An answer that is not 200 ends the run."""
    host = urlsplit(server.base).netloc
    connection = http.client.HTTPConnection(host, timeout=60)
    first, repeated = [], []
    for path in paths:
        first.append(time_one(connection, path))
        repeated.append(time_one(connection, path))
    connection.close()
    return Timed(name=name, says=says, first=first, repeated=repeated)


def time_one(connection: http.client.HTTPConnection, path: str) -> float:
    """Return the milliseconds from sending a question to having all of its answer."""
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    taken = (time.perf_counter() - began) * 1_000
    if answer.status not in {200, 204}:
        raise SystemExit(f"{path} was answered with {answer.status}")
    return taken


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
