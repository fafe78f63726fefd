"""docs/loading.md names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geo.layers import RECORDS
from geo.loading.columns import known_columns
from geo.loading.messages import catalogue
from geo.loading.profiles import OWN, PROFILES

TEXT = (Path(__file__).parents[3] / "docs" / "loading.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_]+)`", TEXT))
NEUTRAL = {"description", "employer"}
"""Columns of foreign shapes, named there by the headings they have."""


@pytest.mark.parametrize("layer", RECORDS)
def test_every_column_is_documented(layer: str) -> None:
    """A newcomer finds each column that a file may have."""
    assert known_columns(layer) - NAMED - NEUTRAL == set()


def test_every_shape_is_documented() -> None:
    """By its name."""
    assert all(f"**{profile.name}**" in TEXT for profile in (OWN, *PROFILES))


def test_every_code_is_documented() -> None:
    """Programs read codes; the table says what there is, and nothing that is not."""
    assert set(re.findall(r"`([A-Z]{2,}_[A-Z0-9_]+)`", TEXT)) == catalogue().keys()
