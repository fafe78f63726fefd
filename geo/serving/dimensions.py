"""What records can be counted by: read from `geo.layers`, with the month and the year of a record's days.

A dimension has a value for a record, several values, or a reason why it has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from geo.errors import InvalidParameter
from geo.layers import COLLECTIONS, Kind, Property
from geo.serving.allow_list import refuse, split, unique
from geo.serving.filters import filterable_properties

MONTH, YEAR = "month", "year"
REASONS = (
    "several_places",
    "not_shown_finer",
    "not_known_finer",
    "not_known_to_the_month",
    "not_known_to_the_year",
    "not_of_this_layer",
    "unknown",
)
"""Why a record is in the remainder. The first that holds is given; `not_shown_finer` protects people."""

MOST_DIMENSIONS = 2

TIMES = (MONTH, YEAR)


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """One thing that records can be counted by. `layers` are those whose records have it.

    A record counts once under each of its values when `multi_valued`. `vocabulary` names the list of its codes; None
    for regions (`is_region`), months (`2016-05`) and years (`2016`).
    """

    name: str
    layers: tuple[str, ...]
    vocabulary: str | None = None
    multi_valued: bool = False
    is_region: bool = False


@cache
def dimensions(collection: str) -> dict[str, Dimension]:
    """Return by name what the records of a collection can be counted by: regions, month and year, codes."""
    layers = COLLECTIONS[collection]
    properties = filterable_properties(collection).values()
    regions = [Dimension(name=p.name, layers=p.layers, is_region=True) for p in properties if p.kind is Kind.REGION]
    times = [Dimension(name=name, layers=layers) for name in TIMES]
    codes = [
        Dimension(
            name=p.name, layers=layers_with(p, layers), vocabulary=p.vocabulary, multi_valued=p.kind is Kind.CODES
        )
        for p in properties
        if p.kind in {Kind.CODE, Kind.CODES} and p.vocabulary is not None
    ]
    return {dimension.name: dimension for dimension in (*regions, *times, *codes)}


def layers_with(prop: Property, layers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the layers whose records are counted by a property in a collection of `layers`.

    Those that show it; where none does, those that are found by it. So of all records together, what unions knew counts
    cases, and of incidents alone it counts incidents: a strike and the case about it are never two of the same.
    """
    return prop.layers if set(prop.layers) & set(layers) else prop.found_by


def parse_dimensions(collection: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Read the parameter `by`, repeated or comma-separated. Raises BadRequest."""
    names = split(list(texts))
    known = dimensions(collection)
    if not (1 <= len(names) <= MOST_DIMENSIONS) or len(unique(names)) != len(names) or set(names) - set(known):
        refuse([InvalidParameter("by", f"must be one or two of: {', '.join(known)}")])
    return tuple(names)
