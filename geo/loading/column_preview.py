"""What a file's columns would be read as, with a few values of each, before anything is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from geo.loading.columns import known_columns
from geo.loading.guesses import EXTRA, How, guess_columns
from geo.loading.messages import SHOWN_CHARACTERS
from geo.loading.personal_data import mask_personal_data
from geo.loading.profiles import find_profile
from geo.loading.synonyms import fold_header
from geo.loading.table_file import TableFile

_LOOKED_AT: Final = 200
"""Rows from which values are taken."""
_SHOWN_VALUES: Final = 5


@dataclass(frozen=True)
class ColumnPreview:
    """One heading: the column it is read as (None: none), how that was found, and some different values, masked."""

    header: str
    column: str | None
    how: How
    values: tuple[str, ...]


@dataclass(frozen=True)
class ColumnsPreview:
    """All headings in their order; the shape that was recognised; the columns that may be chosen."""

    profile: str
    columns: tuple[ColumnPreview, ...]
    choices: tuple[str, ...]


def preview_columns(table: TableFile, layer: str, chosen: Mapping[str, str | None] | None = None) -> ColumnsPreview:
    """Look at an opened file, whose first rows are used up by it.

    Raises:
        FileRefused: HDR_COLUMN, or the file cannot be read.
        DataError: there is no such layer.
    """
    profile = find_profile(fold_header(header) for header in table.headers)
    guesses = guess_columns(table.headers, layer, profile, chosen)
    seen: list[dict[str, None]] = [{} for _ in table.headers]
    for _, cells, _ in islice(table.rows, _LOOKED_AT):
        for place, cell in enumerate(cells[: len(seen)]):
            text = cell.strip()
            if text and len(seen[place]) < _SHOWN_VALUES:
                seen[place][mask_personal_data(text)[:SHOWN_CHARACTERS]] = None
    known = known_columns(layer)
    columns = (
        ColumnPreview(header, guess.column, guess.how, tuple(values))
        for header, guess, values in zip(table.headers, guesses, seen, strict=True)
    )
    return ColumnsPreview(profile.name, tuple(columns), (*sorted(known), *((EXTRA,) if "raw_text" in known else ())))
