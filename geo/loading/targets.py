"""Which columns of the table a file governs: an empty cell in them empties the record's; other columns are left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from geo.records.incidents import LOADED_COLUMNS

_PLACE: Final = ("regions", "region_code", "several_places", "reported_region", "reported_code", "location_precision")
_POINT: Final = ("geometry", "reported_coordinates")
_FILLED_BY: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title_en", "title_zh_hans"),
    "description": ("description_en", "description_zh_hans"),
    "starts_on": ("starts_on", "ends_on", "date_precision"),
    "ends_on": (),
    "date_precision": (),
    "participants": ("participants_min", "participants_max", "participants_reported"),
    "persons": ("persons_min", "persons_max"),
    "employer": ("employers",),
    "legacy_url": ("legacy_url", "legacy_id"),
    "ownership": ("ownership", "ownership_reported"),
    "channels": ("channels", "channel_results"),
    "source_name": ("sources",),
    **dict.fromkeys(("region", "province", "city", "county", "location_precision"), _PLACE),
    **dict.fromkeys(("lon", "lat", "coords"), (*_PLACE, *_POINT)),
}
"""Columns of a file that fill others than the one of their name."""


def governed_columns(columns: Iterable[str]) -> frozenset[str]:
    """Return the columns of `editorial.incident` that a file with these columns fills, or leaves empty on purpose."""
    found: set[str] = set()
    for column in columns:
        found.update(_FILLED_BY.get(column, (column, f"{column}_other")))
    return frozenset(found & set(LOADED_COLUMNS))
