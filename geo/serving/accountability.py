"""Statistics of accountability cases: what unions knew, did, said and achieved, under any filter of the collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import InvalidParameter
from geo.layers import ACCOUNTABILITY
from geo.serving.allow_list import refuse, split, unique
from geo.serving.case_figures import CaseFigures, Cell, make_figures, read_cell
from geo.serving.conditions import conditions
from geo.serving.filters import FeatureQuery
from geo.serving.regions import check_regions
from geo.serving.shares import Share
from geo.serving.tables import feature

LISTS: Final = ("excuses", "departments", "union_levels")
"""Properties of which a case may have several values."""
GROUPED_BY: Final = ("province", "prefecture", "county", "industry", "year")
"""What cases can be told apart by."""

_CASE: Final = feature.c
_ANSWERS: Final = (_CASE.awareness, _CASE.involvement, _CASE.involvement_timing)
_NO_REGION: Final = sa.case(
    (_CASE.several_places, "several_places"), (_CASE.coarsened, "not_shown_finer"), else_="not_known_finer"
)
_YEARS: Final = tuple(sa.func.to_char(day, "YYYY", type_=sa.Text) for day in (_CASE.starts_on, _CASE.ends_on))
_KEYS: Final[dict[str, tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]]] = {
    **{name: (_CASE[name], _NO_REGION) for name in ("province", "prefecture", "county")},
    "industry": (_CASE.industry, sa.literal_column("'unknown'")),
    "year": (sa.case((_YEARS[0] == _YEARS[1], _YEARS[0])), sa.literal_column("'not_known_to_the_year'")),
}
"""By dimension: the value of a case, and why it has none when that is NULL."""


@dataclass(frozen=True)
class Listed:
    """How many cases have each value, of `cases`; `unknown` have none. With several values, a case counts in each."""

    counts: dict[str, int]
    unknown: int
    cases: int

    @property
    def shares(self) -> dict[str, Share]:
        """The share of each value, of all cases, the most frequent first."""
        ranked = sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return {code: Share(count, self.cases) for code, count in ranked}


@dataclass(frozen=True)
class Amounts:
    """What was recovered: the sum in yuan of the `known` cases, of which there are amounts."""

    known: Share
    total_cny: Decimal


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Cases by one dimension: the figures of each value, and of those that have none by the reason why."""

    by: str
    groups: dict[str, CaseFigures]
    remainder: dict[str, CaseFigures]


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """All that is said of the cases that match. `lists` has a `Listed` for each of `LISTS`."""

    figures: CaseFigures
    outcomes: Listed
    lists: dict[str, Listed]
    amounts: Amounts
    groups: tuple[Groups, ...]


def parse_grouping(texts: Iterable[str]) -> tuple[str, ...]:
    """Read the parameter `by`, repeated or comma-separated; nothing means no groups. Raises BadRequest."""
    names = unique(split(list(texts)))
    if set(names) - set(GROUPED_BY):
        refuse([InvalidParameter("by", f"must be of: {', '.join(GROUPED_BY)}")])
    return names


async def fetch_statistics(connection: AsyncConnection, query: FeatureQuery, by: tuple[str, ...] = ()) -> Statistics:
    """Return the statistics of the cases that match on all pages.

    `query` is one of the collection `accountability`. Raises BadRequest when it names a region that does not exist.
    """
    if query.collection != ACCOUNTABILITY:
        raise ValueError(f"{query.collection} holds other records than cases")
    await check_regions(connection, query)
    which = conditions(query)
    figures = await _fetch_figures(connection, which)
    cases = figures.cases
    return Statistics(
        figures=figures,
        outcomes=await _fetch_single(connection, which, cases),
        lists={name: await _fetch_list(connection, which, name, cases) for name in LISTS},
        amounts=await _fetch_amounts(connection, which, cases),
        groups=tuple([await _fetch_groups(connection, which, name) for name in by]),
    )


Which = list[sa.ColumnElement[bool]]


async def _fetch_figures(connection: AsyncConnection, which: Which) -> CaseFigures:
    asked = sa.select(*_ANSWERS, sa.func.count()).where(*which).group_by(*_ANSWERS)
    return make_figures(read_cell(*row) for row in await connection.execute(asked))


async def _fetch_single(connection: AsyncConnection, which: Which, cases: int) -> Listed:
    asked = sa.select(_CASE.outcome, sa.func.count()).where(*which).group_by(_CASE.outcome)
    counts = {code: int(count) for code, count in await connection.execute(asked)}
    return Listed(counts, counts.pop(None, 0), cases)


async def _fetch_list(connection: AsyncConnection, which: Which, name: str, cases: int) -> Listed:
    value = sa.func.unnest(_CASE[name]).table_valued("value").render_derived(name="said")
    listed = sa.select(value.c.value, sa.func.count(sa.distinct(_CASE.id))).select_from(feature).join(value, sa.true())
    rows = await connection.execute(listed.where(*which).group_by(value.c.value))
    counts = {str(code): int(count) for code, count in rows}
    has_none = sa.func.coalesce(sa.func.cardinality(_CASE[name]), 0) == 0
    unknown = await connection.scalar(sa.select(sa.func.count()).select_from(feature).where(*which, has_none))
    return Listed(counts, int(unknown or 0), cases)


async def _fetch_amounts(connection: AsyncConnection, which: Which, cases: int) -> Amounts:
    amount = _CASE.amount_recovered_cny
    asked = sa.select(sa.func.count(amount), sa.func.coalesce(sa.func.sum(amount), 0)).where(*which)
    known, total = (await connection.execute(asked)).one()
    return Amounts(Share(int(known), cases), Decimal(total))


async def _fetch_groups(connection: AsyncConnection, which: Which, by: str) -> Groups:
    value, why = _KEYS[by]
    reason = sa.case((value.is_(None), why))
    parts = [value.label("value"), reason.label("reason"), *_ANSWERS]
    asked = sa.select(*parts, sa.func.count()).where(*which).group_by(*range_of(parts))
    rows = (await connection.execute(asked)).all()
    found: dict[str, list[Cell]] = {}
    rest: dict[str, list[Cell]] = {}
    for key, reason_of, *answers in rows:
        place, name = (rest, reason_of) if key is None else (found, key)
        place.setdefault(name, []).append(read_cell(*answers))
    return Groups(
        by=by,
        groups={key: make_figures(cells) for key, cells in sorted(found.items())},
        remainder={key: make_figures(cells) for key, cells in sorted(rest.items())},
    )


def range_of(parts: list[Any]) -> list[sa.ColumnElement[Any]]:
    """Return the places of the first columns, for GROUP BY."""
    return [sa.literal_column(str(place)) for place in range(1, len(parts) + 1)]
