"""Values of staged rows and of records as text: lists, places, amounts, and what stands in a source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from web.translations import Texts

TITLES = ("title_zh_hans", "title_en")
_HEX = re.compile(r"[0-9A-Fa-f]{42,}")
_UNSHOWN = frozenset({"content_hash", "identity_hash", *TITLES, "starts_on"})
"""Columns that stand in the heading of a row, or that say nothing to a person."""
_DECIMALS = 6


def write_value(t: Texts, value: Any) -> str:
    """Write any value of a row in one line; a dash for none."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return t["editor.yes" if value else "editor.no"]
    if isinstance(value, Mapping):
        return _write_mapping(t, value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(write_value(t, one) for one in value)
    text = str(value)
    return _write_point(text) or text


def find_title(t: Texts, data: Mapping[str, Any] | None) -> tuple[str, str] | None:
    """Return (language tag, title) of a row, in the language of the page where there is one."""
    if data is None:
        return None
    order = reversed(TITLES) if t.language == "en" else TITLES
    name = next((name for name in order if data.get(name)), None)
    return None if name is None else ("en" if name == "title_en" else "zh-Hans", str(data[name]))


def list_values(t: Texts, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (column, value) of what a row says, without what it does not say."""
    return [
        (name, write_value(t, value))
        for name, value in sorted(data.items())
        if name not in _UNSHOWN and value not in (None, "", [], {})
    ]


def _write_mapping(t: Texts, value: Mapping[str, Any]) -> str:
    if value.get("type") == "Point":
        lon, lat = value["coordinates"][:2]
        return f"{round(lon, _DECIMALS)}, {round(lat, _DECIMALS)}"
    parts = (write_value(t, one) for one in value.values() if one not in (None, "", []))
    return " · ".join(parts)


def _write_point(text: str) -> str | None:
    """Return the position that stands in the database's own notation of a geometry."""
    if not _HEX.fullmatch(text):
        return None
    try:
        place = shapely.from_wkb(text)
    except shapely.errors.GEOSException:
        return None
    return f"{round(place.x, _DECIMALS)}, {round(place.y, _DECIMALS)}" if isinstance(place, shapely.Point) else None
