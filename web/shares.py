"""Parts of a whole as pages show them: every percentage stands beside its numerator and its denominator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from web.translations import Texts, format_number

FEW = 20
"""Below so many cases a page says that shares mean little."""


@dataclass(frozen=True)
class Share:
    """A number of a whole."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """The percentage with one decimal, halves up; None of nothing."""
        return (2000 * self.part + self.whole) // (2 * self.whole) / 10 if self.whole else None


@dataclass(frozen=True)
class Bar:
    """One line of a chart that is a table: what is counted, how much of what, and whether it is what nobody knows."""

    label: str
    share: Share
    is_unknown: bool = False
    address: str | None = None

    @property
    def length(self) -> float:
        """How long its bar is, in percent."""
        return self.share.percent or 0


@dataclass(frozen=True)
class BarTable:
    """A chart that is a table. `name` ends the key of its heading; with `is_several` a case may be in several lines."""

    name: str
    bars: tuple[Bar, ...]
    is_several: bool = False


def say_share(texts: Texts, share: Share) -> str:
    """Write a share: "7 of 77 (9.1%)"; of nothing there is no percentage."""
    part, whole = format_number(share.part), format_number(share.whole)
    if share.percent is None:
        return texts.fill("accountability.share.bare", part=part, whole=whole)
    return texts.fill("accountability.share", part=part, whole=whole, percent=f"{share.percent:.1f}")


def roll_up(values: Iterable[str | None], *, first: str, second: str, only_all: str | None = None) -> str | None:
    """Return what several answers of one case come to: `first` if any says it, else `second`, else nothing known.

    `only_all` is what they come to when every single one says that.
    """
    said = list(values)
    for wanted in (first, second):
        if wanted in said:
            return wanted
    return only_all if only_all and said and set(said) == {only_all} else None


def count_codes(cases: Sequence[Iterable[str]], labels: Mapping[str, str], unknown: str) -> tuple[Bar, ...]:
    """Return a bar for each code, the commonest first, and one for cases without any. A case counts once a code."""
    sets = [set(codes) for codes in cases]
    order = list(labels)
    counts = {code: sum(code in one for one in sets) for code in sorted({code for one in sets for code in one})}
    ranked = sorted(counts, key=lambda code: (-counts[code], order.index(code) if code in order else len(order)))
    bars = [Bar(labels.get(code, code), Share(counts[code], len(sets))) for code in ranked]
    return (*bars, Bar(unknown, Share(sum(not one for one in sets), len(sets)), is_unknown=True))
