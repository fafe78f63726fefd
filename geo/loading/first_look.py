"""The first rows of a file that came in, and what its columns are read as, before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from geo.errors import FileRefused
from geo.loading.column_preview import ColumnsPreview, preview_columns
from geo.loading.messages import SHOWN_CHARACTERS
from geo.loading.personal_data import mask_personal_data
from geo.loading.reading import open_request
from geo.loading.request import LoadRequest

SHOWN_ROWS: Final = 10
_LOOKED_AT: Final = 200


@dataclass(frozen=True)
class FirstLook:
    """Headings, the first rows with their numbers, and the columns; personal numbers are masked.

    `refused` says why the columns that were chosen cannot be; `columns` are then those that would be guessed.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    columns: ColumnsPreview
    refused: FileRefused | None = None


def look_at_file(request: LoadRequest) -> FirstLook:
    """Open a file as its request says and look at its beginning.

    Raises:
        FileRefused: it cannot be read, or waits for a choice.
    """
    with open_request(request) as table:
        kept = list(islice(table.rows, _LOOKED_AT))
        shown = tuple((row_no, tuple(_show(cell) for cell in cells)) for row_no, cells, _ in kept[:SHOWN_ROWS])
        refused = None
        try:
            columns = preview_columns(replace(table, rows=iter(kept)), request.layer, request.mapping)
        except FileRefused as problem:
            refused = problem
            columns = preview_columns(replace(table, rows=iter(kept)), request.layer)
        return FirstLook(tuple(table.headers), shown, columns, refused)


def _show(cell: str) -> str:
    text = mask_personal_data(cell)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
