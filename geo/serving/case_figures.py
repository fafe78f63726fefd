"""What is said of some accountability cases together: did a union know, did one act, and when. The unit is the case.

Unknown is a class of its own everywhere, and every share says of how many cases it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from geo.serving.parameters import UNKNOWN
from geo.serving.shares import Share

AWARENESS: Final = ("unaware", "aware", "no_response")
INVOLVEMENT: Final = ("involved", "uninvolved")
TIMING: Final = ("before_contact", "after_contact")
UNAWARE, AWARE, _NO_RESPONSE = AWARENESS
INVOLVED, UNINVOLVED = INVOLVEMENT
BEFORE, AFTER = TIMING

FEW_CASES: Final = 20
"""Below this many cases a rate says little, and a warning goes with it."""


@dataclass(frozen=True)
class Cell:
    """How many `cases` have these answers; what is not known is `unknown`. Who was not involved has no timing."""

    awareness: str
    involvement: str
    timing: str | None
    cases: int


@dataclass(frozen=True)
class CaseFigures:
    """The cases of some cells."""

    cells: tuple[Cell, ...]

    @cached_property
    def cases(self) -> int:
        """How many cases there are."""
        return sum(cell.cases for cell in self.cells)

    @property
    def are_few(self) -> bool:
        """Whether there are too few cases for rates to say much."""
        return self.cases < FEW_CASES

    def count(self, awareness: str | None = None, involvement: str | None = None, timing: str | None = None) -> int:
        """Count the cases with these answers; None is any."""
        return sum(
            cell.cases
            for cell in self.cells
            if awareness in {None, cell.awareness}
            and involvement in {None, cell.involvement}
            and timing in {None, cell.timing}
        )

    @property
    def awareness(self) -> dict[str, Share]:
        """The share of each awareness, of all cases."""
        return {code: Share(self.count(awareness=code), self.cases) for code in (*AWARENESS, UNKNOWN)}

    @property
    def involvement(self) -> dict[str, Share]:
        """The share of each involvement, of all cases."""
        return {code: Share(self.count(involvement=code), self.cases) for code in (*INVOLVEMENT, UNKNOWN)}

    @property
    def timing(self) -> dict[str, Share]:
        """When unions were involved, of the cases in which one was."""
        involved = self.count(involvement=INVOLVED)
        return {code: Share(self.count(involvement=INVOLVED, timing=code), involved) for code in (*TIMING, UNKNOWN)}

    @property
    def rates(self) -> dict[str, Share]:
        """Shares of some of the cases only: of those in which no union knew, and of those in which one did."""
        unaware, aware = self.count(UNAWARE), self.count(AWARE)
        return {
            "taken_up_after_contact": Share(self.count(UNAWARE, INVOLVED, AFTER), unaware),
            "aware_involved": Share(self.count(AWARE, INVOLVED), aware),
            "aware_uninvolved": Share(self.count(AWARE, UNINVOLVED), aware),
            "aware_involvement_unknown": Share(self.count(AWARE, UNKNOWN), aware),
        }

    @property
    def table(self) -> list[Cell]:
        """Every combination of awareness, involvement and, of the involved, timing, also those of no case."""
        kinds = [
            *((INVOLVED, timing) for timing in (*TIMING, UNKNOWN)),
            *((involvement, None) for involvement in (UNINVOLVED, UNKNOWN)),
        ]
        return [
            Cell(awareness, involvement, timing, self.count(awareness, involvement, timing))
            for awareness in (*AWARENESS, UNKNOWN)
            for involvement, timing in kinds
        ]


def read_cell(awareness: str | None, involvement: str | None, timing: str | None, cases: int) -> Cell:
    """Return a cell from values as the tables have them, where None is "not known"."""
    when = (timing or UNKNOWN) if involvement == INVOLVED else None
    return Cell(awareness or UNKNOWN, involvement or UNKNOWN, when, cases)


def make_figures(cells: Iterable[Cell]) -> CaseFigures:
    """Return the figures of cells, those alike put together."""
    sums: dict[tuple[str, str, str | None], int] = {}
    for cell in cells:
        key = (cell.awareness, cell.involvement, cell.timing)
        sums[key] = sums.get(key, 0) + cell.cases
    return CaseFigures(tuple(Cell(*key, cases) for key, cases in sums.items()))
