"""The report file of formats that have geometries: GeoJSON, its text sequence, GeoPackage."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

import orjson

from geo.loading.geometry_cells import FAULT, POSITION, name_as_written

Writer: TypeAlias = Callable[[list[str]], Any]
"""Takes the cells of one row, in the order of the headings."""

_LAYER: Final = "report"
_APPLICATION_ID: Final = 0x47504B47  # "GPKG"
_VERSION: Final = 10300
_WGS84: Final = 4326
_RECORD_SEPARATOR: Final = b"\x1e"
_TABLES: Final = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
    organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT
    NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name));
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('undefined cartesian', -1, 'NONE', -1, 'undefined', ''), ('undefined geographic', 0, 'NONE', 0, 'undefined', ''),
    ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    || 'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]', '');
"""


class _Shape:
    """Which cells of a row are its position, and the names of all others."""

    def __init__(self, headers: list[str]) -> None:
        self._lon, self._lat, self._datum = (_find_last(headers, name) for name in POSITION)
        fault = _find_last(headers, FAULT)
        hidden = {self._lon, self._lat, self._datum}
        self.kept = [at for at in range(len(headers)) if at not in hidden]
        self.names = [headers[at] if at == fault else name_as_written(headers[at]) for at in self.kept]

    def position_of(self, cells: list[str]) -> tuple[str, str] | None:
        """Longitude and latitude as written; None where the row has no point."""
        if self._lon is None or self._lat is None or not (cells[self._lon] and cells[self._lat]):
            return None
        return cells[self._lon], cells[self._lat]

    def read(self, cells: list[str]) -> list[str]:
        """The other cells."""
        return [cells[at] for at in self.kept]


def _find_last(headers: list[str], name: str) -> int | None:
    return len(headers) - 1 - headers[::-1].index(name) if name in headers else None


@contextmanager
def open_geojson_report(path: Path, headers: list[str], *, is_collection: bool) -> Iterator[Writer]:
    """Write GeoJSON: features with all cells as texts; empty ones are null."""
    shape = _Shape(headers)
    begun = False
    with path.open("wb") as file:

        def write(cells: list[str]) -> None:
            nonlocal begun
            feature = _write_feature(shape, cells)
            if is_collection:
                file.write((b",\n" if begun else b"\n") + feature)
            else:
                file.write(_RECORD_SEPARATOR + feature + b"\n")
            begun = True

        if is_collection:
            file.write(b'{"type":"FeatureCollection","features":[')
        yield write
        if is_collection:
            file.write(b"\n]}\n")


def _write_feature(shape: _Shape, cells: list[str]) -> bytes:
    properties = {name: cell or None for name, cell in zip(shape.names, shape.read(cells), strict=True)}
    properties = {name: cell for name, cell in properties.items() if name != FAULT or cell}
    position = shape.position_of(cells)
    # Numbers are written as they came, so that their decimals can be counted again.
    point = f'{{"type":"Point","coordinates":[{position[0]},{position[1]}]}}' if position else "null"
    return b'{"type":"Feature","geometry":' + point.encode() + b',"properties":' + orjson.dumps(properties) + b"}"


@contextmanager
def open_geopackage_report(path: Path, headers: list[str]) -> Iterator[Writer]:
    """Write a GeoPackage of one layer, all cells as texts."""
    shape = _Shape(headers)
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {_VERSION}")
        database.executescript(_TABLES)
        names = [_quote(name) for name in shape.names]
        columns = ", ".join(f"{name} TEXT" for name in names)
        database.execute(f"CREATE TABLE {_LAYER} (fid INTEGER PRIMARY KEY, geom BLOB, {columns})")
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, 'features', ?, ?)",
            (_LAYER, _LAYER, _WGS84),
        )
        database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POINT', ?, 0, 0)", (_LAYER, _WGS84))
        marks = ", ".join("?" * (len(names) + 1))
        statement = f"INSERT INTO {_LAYER} (geom, {', '.join(names)}) VALUES ({marks})"  # noqa: S608  (quoted)

        def write(cells: list[str]) -> None:
            blob = _write_blob(shape.position_of(cells))
            database.execute(statement, [blob, *(cell or None for cell in shape.read(cells))])

        database.execute("BEGIN")
        yield write
        database.execute("COMMIT")


def _write_blob(position: tuple[str, str] | None) -> bytes | None:
    if position is None:
        return None
    return b"GP\x00\x01" + struct.pack("<iBI2d", _WGS84, 1, 1, float(position[0]), float(position[1]))


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
