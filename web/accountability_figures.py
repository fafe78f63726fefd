"""What is said of accountability cases together, and how it becomes charts that are tables. The unit is the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.records import RecordWords
from web.shares import Bar, BarTable, Share

UNKNOWN = "unknown"
AWARENESS = ("unaware", "aware", "no_response", UNKNOWN)
INVOLVED, UNINVOLVED = "involved", "uninvolved"
COLUMNS = (
    *((INVOLVED, timing) for timing in ("before_contact", "after_contact", UNKNOWN)),
    *((involvement, None) for involvement in (UNINVOLVED, UNKNOWN)),
)
"""The columns of the table of answers: involvement, and of the involved, when."""
VOCABULARIES = {
    "awareness": "awareness",
    "involvement": "involvement",
    "timing": "involvement_timing",
    "outcome": "outcome",
    "excuses": "excuse",
    "departments": "union_department",
    "union_levels": "union_level",
}
SEVERAL = ("excuses", "departments", "union_levels")
"""Charts in which a case may be in several lines."""

Shares = Mapping[str, Share]
"""By code, the unknown under `UNKNOWN`."""


@dataclass(frozen=True, kw_only=True)
class CaseNumbers:
    """The answers of some cases. `cells` counts them by awareness, involvement and, of the involved, timing."""

    cases: int
    cells: Mapping[tuple[str, str, str | None], int]
    awareness: Shares
    involvement: Shares
    timing: Shares
    rates: Shares


@dataclass(frozen=True, kw_only=True)
class CaseGroups:
    """Cases by one dimension: by code what is known of each, and by its reason what is in none of them."""

    by: str
    groups: Mapping[str, CaseNumbers]
    remainder: Mapping[str, CaseNumbers]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """All that the pages say of the cases that match. `recovered` is in yuan, of the cases that `amounts` counts."""

    numbers: CaseNumbers
    lists: Mapping[str, Shares]
    amounts: Share
    recovered: str
    groups: tuple[CaseGroups, ...]


@dataclass(frozen=True)
class CrossRow:
    """A line of the table of answers: its label and its counts, the last of them the sum."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class GroupRow:
    """A region, an industry or a year: how many cases, and three shares of them."""

    label: str
    cases: int
    shares: tuple[Share, ...]
    is_remainder: bool


class FigureWords:
    """Puts figures into the words of one language."""

    def __init__(self, words: RecordWords, figures: Figures) -> None:
        self.words = words
        self.figures = figures

    def table(self, name: str) -> BarTable:
        """Return one chart: awareness, involvement, timing, outcome, excuses, departments or union levels."""
        shares = getattr(self.figures.numbers, name, None) or self.figures.lists.get(name, {})
        bars = [Bar(self.label(name, code), share, code == UNKNOWN) for code, share in shares.items()]
        return BarTable(name, tuple(bars), name in SEVERAL)

    def label(self, name: str, code: str) -> str:
        """Return what a value is called."""
        unknown = self.words.texts["union.none_recorded" if name in SEVERAL else "answer.unknown"]
        return unknown if code == UNKNOWN else self.words.term(VOCABULARIES[name], code)

    @property
    def columns(self) -> list[str]:
        """The headings of the table of answers."""
        texts = self.words.texts
        return [
            *(self.label("timing", timing) for timing in ("before_contact", "after_contact")),
            texts["accountability.timing_unknown"],
            self.label("involvement", UNINVOLVED),
            texts["answer.unknown"],
            texts["accountability.total"],
        ]

    @property
    def cross(self) -> list[CrossRow]:
        """The table of answers, with the sums below."""
        cells = self.figures.numbers.cells
        counts = {code: [cells.get((code, *column), 0) for column in COLUMNS] for code in AWARENESS}
        rows = [CrossRow(self.label("awareness", code), (*line, sum(line))) for code, line in counts.items()]
        sums = [sum(line[at] for line in counts.values()) for at in range(len(COLUMNS))]
        return [*rows, CrossRow(self.words.texts["accountability.total"], (*sums, sum(sums)))]

    def rows(self, groups: CaseGroups) -> list[GroupRow]:
        """Return the lines of a table by region, industry or year; what is in none of them last."""
        named = [self._row(self._name(groups.by, code), numbers) for code, numbers in groups.groups.items()]
        texts = self.words.texts
        rest = [
            self._row(texts.by_key.get(f"accountability.rest.{reason}", texts["answer.unknown"]), numbers, rest=True)
            for reason, numbers in groups.remainder.items()
        ]
        in_order = named if groups.by == "year" else sorted(named, key=lambda row: -row.cases)
        return [*in_order, *rest]

    def _name(self, by: str, code: str) -> str:
        if by == "year":
            return code
        return self.words.term("industry", code) if by == "industry" else self.words.region_name(code)

    def _row(self, label: str, numbers: CaseNumbers, *, rest: bool = False) -> GroupRow:
        shares = (numbers.awareness["aware"], numbers.involvement[INVOLVED], numbers.rates["taken_up_after_contact"])
        return GroupRow(label, numbers.cases, shares, rest)
