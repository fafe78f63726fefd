"""A `FeatureQuery` as conditions of SQL: pure functions, values bound, columns only from `geo.layers`.

The literal is transformed, never the column, so that indexes stay usable.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from geo.layers import RECORDS, Kind, Property
from geo.serving.cql2.to_sql import make_condition
from geo.serving.filters import FeatureQuery, Value, filter_fields, filterable_properties
from geo.serving.order import lies_beyond
from geo.serving.parameters import Bbox, Interval
from geo.serving.search import search_condition
from geo.serving.tables import feature

Condition = sa.ColumnElement[bool]
FIRST_DAY, LAST_DAY = "first_day", "last_day"
"""Names under which the ends of an interval are bound."""
Known = Callable[[list[Any]], Condition]
"""Makes the condition that a column has one of the wanted values, none of which is "not known"."""


def conditions(query: FeatureQuery) -> list[Condition]:
    """Return what must hold for a record to be asked for, whatever the page."""
    made = layer_conditions(query)
    if query.bbox is not None:
        made.append(intersects_box(feature.c.geometry, query.bbox))
    if query.datetime is not None:
        made += intersects_days(query.datetime)
    if query.region:
        made.append(any_of(query.region, has_any(feature.c.regions_within), is_empty(feature.c.regions_within)))
    if query.q:
        made.append(search_condition(query.q))
    if query.updated_since is not None:
        made.append(feature.c.updated_on >= query.updated_since)
    declared = filterable_properties(query.collection)
    made += [property_condition(declared[name], values) for name, values in query.properties]
    if query.filter is not None:
        made.append(make_condition(query.filter, filter_fields(query.collection)))
    return made


def page_conditions(query: FeatureQuery) -> list[Condition]:
    """Return what must hold for a record to come after the query's token, or before it, in the order of the walk."""
    place = query.after or query.before
    if place is None:
        return []
    columns = (feature.c[query.order.name], feature.c.id)
    return [lies_beyond(query.order, place, columns, backwards=query.before is not None)]


def layer_conditions(query: FeatureQuery) -> list[Condition]:
    """Keep to the layers of the collection; all layers need no condition."""
    return [] if set(query.layers) == set(RECORDS) else [is_any(feature.c.layer)(list(query.layers))]


def intersects_box(geometry: sa.ColumnElement[Any], box: Bbox) -> Condition:
    """Keep geometries that touch a box, borders included: two boxes when it crosses the antimeridian.

    ST_Intersects and not `&&`: the operator alone compares boxes rounded to 32 bits. ST_Envelope makes a line or a
    point of a box without area, which as a polygon would be invalid and touch nothing.
    """
    spans = [(box.west, box.east)] if box.west <= box.east else [(box.west, 180.0), (-180.0, box.east)]
    return sa.or_(
        *(
            sa.func.ST_Intersects(
                geometry, sa.func.ST_Envelope(sa.func.ST_MakeEnvelope(west, box.south, east, box.north, 4326))
            )
            for west, east in spans
        )
    )


def intersects_days(wanted: Interval) -> list[Condition]:
    """Keep records whose closed range [starts_on, ends_on] has a day in common with the interval."""
    columns = {LAST_DAY: feature.c.starts_on.__le__, FIRST_DAY: feature.c.ends_on.__ge__}
    return [columns[name](sa.bindparam(name, day, sa.Date)) for name, day in name_days(wanted).items()]


def name_days(wanted: Interval) -> dict[str, dt.date]:
    """Return the ends of an interval that are there, by the names under which they are bound."""
    ends = {LAST_DAY: wanted.end, FIRST_DAY: wanted.start}
    return {name: day for name, day in ends.items() if day is not None}


def property_condition(prop: Property, values: tuple[Value, ...]) -> Condition:
    """Return what must hold for a property to have any of `values`, where None is "not known"."""
    column = feature.c[prop.name]
    unknown = is_empty(column) if prop.kind is Kind.REGIONS else column.is_(None)
    return any_of(values, _KNOWN.get(prop.kind, is_any)(column), unknown)


def any_of(values: tuple[Value, ...], known: Known, unknown: Condition) -> Condition:
    """Join the condition for the known values and the one for "not known" with OR."""
    wanted = [value for value in values if value is not None]
    parts = ([known(wanted)] if wanted else []) + ([unknown] if None in values else [])
    return sa.or_(*parts)


def is_any(column: sa.ColumnElement[Any]) -> Known:
    """Return the condition that a single value is one of those wanted."""
    return lambda wanted: column == wanted[0] if len(wanted) == 1 else column.in_(wanted)


def has_any(column: sa.ColumnElement[Any]) -> Known:
    """Return the condition that a list has a value in common with those wanted."""
    return lambda wanted: column.bool_op("&&")(sa.bindparam(None, wanted, ARRAY(sa.Text), unique=True))


def is_empty(column: sa.ColumnElement[Any]) -> Condition:
    """Return the condition that a list that is never NULL has nothing in it."""
    return sa.func.cardinality(column) == 0


def at_least(column: sa.ColumnElement[Any]) -> Known:
    """Return the condition that a number is not below the wanted one."""
    return lambda wanted: column >= min(wanted)


def at_most(column: sa.ColumnElement[Any]) -> Known:
    """Return the condition that a number is not above the wanted one."""
    return lambda wanted: column <= max(wanted)


def within_any(column: sa.ColumnElement[Any]) -> Known:
    """Return the condition that a day lies in one of the wanted intervals."""
    return lambda wanted: sa.or_(*(within(column, interval) for interval in wanted))


def within(column: sa.ColumnElement[Any], interval: Interval) -> Condition:
    """Return the condition that a day lies in an interval."""
    if interval.start == interval.end:
        return column == interval.start
    ends = []
    if interval.start is not None:
        ends.append(column >= interval.start)
    if interval.end is not None:
        ends.append(column <= interval.end)
    return sa.and_(*ends)


_KNOWN: dict[Kind, Callable[[sa.ColumnElement[Any]], Known]] = {
    Kind.CODES: has_any,
    Kind.TEXTS: has_any,
    Kind.REGIONS: has_any,
    Kind.MINIMUM: at_least,
    Kind.MAXIMUM: at_most,
    Kind.DATE: within_any,
}
