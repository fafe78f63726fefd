"""Fixtures of the installed regions: made once a session, because they only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.regions.gazetteer import Gazetteer, load_gazetteer
from geo.regions.region_index import RegionIndex, load_region_index

if TYPE_CHECKING:
    import sqlalchemy as sa


@pytest.fixture(scope="session")
def gazetteer(engine: sa.Engine) -> Gazetteer:
    """The gazetteer of China's regions."""
    with engine.connect() as connection:
        return load_gazetteer(connection)


@pytest.fixture(scope="session")
def region_index(engine: sa.Engine) -> RegionIndex:
    """The outlines of China's counties."""
    with engine.connect() as connection:
        return load_region_index(connection)
