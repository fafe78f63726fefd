"""What public cases say of one union: how often it knew and acted, its excuses, who answered, and what came of it.

The unit is the case. A case in which the union was only named, and never asked, is told but never counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from web.content import Record
from web.records import CardRow, RecordWords, Worded
from web.shares import Bar, BarTable, Share, count_codes, roll_up
from web.union_contacts import Contact, was_made, word_contacts

REPEATED = ("union_level", "union_region")
"""What the union's page says once, not again of each contact."""
OF_CASE = ("outcome", "outcome_on", "amount_recovered_cny")


@dataclass(frozen=True)
class UnionCase:
    """A case in which the union was asked or named: its title, its days and place, and this union's part in it."""

    record: Record
    title: Worded
    facts: str
    summary: Worded | None
    contacts: tuple[Contact, ...]
    rows: tuple[CardRow, ...]
    incidents: tuple[Record, ...]


class UnionProfile:
    """One union in its public cases. `beside` are the incidents of those cases."""

    def __init__(self, words: RecordWords, union_id: int, cases: Sequence[Record], beside: Sequence[Record]) -> None:
        self.words = words
        self._union_id = union_id
        self._cases = cases
        self._beside = {record.id: record for record in beside}

    def contacts_of(self, case: Record) -> list[dict[str, Any]]:
        """Return the contacts of a case that name this union."""
        return [one for one in case.properties.get("contacts") or () if one.get("union_id") == self._union_id]

    @cached_property
    def _made(self) -> list[tuple[Record, list[dict[str, Any]]]]:
        asked = [(case, [one for one in self.contacts_of(case) if was_made(one)]) for case in self._cases]
        return [(case, contacts) for case, contacts in asked if contacts]

    @property
    def asked(self) -> int:
        """The number of cases in which it was asked."""
        return len(self._made)

    @property
    def only_named(self) -> int:
        """The number of cases that name it though it was not asked."""
        return len(self._cases) - self.asked

    @property
    def tables(self) -> list[BarTable]:
        """The charts of the page, in their order; none where it was never asked."""
        if not self._made:
            return []
        several = {"excuses": ("excuse", "excuses"), "departments": ("union_department", "department")}
        return [
            self._of_one("awareness", [_awareness(contacts) for _, contacts in self._made]),
            self._of_one("involvement", [_involvement(contacts) for _, contacts in self._made]),
            *(self._of_several(name, *how) for name, how in several.items()),
            self._outcomes(),
        ]

    @property
    def cases(self) -> list[UnionCase]:
        """Its cases, the latest first."""
        latest = sorted(self._cases, key=lambda case: (case.properties.get("starts_on") or "", case.id), reverse=True)
        return [self._tell(case) for case in latest]

    def _of_one(self, vocabulary: str, codes: list[str | None]) -> BarTable:
        terms = self.words.words.terms.get(vocabulary, {})
        bars = [Bar(self.words.term(vocabulary, code), Share(codes.count(code), len(codes))) for code in terms]
        unknown = Bar(self.words.texts["answer.unknown"], Share(codes.count(None), len(codes)), is_unknown=True)
        return BarTable(vocabulary, (*bars, unknown))

    def _of_several(self, name: str, vocabulary: str, member: str) -> BarTable:
        codes = [
            [code for contact in contacts for code in _listed(contact.get(member))] for _case, contacts in self._made
        ]
        unknown = self.words.texts["union.none_recorded"]
        return BarTable(name, count_codes(codes, self._labels(vocabulary), unknown), is_several=True)

    def _outcomes(self) -> BarTable:
        codes = [_listed(case.properties.get("outcome")) for case, _ in self._made]
        return BarTable("outcome", count_codes(codes, self._labels("outcome"), self.words.texts["answer.unknown"]))

    def _labels(self, vocabulary: str) -> dict[str, str]:
        return {code: self.words.term(vocabulary, code) for code in self.words.words.terms.get(vocabulary, {})}

    def _tell(self, case: Record) -> UnionCase:
        words = self.words
        shown = word_contacts(words, self.contacts_of(case))
        return UnionCase(
            record=case,
            title=words.title(case),
            facts=" · ".join((words.dates(case), words.place(case), case.id)),
            summary=words.text(case, "summary"),
            contacts=tuple(contact.without(REPEATED) for contact in shown),
            rows=tuple(row for row in words.rows(case) if row.name in OF_CASE),
            incidents=tuple(self._beside[one] for one in case.properties.get("incidents") or () if one in self._beside),
        )


def _awareness(contacts: Sequence[dict[str, Any]]) -> str | None:
    said = (contact.get("awareness") for contact in contacts)
    return roll_up(said, first="aware", second="unaware", only_all="no_response")


def _involvement(contacts: Sequence[dict[str, Any]]) -> str | None:
    return roll_up((contact.get("involvement") for contact in contacts), first="involved", second="uninvolved")


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
