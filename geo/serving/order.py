"""The order of a collection's records, and the keys by which a walk in it goes on, or back.

An order is one sortable property of `geo.layers`, then the integer key in the same direction, so that a pair of the two
names one place in it. Records of which the property is not known come last in both directions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from geo.layers import COLLECTIONS, Kind, Property, properties_of
from geo.serving.parameters import LARGEST_KEY, BadValue, parse_day, parse_integer, read_token, write_token
from geo.serving.tables import feature

Key = tuple[dt.date | int | None, int]
"""A place in an order: the value of the property, None when it is not known, and the integer key of the record."""

_LONGEST_KEY = 19
_NO_TOKEN = "is not a token of this list: follow its links"  # noqa: S105  (what is said of a wrong one)


@dataclass(frozen=True)
class Order:
    """By which property records are sorted, and which way."""

    name: str
    descending: bool

    def __str__(self) -> str:
        return f"{'-' if self.descending else ''}{self.name}"


PLACE = ("place_value", "place_key")
"""Names under which the two values of a place are bound."""

LATEST_FIRST = Order("starts_on", descending=True)
NEVER_UNKNOWN = frozenset(column.name for column in feature.columns if not column.nullable)


@cache
def sortable_properties(collection: str) -> dict[str, Property]:
    """Return by name the properties by which a collection's records may be sorted."""
    return {prop.name: prop for prop in properties_of(*COLLECTIONS[collection]) if prop.sortable}


@cache
def order_parser(collection: str) -> Callable[[str], Order]:
    """Return the function that reads `sortby`. A bare plus sign reaches us as a space."""
    names = sortable_properties(collection)

    def parse_order(text: str) -> Order:
        name = text[1:] if text[:1] in {"+", "-", " "} else text
        if name not in names:
            raise BadValue(f"must be one of these, with - before it for descending: {', '.join(names)}")
        return Order(name, text.startswith("-"))

    return parse_order


@cache
def key_parser(order: Order, collection: str) -> Callable[[str], Key]:
    """Return the function that reads a token of a place in `order`; one of another order is refused."""
    parse = parse_day if sortable_properties(collection)[order.name].kind is Kind.DATE else parse_integer

    def parse_key(text: str) -> Key:
        value, key = read_token(str(order), text, 2)
        if not (key.isascii() and key.isdigit() and len(key) <= _LONGEST_KEY and int(key) <= LARGEST_KEY):
            raise BadValue(_NO_TOKEN)
        return (parse(value) if value else None), int(key)

    return parse_key


def write_key(order: Order, key: Key) -> str:
    """Write the opaque token of a place in `order`."""
    value, number = key
    return write_token(str(order), "" if value is None else value, number)


def sort_by(order: Order, columns: tuple[Any, Any], *, backwards: bool) -> tuple[Any, ...]:
    """Return what to sort by, given the columns of the value and of the key."""
    value, key = columns
    sorted_by = (value.asc(), key.asc()) if order.descending is backwards else (value.desc(), key.desc())
    if order.name in NEVER_UNKNOWN:  # said as the index has it, so that it can be walked
        return sorted_by
    return (sorted_by[0].nulls_first() if backwards else sorted_by[0].nulls_last(), sorted_by[1])


def lies_beyond(order: Order, place: Key, columns: tuple[Any, Any], *, backwards: bool) -> sa.ColumnElement[bool]:
    """Return what must hold for a record to come after `place`, or, going `backwards`, before it.

    The values of the place are bound under the names `PLACE`, so that the same SQL serves every page of a walk.
    """
    value, key = columns
    number = sa.bindparam(PLACE[1], place[1], sa.BigInteger)
    lower = order.descending is not backwards
    if place[0] is None:
        among_unknown = sa.and_(value.is_(None), key < number if lower else key > number)
        return sa.or_(value.is_not(None), among_unknown) if backwards else among_unknown
    here, there = sa.tuple_(value, key), sa.tuple_(sa.bindparam(PLACE[0], place[0], value.type), number)
    known = here < there if lower else here > there
    return known if backwards or not value.nullable else sa.or_(known, value.is_(None))
