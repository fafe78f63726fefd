"""GeoJSON, GeoJSON text sequences (RFC 8142) and CSV (RFC 4180), made piece by piece."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from geo.serving.exports.labels import NO_NAMES, CodeNames, label_features
from geo.serving.exports.notice import Notice
from geo.serving.exports.rows import Chunk
from geo.serving.exports.table import Cell, Form, Table

ABOUT = "_about"
"""The last column of a CSV: what the file says about itself, in its first row. Loaders skip columns that begin so."""

FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for a formula when a cell begins with it (OWASP ASVS 5.0, 1.2.10)."""
GUARD = "'"

RECORD_SEPARATOR = b"\x1e"
BOM = b"\xef\xbb\xbf"


class Writer(Protocol):
    """Makes a file out of chunks; the pieces, joined, are the file."""

    def begin(self) -> bytes:
        """Return what comes before the rows."""

    def write(self, chunk: Chunk) -> bytes:
        """Return the rows of a chunk."""

    def end(self) -> bytes:
        """Return what comes after the rows."""


@dataclass(frozen=True)
class Shown:
    """What of each feature is shown: the selected properties, or all, the geometry, and labels of codes."""

    collection: str
    selected: tuple[str, ...] = ()
    has_geometry: bool = True
    codes: CodeNames = NO_NAMES

    def show(self, chunk: Chunk) -> Chunk:
        """Return the texts as they are shown."""
        if self.has_geometry and not self.selected and not self.codes.scripts:
            return chunk
        found = [self._show(orjson.loads(text)) for text in chunk]
        if not self.codes.scripts:
            return [orjson.dumps(feature) for feature in found]
        joined = label_features(orjson.dumps(found)[1:-1], self.collection, self.selected, self.codes)
        return [orjson.dumps(feature) for feature in orjson.loads(b"[" + joined + b"]")]

    def _show(self, feature: dict[str, Any]) -> dict[str, Any]:
        if not self.has_geometry:
            feature["geometry"] = None
        if self.selected:
            feature["properties"] = {name: feature["properties"].get(name) for name in self.selected}
        return feature


class GeojsonWriter:
    """One FeatureCollection; what the file says about itself is its member `about`."""

    def __init__(self, shown: Shown, notice: Notice) -> None:
        self._shown = shown
        self._notice = notice
        self._written = 0

    def begin(self) -> bytes:
        """Return what comes before the features."""
        return b'{"type":"FeatureCollection","about":' + orjson.dumps(self._notice.members()) + b',"features":['

    def write(self, chunk: Chunk) -> bytes:
        """Return features, parted by commas and lines."""
        opening = b",\n" if self._written else b"\n"
        self._written += len(chunk)
        return opening + b",\n".join(self._shown.show(chunk)) if chunk else b""

    def end(self) -> bytes:
        """Return the end, with the number of features."""
        return b'\n],"numberReturned":%d}\n' % self._written


class GeojsonSequenceWriter:
    """A text each feature, after a record separator; the first has the member `about`."""

    def __init__(self, shown: Shown, notice: Notice) -> None:
        self._shown = shown
        self._notice = notice
        self._is_first = True

    def begin(self) -> bytes:
        """Return nothing: a sequence has no head."""
        return b""

    def write(self, chunk: Chunk) -> bytes:
        """Return a text for each feature."""
        texts = list(self._shown.show(chunk))
        if texts and self._is_first:
            about = b',"about":' + orjson.dumps(self._notice.members()) + b"}"
            texts[0] = texts[0].rstrip().removesuffix(b"}") + about
            self._is_first = False
        return b"".join(RECORD_SEPARATOR + text + b"\n" for text in texts)

    def end(self) -> bytes:
        """Return nothing."""
        return b""


class CsvWriter:
    """Rows that end in CR LF, in UTF-8. Unless `raw`, texts that a spreadsheet would take for a formula get a '."""

    def __init__(self, table: Table, notice: Notice, *, raw: bool = False, bom: bool = False) -> None:
        self._table = table
        self._about: str | None = notice.text()
        self._raw = raw
        self._bom = bom
        self._has_position = table.has_geometry and table.has_points
        self._texts = [True, *(column.form is Form.TEXT for column in table.columns)]

    def begin(self) -> bytes:
        """Return the line of headings."""
        position = ("lon", "lat") if self._has_position else ()
        return (BOM if self._bom else b"") + _write_lines([[*self._table.names, *position, ABOUT]])

    def write(self, chunk: Chunk) -> bytes:
        """Return a line for each feature."""
        return _write_lines([self._line(orjson.loads(text)) for text in chunk])

    def end(self) -> bytes:
        """Return nothing: without rows there is nobody to be told about."""
        return b""

    def _line(self, feature: Mapping[str, Any]) -> list[str]:
        cells = self._table.read(feature)
        line = [self._cell(cell, is_text) for cell, is_text in zip(cells, self._texts, strict=True)]
        if self._has_position:
            line += read_position(feature)
        about, self._about = self._about, None
        return [*line, about or ""]

    def _cell(self, cell: Cell, is_text: bool) -> str:  # noqa: FBT001  (called for every cell)
        if cell is None:
            return ""
        if is_text and not self._raw:
            return guard_text(str(cell))
        return write_cell(cell)


def write_cell(cell: Cell) -> str:
    """Return a cell as text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def guard_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return GUARD + text if text[:1] in FORMULA_SIGNS and text else text


def read_position(feature: Mapping[str, Any]) -> list[str]:
    """Return longitude and latitude of a feature that is a point, as texts; two empty ones without a place."""
    geometry = feature["geometry"]
    return ["", ""] if geometry is None else [repr(degrees) for degrees in geometry["coordinates"][:2]]


def _write_lines(lines: list[list[str]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(lines)
    return file.getvalue().encode()
