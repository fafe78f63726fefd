"""How points with properties are written as a layer of a Mapbox Vector Tile (version 2.1 of the specification).

A tile is the bytes of its layers, one after another. PostGIS writes the layers that it selects itself; this writes
those that are counted in the process, where a question to the database would take longer than the writing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from geo.serving.tile_matrix import EXTENT

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"

Values = Sequence[int | str]
"""One property of all points. Numbers are not negative."""

_VERSION = b"\x78\x02"  # Layer.version = 2
_POINT = b"\x18\x01"  # Feature.type = POINT
_MOVE_TO = b"\x09"  # the command of a geometry of one point


@lru_cache(maxsize=2**14)
def write_varint(number: int) -> bytes:
    """Return a number in the variable length of Protocol Buffers, seven bits to a byte, the lowest first."""
    made = bytearray()
    while number > 0x7F:  # noqa: PLR2004  (what seven bits hold)
        made.append(number & 0x7F | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)


def write_field(tag: int, content: bytes) -> bytes:
    """Return a field that has a length; `tag` is its number, shifted, with the type."""
    return bytes((tag,)) + write_varint(len(content)) + content


def write_value(value: int | str) -> bytes:
    """Return a field Layer.values."""
    if isinstance(value, str):
        return write_field(0x22, write_field(0x0A, value.encode()))
    return write_field(0x22, b"\x28" + write_varint(value))


def write_points(name: str, xs: Sequence[int], ys: Sequence[int], properties: Mapping[str, Values]) -> bytes:
    """Return the layer `name`: a point for each of `xs` and `ys`, in units from the north-western corner.

    Without points there is no layer: a layer has at least one feature.
    """
    if not len(xs):
        return b""
    values: dict[int | str, bytes] = {}
    tags = [b""] * len(xs)
    for key, column in enumerate(properties.values()):
        opening = write_varint(key)
        for place, value in enumerate(column):
            number = values.get(value)
            if number is None:
                number = values[value] = write_varint(len(values))
            tags[place] += opening + number
    features = []
    for x, y, tag in zip(xs, ys, tags, strict=True):
        # Coordinates are zigzag numbers, and these are never negative.
        geometry = _MOVE_TO + write_varint(2 * x) + write_varint(2 * y)
        features.append(write_field(0x12, write_field(0x12, tag) + _POINT + write_field(0x22, geometry)))
    parts = (
        _VERSION,
        write_field(0x0A, name.encode()),
        *features,
        *(write_field(0x1A, key.encode()) for key in properties),
        *map(write_value, values),
        b"\x28" + write_varint(EXTENT),
    )
    return write_field(0x1A, b"".join(parts))
