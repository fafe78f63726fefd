"""Our own lists of codes, names and changes, kept as CSV files in `geo/regions/data`.

regions          every region in force at each level, with its parent (list of the Ministry of Civil Affairs, 2024)
retired          codes and names no longer in force since October 2010, with the list that had them last
succession       which code took a retired one's place; a split has several rows; read line by line
names_en         established English names, and readings of names and characters that pypinyin gets wrong
names_zh_hant    Traditional names that a conversion by characters gets wrong
aliases          further names that people use
population_2020  residents on 1 November 2020 (Seventh National Population Census, Communique No. 3)
"""

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
