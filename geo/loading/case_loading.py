"""Loading of accountability cases: rows of one case, side by side or not, become one record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY, CALLS_FOR_HELP
from geo.loading.case_rows import CaseRows
from geo.loading.checks import reject_rows
from geo.loading.headers import Mapping
from geo.loading.messages import Message, Problem
from geo.loading.personal_data import find_name
from geo.loading.place_in_text import FinePlaces, load_fine_places
from geo.loading.places import PlaceReader
from geo.loading.request import LoadReport, LoadRequest
from geo.loading.staging import StagedRow, copy_messages
from geo.loading.table_file import Row
from geo.loading.taken_down import refuse_taken_down
from geo.records.batch_tables import staging_row
from geo.records.cases import Case, match_case, with_own_id, write_case
from geo.records.publication_tables import publication
from geo.records.tables import accountability_case, incident
from geo.records.tombstones import load_tombstones
from geo.regions.gazetteer import Gazetteer, load_gazetteer

_DATES: Final = ("starts_on", "ends_on", "outcome_on", "contacted_on", "contacted_until")
_PUBLIC_TEXTS: Final = ("title_en", "title_zh_hans", "summary_en", "summary_zh_hans")
_APART: Final = frozenset({"incident_ids", "public_id"})
_QUOTES: Final = ("quote_en", "quote_zh_hans")


@dataclass(frozen=True)
class _Rows:
    """The rows of one case, in the order of the file."""

    source_system: str
    source_id: str | None
    identity_hash: str
    rows: Sequence[tuple[int, dict[str, Any]]]

    @property
    def name(self) -> str:
        return self.source_id or str(
            self.rows[0][1]["case"].get("title_en") or self.rows[0][1]["case"].get("title_zh_hans")
        )


class CaseLoading:
    """One file of cases on its way; see `geo.loading.load.Loading`. Cases are few: each is handled by itself."""

    def __init__(self, connection: sa.Connection, request: LoadRequest, mapping: Mapping) -> None:
        self._connection = connection
        self._gazetteer: Gazetteer = load_gazetteer(connection)
        self._request = request
        self._mapping = mapping
        self._fine: FinePlaces = load_fine_places(connection)
        self._tombstones = load_tombstones(connection)
        self._found: list[tuple[int, str, int | None]] = []

    @cached_property
    def _rows(self) -> CaseRows:
        """Made for the first rows only: it needs the headings as the file has them."""
        places = PlaceReader(self._connection, self._gazetteer, self._mapping.profile)
        return CaseRows(self._request, self._mapping, places)

    def prepare(self) -> None:
        """Make what reads rows."""
        _ = self._rows

    def read(self, rows: Sequence[Row]) -> list[StagedRow]:
        """Turn rows of text into rows for staging."""
        return refuse_taken_down(self._tombstones, self._rows.read(rows))

    def check(self, batch_id: int) -> None:
        """Look for rows of one case that disagree, contacts given twice, and incidents that are not there."""
        messages: list[Message] = []
        for group in self._read_groups(batch_id, rejected=False):
            messages += [*_find_differences(group), *_find_same_contacts(group)]
            incidents, unknown = self._find_incidents(group)
            if unknown:
                facts = {"source": group.source_system, "ids": ", ".join(unknown)}
                messages.append(Message(Problem("INCIDENT_UNKNOWN", facts), group.rows[0][0], "incident_ids"))
            messages += self._check_public_id(group)
            if any(layer == CALLS_FOR_HELP and not public for _, layer, public, _ in incidents.values()):
                messages += self._check_texts(group)
        copy_messages(self._connection, batch_id, messages)
        reject_rows(self._connection, batch_id)
        copy_messages(self._connection, batch_id, self._find_incomplete(batch_id, self._left_out(batch_id)))

    def find(self, batch_id: int, report: LoadReport) -> None:
        """Count what would become of each case."""
        for case, rows in self._make_cases(batch_id):
            outcome, record_id = match_case(self._connection, case)
            setattr(report, outcome, getattr(report, outcome) + 1)
            report.contacts += len(case.contacts)
            self._found += [(row_no, outcome, record_id) for row_no in rows]

    def match(self, batch_id: int, report: LoadReport) -> None:
        """Count what would become of each case."""
        self.find(batch_id, report)

    def remember(self, batch_id: int) -> None:
        """Write what was found into staging, for the preview."""
        version = sa.select(accountability_case.c.version).where(
            accountability_case.c.id == sa.bindparam("found_record")
        )
        changed = (
            sa.update(staging_row)
            .where(staging_row.c.batch_id == batch_id, staging_row.c.row_no == sa.bindparam("found_row"))
            .values(
                foreseen=sa.bindparam("found_outcome"),
                record_id=sa.bindparam("found_record", type_=sa.BigInteger),
                base_version=version.scalar_subquery(),
            )
        )
        facts = [dict(zip(("found_row", "found_outcome", "found_record"), one, strict=True)) for one in self._found]
        if facts:
            self._connection.execute(changed, facts)

    def write(self, batch_id: int, actor: str) -> None:
        """Insert and update the cases."""
        for case, _ in self._make_cases(batch_id):
            write_case(self._connection, with_own_id(case) if case.source_id else case, batch_id=batch_id, actor=actor)

    def _read_groups(self, batch_id: int, *, rejected: bool) -> Iterator[_Rows]:
        """The cases of a batch. `rejected` False leaves rejected rows out."""
        key = sa.func.coalesce(staging_row.c.source_id, staging_row.c.identity_hash)
        listed = (
            sa.select(staging_row)
            .where(staging_row.c.batch_id == batch_id)
            .where(staging_row.c.outcome.is_distinct_from("excluded") if rejected else staging_row.c.outcome.is_(None))
            .order_by(staging_row.c.source_system, key, staging_row.c.row_no)
        )
        groups: dict[tuple[str, str], list[sa.Row[Any]]] = {}
        for row in self._connection.execute(listed):
            groups.setdefault(
                (row.source_system, row.source_id or row.identity_hash or f"row {row.row_no}"), []
            ).append(row)
        for rows in groups.values():
            pairs = [(row.row_no, row.data) for row in rows]
            yield _Rows(rows[0].source_system, rows[0].source_id, rows[0].identity_hash, pairs)

    def _find_incidents(self, group: _Rows) -> tuple[dict[str, tuple[int, str, bool, list[str]]], list[str]]:
        """Return (source id to (key, layer, already public, regions); the ids that no incident has)."""
        wanted = list(dict.fromkeys(name for _, data in group.rows for name in data["incident_ids"]))
        columns = incident.c
        found = self._connection.execute(
            sa.select(columns.source_id, columns.id, columns.layer, columns.already_public, columns.regions).where(
                columns.source_system == group.source_system, columns.source_id.in_(wanted)
            )
        )
        known = {row[0]: (row[1], row[2], row[3], list(row[4])) for row in found}
        return known, [name for name in wanted if name not in known]

    def _check_public_id(self, group: _Rows) -> list[Message]:
        row_no, data = group.rows[0]
        public_id = data["public_id"]
        known = sa.select(sa.literal(1)).where(
            publication.c.public_id == public_id, publication.c.layer == ACCOUNTABILITY
        )
        if public_id is None or self._connection.scalar(known):
            return []
        return [Message(Problem("ID_UNKNOWN", {"public_id": public_id}), row_no, "public_id", public_id)]

    def _check_texts(self, group: _Rows) -> list[Message]:
        """A case about a call for help that is not public already may name no person and no finer place either."""
        row_no, first = group.rows[0]
        texts = [(row_no, column, first["case"].get(column)) for column in _PUBLIC_TEXTS]
        texts += [(number, column, data["contact"].get(column)) for number, data in group.rows for column in _QUOTES]
        messages = []
        for number, column, text in texts:
            place = self._fine.find(text) if text else None
            if place:
                messages.append(Message(Problem("PLACE_IN_TEXT", {"place": place}), number, column))
            if text and find_name(text):
                messages.append(Message(Problem("PII_NAME"), number, column))
        return messages

    def _left_out(self, batch_id: int) -> set[int | None]:
        left_out = sa.select(staging_row.c.row_no).where(
            staging_row.c.batch_id == batch_id, staging_row.c.outcome.is_not(None)
        )
        return set(self._connection.scalars(left_out))

    def _find_incomplete(self, batch_id: int, broken: set[int | None]) -> list[Message]:
        """A case of which one row is refused is refused whole: fewer contacts would say something else."""
        messages = []
        for group in self._read_groups(batch_id, rejected=True):
            first = next((number for number, _ in group.rows if number in broken), None)
            if first is not None:
                problem = Problem("CASE_INCOMPLETE", {"case": group.source_id or "?", "row": first})
                messages += [Message(problem, number) for number, _ in group.rows if number not in broken]
        return messages

    def _make_cases(self, batch_id: int) -> Iterator[tuple[Case, list[int]]]:
        for group in self._read_groups(batch_id, rejected=False):
            incidents, _ = self._find_incidents(group)
            contacts = sorted(
                (data["contact"] for _, data in group.rows), key=lambda contact: int(contact["contact_no"])
            )
            codes = [code for entry in incidents.values() for code in entry[3]] or [
                contact["union_region"]
                for contact in contacts
                if contact.get("union_region") and contact.get("contacted") is not False
            ]
            codes = sorted(set(codes))
            place = {
                "regions": codes,
                "region_code": self._gazetteer.find_common(codes),
                "several_places": len(codes) > 1,
            }
            made = Case(
                source_system=group.source_system,
                source_id=group.source_id,
                identity_hash=group.identity_hash,
                values=_with_dates(group.rows[0][1]["case"]),
                place=place,
                public_id=group.rows[0][1]["public_id"],
                incidents={name: entry[0] for name, entry in incidents.items()},
                contacts=[_with_dates(contact) for contact in contacts],
            )
            yield made, [row_no for row_no, _ in group.rows]


def _with_dates(values: dict[str, Any]) -> dict[str, Any]:
    """JSON has no dates: make them again."""
    return {name: dt.date.fromisoformat(value) if name in _DATES else value for name, value in values.items()}


def _find_differences(group: _Rows) -> Iterator[Message]:
    first_no, first = group.rows[0]
    for row_no, data in group.rows[1:]:
        for column in sorted(first["case"].keys() | data["case"].keys() | _APART):
            one, other = (first, data) if column in _APART else (first["case"], data["case"])
            if one.get(column) != other.get(column):
                facts = {"case": group.name, "column": column, "row": first_no}
                yield Message(Problem("CASE_DIFFERS", facts), row_no, column)


def _find_same_contacts(group: _Rows) -> Iterator[Message]:
    numbers: dict[int, list[int]] = {}
    for row_no, data in group.rows:
        numbers.setdefault(data["contact"]["contact_no"], []).append(row_no)
    for contact_no, rows in numbers.items():
        if len(rows) > 1:
            facts = {"contact_no": contact_no, "case": group.name, "rows": ", ".join(map(str, rows))}
            for row_no in rows:
                yield Message(Problem("CONTACT_DUP", facts), row_no, "contact_no")
