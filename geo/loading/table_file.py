"""A file as a table: headings and rows of text, whatever the format.

The format is recognised by the file's first bytes, never by its name. GDAL is not used: told to read text, it would
follow references to other files of this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from geo.loading.messages import Problem

MAX_COLUMNS: Final = 200

CellProblem: TypeAlias = tuple[int, Problem]
"""(position of the cell, what is wrong with it); position -1 is the whole row."""

Row: TypeAlias = tuple[int, list[str], tuple[CellProblem, ...]]
"""(row number, the headings being row 1; the cells; what the reader found). Every row has a cell for each heading."""

WHOLE_ROW: Final = -1


def _nowhere() -> int:
    return 0


@dataclass
class TableFile:
    """An opened file. `rows` can be walked once; `tell` and `size` say how far that is, in the same unit.

    `kind` is csv, xlsx, geojson, geojsonseq, gpkg or shp; `separator` is that of a csv. `problems` may grow while the
    rows are walked.
    """

    kind: str
    headers: list[str]
    rows: Iterator[Row]
    problems: list[Problem] = field(default_factory=list)
    tell: Callable[[], int] = _nowhere
    size: int = 0
    close: Callable[[], None] = lambda: None
    separator: str = ","
