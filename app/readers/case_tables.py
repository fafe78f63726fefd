"""Statistics of accountability cases as the API shows them: a JSON document and a CSV table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.serving.accountability import Groups, Listed, Statistics
from geo.serving.case_figures import FEW_CASES, CaseFigures
from geo.serving.parameters import UNKNOWN
from geo.serving.published_reference import load_reference
from geo.serving.shares import Share

COLUMNS: Final = ("by", "group", "figure", "value", "numerator", "denominator", "percent", "few_cases")
WARNING: Final = f"Fewer than {FEW_CASES} cases: a rate says little."
COVERAGE: Final = "Cases that are public here; they are no sample of what happened."


def describe_share(share: Share) -> dict[str, Any]:
    """Return a share with its numerator and denominator."""
    return {"numerator": share.numerator, "denominator": share.denominator, "percent": share.percent}


def describe_values(shares: Mapping[str, Share]) -> list[dict[str, Any]]:
    """Return the share of each value."""
    return [{"value": value, **describe_share(share)} for value, share in shares.items()]


def describe_figures(figures: CaseFigures) -> dict[str, Any]:
    """Return what is said of some cases; `warning` is null unless they are few."""
    return {
        "cases": figures.cases,
        "warning": WARNING if figures.are_few else None,
        "awareness": describe_values(figures.awareness),
        "involvement": describe_values(figures.involvement),
        "involvement_timing": describe_values(figures.timing),
        "rates": describe_values(figures.rates),
    }


def list_shares(listed: Listed) -> dict[str, Share]:
    """Return the share of each value and of what is not known."""
    return {**listed.shares, UNKNOWN: Share(listed.unknown, listed.cases)}


def describe_statistics(found: Statistics) -> dict[str, Any]:
    """Return all statistics, with the published reference beside them."""
    table = [
        {
            "awareness": cell.awareness,
            "involvement": cell.involvement,
            "involvement_timing": cell.timing,
            "cases": cell.cases,
        }
        for cell in found.figures.table
    ]
    return {
        "unit": "case",
        "coverage": COVERAGE,
        **describe_figures(found.figures),
        "table": table,
        "outcomes": describe_values(list_shares(found.outcomes)),
        **{name: describe_values(list_shares(listed)) for name, listed in found.lists.items()},
        "multi_valued": list(found.lists),
        "amounts": {
            "known": describe_share(found.amounts.known),
            "unknown": found.amounts.known.denominator - found.amounts.known.numerator,
            "total_cny": float(found.amounts.total_cny),
        },
        "groups": [describe_groups(groups) for groups in found.groups],
        "reference": load_reference(),
    }


def describe_groups(groups: Groups) -> dict[str, Any]:
    """Return the figures of the cases of each value of one dimension, and of those without one by the reason why."""
    return {
        "by": groups.by,
        "groups": [{groups.by: key, **describe_figures(figures)} for key, figures in groups.groups.items()],
        "remainder": [{"reason": key, **describe_figures(figures)} for key, figures in groups.remainder.items()],
    }


@dataclass(frozen=True)
class Block:
    """The rows of some cases: all, or those of one group."""

    by: str
    group: str
    figures: CaseFigures

    def row(self, figure: str, value: str, share: Share) -> tuple[Any, ...]:
        """Return one row of the table."""
        percent = "" if share.percent is None else share.percent
        few = "true" if self.figures.are_few else "false"
        return (self.by, self.group, figure, value, share.numerator, share.denominator, percent, few)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Go through the rows of the figures."""
        shown = {
            "awareness": self.figures.awareness,
            "involvement": self.figures.involvement,
            "involvement_timing": self.figures.timing,
            "rate": self.figures.rates,
        }
        for figure, shares in shown.items():
            for value, share in shares.items():
                yield self.row(figure, value, share)


def list_rows(found: Statistics) -> Iterator[tuple[Any, ...]]:
    """Go through all rows: of all cases, then of each group, then of the cases in no group by the reason why."""
    every = Block("", "", found.figures)
    yield from every.rows()
    for cell in found.figures.table:
        answers = "/".join(filter(None, (cell.awareness, cell.involvement, cell.timing)))
        yield every.row("table", answers, Share(cell.cases, found.figures.cases))
    for figure, listed in {"outcome": found.outcomes, **found.lists}.items():
        for value, share in list_shares(listed).items():
            yield every.row(figure, value, share)
    yield every.row("amount_known", f"{found.amounts.total_cny:f} CNY", found.amounts.known)
    for groups in found.groups:
        for key, figures in (*groups.groups.items(), *groups.remainder.items()):
            yield from Block(groups.by, key, figures).rows()
    for entry in load_reference()["figures"]:
        share = Share(entry["numerator"], entry["denominator"])
        percent = "" if share.percent is None else share.percent
        yield ("reference", "2018-10/2021-12", "printed", entry["id"], *_numbers(share), percent, "false")


def _numbers(share: Share) -> tuple[int, int]:
    return share.numerator, share.denominator


def render_csv(found: Statistics) -> bytes:
    """Return the statistics as a table (RFC 4180, UTF-8), a share a row."""
    file = io.StringIO(newline="")
    table = csv.writer(file)
    table.writerow(COLUMNS)
    table.writerows(list_rows(found))
    return file.getvalue().encode()
