"""Synthetic records at places of their own in Shenzhen, for what the map does with such records.

They go through the loader, and then through what a reviewer does: sources get a type, large strikes are ticked as
widely reported. Every one says in its title that it is synthetic. `python -m tests.browser.marked_records NUMBER` puts
them into the database of the settings (`LABOURMAP_DATA_DIR`), to look at the map with them.
"""

from __future__ import annotations

import math
import random
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from app.settings import OwnerSettings, load_settings
from app.setup import open_database
from geo.database import make_engine
from geo.loading.load import load_file
from geo.loading.request import LoadRequest
from geo.publishing.publish import publish_all

SOURCE = "synthetic"
HEAD = "source_id,starts_on,title_en,title_zh_hans,region,lon,lat,datum,location_precision,participants,sources"
LAYERS = ("strikes", "accidents")
CIRCLES = {
    "440303": (114.175, 22.587, 0.020),
    "440304": (114.045, 22.551, 0.027),
    "440305": (113.965, 22.600, 0.030),
    "440306": (113.870, 22.635, 0.040),
    "440307": (114.265, 22.731, 0.040),
    "440309": (114.038, 22.711, 0.032),
    "440311": (113.927, 22.770, 0.038),
}
"""Longitude, latitude and radius of a circle inside each of these districts, in degrees."""


def write_marked_records(folder: Path, layer: str, number: int) -> Path:
    """Write `number` records of a layer as CSV; return the file. The same number gives the same records."""
    chance = random.Random(f"{layer} {number}")  # noqa: S311  (made data)
    lines = [HEAD]
    for count in range(number):
        code = chance.choice(sorted(CIRCLES))
        lon, lat, radius = CIRCLES[code]
        turn, reach = chance.uniform(0, 2 * math.pi), radius * math.sqrt(chance.random())
        place = f"{lon + reach * math.cos(turn):.5f},{lat + reach * math.sin(turn):.5f},wgs84,exact"
        day = f"20{chance.randrange(15, 22)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        title = f"Synthetic record {count} of {layer},合成记录 {count}"
        taking_part = "100-999" if layer == "strikes" else ""
        lines.append(f'{layer}-{count},{day},{title},{code},{place},{taking_part},"Synthetic, made for a test"')
    file = folder / f"synthetic-{layer}.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def write_titled_strike(folder: Path, title: str) -> Path:
    """Write one strike far from all others, in Beijing, whose title is whatever a test wants to see on a mark."""
    file = folder / "titled.csv"
    row = f'titled,2010-01-01,{title},{title},110105,116.48123,39.92123,wgs84,exact,100-999,"Synthetic"'
    file.write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    return file


def load_marked_records(connection: sa.Connection, folder: Path, number: int, title: str | None = None) -> None:
    """Load `number` records of each layer and, if given, one strike of a title; review and publish them."""
    if title:
        file = write_titled_strike(folder, title)
        assert load_file(connection, LoadRequest(layer="strikes", path=file, source=SOURCE)).loaded
    for layer in LAYERS:
        report = load_file(
            connection,
            LoadRequest(layer=layer, path=write_marked_records(folder, layer, number), source=SOURCE),
        )
        assert report.loaded, report
    connection.execute(
        sa.text(
            "UPDATE editorial.incident SET widely_reported = layer = 'strikes', "
            """sources = '[{"title": "Synthetic, made for a test", "type": "news"}]' WHERE source_system = :source"""
        ),
        {"source": SOURCE},
    )
    publish_all(connection)


if __name__ == "__main__":
    with open_database(load_settings(OwnerSettings)) as database, tempfile.TemporaryDirectory() as made:
        engine = make_engine(database.owner_url)
        with engine.begin() as connection:
            load_marked_records(connection, Path(made), int(sys.argv[1]))
        engine.dispose()
