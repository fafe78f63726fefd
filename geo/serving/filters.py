"""What a request asks for: one frozen `FeatureQuery`, read from the parameters by an allow-list.

The allow-list is made from `geo.layers`: a name or a value that is not declared there is a BadRequest that says which
parameter, why, and, for codes, what is allowed. Repeated or comma-separated values mean any of them; different
parameters must all hold; `unknown` asks for records where the property is not known. Texts are never split on commas.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from typing import Any

from geo.errors import InvalidParameter
from geo.layers import COLLECTIONS, Kind, Property, filterable_by, properties_of
from geo.serving.allow_list import Parameters, only, refuse, split, unique
from geo.serving.cql2.fields import TYPE_OF_KIND, Field, Fields, Type
from geo.serving.cql2.nodes import Filter
from geo.serving.cql2.request import FILTER_NAMES, read_bbox, read_filter
from geo.serving.cql2.to_text import write_filter
from geo.serving.crs import Crs, parse_crs, write_crs
from geo.serving.order import LATEST_FIRST, Key, Order, key_parser, order_parser, write_key
from geo.serving.parameters import (
    DEFAULT_LIMIT,
    UNKNOWN,
    BadValue,
    Bbox,
    Interval,
    parse_amount,
    parse_boolean,
    parse_day,
    parse_flag,
    parse_integer,
    parse_interval,
    parse_limit,
    parse_region,
    parse_text,
)
from geo.serving.search import parse_search, write_search
from geo.serving.tables import feature
from geo.vocabularies import vocabularies

Value = str | int | Decimal | bool | Interval | None
"""One wanted value of a property; None is "not known"."""

PAGE_NAMES = ("sortby", "limit", "after", "before", "properties", "skipGeometry", "crs")
"""Parameters that say which page, and how it is shown."""
WHOLE = frozenset({Kind.TEXT, Kind.TEXTS})
"""Kinds whose values are never split on commas."""

NOTHING: tuple[Value, ...] = ()

_PARSERS: dict[Kind, Callable[[str], Value]] = {
    Kind.TEXT: parse_text,
    Kind.TEXTS: parse_text,
    Kind.DATE: parse_interval,
    Kind.INTEGER: parse_integer,
    Kind.MINIMUM: parse_integer,
    Kind.MAXIMUM: parse_integer,
    Kind.AMOUNT: parse_amount,
    Kind.BOOLEAN: parse_boolean,
    Kind.REGION: parse_region,
    Kind.REGIONS: parse_region,
}


@dataclass(frozen=True, kw_only=True)
class FeatureQuery:
    """What is asked of a collection of records. `region` holds codes of any level and means all inside them.

    `q` holds words and phrases that must all occur; `filter` is what must hold besides, read from CQL2. `after` and
    `before` are places in `order`, one of them at most. `selected` names the properties to be shown; nothing in it
    means all. `crs` is what coordinates are shown in.
    """

    collection: str
    bbox: Bbox | None = None
    datetime: Interval | None = None
    region: tuple[str | None, ...] = ()
    q: tuple[str, ...] = ()
    updated_since: dt.date | None = None
    properties: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    filter: Filter | None = None
    limit: int = DEFAULT_LIMIT
    order: Order = LATEST_FIRST
    after: Key | None = None
    before: Key | None = None
    selected: tuple[str, ...] = ()
    skip_geometry: bool = False
    crs: Crs = Crs.CRS84

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of the collection."""
        return COLLECTIONS[self.collection]


@cache
def filterable_properties(collection: str) -> dict[str, Property]:
    """Return by name the properties by which a collection's records may be filtered."""
    return {prop.name: prop for prop in filterable_by(*COLLECTIONS[collection])}


@cache
def filter_names(collection: str) -> tuple[str, ...]:
    """Return every parameter that chooses records of a collection (all but `PAGE_NAMES`)."""
    return ("bbox", "datetime", "region", "q", "updated_since", *filterable_properties(collection), *FILTER_NAMES)


@cache
def filter_fields(collection: str) -> Fields:
    """Return by name what a CQL2 filter of a collection may speak of.

    Beside the filterable properties: the public `id`, `region` (all inside it) and `geometry`.
    """
    regions = {Kind.REGION, Kind.REGIONS}
    declared = {
        name: Field(
            type=TYPE_OF_KIND[prop.kind],
            column=feature.c[name],
            codes=allowed_codes(prop, collection),
            is_region=prop.kind in regions,
        )
        for name, prop in filterable_properties(collection).items()
    }
    return {
        "id": Field(type=Type.TEXT, column=feature.c.public_id),
        **declared,
        "region": Field(type=Type.WITHIN, column=feature.c.regions_within, is_region=True),
        "geometry": Field(type=Type.GEOMETRY, column=feature.c.geometry),
    }


def allowed_codes(prop: Property, collection: str) -> tuple[str, ...]:
    """Return the codes that a property may be filtered by, in the order of their vocabulary."""
    if prop.name == "layer":
        return COLLECTIONS[collection]
    if prop.vocabulary is None:
        return ()
    return tuple(term.code for term in vocabularies()[prop.vocabulary].terms)


