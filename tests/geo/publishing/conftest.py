"""Private records on the real database."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.private_records import Records, canary_reader_url

__all__ = ["canary_reader_url"]


@pytest.fixture
def records(connection: sa.Connection) -> Records:
    """Puts private records into a database that has regions and no records, and publishes them."""
    return Records(connection)
