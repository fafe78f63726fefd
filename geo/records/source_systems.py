"""What a data set says of all its sources. A source that has no type of its own has the one its data set declares."""

from __future__ import annotations

from typing import Final

DECLARED_SOURCE_TYPES: Final = {
    "clb_export": "clb",
    "clb_pages": "clb",
    "waiting_for_weiquan": "clb",
}
"""Data set to a code of the vocabulary source_type. A data set that is not here declares none."""
