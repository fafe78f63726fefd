"""Reads what editors typed as their decisions about an incident, with the messages that cells have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from geo.errors import DataError
from geo.loading.cells import Parse
from geo.loading.figures import parse_integer
from geo.loading.messages import Message, locate
from geo.loading.sources import parse_boolean
from geo.loading.terms import parse_term
from geo.loading.texts import parse_restricted_text
from geo.records.decisions import complete_decisions

_PARSERS: Final[dict[str, Parse]] = {
    "override_precision": parse_term("override_precision", "location_precision"),
    "withheld": parse_boolean("withheld"),
    "widely_reported": parse_boolean("widely_reported"),
    "embargo_days": parse_integer("embargo_days"),
    "editor_notes": parse_restricted_text("editor_notes"),
}
_ROW: Final = 1


def read_decisions(typed: Mapping[str, str]) -> tuple[dict[str, Any], list[Message]]:
    """Return the decisions that were typed, an empty cell being none, and what is to be said of them.

    Raises:
        DataError: there is no such decision.
    """
    unknown = sorted(typed.keys() - _PARSERS.keys())
    if unknown:
        raise DataError(f"Editors decide nothing called {unknown[0]!r}.")
    values: dict[str, Any] = {}
    said: list[Message] = []
    for name, cell in typed.items():
        found, problems = _PARSERS[name](cell) if cell.strip() else ({}, ())
        values[name] = found.get(name)
        said += [locate(problem, _ROW, name, cell) for problem in problems]
    return {name: value for name, value in complete_decisions(_without_none(values)).items() if name in typed}, said


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
