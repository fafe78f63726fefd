"""Reading exported files: as rows that can be compared with the items."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import duckdb
import geopandas
import httpx


async def fetch_file(client: httpx.AsyncClient, collection: str, **parameters: str) -> httpx.Response:
    """Return the answer to a request for a file."""
    answer = await client.get(f"/api/collections/{collection}/items", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer


async def fetch_items(client: httpx.AsyncClient, collection: str, **parameters: str) -> list[dict[str, Any]]:
    """Return the features of a page that holds all."""
    answer = await fetch_file(client, collection, limit="10000", **parameters)
    features: list[dict[str, Any]] = answer.json()["features"]
    return features


def flatten(feature: dict[str, Any]) -> dict[str, Any]:
    """Return a feature as a row: lists parted by ";", what is empty left out, and its position."""
    row: dict[str, Any] = {"id": feature["id"]}
    for name, value in feature["properties"].items():
        if isinstance(value, list):
            row[name] = ";".join(value) if value else None
        else:
            row[name] = value
    if feature["geometry"]:
        row["lon"], row["lat"] = feature["geometry"]["coordinates"]
    row.pop("channel_results", None)
    return {name: value for name, value in row.items() if value is not None}


def read_csv(text: str) -> list[dict[str, Any]]:
    """Return the rows of a CSV without empty cells and without what it says about itself."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: cell for name, cell in row.items() if cell and name != "_about"} for row in rows]


def as_texts(row: dict[str, Any]) -> dict[str, str]:
    """Return the values as CSV writes them."""
    texts = {}
    for name, value in row.items():
        if isinstance(value, bool):
            texts[name] = str(value).lower()
        else:
            is_whole = isinstance(value, float) and value.is_integer() and name not in {"lon", "lat"}
            texts[name] = str(int(value)) if is_whole else str(value)
    return texts


def read_frame(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file that GDAL reads, as `flatten` gives them."""
    frame = geopandas.read_file(path)
    rows = []
    for values in frame.to_dict("records"):
        place = values.pop("geometry")
        row = {name: value for name, value in values.items() if value is not None and value == value}  # noqa: PLR0124
        if place is not None:
            row["lon"], row["lat"] = place.x, place.y
        rows.append(row)
    return rows


def ask(question: str) -> list[tuple[Any, ...]]:
    """Return what DuckDB answers."""
    with duckdb.connect() as connection:
        return connection.execute(question).fetchall()


def same(value: Any) -> Any:
    """Return a value in the form in which formats with other types can be compared."""
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return float(value) if isinstance(value, int | float) else value
