"""Opens a file of any format that loading knows, in a process of its own."""

from __future__ import annotations

from pathlib import Path

from geo.loading.file_formats import Choices
from geo.loading.limits import OPERATOR_LIMITS, Limits
from geo.loading.reading_process import read_apart
from geo.loading.request import LoadRequest
from geo.loading.table_file import TableFile


def open_table(
    path: Path,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    delimiter: str | None = None,
    limits: Limits = OPERATOR_LIMITS,
) -> TableFile:
    """Open the file at `path` as a table of text; close it when done with it.

    Args:
        path: the file; its name says nothing about its format.
        encoding: decides where the bytes of a text allow two readings.
        sheet: the sheet of a workbook, the layer of a GeoPackage or the Shapefile of an archive that has several.
        delimiter: the separator of a text, in place of the one found in its heading line.
        limits: what a file may ask for; `UPLOAD_LIMITS` for files that come over the network.

    Raises:
        FileRefused: it is empty, too big, of another format, or cannot be read.
    """
    return read_apart(path, Choices(encoding, sheet, delimiter), limits)


def open_requested(request: LoadRequest) -> TableFile:
    """Open the file of a request with all that it has decided; what is decided is no longer asked."""
    table = open_table(
        request.path,
        encoding=request.encoding,
        sheet=request.sheet,
        delimiter=request.delimiter,
        limits=request.limits,
    )
    if request.datum is not None:
        table.problems[:] = [problem for problem in table.problems if problem.code != "SHP_PRJ"]
    return table
