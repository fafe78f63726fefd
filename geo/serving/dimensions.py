"""What records can be counted by: read from `geo.layers`, with the month and the year of a record's days.

A dimension has a value for a record, several values, or a reason why it has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from geo.errors import InvalidParameter
from geo.layers import COLLECTIONS, Kind
from geo.serving.allow_list import refuse, split, unique
from geo.serving.filters import FeatureQuery, filterable_properties
from geo.serving.tables import feature

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

_PATTERNS = {MONTH: "YYYY-MM", YEAR: "YYYY"}

Condition = sa.ColumnElement[bool]


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
    times = [Dimension(name=name, layers=layers) for name in _PATTERNS]
    codes = [
        Dimension(name=p.name, layers=p.layers, vocabulary=p.vocabulary, multi_valued=p.kind is Kind.CODES)
        for p in properties
        if p.kind in {Kind.CODE, Kind.CODES} and p.vocabulary is not None
    ]
    return {dimension.name: dimension for dimension in (*regions, *times, *codes)}


def parse_dimensions(collection: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Read the parameter `by`, repeated or comma-separated. Raises BadRequest."""
    names = split(list(texts))
    known = dimensions(collection)
    if not (1 <= len(names) <= MOST_DIMENSIONS) or len(unique(names)) != len(names) or set(names) - set(known):
        refuse([InvalidParameter("by", f"must be one or two of: {', '.join(known)}")])
    return tuple(names)


def records_statement(query: FeatureQuery, by: Iterable[Dimension], *which: Condition) -> sa.Select[Any]:
    """Return a row for each record: its keys (`key_0`, ...; a list when multi-valued), `reason`, `dimension`, `layer`.

    `reason` is NULL for a record that is in a cell; `dimension` is given with the reasons that speak of one property.
    """
    chosen = tuple(by)
    reasons = find_reasons(query.collection, chosen)
    nothing: sa.ColumnElement[Any] = sa.cast(sa.null(), sa.Text)
    why, of_what = nothing, nothing
    if reasons:
        why = sa.case(*((holds, sa.literal_column(f"'{reason}'")) for holds, reason, _ in reasons))
        named = ((holds, sa.literal_column(f"'{name}'") if name else sa.null()) for holds, _, name in reasons)
        of_what = sa.case(*named, else_=nothing)
    return sa.select(
        *(key_of(dimension).label(f"key_{place}") for place, dimension in enumerate(chosen)),
        why.label("reason"),
        of_what.label("dimension"),
        (feature.c.layer if "layer" in {dimension.name for dimension in chosen} else sa.null()).label("layer"),
    ).where(*which)


def key_of(dimension: Dimension) -> sa.ColumnElement[Any]:
    """Return the expression of a dimension's value, or list of values."""
    pattern = _PATTERNS.get(dimension.name)
    return feature.c[dimension.name] if pattern is None else sa.func.to_char(day_of(feature.c.starts_on), pattern)


def day_of(column: sa.Column[Any]) -> sa.Cast[Any]:
    """Return a day without a time zone: PostgreSQL would else go by the session's, which takes five times as long."""
    return sa.cast(column, sa.DateTime)


def find_reasons(collection: str, by: tuple[Dimension, ...]) -> list[tuple[Condition, str, str | None]]:
    """Return when a record is in no cell, why, and by which dimension where the reason does not tell that."""
    found: list[tuple[Condition, str, str | None]] = []
    levels = [feature.c[dimension.name].is_(None) for dimension in by if dimension.is_region]
    if levels:
        nowhere = sa.or_(*levels)
        found.append((sa.and_(nowhere, feature.c.several_places), "several_places", None))
        found.append((sa.and_(nowhere, feature.c.coarsened), "not_shown_finer", None))
        found.append((nowhere, "not_known_finer", None))
    for unit in (dimension.name for dimension in by if dimension.name in _PATTERNS):
        first, last = (sa.func.date_trunc(unit, day_of(column)) for column in (feature.c.starts_on, feature.c.ends_on))
        parted = sa.and_(feature.c.starts_on != feature.c.ends_on, first != last)
        found.append((parted, f"not_known_to_the_{unit}", None))
    for dimension in by:
        if dimension.vocabulary is not None:
            if set(COLLECTIONS[collection]) - set(dimension.layers):
                lacks = feature.c.layer.not_in(dimension.layers)
                found.append((lacks, "not_of_this_layer", dimension.name))
            found.append((is_unknown(dimension), "unknown", dimension.name))
    return sorted(found, key=lambda entry: REASONS.index(entry[1]))


def is_unknown(dimension: Dimension) -> Condition:
    """Return the condition that a record has no value of a property."""
    column = feature.c[dimension.name]
    return sa.or_(column.is_(None), sa.func.cardinality(column) == 0) if dimension.multi_valued else column.is_(None)
