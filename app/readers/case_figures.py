"""Figures of accountability cases as the pages have them, from the statistics and the published reference."""

from __future__ import annotations

from typing import Any

from geo.serving.accountability import Listed, Statistics
from geo.serving.case_figures import CaseFigures
from geo.serving.parameters import UNKNOWN
from geo.serving.published_reference import load_reference
from geo.serving.shares import Share as Counted
from web.accountability_figures import CaseGroups, CaseNumbers, Figures
from web.content import Text
from web.published_reference import Printed, Reference
from web.shares import Share


def make_figures(found: Statistics) -> Figures:
    """Return all that the pages say of the cases that match."""
    return Figures(
        numbers=make_numbers(found.figures),
        lists={"outcome": read_list(found.outcomes), **{name: read_list(one) for name, one in found.lists.items()}},
        amounts=read_share(found.amounts.known),
        recovered=f"{found.amounts.total_cny:,.0f}",
        groups=tuple(
            CaseGroups(
                by=one.by,
                groups={code: make_numbers(figures) for code, figures in one.groups.items()},
                remainder={reason: make_numbers(figures) for reason, figures in one.remainder.items()},
            )
            for one in found.groups
        ),
    )


def make_numbers(figures: CaseFigures) -> CaseNumbers:
    """Return the answers of some cases."""
    return CaseNumbers(
        cases=figures.cases,
        cells={(cell.awareness, cell.involvement, cell.timing): cell.cases for cell in figures.cells},
        awareness=read_shares(figures.awareness),
        involvement=read_shares(figures.involvement),
        timing=read_shares(figures.timing),
        rates=read_shares(figures.rates),
    )


def read_list(listed: Listed) -> dict[str, Share]:
    """Return the shares of values, and of the cases that have none."""
    return {**read_shares(listed.shares), UNKNOWN: Share(listed.unknown, listed.cases)}


def read_shares(shares: dict[str, Counted]) -> dict[str, Share]:
    """Return shares by code."""
    return {code: read_share(share) for code, share in shares.items()}


def read_share(share: Counted) -> Share:
    """Return a share as pages have it."""
    return Share(share.numerator, share.denominator)


def make_reference() -> Reference:
    """Return the published table of 127 cases."""
    document = load_reference()
    return Reference(
        source=Text(**document["source"]),
        figures=tuple(
            Printed(
                label=Text(**one["label"]),
                share=Share(one["numerator"], one["denominator"]),
                percent=one["printed_percent"],
                agrees=one.get("agrees", True),
            )
            for one in document["figures"]
        ),
        errors=_texts(document["errors"]),
        notes=_texts(document["notes"]),
    )


def _texts(entries: list[dict[str, Any]]) -> tuple[Text, ...]:
    return tuple(Text(**entry["text"]) for entry in entries)
