"""Reads GeoJSON: a collection, a text sequence (RFC 8142) or a feature a line; streaming, in two walks.

The first walk collects the names of all properties, which features need not share; the second gives the rows. The nth
feature is row n + 1, as it would be in a table with headings.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final

import ijson

from geo.loading.geometry_cells import (
    DAMAGED,
    NO_GEOMETRY,
    GeometryCells,
    GeometryColumns,
    at_point,
    other_srs,
    other_type,
)
from geo.loading.limits import Limits
from geo.loading.messages import refuse
from geo.loading.property_cells import pair_channels, write_property
from geo.loading.table_file import MAX_COLUMNS, Row, TableFile

_BOM: Final = b"\xef\xbb\xbf"
_ID: Final = "id"
_WGS84_NAMES: Final = re.compile(r"(?:.*:)?(?:CRS:?84|OGC:1\.3:CRS84|4326|4490)", re.IGNORECASE)
_SHOWN: Final = 20
_CHUNK: Final = 1 << 20
_DIMENSIONS: Final = range(2, 5)
_CRS: Final = b'"crs"'


@dataclass
class _Survey:
    """What the first walk found."""

    is_collection: bool
    srs: str | None = None
    has_ids: bool = False
    has_geometry: bool = False
    names: dict[str, None] = field(default_factory=dict)
    features: int = 0


def open_geojson(path: Path, limits: Limits) -> TableFile:
    """Open the GeoJSON at `path`.

    Raises:
        FileRefused: FILE_TYPE (JSON, but not GeoJSON), FILE_DAMAGED, FILE_NO_ROWS, HDR_TOO_MANY, LIM_ROWS.
    """
    try:
        survey = _survey(path, limits)
    except (ijson.JSONError, UnicodeDecodeError) as wrong:
        raise refuse("FILE_DAMAGED", reason=_explain(wrong)) from wrong
    names = [*([_ID] if survey.has_ids else []), *survey.names]
    columns = GeometryColumns(names, has_geometry=survey.has_geometry)
    reached = [0]
    return TableFile(
        kind="geojson" if survey.is_collection else "geojsonseq",
        headers=columns.headers,
        rows=_read_rows(path, survey, columns, reached),
        problems=columns.problems,
        tell=lambda: reached[0],
        size=survey.features,
    )


class _Text:
    """The file without its byte-order mark and with blanks in the place of record separators, which no JSON has."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._is_begin = True

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes."""
        chunk = self._file.read(size)
        if self._is_begin and chunk:
            self._is_begin = False
            chunk = chunk.removeprefix(_BOM) or b" "
        return chunk.replace(b"\x1e", b" ")


def _survey(path: Path, limits: Limits) -> _Survey:
    survey = _Survey(_is_collection(path))
    survey.srs = _find_srs(path) if survey.is_collection else None
    for feature in _walk(path, is_collection=survey.is_collection):
        survey.features += 1
        if limits.rows is not None and survey.features > limits.rows:
            raise refuse("LIM_ROWS", limit=limits.rows)
        properties = _properties_of(feature)
        survey.names |= dict.fromkeys(properties)
        survey.has_geometry |= feature.get("geometry") is not None
        survey.has_ids |= _ID in feature and _ID not in properties
        if len(survey.names) > MAX_COLUMNS:
            raise refuse("HDR_TOO_MANY", limit=MAX_COLUMNS)
    if survey.features == 0:
        raise refuse("FILE_NO_ROWS")
    survey.has_ids &= _ID not in survey.names
    return survey


def _is_collection(path: Path) -> bool:
    """Whether the first value is a collection (else a feature); read no further than must be."""
    kind = ""
    for key, event, value in _walk_members(path):
        if key == "features" and event == "start_array":
            return True
        if key == "type" and event == "string":
            kind = value
    if kind == "FeatureCollection":
        raise refuse("FILE_NO_ROWS")
    if kind != "Feature":
        raise refuse("FILE_TYPE", named="GeoJSON", named_zh="GeoJSON", begins=_show(path))
    return False


def _walk_members(path: Path) -> Iterator[tuple[str, str, Any]]:
    """Give (name, event, value) as each member of the first value begins; nothing where that is no object."""
    depth, key = 0, ""
    with path.open("rb") as file:
        for event, value in ijson.basic_parse(_Text(file), multiple_values=True):
            if depth == 0 and event != "start_map":
                return
            if event in {"end_map", "end_array"}:
                depth -= 1
            elif depth == 1 and event == "map_key":
                key = value
            elif depth == 1:
                yield key, event, value
            depth += event in {"start_map", "start_array"}
            if depth == 0:
                return


def _show(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(_SHOWN).removeprefix(_BOM).decode("ascii", errors="replace")
    return "".join(char if char.isprintable() and char != "\ufffd" else "?" for char in start.split("\n")[0])


def _find_srs(path: Path) -> str | None:
    """The name of a reference system that the collection declares and that is not WGS 84."""
    if not _mentions_crs(path):
        return None
    with path.open("rb") as file:
        declared = next(iter(ijson.items(_Text(file), "crs")), None)
    if not isinstance(declared, dict):
        return None
    name = str((declared.get("properties") or {}).get("name") or declared.get("type") or "?")
    return None if _WGS84_NAMES.fullmatch(name.strip()) else name


def _mentions_crs(path: Path) -> bool:
    """Whether the name of the member stands anywhere: few files have it, and to parse for it would be a third walk."""
    rest = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if _CRS in rest + chunk:
                return True
            rest = chunk[-len(_CRS) :]
    return False


def _walk(path: Path, *, is_collection: bool) -> Generator[Mapping[str, Any]]:
    with path.open("rb") as file:
        prefix = "features.item" if is_collection else ""
        found = ijson.items(_Text(file), prefix, multiple_values=not is_collection, buf_size=_CHUNK)
        for number, feature in enumerate(found, start=1):
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise refuse("FILE_DAMAGED", reason=f"Feature {number}")
            yield feature


def _properties_of(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = feature.get("properties")
    return pair_channels(properties) if isinstance(properties, dict) else {}


def _read_rows(path: Path, survey: _Survey, columns: GeometryColumns, reached: list[int]) -> Iterator[Row]:
    with closing(_walk(path, is_collection=survey.is_collection)) as features:
        for number, feature in enumerate(features, start=1):
            reached[0] = number
            properties = _properties_of(feature)
            cells = [write_property(feature.get(_ID))] if survey.has_ids else []
            cells += [write_property(properties.get(name)) for name in survey.names]
            yield number + 1, columns.join(cells, _read_geometry(feature.get("geometry"), survey.srs)), ()


def _read_geometry(geometry: Any, srs: str | None) -> GeometryCells:
    if geometry is None:
        return NO_GEOMETRY
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str):
        return DAMAGED
    coordinates = geometry.get("coordinates")
    if kind == "MultiPoint" and isinstance(coordinates, list) and len(coordinates) == 1:
        kind, coordinates = "Point", coordinates[0]
    if kind != "Point":
        return other_type(kind)
    return other_srs("GJ_CRS", srs) if srs is not None else _read_point(coordinates)


def _read_point(coordinates: Any) -> GeometryCells:
    if coordinates == []:
        return NO_GEOMETRY
    if not isinstance(coordinates, list) or len(coordinates) not in _DIMENSIONS:
        return DAMAGED
    if not all(isinstance(number, (int, Decimal)) for number in coordinates):
        return DAMAGED
    return at_point(_write_number(coordinates[0]), _write_number(coordinates[1]))


def _write_number(number: int | Decimal) -> str:
    """As it is written, so that its decimals can be counted."""
    return format(number, "f") if abs(Decimal(number).adjusted()) < _SHOWN else str(number)


def _explain(wrong: Exception) -> str:
    return str(wrong).split("\n", maxsplit=1)[0][:100] or type(wrong).__name__
