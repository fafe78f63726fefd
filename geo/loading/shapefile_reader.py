"""Reads a zipped Shapefile of points, straight from the archive: nothing is unpacked to disk, nothing read backwards.

The parts are .shp (geometries), .dbf (attributes), .prj (reference system) and .cpg (encoding); the index .shx is not
needed to read from first to last. The nth record is row n + 1.
"""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from geo.loading.dbf import Layout, decode, is_encoded, read_cells, read_layout, walk_records
from geo.loading.geometry_cells import (
    DAMAGED,
    NO_GEOMETRY,
    GeometryCells,
    GeometryColumns,
    at_point,
    describes_wgs84,
    other_srs,
    other_type,
    write_degrees,
)
from geo.loading.limits import Limits
from geo.loading.messages import Problem, refuse
from geo.loading.table_file import Row, TableFile

_NEEDED: Final = (".shp", ".dbf")
_MAGIC: Final = 9994
_HEADER: Final = 100
_RECORD_HEADER: Final = 8
_NULL, _MULTI_POINTS = 0, frozenset({8, 18, 28})
_POINTS: Final = frozenset({1, 11, 21})
_SHAPES: Final = {3: "PolyLine", 5: "Polygon", 13: "PolyLineZ", 15: "PolygonZ", 23: "PolyLineM", 25: "PolygonM"}
_SHAPES_AND_MORE: Final = _SHAPES | {31: "MultiPatch", 8: "MultiPoint", 18: "MultiPointZ", 28: "MultiPointM"}
_CUT_NAME: Final = 10
_SMALL_PART: Final = 10_000
_LONGEST_RECORD: Final = 64 << 20
_NO_VALUE: Final = -1e38
_CODE_PAGES: Final = {"936": "gb18030", "950": "big5", "65001": "utf-8", "gbk": "gb18030", "gb2312": "gb18030"}


@dataclass(frozen=True)
class _Parts:
    """The names of the parts in the archive, by ending."""

    names: dict[str, zipfile.ZipInfo]

    def open(self, archive: zipfile.ZipFile, ending: str) -> IO[bytes]:
        """Open one part."""
        return archive.open(self.names[ending])

    def read_small(self, archive: zipfile.ZipFile, ending: str) -> str | None:
        """Return a part that is a line of text; None where there is none."""
        if ending not in self.names:
            return None
        with self.open(archive, ending) as file:
            return file.read(_SMALL_PART).decode("latin-1").strip()


def open_shapefile(
    path: Path, entries: Sequence[zipfile.ZipInfo], choices: tuple[str | None, str | None], limits: Limits
) -> TableFile:
    """Open the Shapefile in the archive at `path`; `choices` are the encoding and which of several Shapefiles.

    Raises:
        FileRefused: SHP_PARTS, SHP_LAYERS, FILE_DAMAGED, ENC_UNREADABLE, HDR_TOO_MANY, LIM_ROWS, FILE_NO_ROWS.
    """
    encoding, layer = choices
    parts = _find_parts(entries, layer)
    archive = zipfile.ZipFile(path)
    try:
        return _open(archive, parts, encoding, limits)
    except BaseException:
        archive.close()
        raise


def _open(archive: zipfile.ZipFile, parts: _Parts, chosen: str | None, limits: Limits) -> TableFile:
    layout, encoding, problems = _read_table_head(archive, parts, chosen)
    if limits.rows is not None and layout.records > limits.rows:
        raise refuse("LIM_ROWS", limit=limits.rows)
    prj = parts.read_small(archive, ".prj")
    if prj is None:
        problems.append(Problem("SHP_PRJ"))
    names = [decode(field.name, encoding).strip() for field in layout.fields]
    cut = [name for name, field in zip(names, layout.fields, strict=True) if len(field.name) >= _CUT_NAME]
    if cut:
        problems.append(Problem("SHP_TRUNC", {"headers": ", ".join(cut)}))
    columns = GeometryColumns(names)
    reached = [0]
    return TableFile(
        kind="shp",
        headers=columns.headers,
        rows=_read_rows((archive, parts), (layout, encoding), (columns, prj), reached),
        problems=[*problems, *columns.problems],
        tell=lambda: reached[0],
        size=layout.records,
        close=archive.close,
    )


def _find_parts(entries: Sequence[zipfile.ZipInfo], layer: str | None) -> _Parts:
    found: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for entry in entries:
        name = PurePosixPath(entry.filename)
        if not name.name.startswith(".") and "__MACOSX" not in name.parts:
            found.setdefault(str(name.with_suffix("")), {})[name.suffix.lower()] = entry
    sets = {stem: parts for stem, parts in found.items() if parts.keys() & {".shp", ".dbf", ".shx"}}
    if layer is not None:
        sets = {stem: parts for stem, parts in sets.items() if layer in {stem, PurePosixPath(stem).name}}
    if not sets:
        raise refuse("SHP_PARTS", missing=".shp, .dbf")
    if len(sets) > 1:
        raise refuse("SHP_LAYERS", layers=", ".join(f'"{PurePosixPath(stem).name}"' for stem in sorted(sets)[:20]))
    parts = next(iter(sets.values()))
    missing = [ending for ending in _NEEDED if ending not in parts]
    if missing:
        raise refuse("SHP_PARTS", missing=", ".join(missing))
    return _Parts(parts)


