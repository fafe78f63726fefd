"""Reads what editors typed as their decisions about a case, with the messages that cells have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from geo.errors import DataError
from geo.loading.cells import Parse, Parsed
from geo.loading.messages import Message, Problem, locate
from geo.loading.sources import parse_boolean
from geo.loading.terms import parse_term
from geo.loading.texts import parse_restricted_text
from geo.records.case_decisions import ROLLED, complete_case_decisions

STATES: Final = ("draft", "published")
_ROW: Final = 1


def _parse_state(cell: str) -> Parsed:
    text = cell.strip()
    if text in STATES:
        return {"status": text}, ()
    return {}, (Problem("VOC_UNKNOWN", {"codes": ", ".join(STATES)}),)


_PARSERS: Final[dict[str, Parse]] = {
    "status": _parse_state,
    "override_precision": parse_term("override_precision", "location_precision"),
    "withheld": parse_boolean("withheld"),
    "editor_notes": parse_restricted_text("editor_notes"),
    "override_reason": parse_restricted_text("override_reason"),
    **{name: parse_term(name, name) for name in ROLLED},
}

DECIDED: Final = tuple(_PARSERS)
"""What editors decide about a case."""


def read_case_decision_cells(
    typed: Mapping[str, str], before: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Message]]:
    """Return the decisions: as typed, an empty cell being none, else as they were; and what is to be said of them.

    Raises:
        DataError: there is no such decision, or a judgement of the case lacks its reason.
    """
    unknown = sorted(typed.keys() - _PARSERS.keys())
    if unknown:
        raise DataError(f"Editors decide nothing called {unknown[0]!r} about a case.")
    values = dict(before)
    said: list[Message] = []
    for name, cell in typed.items():
        found, problems = _PARSERS[name](cell) if cell.strip() else ({}, ())
        values[name] = found.get(name)
        said += [locate(problem, _ROW, name, cell) for problem in problems]
    decided = complete_case_decisions({name: value for name, value in values.items() if value is not None})
    _check_override(decided)
    return decided, said


def _check_override(decided: Mapping[str, Any]) -> None:
    if any(decided[name] is not None for name in ROLLED) and not decided["override_reason"]:
        raise DataError("Say why the case is judged otherwise than its contacts say.")
    if decided["involvement_timing"] and decided["involvement"] != "involved":
        raise DataError("A union that did not act has no time at which it acted.")
