"""Loading of accountability cases: rows of one case, side by side or not, become one record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.loading.case_groups import CaseGroup, find_incidents, make_case, read_groups
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
from geo.records.tables import accountability_case
from geo.records.tombstones import load_tombstones
from geo.regions.gazetteer import Gazetteer, load_gazetteer

_PUBLIC_TEXTS: Final = ("title_en", "title_zh_hans", "summary_en", "summary_zh_hans")
_APART: Final = frozenset({"incident_ids", "public_id"})
_SAID: Final = ("quote_en", "quote_zh_hans", "promise_en", "promise_zh_hans")


class CaseLoading:
    """One file of cases on its way; see `geo.loading.load.Loading`. Cases are few: each is handled by itself."""

    def __init__(
        self, connection: sa.Connection, request: LoadRequest, mapping: Mapping, *, may_lack_contacts: bool = False
    ) -> None:
        self._connection = connection
        self._may_lack_contacts = may_lack_contacts
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
        return CaseRows(self._request, self._mapping, places, may_lack_contacts=self._may_lack_contacts)

    def prepare(self) -> None:
        """Make what reads rows."""
        _ = self._rows

    def read(self, rows: Sequence[Row]) -> list[StagedRow]:
        """Turn rows of text into rows for staging."""
        return refuse_taken_down(self._tombstones, self._rows.read(rows))

    def check(self, batch_id: int) -> None:
        """Look for rows of one case that disagree, contacts given twice, and incidents that are not there."""
        messages: list[Message] = []
        for group in read_groups(self._connection, batch_id, rejected=False):
            messages += [*_find_differences(group), *_find_same_contacts(group)]
            incidents, unknown = find_incidents(self._connection, group)
            if unknown:
                facts = {"source": group.source_system, "ids": ", ".join(unknown)}
                messages.append(Message(Problem("INCIDENT_UNKNOWN", facts), group.rows[0][0], "incident_ids"))
            messages += self._check_public_id(group)
            if any(one.is_guarded for one in incidents):
                messages += self._check_texts(group)
        copy_messages(self._connection, batch_id, messages)
        reject_rows(self._connection, batch_id)
        copy_messages(self._connection, batch_id, self._find_incomplete(batch_id, self._left_out(batch_id)))

    def find(self, batch_id: int, report: LoadReport) -> None:
        """Count what would become of each case."""
        for case, rows in self.make_cases(batch_id):
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
        for case, _ in self.make_cases(batch_id):
            write_case(self._connection, with_own_id(case) if case.source_id else case, batch_id=batch_id, actor=actor)

    def _check_public_id(self, group: CaseGroup) -> list[Message]:
        row_no, data = group.rows[0]
        public_id = data["public_id"]
        known = sa.select(sa.literal(1)).where(
            publication.c.public_id == public_id, publication.c.layer == ACCOUNTABILITY
        )
        if public_id is None or self._connection.scalar(known):
            return []
        return [Message(Problem("ID_UNKNOWN", {"public_id": public_id}), row_no, "public_id", public_id)]

    def _check_texts(self, group: CaseGroup) -> list[Message]:
        """A case about a call for help that is not public already may name no person and no finer place either."""
        row_no, first = group.rows[0]
        texts = [(row_no, column, first["case"].get(column)) for column in _PUBLIC_TEXTS]
        texts += [(number, column, data["contact"].get(column)) for number, data in group.rows for column in _SAID]
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
        for group in read_groups(self._connection, batch_id, rejected=True):
            first = next((number for number, _ in group.rows if number in broken), None)
            if first is not None:
                problem = Problem("CASE_INCOMPLETE", {"case": group.source_id or "?", "row": first})
                messages += [Message(problem, number) for number, _ in group.rows if number not in broken]
        return messages

    def make_cases(self, batch_id: int) -> Iterator[tuple[Case, list[int]]]:
        """Return each case that is to be written, with the numbers of its rows."""
        for group in read_groups(self._connection, batch_id, rejected=False):
            incidents, _ = find_incidents(self._connection, group)
            made = make_case(group, incidents, self._gazetteer, self._mapping.positions)
            yield made, [row_no for row_no, _ in group.rows]


def _find_differences(group: CaseGroup) -> Iterator[Message]:
    first_no, first = group.rows[0]
    for row_no, data in group.rows[1:]:
        for column in sorted(first["case"].keys() | data["case"].keys() | _APART):
            one, other = (first, data) if column in _APART else (first["case"], data["case"])
            if one.get(column) != other.get(column):
                facts = {"case": group.name, "column": column, "row": first_no}
                yield Message(Problem("CASE_DIFFERS", facts), row_no, column)


def _find_same_contacts(group: CaseGroup) -> Iterator[Message]:
    numbers: dict[int, list[int]] = {}
    for row_no, data in group.rows:
        numbers.setdefault(data["contact"].get("contact_no", 0), []).append(row_no)
    for contact_no, rows in numbers.items():
        if len(rows) > 1:
            facts = {"contact_no": contact_no, "case": group.name, "rows": ", ".join(map(str, rows))}
            for row_no in rows:
                yield Message(Problem("CONTACT_DUP", facts), row_no, "contact_no")
