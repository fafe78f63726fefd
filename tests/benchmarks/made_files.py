"""A file of made strikes as an editor would upload it, in columns of the template; the same at every run."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

from geo.layers import STRIKES
from tests.benchmarks.made_incidents import BLOCK, NULL, SEED, Draw, Row, make_row
from tests.benchmarks.made_places import County, Places, draw_point

SAME = ("starts_on", "ends_on", "date_precision")
TITLES = ("title_en", "title_zh_hans")
CODES = ("industry", "ownership", "participants_min", "participants_max")
LISTS = ("employers", "worker_groups", "actions", "demands", "responses")
HEADINGS = (
    *("source_id", *SAME, *TITLES, "description_zh_hans", "region", "lon", "lat", "location_precision"),
    *(*CODES, *LISTS, "sources"),
)
DESCRIBED = 100
"""One row in so many has a description: with more of them, 1,000,000 rows would pass the limit of 256 MB."""
DIFFERENT = 50_000
"""Rows that are made. A larger file repeats them under other ids and titles."""


def write_file(path: Path, places: Places, rows: int) -> None:
    """Write a CSV file of `rows` strikes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write_rows(file, places, rows)


def write_rows(file: IO[Any], places: Places, rows: int) -> None:
    """Write headings and rows."""
    writer = csv.writer(file)
    writer.writerow(HEADINGS)
    made = [_cells(number, row) for number, row in enumerate(_make_rows(places, min(rows, DIFFERENT)))]
    titles = [HEADINGS.index(name) for name in TITLES]
    for number in range(rows):
        cells = list(made[number % DIFFERENT])
        cells[0] = f"F-{number:07d}"
        for at in titles:
            cells[at] += f" {number // DIFFERENT}" if cells[at] else ""
        writer.writerow(cells)


def _make_rows(places: Places, rows: int) -> Iterator[tuple[Row, County]]:
    for first in range(0, rows, BLOCK):
        draw = Draw(np.random.default_rng([SEED, first, 1]))
        counties = draw.rng.choice(len(places.counties), BLOCK, p=places.shares)
        for at in range(min(BLOCK, rows - first)):
            county = places.counties[counties[at]]
            yield make_row(draw, STRIKES, county), county


def _cells(number: int, made: tuple[Row, County]) -> list[str]:
    row, county = made
    given = {name: row.get(name, NULL) for name in (*SAME, *TITLES, *CODES)}
    given |= {name: _as_cell(row.get(name, NULL)) for name in LISTS}
    given["region"] = row.get("region_code", NULL)
    given["location_precision"] = row["location_precision"]
    if row["ends_on"] == row["starts_on"]:
        given["ends_on"] = NULL
    if number % DESCRIBED == 0:
        given["description_zh_hans"] = row["description_zh_hans"]
    if given["region"] == county.code:
        point = draw_point(county, np.random.default_rng([SEED, number, 2]))
        given["lon"], given["lat"] = map(str, point)
    source = json.loads(row["sources"])[0]
    given["sources"] = f"{source['publisher']} {source['url']}"
    return ["" if given.get(name, NULL) == NULL else given[name] for name in HEADINGS]


def _as_cell(written: str) -> str:
    """Return a list of PostgreSQL's as a cell has it."""
    return "; ".join(json.loads(f"[{written.strip('{}')}]")) if written != NULL else NULL
