"""Pages of records by one statement and one round trip: the way nearly every request for items goes.

The statement gives the page and the version of the data that it speaks of, so it needs no transaction. A question whose
matches the database is to count, or whose regions are to be checked, for the first time on this version, or one with
words to search for, takes more than one statement: `geo.serving.features` answers it, in a transaction.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

import sqlalchemy as sa

from geo.serving.conditions import name_days
from geo.serving.features import Page, PageRow, make_page, page_statement
from geo.serving.filters import FeatureQuery, without_page
from geo.serving.matched import Matched
from geo.serving.order import PLACE, Key
from geo.serving.parameters import Interval
from geo.serving.quick_reads import Compiled, QuickReads, compile_statement
from geo.serving.tables import dataset_version

MOST_COMPILED = 256
"""Statements. To make one takes about a millisecond, to send it again a tenth of that."""


class QuickPages:
    """The statements made last, by what they ask but for the place in the walk and the days.

    One belongs to each application.
    """

    def __init__(self, reads: QuickReads, matched: Matched) -> None:
        self._reads = reads
        self._matched = matched
        self._compiled: OrderedDict[object, Compiled] = OrderedDict()

    async def find(self, query: FeatureQuery, version: int) -> Page | None:
        """Return a page of `version` of the data; None when more must be asked, or when there is a later version.

        Raises psycopg's errors, and TimeoutError when every connection stays busy.
        """
        matched = None if query.q else self._matched.count_at_once(query, version)
        if matched is None:
            return None
        row = await self._reads.fetch_row(self._compile(query))
        assert row is not None  # noqa: S101  (aggregates without groups give one row)
        *told, latest = row
        return make_page(query, PageRow(*told), matched) if latest == version else None

    def _compile(self, query: FeatureQuery) -> Compiled:
        place = query.after or query.before
        days = query.datetime or Interval(None, None)
        ways = (query.after is not None, query.before is not None, place is not None and place[0] is None)
        kind = (*ways, days.start is not None, days.end is not None)
        key = (replace(query, after=None, before=None, datetime=None), kind)
        found = self._compiled.get(key)
        if found is None:
            found = compile_statement(_with_version(page_statement(query)), planned_once=_has_one_plan(query))
            self._compiled[key] = found
            if len(self._compiled) > MOST_COMPILED:
                self._compiled.popitem(last=False)
        else:
            self._compiled.move_to_end(key)
        named = {} if place is None else _name_place(place)
        return found.fill(**named, **name_days(days))


def _has_one_plan(query: FeatureQuery) -> bool:
    """Say whether one plan is best whatever the values: a walk through a collection, or by date through some time.

    The latter goes along the index that has the layer and the dates, from the place in the walk.
    """
    rest = without_page(query)
    if query.order.name == "starts_on":
        rest = replace(rest, datetime=None)
    return rest == FeatureQuery(collection=query.collection)


def _name_place(place: Key) -> dict[str, object]:
    return dict(zip(PLACE, place, strict=True))


def _with_version(statement: sa.Select[tuple[object, ...]]) -> sa.Select[tuple[object, ...]]:
    latest = sa.select(dataset_version.c.version).scalar_subquery()
    return statement.add_columns(latest.label("latest"))
