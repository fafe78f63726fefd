"""Our own lists of codes, names and changes, kept as CSV files in `geo/regions/data`."""

from __future__ import annotations

import csv
import hashlib
from importlib.resources import files


def read_list(name: str) -> list[dict[str, str]]:
    """Read `geo/regions/data/<name>.csv`; every cell is text, and an empty cell is an empty text."""
    text = (files("geo.regions") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def hash_lists() -> str:
    """A fingerprint of all lists together, which changes when any of them does."""
    digest = hashlib.sha256()
    for entry in sorted((files("geo.regions") / "data").iterdir(), key=lambda entry: entry.name):
        digest.update(entry.name.encode())
        digest.update(entry.read_bytes())
    return digest.hexdigest()
