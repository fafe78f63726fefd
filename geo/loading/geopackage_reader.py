"""Reads one plain table of a GeoPackage with Python's own SQLite, opened so that nothing in the file can act.

The file is opened read-only and as unchanging: no journal is replayed, no lock taken. An authorizer lets only plain
reads through (no ATTACH, no function, no trigger can run), views and virtual tables are refused, and a statement that
works for five seconds without giving a row is stopped.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from geo.errors import FileRefused
from geo.loading.geometry_cells import (
    DAMAGED,
    NO_GEOMETRY,
    WGS84_SRS,
    GeometryCells,
    GeometryColumns,
    describes_wgs84,
    other_srs,
    read_geopackage_blob,
)
from geo.loading.limits import CELL_CHARACTERS, Limits
from geo.loading.messages import refuse
from geo.loading.table_file import Row, TableFile

_SECONDS: Final = 5.0
_STEPS: Final = 10_000
_LONGEST_VALUE: Final = 64 << 20
_LONGEST_SQL: Final = 100_000
_ALLOWED: Final = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_PRAGMAS: Final = frozenset({"table_xinfo", "trusted_schema", "query_only"})
_DATA_TYPES: Final = frozenset({"features", "attributes"})
_BOOKS: Final = ("gpkg_contents", "gpkg_geometry_columns")
_ROW_KEYS: Final = frozenset({"fid", "ogc_fid"})
"""Names that programs give to the number of a row, which is nobody's id."""
_EXACT: Final = 1e15
_TRUTHS: Final = {"0": "false", "1": "true"}
_PLAIN: Final = 0  # neither generated nor hidden


def open_geopackage(path: Path, layer: str | None, limits: Limits) -> TableFile:
    """Open one layer of the GeoPackage at `path`: the named one, or the only one.

    Raises:
        FileRefused: FILE_TYPE, FILE_DAMAGED, FILE_NO_ROWS, GPKG_LAYERS, GPKG_NO_LAYER, GPKG_VIEW, HDR_TOO_MANY.
    """
    database = _Database(path)
    try:
        return _open(database, layer, limits)
    except BaseException:
        database.close()
        raise


class _Database:
    """A connection on which reading is all that can be done, with a clock that stops what gives no rows."""

    def __init__(self, path: Path) -> None:
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(address, uri=True, isolation_level=None, cached_statements=0)
        self._connection.text_factory = lambda text: text.decode("utf-8", errors="replace")
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _LONGEST_SQL)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        self._stop_at = math.inf
        self._connection.set_progress_handler(lambda: int(time.monotonic() > self._stop_at), _STEPS)
        self._connection.set_authorizer(_authorize)
        self.close = self._connection.close
        self.ask("PRAGMA trusted_schema = OFF")
        self.ask("PRAGMA query_only = ON")

    def ask(self, statement: str, *values: str) -> list[Any]:
        """Return all rows of a statement that has few."""
        return list(self.walk(statement, *values))

    def walk(self, statement: str, *values: str) -> Iterator[Any]:
        """Give the rows of a statement one at a time."""
        self._stop_at = time.monotonic() + _SECONDS
        try:
            cursor = self._connection.execute(statement, values)
            while (row := cursor.fetchone()) is not None:
                yield row
                self._stop_at = time.monotonic() + _SECONDS
        except sqlite3.OperationalError as wrong:
            if wrong.sqlite_errorname == "SQLITE_INTERRUPT":
                raise refuse("FILE_SLOW", seconds=round(_SECONDS)) from wrong
            raise refuse("FILE_DAMAGED", reason=wrong.sqlite_errorname) from wrong
        except sqlite3.DatabaseError as wrong:
            raise refuse("FILE_DAMAGED", reason=getattr(wrong, "sqlite_errorname", type(wrong).__name__)) from wrong


def _authorize(action: int, first: str | None, _second: str | None, _database: str | None, trigger: str | None) -> int:
    """Allow reading, outside triggers and views, and the few pragmas asked here; refuse all else."""
    reads = action in _ALLOWED and trigger is None
    asks = action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS
    return sqlite3.SQLITE_OK if reads or asks else sqlite3.SQLITE_DENY


