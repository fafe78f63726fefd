"""Rows of an accountability file: one contact with a union each, the case's own columns repeated."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final

import orjson

from geo.layers import ACCOUNTABILITY
from geo.loading.cells import remember
from geo.loading.columns import make_parsers
from geo.loading.dates import parse_date
from geo.loading.headers import Mapping
from geo.loading.messages import Message, Problem, locate
from geo.loading.periods import read_period
from geo.loading.places import PlaceReader
from geo.loading.request import LoadRequest
from geo.loading.sources import is_source_name
from geo.loading.staging import StagedRow
from geo.loading.table_file import Row

CONTACT_COLUMNS: Final = frozenset(
    {
        *("contact_no", "contacted", "contacted_on", "contacted_until", "union_name_en", "union_name_zh_hans"),
        *("union_level", "union_region", "department", "method", "awareness", "involvement", "involvement_timing"),
        *("excuses", "quote_en", "quote_zh_hans", "promise_en", "promise_zh_hans", "follow_up_on"),
        *("person_name", "person_role", "recording", "note"),
    }
)
"""Values of the contact; all others are the case's and must be alike in each of its rows."""


class CaseRows:
    """Reads rows of one accountability file."""

    def __init__(
        self, request: LoadRequest, mapping: Mapping, places: PlaceReader, *, may_lack_contacts: bool = False
    ) -> None:
        self._may_lack_contacts = may_lack_contacts
        self._request = request
        self._mapping = mapping
        self._places = places
        parsers = make_parsers(ACCOUNTABILITY, mapping.profile, request.today)
        self._parsers = [
            (position, mapping.headers[position], remember(parsers[column]))
            for column, position in mapping.positions.items()
            if column in parsers
        ]

    def read(self, rows: Sequence[Row]) -> list[StagedRow]:
        """Read a chunk of rows; the staged data is {"case", "contact", "incident_ids", "public_id"}."""
        return [self._read(row) for row in rows]

    def _read(self, row: Row) -> StagedRow:
        row_no, cells, problems = row
        messages = [
            locate(problem, row_no, self._mapping.headers[at] if at >= 0 else None, cells[at] if at >= 0 else None)
            for at, problem in problems
        ]
        values: dict[str, Any] = {}
        for position, header, parse in self._parsers:
            text = cells[position]
            if text:
                found, said = parse(text)
                values.update(found)
                messages += [locate(problem, row_no, header, text) for problem in said]
        for column, problem in self._join(values, cells):
            messages.append(locate(problem, row_no, self._mapping.header_of(column), self._cell(cells, column)))
        return _stage(row_no, values, messages)

    def _cell(self, cells: list[str], column: str) -> str:
        position = self._mapping.positions.get(column)
        return "" if position is None else cells[position]

    def _join(self, values: dict[str, Any], cells: list[str]) -> list[tuple[str, Problem]]:
        """Read the cells that mean something only together; return what is to be said."""
        starts_on, ends_on, precision = (
            self._cell(cells, column) for column in ("starts_on", "ends_on", "date_precision")
        )
        period, told = read_period(starts_on, ends_on, precision, self._request.today)
        values.update(period)
        said = list(told)
        contacted_on = self._cell(cells, "contacted_on")
        if contacted_on.strip():
            found, problems = parse_date(contacted_on, self._request.today)
            said += [("contacted_on", problem) for problem in problems]
            if found:
                values |= {"contacted_on": found.first, "contacted_until": found.last}
        code, problems = self._places.resolve_code(self._cell(cells, "union_region"))
        said += [("union_region", problem) for problem in problems]
        if code:
            values["union_region"] = code
        return [*said, *self._check(values)]

    def _check(self, values: dict[str, Any]) -> list[tuple[str, Problem]]:
        said = []
        given, source = values.get("source_system"), self._request.source
        if source is not None and given is not None and given != source:
            said.append(("source_system", Problem("SOURCE_DIFFERS", {"source": source})))
        elif source is not None and is_source_name(source):
            values["source_system"] = source
        elif given is None:
            said.append(("source_system", Problem("SOURCE_EMPTY")))
        if not values.get("contact_no") and (not self._may_lack_contacts or CONTACT_COLUMNS & values.keys()):
            said.append(("contact_no", Problem("CONTACT_MISSING")))
        if "title_en" not in values and "title_zh_hans" not in values:
            said.append(("title_en", Problem("TITLE_MISSING")))
        if "union_level" not in values and ("union_name_en" in values or "union_name_zh_hans" in values):
            said.append(("union_level", Problem("UNION_LEVEL_MISSING")))
        if "sources" not in values and "sources" in self._mapping.positions:
            said.append(("sources", Problem("SRC_MISSING")))
        return said


def _stage(row_no: int, values: dict[str, Any], messages: list[Message]) -> StagedRow:
    source_system, source_id = values.pop("source_system", None), values.pop("source_id", None)
    if any(message.problem.weight == "error" for message in messages):
        return StagedRow(row_no, source_system, source_id, None, None, None, messages)
    named = orjson.dumps([values.get(name) for name in ("starts_on", "ends_on", "title_en", "title_zh_hans")])
    contact = {name: values.pop(name) for name in sorted(CONTACT_COLUMNS & values.keys())}
    apart = {"incident_ids": values.pop("incident_ids", []), "public_id": values.pop("public_id", None)}
    data = orjson.dumps({"case": values, "contact": contact, **apart}, option=orjson.OPT_SORT_KEYS)
    identity = blake2b(named, digest_size=16).hexdigest()
    return StagedRow(row_no, source_system, source_id, identity, identity, data, messages)
