"""Mapbox Vector Tiles read by the tests' own means: the fields of Protocol Buffers, layers, features, points."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

API = "http://localhost/api"
Value = str | int | float | bool


@dataclass
class Layer:
    """One layer: properties of each feature, and for points their place in units of the tile."""

    name: str = ""
    version: int = 0
    extent: int = 0
    properties: list[dict[str, Value]] = field(default_factory=list)
    points: list[tuple[int, int]] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number and where it ends."""
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def read_fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Yield number and content of each field of a message."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            content: Any
            content, at = read_varint(data, at)
        else:
            length, at = {1: (8, at), 5: (4, at)}.get(key & 7) or read_varint(data, at)
            content, at = data[at : at + length], at + length
        yield key >> 3, content
    assert at == len(data)


def read_varints(data: bytes) -> list[int]:
    """Return packed numbers."""
    found, at = [], 0
    while at < len(data):
        number, at = read_varint(data, at)
        found.append(number)
    return found


def unzigzag(number: int) -> int:
    """Return a signed number."""
    return (number >> 1) ^ -(number & 1)


def read_value(data: bytes) -> Value:
    """Return the value of a message Value."""
    number, content = next(read_fields(data))
    if number == 1:
        return str(content, "utf-8")
    if number in {2, 3}:
        return float(struct.unpack("<f" if number == 2 else "<d", content)[0])
    return unzigzag(content) if number == 6 else bool(content) if number == 7 else int(content)


def decode(data: bytes) -> dict[str, Layer]:
    """Return the layers of a tile by name."""
    layers = [read_layer(content) for number, content in read_fields(data) if number == 3]
    assert len({layer.name for layer in layers}) == len(layers)
    return {layer.name: layer for layer in layers}


def read_layer(data: bytes) -> Layer:
    """Return one layer."""
    layer = Layer()
    keys: list[str] = []
    values: list[Value] = []
    features: list[dict[int, Any]] = []
    for number, content in read_fields(data):
        if number == 1:
            layer.name = str(content, "utf-8")
        elif number == 2:
            features.append(dict(read_fields(content)))
        elif number == 3:
            keys.append(str(content, "utf-8"))
        elif number == 4:
            values.append(read_value(content))
        else:
            setattr(layer, {5: "extent", 15: "version"}[number], content)
    for feature in features:
        tags = read_varints(feature[2])
        layer.properties.append({keys[key]: values[tag] for key, tag in zip(tags[::2], tags[1::2], strict=True)})
        commands = read_varints(feature[4])
        layer.kinds.append(feature[3])
        if feature[3] == 1:
            assert commands[0] == 9, "a point is one command MoveTo"
            layer.points.append((unzigzag(commands[1]), unzigzag(commands[2])))
    return layer


async def read_tile(client: httpx.AsyncClient, path: str) -> dict[str, Layer]:
    """Return the layers of the tile at a path below `/api`."""
    answer = await client.get(f"{API}{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    return decode(answer.content)


def count_records(layers: dict[str, Layer]) -> int:
    """Return how many records a tile tells of: single ones, or those counted in its cells."""
    if "records" in layers:
        assert "cells" not in layers
        return len(layers["records"].properties)
    return sum(int(cell["count"]) for cell in layers["cells"].properties) if "cells" in layers else 0


def find_tile(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    """Return row and column of the tile with a place, by the formula that every map client has."""
    turn = math.radians(lat)
    row = (1 - math.asinh(math.tan(turn)) / math.pi) / 2 * 2**zoom
    return int(row), int((lon + 180) / 360 * 2**zoom)
