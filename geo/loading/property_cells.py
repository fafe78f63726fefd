"""The properties of a GeoJSON feature as cells, written as our own CSV exports write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import orjson

from geo.loading.limits import CELL_CHARACTERS

_PART: Final = ";"
_PLAIN_EXPONENTS: Final = range(-20, 21)
_PAIRED: Final = ("channels", "channel_results")
"""Two lists of our exports that one column holds, as channel[:result]."""

CUT: Final = "…"


def pair_channels(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """Join the two lists of our exports that belong together."""
    channels, results = (properties.get(name) for name in _PAIRED)
    if not (isinstance(channels, list) and isinstance(results, list) and len(channels) == len(results)):
        return properties
    pairs = zip(channels, results, strict=True)
    joined = [f"{channel}:{result}" if result else channel for channel, result in pairs]
    return {name: value for name, value in properties.items() if name != _PAIRED[1]} | {_PAIRED[0]: joined}


def write_property(value: Any) -> str:
    """Write a JSON value as the text of a cell; null is an empty one."""
    if isinstance(value, str):
        return value if len(value) <= CELL_CHARACTERS else value[:CELL_CHARACTERS] + CUT
    if isinstance(value, bool):
        return "true" if value else "false"
    write = next((write for kind, write in _WRITERS if isinstance(value, kind)), str)
    return "" if value is None else write(value)


def write_decimal(value: Decimal) -> str:
    """Write a number with its own digits; a whole one without a point."""
    if not value.is_finite() or value.adjusted() not in _PLAIN_EXPONENTS or "E" in str(value):
        return str(value)
    return str(int(value)) if value == value.to_integral_value() else format(value, "f")


def _write_list(values: list[Any]) -> str:
    if values and all(isinstance(value, dict) and value.keys() & {"title", "url"} for value in values):
        told = (" ".join(str(entry[key]) for key in ("title", "url") if entry.get(key)) for entry in values)
        return f"{_PART} ".join(text for text in told if text)
    if any(isinstance(value, (dict, list)) for value in values):
        return _write_json(values)
    return _PART.join(write_property(value) for value in values)


def _write_json(value: Any) -> str:
    """Write what no cell has room for as JSON, cut where it is very long or deep."""
    try:
        text = orjson.dumps(value, default=str).decode()
    except orjson.JSONEncodeError:  # nested more deeply than any real property
        text = "{" + CUT + "}"
    return text if len(text) <= CELL_CHARACTERS else text[:CELL_CHARACTERS] + CUT


_WRITERS: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (Decimal, write_decimal),
    (list, _write_list),
    (dict, _write_json),
)
