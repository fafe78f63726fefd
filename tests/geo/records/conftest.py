"""Single records, typed as in a form, published as they are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from geo.loading.single_record import Saved, TypedRecord, save_record
from geo.publishing.publish import publish_batch
from geo.records.record_keys import RecordKey, find_record
from geo.regions.region_index import RegionIndex, load_region_index

TODAY = dt.date(2026, 11, 22)
STRIKE = {
    "source_system": "test",
    "source_id": "T-1",
    "starts_on": "2020-03-05",
    "title_en": "Strike at a factory in Shenzhen",
    "description_en": "Two hundred stopped work.",
    "region": "440300",
    "industry": "manufacturing",
    "demands": "wage_arrears; something else",
    "participants_min": "200",
    "sources": "A newspaper https://news.example/1",
    "contact": "Tel 13800138000",
}

Save = Callable[..., Saved]
Shown = Callable[[], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def region_index(engine: sa.Engine) -> RegionIndex:
    """The outlines of all regions, read once."""
    with engine.connect() as connection:
        return load_region_index(connection)


@pytest.fixture
def save(connection: sa.Connection, region_index: RegionIndex) -> Save:
    """Save one typed record and publish it; further words are those of TypedRecord."""

    def write(cells: dict[str, str], layer: str = "strikes", **options: Any) -> Saved:
        typed = TypedRecord(layer=layer, cells=cells, actor=options.pop("actor", "lin"), today=TODAY, **options)
        saved = save_record(connection, typed, region_index)
        if saved.batch_id is not None:
            publish_batch(connection, saved.batch_id)
        return saved

    return write


@pytest.fixture
def made(connection: sa.Connection, save: Save) -> RecordKey:
    """A strike that was typed and published."""
    saved = save(STRIKE)
    assert saved.outcome == "inserted", [message.render() for message in saved.messages]
    return find_record(connection, f"incident-{saved.record_id}")


@pytest.fixture
def shown(connection: sa.Connection) -> Shown:
    """Ask for the public features, in the order of ids, as the texts that readers get."""

    def ask() -> list[dict[str, Any]]:
        asked = "SELECT t.geojson::jsonb FROM published.feature_text AS t ORDER BY t.id"
        return list(connection.scalars(sa.text(asked)))

    return ask
