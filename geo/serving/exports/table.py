"""Which columns a file has, and the value of each in one feature.

Every format shows the same table: `id`, the public properties in the order of `geo.layers` (of a region: as its items
have them), and, in files without geometries, `lon` and `lat`. Lists are one text, parted by ";".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

from geo.layers import COLLECTIONS, Kind, Property, properties_of
from geo.serving.exports.labels import CodeNames, label_columns
from geo.serving.region_items import region_property_names
from geo.serving.union_items import UNION_CASES, UNION_PROPERTIES

Cell = str | int | float | bool | None
"""A value of a file. None is "not known"; a date is its ISO 8601 text."""

PART = ";"
"""Parts the values of a list, as the loader reads them."""

CHANNELS, RESULTS = "channels", "channel_results"
"""Two lists that belong together: a file has one column of both, as channel[:result]."""


class Form(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"


_FORMS = {
    **dict.fromkeys((Kind.INTEGER, Kind.MINIMUM, Kind.MAXIMUM), Form.INTEGER),
    Kind.AMOUNT: Form.NUMBER,
    Kind.BOOLEAN: Form.BOOLEAN,
    Kind.DATE: Form.DATE,
}
_LISTS = frozenset({Kind.TEXTS, Kind.CODES, Kind.REGIONS, Kind.IDS})
_NO_TEXTS = dict.fromkeys(("population", "uncertainty_m", "case_count"), Form.INTEGER) | {"name_by_rule": Form.BOOLEAN}
"""Properties of a region or a union that are not texts."""


@dataclass(frozen=True)
class Column:
    """One column: `read` takes its cell from the properties of a feature."""

    name: str
    form: Form
    read: Callable[[Mapping[str, Any]], Cell]


@dataclass(frozen=True)
class Table:
    """The columns of a file after `id`, and whether its rows have a geometry: points, or outlines of regions."""

    columns: tuple[Column, ...]
    has_geometry: bool = True
    has_points: bool = True
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", ("id", *(column.name for column in self.columns)))

    def read(self, feature: Mapping[str, Any]) -> list[Cell]:
        """Return the cells of a feature, `id` first."""
        properties = feature["properties"]
        return [feature["id"], *(column.read(properties) for column in self.columns)]


def record_table(collection: str, selected: tuple[str, ...], codes: CodeNames, *, has_geometry: bool) -> Table:
    """Return the table of a collection of records: the selected properties, or all, each with its labels beside it."""
    columns: list[Column] = []
    for prop in properties_of(*COLLECTIONS[collection]):
        if (selected and prop.name not in selected) or prop.name == RESULTS:
            continue
        columns.append(Column(prop.name, _FORMS.get(prop.kind, Form.TEXT), _reader_of(prop)))
        labels = label_columns(prop, codes)
        columns += [Column(label.name, Form.TEXT, _label_reader(prop.name, label.find)) for label in labels]
    return Table(tuple(columns), has_geometry)


def region_table() -> Table:
    """Return the table of the collection `regions`."""
    columns = (Column(name, _NO_TEXTS.get(name, Form.TEXT), _plain_reader(name)) for name in region_property_names())
    return Table(tuple(columns), has_points=False)


def union_table() -> Table:
    """Return the table of the collection `unions`."""
    columns = (
        Column(
            name,
            _NO_TEXTS.get(name, Form.TEXT),
            _list_reader(name) if name == UNION_CASES else _plain_reader(name),
        )
        for name in UNION_PROPERTIES
    )
    return Table(tuple(columns))


def _reader_of(prop: Property) -> Callable[[Mapping[str, Any]], Cell]:
    if prop.name == CHANNELS:
        return _read_channels
    if prop.kind in _LISTS:
        return _list_reader(prop.name)
    if prop.kind is Kind.OBJECTS:
        return _read_sources if prop.name == "sources" else _object_reader(prop.name)
    return _plain_reader(prop.name)


def _plain_reader(name: str) -> Callable[[Mapping[str, Any]], Cell]:
    def read(properties: Mapping[str, Any]) -> Cell:
        value: Cell = properties.get(name)
        return value

    return read


def _list_reader(name: str) -> Callable[[Mapping[str, Any]], Cell]:
    def read(properties: Mapping[str, Any]) -> Cell:
        values = properties.get(name)
        return PART.join(values) if values else None

    return read


def _object_reader(name: str) -> Callable[[Mapping[str, Any]], Cell]:
    """Return the reader of a list of objects, which a cell has as JSON."""

    def read(properties: Mapping[str, Any]) -> Cell:
        values = properties.get(name)
        return orjson.dumps(values).decode() if values else None

    return read


def _label_reader(name: str, find: Callable[[str], str | None]) -> Callable[[Mapping[str, Any]], Cell]:
    def read(properties: Mapping[str, Any]) -> Cell:
        value = properties.get(name)
        if isinstance(value, list):
            return PART.join(find(code) or code for code in value) if value else None
        return None if value is None else find(value)

    return read


def _read_channels(properties: Mapping[str, Any]) -> Cell:
    channels = properties.get(CHANNELS) or ()
    results = properties.get(RESULTS) or ("",) * len(channels)
    pairs = zip(channels, results, strict=False)
    return PART.join(f"{channel}:{result}" if result else channel for channel, result in pairs) or None


def _read_sources(properties: Mapping[str, Any]) -> Cell:
    entries: Iterable[Mapping[str, str]] = properties.get("sources") or ()
    told = (" ".join(entry[key] for key in ("title", "url") if entry.get(key)) for entry in entries)
    return f"{PART} ".join(text for text in told if text) or None