def _open(database: _Database, layer: str | None, limits: Limits) -> TableFile:
    for book in _BOOKS:
        _check_plain(database, book, is_needed=book == _BOOKS[0])
    listed = database.ask("SELECT table_name, data_type FROM gpkg_contents ORDER BY table_name LIMIT 1000")
    layers = [name for name, kind in listed if kind in _DATA_TYPES and isinstance(name, str)]
    chosen = _choose(layers, layer)
    _check_plain(database, chosen, is_needed=True)
    columns = database.ask(f"PRAGMA table_xinfo({_quote(chosen)})")
    if any(hidden != _PLAIN for *_, hidden in columns):
        raise refuse("GPKG_VIEW", layer=chosen)
    geometry, srs = _find_geometry(database, chosen)
    names = [name for _, name, *_ in columns if name != geometry and name.casefold() not in _ROW_KEYS]
    shown = GeometryColumns(names, has_geometry=geometry is not None)
    asked = ", ".join(_quote(column) for column in (*names, *([geometry] if geometry else [])))
    statement = f"SELECT {asked} FROM {_quote(chosen)} NOT INDEXED"  # noqa: S608  (names are quoted)
    truths = {name for _, name, kind, *_ in columns if str(kind).upper() == "BOOLEAN"}
    rows = _read_rows(database.walk(statement), shown, srs if geometry else None, _find_wgs84(database))
    rows = _name_truths(rows, [at for at, name in enumerate(names) if name in truths])
    reached = [0]
    return TableFile(
        kind="gpkg",
        headers=shown.headers,
        rows=_limit_rows(rows, limits, reached),
        problems=shown.problems,
        tell=lambda: reached[0],
        size=_count_rows(database, chosen),
        close=database.close,
    )


def _count_rows(database: _Database, name: str) -> int:
    """About how many rows there are, for the progress bar alone."""
    last = database.ask(f"SELECT rowid FROM {_quote(name)} ORDER BY rowid DESC LIMIT 1")  # noqa: S608  (quoted)
    return int(last[0][0]) if last else 0


def _check_plain(database: _Database, name: str, *, is_needed: bool) -> None:
    found = database.ask("SELECT type, sql FROM sqlite_master WHERE name = ? COLLATE NOCASE", name)
    if not found and is_needed:
        raise refuse("FILE_TYPE", named="GeoPackage", named_zh="GeoPackage", begins="SQLite format 3")
    if any(kind != "table" or "VIRTUAL" in str(sql).upper().split("(")[0].split() for kind, sql in found):
        raise refuse("GPKG_VIEW", layer=name)


def _choose(layers: list[str], layer: str | None) -> str:
    shown = ", ".join(f'"{name}"' for name in layers[:20])
    if layer is not None:
        if layer not in layers:
            raise refuse("GPKG_NO_LAYER", layer=layer, layers=shown)
        return layer
    if not layers:
        raise refuse("FILE_EMPTY")
    if len(layers) > 1:
        raise refuse("GPKG_LAYERS", layers=shown)
    return layers[0]


def _find_geometry(database: _Database, name: str) -> tuple[str | None, int]:
    try:
        found = database.ask(
            "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ? COLLATE NOCASE LIMIT 1", name
        )
    except FileRefused:  # a GeoPackage of attributes alone has no such table
        return None, 4326
    return (str(found[0][0]), int(found[0][1] or 0)) if found else (None, 4326)


def _find_wgs84(database: _Database) -> frozenset[int]:
    """The numbers that the file gives to WGS 84: those of EPSG, and programs' own for longitude before latitude."""
    try:
        _check_plain(database, "gpkg_spatial_ref_sys", is_needed=True)
        listed = database.ask("SELECT srs_id, definition FROM gpkg_spatial_ref_sys LIMIT 1000")
    except FileRefused:  # without the list, the numbers are EPSG's
        return WGS84_SRS
    return WGS84_SRS | {srs for srs, wkt in listed if isinstance(srs, int) and describes_wgs84(str(wkt))}


def _read_rows(rows: Iterator[Any], columns: GeometryColumns, srs: int | None, wgs84: frozenset[int]) -> Iterator[Row]:
    """Read the rows; without a reference system they have no geometry, else it comes last."""
    for number, values in enumerate(rows, start=2):
        if srs is None:
            yield number, columns.join([_write_value(value) for value in values], NO_GEOMETRY), ()
        else:
            cells = [_write_value(value) for value in values[:-1]]
            yield number, columns.join(cells, _read_geometry(values[-1], srs, wgs84)), ()


def _name_truths(rows: Iterator[Row], positions: list[int]) -> Iterator[Row]:
    """Write the numbers of columns that are declared as truths as words, as all other formats have them."""
    for row in rows:
        for at in positions:
            row[1][at] = _TRUTHS.get(row[1][at], row[1][at])
        yield row


def _limit_rows(rows: Iterator[Row], limits: Limits, reached: list[int]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if limits.rows is not None and number > limits.rows:
            raise refuse("LIM_ROWS", limit=limits.rows)
        reached[0] = number
        yield row


def _write_value(value: Any) -> str:
    if value is None or isinstance(value, bytes):
        return ""
    if isinstance(value, str):
        return value[: CELL_CHARACTERS + 1]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    return str(value)


def _read_geometry(value: Any, srs: int, wgs84: frozenset[int]) -> GeometryCells:
    if value is None:
        return NO_GEOMETRY
    if not isinstance(value, bytes):
        return DAMAGED
    return read_geopackage_blob(value, wgs84) if srs in wgs84 else other_srs("GEO_SRS", f"EPSG:{srs}")


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
