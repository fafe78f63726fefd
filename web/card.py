"""One record as its card and its page show it: everything public, in the reader's words, in the order it stands.

The twin of static/js/record-card.js, which draws the same card in the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from web.content import Change, LayerWords, Record
from web.records import ALWAYS, CardRow, RecordWords, Worded, host_of, web_address
from web.report_links import report_link
from web.union_contacts import Contact, was_made, word_contacts

ANSWER = ("awareness", "involvement", "involvement_timing", "excuses", "outcome", "outcome_on", "amount_recovered_cny")
"""What an incident's card shows of the case about it."""


@dataclass(frozen=True)
class Answer:
    """What the unions answered about an incident: the case, who was contacted, and the outcome."""

    case: Record
    title: Worded
    contacted: str
    rows: tuple[CardRow, ...]
    unions: tuple[Contact, ...]


@dataclass(frozen=True)
class Source:
    """One public source: its words, where it leads, what is known of it, and its archived copy."""

    words: str
    url: str | None
    facts: str
    archive: str | None


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Where a card leads: the addresses of a record and of a union, and the editors' address if there is one."""

    record: Callable[[str], str]
    union: Callable[[int], str]
    editors: str | None = None


class Card:
    """A record with what stands beside it. `linked` are its cases or incidents, `changes` its history, in order."""

    def __init__(
        self,
        words: RecordWords,
        record: Record,
        ways: Ways,
        linked: Sequence[Record] = (),
        changes: Sequence[Change] = (),
    ) -> None:
        self.words = words
        self.texts = words.texts
        self.record = record
        self.properties: Mapping[str, Any] = record.properties
        self.ways = ways
        self.linked = linked
        self._changes = changes

    @property
    def layer(self) -> LayerWords:
        """The layer of the record."""
        return self.layer_of(self.record)

    def layer_of(self, record: Record) -> LayerWords:
        """Return the layer of a record."""
        return next(layer for layer in self.words.words.layers if layer.id == record.properties["layer"])

    @property
    def title(self) -> Worded:
        """The title, with its language."""
        return self.words.title(self.record)

    @property
    def other_title(self) -> Worded | None:
        """The title in the language the reader did not choose."""
        return self.words.other(self.record, "title")

    @property
    def paragraphs(self) -> list[Worded]:
        """The description or summary in the reader's language, else in the other."""
        return [text for stem in ("description", "summary") if (text := self.words.text(self.record, stem))]

    @property
    def other_paragraphs(self) -> list[Worded]:
        """The same in the language that the reader did not choose, where there are both."""
        return [text for stem in ("description", "summary") if (text := self.words.other(self.record, stem))]

    @property
    def dates(self) -> str:
        """The days."""
        return self.words.dates(self.record)

    @property
    def place(self) -> str:
        """The place, as exactly as it is public."""
        return self.words.place(self.record)

    @property
    def reported_place(self) -> Worded | None:
        """The place in the words of the report, where they are not the same."""
        found = self.words.text(self.record, "place_text")
        return found if found and found.text != self.place else None

    @cached_property
    def rows(self) -> list[CardRow]:
        """Every public property that has no place of its own."""
        return self.words.rows(self.record)

    @cached_property
    def contacts(self) -> list[Contact]:
        """Every union that was contacted, or should have been."""
        return word_contacts(self.words, self.properties.get("contacts") or ())

    @cached_property
    def answers(self) -> list[Answer]:
        """What the unions answered, by the cases about an incident."""
        return [self._answer(case) for case in self.linked if "contacts" in case.properties]

    @property
    def incidents(self) -> list[Record]:
        """The incidents of a case."""
        return [record for record in self.linked if "contacts" not in record.properties]

    @property
    def sources(self) -> list[Source]:
        """The public sources, and the record's address on CLB's map."""
        sources = [self._source(source) for source in self.properties.get("sources") or ()]
        legacy = web_address(self.properties.get("legacy_url"))
        return [*sources, Source(self.texts["card.clb"], legacy, host_of(legacy), None)] if legacy else sources

    @property
    def changes(self) -> list[tuple[str, str]]:
        """The public history, the latest first: a day and what was done."""
        seen, said = False, []
        for change in self._changes:
            said.append((self.texts.date(change.changed_on), self._say_change(change, seen=seen)))
            seen = True
        return said[::-1]

    @property
    def report(self) -> str | None:
        """The link to report a mistake."""
        return self._link("report")

    @property
    def contact(self) -> str | None:
        """The link to the editors about a call for help: readers reach a worker through them only."""
        return self._link("contact") if self.properties["layer"] == "calls_for_help" else None

    def _link(self, kind: str) -> str | None:
        subject = self.texts.fill(f"card.{kind}", id=self.record.id)
        return report_link(self.ways.editors, self.record.id, subject) if self.ways.editors else None

    def _answer(self, case: Record) -> Answer:
        by_name = {row.name: row for row in self.words.rows(case)}
        unknown = {name: CardRow(name, self.words.label(name), (self.texts["answer.unknown"],)) for name in ALWAYS}
        rows = tuple({**unknown, **by_name}[name] for name in ANSWER if name in by_name or name in unknown)
        contacts = case.properties.get("contacts") or ()
        number = sum(map(was_made, contacts))
        unions = tuple(word_contacts(self.words, contacts))
        return Answer(case, self.words.title(case), self.texts.count("answer.contacted", number), rows, unions)

    def _source(self, source: Mapping[str, Any]) -> Source:
        url, archive = web_address(source.get("url")), web_address(source.get("archive_url"))
        words = source.get("title") or source.get("publisher") or (host_of(url) if url else "")
        return Source(words, url, " · ".join(self.words.source_facts(source)), archive)

    def _say_change(self, change: Change, *, seen: bool) -> str:
        if change.op == "insert":
            return self.texts["change.again" if seen else "change.insert"]
        if change.op == "delete" or not change.properties:
            return self.texts[f"change.{change.op}"]
        named = (
            self.texts["change.geometry"] if name == "geometry" else self.words.label(name)
            for name in change.properties
        )
        return self.texts.fill("change.of", names=self.texts["change.and"].join(dict.fromkeys(named)))
