"""Recognises a file by its first bytes, never by its name, and opens it in this process.

GDAL is never asked: told to read text, it would follow references to other files of this machine. Loading goes through
`geo.loading.open_table`, which does all this in a process of its own.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import FileRefused
from geo.loading.archives import list_archive
from geo.loading.csv_reader import open_csv
from geo.loading.geometry_cells import tell_faults
from geo.loading.limits import MEGABYTE, OPERATOR_LIMITS, Limits
from geo.loading.messages import refuse
from geo.loading.table_file import TableFile

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_SQLITE: Final = b"SQLite format 3\0"
_OTHER_FORMATS: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc",
    b"fgb",
    b"PAR1",
)
_BLANK: Final = b"\xef\xbb\xbf \r\n\t"
_GEOJSON: Final = re.compile(rb"[\s\x1e]*[{\[]")
_MARKUP: Final = re.compile(rb"\s*<[?!A-Za-z]")
_BEGINNING: Final = 20
_NAMED: Final = {
    ".csv": "CSV",
    ".tsv": "TSV",
    ".xlsx": "XLSX",
    ".json": "GeoJSON",
    ".geojson": "GeoJSON",
    ".geojsonl": "GeoJSON",
    ".gpkg": "GeoPackage",
    ".zip": "Shapefile",
}
"""What a name promises, for the wording of a refusal alone."""
_MACROS: Final = frozenset({"xl/vbaProject.bin", "xl/workbook.bin"})
_SHAPEFILE: Final = (".shp", ".dbf", ".shx")


@dataclass(frozen=True)
class Choices:
    """What the person who loads has decided where a file leaves it open.

    `sheet` names a sheet of a workbook, a layer of a GeoPackage or a Shapefile of an archive.
    """

    encoding: str | None = None
    sheet: str | None = None
    delimiter: str | None = None


def open_here(path: Path, choices: Choices, limits: Limits = OPERATOR_LIMITS) -> TableFile:
    """Open the file at `path` as a table of text.

    Raises:
        FileRefused: it is empty, too big, of another format, or cannot be read.
    """
    size = path.stat().st_size
    if limits.megabytes is not None and size > limits.megabytes * MEGABYTE:
        raise refuse("FILE_TOO_BIG", megabytes=size // MEGABYTE, limit=limits.megabytes)
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(_BLANK):
        raise refuse("FILE_EMPTY")
    table = _open(path, start, choices, limits)
    table.rows = tell_faults(table.headers, table.rows)
    return table


def _open(path: Path, start: bytes, choices: Choices, limits: Limits) -> TableFile:
    if start.startswith(_OLE):
        raise refuse("FILE_ENCRYPTED" if _ENCRYPTED in path.read_bytes() else "FILE_MACRO")
    if start.startswith(_ZIP):
        return _open_archive(path, choices, limits)
    if start.startswith(_SQLITE):
        from geo.loading.geopackage_reader import open_geopackage  # noqa: PLC0415  (each reader when it is needed)

        return open_geopackage(path, choices.sheet, limits)
    if _GEOJSON.match(start.removeprefix(codecs.BOM_UTF8)):
        from geo.loading.geojson_reader import open_geojson  # noqa: PLC0415

        return open_geojson(path, limits)
    headings = start.split(b"\n", 1)[0]  # further down, a control character is a fault of its cell
    is_binary = b"\0" in headings and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if is_binary or start.startswith(_OTHER_FORMATS) or _MARKUP.match(start.removeprefix(codecs.BOM_UTF8)):
        raise _refuse_type(path, start)
    return open_csv(path, choices.encoding, choices.delimiter, limits)


def _open_archive(path: Path, choices: Choices, limits: Limits) -> TableFile:
    entries = list_archive(path)
    names = {entry.filename for entry in entries}
    if names & _MACROS:
        raise refuse("FILE_MACRO")
    if "xl/workbook.xml" in names:
        from geo.loading.xlsx_reader import open_xlsx  # noqa: PLC0415

        return open_xlsx(path, choices.sheet)
    if any(name.lower().endswith(_SHAPEFILE) for name in names):
        from geo.loading.shapefile_reader import open_shapefile  # noqa: PLC0415

        return open_shapefile(path, entries, (choices.encoding, choices.sheet), limits)
    raise _refuse_type(path, b"PK")


def _refuse_type(path: Path, start: bytes) -> FileRefused:
    named = _NAMED.get(path.suffix.lower())
    facts = {"named": named or "a table", "named_zh": named or "表格"}
    return refuse("FILE_TYPE", begins=_show(start), **facts)


def _show(start: bytes) -> str:
    text = start.lstrip()[:_BEGINNING].decode("ascii", errors="replace").split("\n")[0]
    return "".join(char if char.isprintable() and char != "\ufffd" else "?" for char in text)
