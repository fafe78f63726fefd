"""The state of the published data."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.serving.dataset import fetch_dataset, fetch_layer_states, fetch_terms
from geo.serving.parameters import Bbox

pytestmark = pytest.mark.anyio


async def test_the_version_is_a_number_with_a_time(reading: AsyncConnection) -> None:
    """Every answer names the version it speaks of."""
    dataset = await fetch_dataset(reading)
    assert dataset.version == 1
    assert dataset.changed_at.tzinfo is not None


async def test_each_layer_tells_how_much_it_holds_and_until_when(reading: AsyncConnection) -> None:
    """Freshness is the first day of the latest record, not the day of loading."""
    states = await fetch_layer_states(reading)
    assert {name: state.count for name, state in states.items()} == {
        "strikes": 8,
        "accidents": 2,
        "calls_for_help": 2,
        "accountability": 2,
    }
    strikes = states["strikes"]
    assert (strikes.starts_on, strikes.latest_on) == (dt.date(2015, 12, 31), dt.date(2017, 1, 1))
    assert strikes.ends_on == dt.date(2017, 1, 2)
    assert strikes.bbox == Bbox(113.88, 22.55, 116.48, 39.92)
    assert states["accountability"].bbox is None


async def test_terms_come_with_their_labels(reading: AsyncConnection) -> None:
    """Codes are shown with words."""
    terms = await fetch_terms(reading)
    assert terms["industry"]["mining"].label_zh_hans == "采矿"