def parse_query(collection: str, parameters: Iterable[tuple[str, str]], *, paged: bool = True) -> FeatureQuery:
    """Read the parameters of a request for records of `collection`; without `paged`, `PAGE_NAMES` are unknown.

    Raises BadRequest that names every parameter at fault.
    """
    given = Parameters(parameters)
    query = FeatureQuery(
        collection=collection,
        bbox=read_bbox(given),
        datetime=given.read("datetime", only(parse_interval), None),
        region=given.read("region", parse_regions, ()),
        q=given.read("q", only(parse_search), ()),
        updated_since=given.read("updated_since", only(parse_day), None),
        properties=tuple(
            (name, values)
            for name, parse in property_parsers(collection).items()
            if name in given and (values := given.read(name, parse, NOTHING))
        ),
        filter=read_filter(given, filter_fields(collection)),
    )
    query = read_page(given, query) if paged else query
    given.finish((*filter_names(collection), *(PAGE_NAMES if paged else ())))
    if query.after and query.before:
        refuse([InvalidParameter("before", "cannot be given together with after")])
    return query


def read_page(given: Parameters, query: FeatureQuery) -> FeatureQuery:
    """Return the query with what the parameters say of the page."""
    order = given.read("sortby", only(order_parser(query.collection)), LATEST_FIRST)
    parse_key = key_parser(order, query.collection)
    return replace(
        query,
        order=order,
        limit=given.read("limit", only(parse_limit), DEFAULT_LIMIT),
        after=given.read("after", only(parse_key), None),
        before=given.read("before", only(parse_key), None),
        selected=given.read("properties", selection_parser(query.collection), ()),
        skip_geometry=given.read("skipGeometry", only(parse_flag), default=False),
        crs=given.read("crs", only(parse_crs), Crs.CRS84),
    )


@cache
def selection_parser(collection: str) -> Callable[[list[str]], tuple[str, ...]]:
    """Return the function that reads `properties`: names of public properties, filterable or not."""
    names = {prop.name for prop in properties_of(*COLLECTIONS[collection])}

    def parse_selection(texts: list[str]) -> tuple[str, ...]:
        parts = split(texts)
        for part in parts:
            if part not in names:
                raise BadValue(f"{part[:40]!r} is not a property of this collection")
        return unique(parts)

    return parse_selection


def parse_regions(texts: list[str]) -> tuple[str | None, ...]:
    """Read the codes of `region`."""
    return unique(None if part == UNKNOWN else parse_region(part) for part in split(texts))


@cache
def property_parsers(collection: str) -> dict[str, Callable[[list[str]], tuple[Value, ...]]]:
    """Return by name the functions that read the filters of a collection's properties."""
    return {name: parser_of(prop, collection) for name, prop in filterable_properties(collection).items()}


def parser_of(prop: Property, collection: str) -> Callable[[list[str]], tuple[Value, ...]]:
    """Return the function that reads all values of one property's filter."""
    parse = _PARSERS.get(prop.kind)
    codes = allowed_codes(prop, collection)

    def parse_code(text: str) -> str:
        if text not in codes:
            raise BadValue(f"must be one of: {', '.join(codes)}, {UNKNOWN}")
        return text

    def read(texts: list[str]) -> tuple[Value, ...]:
        parts = texts if prop.kind in WHOLE else split(texts)
        if "" in parts:
            raise BadValue("must not be empty")
        return unique(None if part == UNKNOWN else (parse or parse_code)(part) for part in parts)

    return read


def write_value(value: Value) -> str:
    """Return the text that is read as `value`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return UNKNOWN if value is None else str(value)


def write_query(query: FeatureQuery) -> list[tuple[str, str]]:
    """Return the parameters of a query in their one canonical form: `parse_query` reads them as the same query."""
    written: list[tuple[str, str]] = []
    if query.bbox is not None:
        box = query.bbox
        written.append(("bbox", f"{box.west!r},{box.south!r},{box.east!r},{box.north!r}"))
    if query.datetime is not None:
        written.append(("datetime", str(query.datetime)))
    if query.region:
        written.append(("region", ",".join(map(write_value, query.region))))
    if query.q:
        written.append(("q", write_search(query.q)))
    if query.updated_since is not None:
        written.append(("updated_since", str(query.updated_since)))
    for name, values in query.properties:
        texts = [write_value(value) for value in values]
        whole = filterable_properties(query.collection)[name].kind in WHOLE
        written += [(name, text) for text in (texts if whole else [",".join(texts)])]
    if query.filter is not None:
        written.append(("filter", write_filter(query.filter)))
    return written + write_page(query)


def write_page(query: FeatureQuery) -> list[tuple[str, str]]:
    """Return the parameters of a query that say which page of it, and how it is shown."""
    return [
        *([("sortby", str(query.order))] if query.order != LATEST_FIRST else []),
        *([("limit", str(query.limit))] if query.limit != DEFAULT_LIMIT else []),
        *([("after", write_key(query.order, query.after))] if query.after else []),
        *([("before", write_key(query.order, query.before))] if query.before else []),
        *([("properties", ",".join(query.selected))] if query.selected else []),
        *([("skipGeometry", "true")] if query.skip_geometry else []),
        *write_crs(query.crs),
    ]


_OF_PAGES = frozenset({"order", "limit", "after", "before", "selected", "skip_geometry", "crs"})
_ANY_PAGE: dict[str, Any] = {field.name: field.default for field in fields(FeatureQuery) if field.name in _OF_PAGES}


def without_page(query: FeatureQuery) -> FeatureQuery:
    """Return the query for all pages at once: what `numberMatched` and counts depend on."""
    return replace(query, **_ANY_PAGE)