def _read_table_head(archive: zipfile.ZipFile, parts: _Parts, chosen: str | None) -> tuple[Layout, str, list[Problem]]:
    """Read the header of the attributes, and find their encoding: chosen, declared, else tried."""
    size = parts.names[".dbf"].file_size
    with parts.open(archive, ".dbf") as file:
        layout = read_layout(file, size)
    if layout.records == 0:
        raise refuse("FILE_NO_ROWS")
    declared = chosen or _find_declared(parts.read_small(archive, ".cpg")) or layout.encoding
    for encoding in [declared] if declared else ["utf-8", "gb18030"]:
        with parts.open(archive, ".dbf") as file:
            read_layout(file, size)
            if is_encoded(file, layout, encoding):
                told = [] if declared or _is_ascii(archive, parts) else [Problem("SHP_CPG", {"encoding": encoding})]
                return layout, encoding, told
    raise refuse("ENC_UNREADABLE", line=1, byte=1, encoding=declared or "GB18030")


def _is_ascii(archive: zipfile.ZipFile, parts: _Parts) -> bool:
    with parts.open(archive, ".dbf") as file:
        layout = read_layout(file, parts.names[".dbf"].file_size)
        return is_encoded(file, layout, "ascii")


def _find_declared(cpg: str | None) -> str | None:
    if not cpg:
        return None
    name = cpg.lower().removeprefix("cp").removeprefix("ansi ")
    try:
        return codecs.lookup(_CODE_PAGES.get(name, cpg)).name
    except LookupError:
        return None


def _read_rows(
    opened: tuple[zipfile.ZipFile, _Parts],
    table: tuple[Layout, str],
    shape: tuple[GeometryColumns, str | None],
    reached: list[int],
) -> Iterator[Row]:
    (archive, parts), (layout, encoding), (columns, prj) = opened, table, shape
    with parts.open(archive, ".dbf") as dbf, parts.open(archive, ".shp") as shp:
        read_layout(dbf, parts.names[".dbf"].file_size)
        with closing(_walk_shapes(shp)) as shapes:
            for number, record in enumerate(walk_records(dbf, layout), start=1):
                content = next(shapes, None)
                if content is None:
                    raise refuse("FILE_DAMAGED", reason="shp records")
                if record is None:
                    continue
                reached[0] = number
                cells = read_cells(record, layout.fields, encoding)
                yield number + 1, columns.join(cells, _read_geometry(content, prj)), ()


def _walk_shapes(shp: IO[bytes]) -> Generator[bytes]:
    """Give the content of each record; its own length is believed only as far as there are bytes."""
    head = shp.read(_HEADER)
    if len(head) < _HEADER or struct.unpack_from(">i", head)[0] != _MAGIC:
        raise refuse("FILE_DAMAGED", reason="shp header")
    while len(head := shp.read(_RECORD_HEADER)) == _RECORD_HEADER:
        length = 2 * int(struct.unpack_from(">i", head, 4)[0])
        if not 4 <= length <= _LONGEST_RECORD:  # noqa: PLR2004  (a shape type at least)
            raise refuse("FILE_DAMAGED", reason="shp record")
        content = shp.read(length)
        if len(content) < length:
            raise refuse("FILE_DAMAGED", reason="shp record")
        yield content


def _read_geometry(content: bytes, prj: str | None) -> GeometryCells:
    kind = struct.unpack_from("<i", content)[0]
    if kind == _NULL:
        return NO_GEOMETRY
    at = 4
    if kind in _MULTI_POINTS and len(content) >= 40 and struct.unpack_from("<i", content, 36)[0] == 1:  # noqa: PLR2004
        kind, at = 1, 40
    if kind not in _POINTS:
        return other_type(_SHAPES_AND_MORE.get(kind, f"type {kind}"))
    if len(content) < at + 16:
        return DAMAGED
    lon, lat = struct.unpack_from("<2d", content, at)
    if lon <= _NO_VALUE or lat <= _NO_VALUE:
        return NO_GEOMETRY
    if prj is not None and not describes_wgs84(prj):
        return other_srs("GEO_SRS", _name_of(prj))
    return at_point(write_degrees(lon), write_degrees(lat), "" if prj is None else "wgs84")


def _name_of(prj: str) -> str:
    named = re.search(r'"([^"]*)"', prj)
    return named[1] if named else prj[:30]
