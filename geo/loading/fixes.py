"""Suggestions that an editor applied to all rows at once: cells are replaced as the file is read, and read again.

They are choices of the batch, so that reading the file again gives the same rows and the same report. A fix is
{"code": the message's code} and, for terms, {"column": the heading, "value": what stands there}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from geo.loading.headers import Mapping as Headings
from geo.loading.messages import Message, Problem
from geo.loading.staging import StagedRow
from geo.loading.table_file import Row

Fix = Mapping[str, str]
Read = Callable[[Sequence[Row]], list[StagedRow]]
_Change = Callable[[list[str], Message, Headings], None]

_ROUNDS: Final = 5
"""How often one row is read again: a cell may hold several terms to replace."""


def apply_fixes(read: Read, chunk: Sequence[Row], headings: Headings, fixes: Sequence[Fix]) -> list[StagedRow]:
    """Read a chunk of rows, and those again in which one of `fixes` changes something; each change is said."""
    staged = read(chunk)
    if not fixes:
        return staged
    rows = {row[0]: row for row in chunk}
    said: dict[int, list[Message]] = {}
    for _ in range(_ROUNDS):
        changed: dict[int, Row] = {}
        for one in staged:
            found = _fix_row(rows[one.row_no], one.messages, headings, fixes)
            if found is not None:
                changed[one.row_no], told = found
                said.setdefault(one.row_no, []).extend(told)
        if not changed:
            break
        rows |= changed
        again = {one.row_no: one for one in read(list(changed.values()))}
        staged = [again.get(one.row_no, one) for one in staged]
    return [one.saying(said[one.row_no]) if one.row_no in said else one for one in staged]


def find_fix(code: str, column: str | None, value: str | None) -> Fix | None:
    """Return the fix for a message, or None where there is nothing that a program could change."""
    if code not in _CHANGES:
        return None
    if code in _BY_VALUE:
        return {"code": code, "column": column or "", "value": value or ""}
    return {"code": code}


def _fix_row(
    row: Row, messages: Sequence[Message], headings: Headings, fixes: Sequence[Fix]
) -> tuple[Row, list[Message]] | None:
    row_no, cells, problems = row
    new = list(cells)
    told = []
    for message in messages:
        if find_fix(message.problem.code, message.column, message.value) in fixes:
            _CHANGES[message.problem.code](new, message, headings)
            told.append(Message(Problem("FIX_APPLIED", {"code": message.problem.code}), row_no, message.column))
    return ((row_no, new, problems), told) if new != cells else None


def _replace_term(cells: list[str], message: Message, headings: Headings) -> None:
    """Put the suggested term's code in the place of what is in no list."""
    facts: Mapping[str, Any] = message.problem.facts
    if message.column in headings.headers and message.value:
        position = headings.headers.index(message.column)
        cells[position] = cells[position].replace(message.value, str(facts["suggestion"]).split(" ")[0])


def _place_at(cells: list[str], headings: Headings, lon: str, lat: str) -> None:
    positions = headings.positions
    if "coords" in positions:
        cells[positions["coords"]] = f"{lat}, {lon}"
    else:
        cells[positions["lon"]], cells[positions["lat"]] = lon, lat


def _swap(cells: list[str], message: Message, headings: Headings) -> None:
    _place_at(cells, headings, str(message.problem.facts["lon"]), str(message.problem.facts["lat"]))


def _empty_position(cells: list[str], _message: Message, headings: Headings) -> None:
    for column in ("coords", "lon", "lat"):
        if column in headings.positions:
            cells[headings.positions[column]] = ""


def _unsign(cells: list[str], _message: Message, headings: Headings) -> None:
    for column in ("coords", "lon", "lat"):
        if column in headings.positions:
            position = headings.positions[column]
            cells[position] = cells[position].replace("-", "")


_CHANGES: Final[Mapping[str, _Change]] = {
    "VOC_SUGGEST": _replace_term,
    "GEO_SWAPPED": _swap,
    "GEO_SIGN": _unsign,
    "GEO_ZERO": _empty_position,
}
_BY_VALUE: Final = frozenset({"VOC_SUGGEST"})
