"""What a request asks for: one frozen `FeatureQuery`, read from the parameters by an allow-list.

The allow-list is made from `geo.layers`: a name or a value that is not declared there is a BadRequest that says which
parameter, why, and, for codes, what is allowed. Repeated or comma-separated values mean any of them; different
parameters must all hold; `unknown` asks for records where the property is not known. Texts are never split on commas.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from geo.layers import COLLECTIONS, Kind, Property, properties_of
from geo.serving.allow_list import Parameters, only, split, unique
from geo.serving.parameters import (
    DEFAULT_LIMIT,
    LARGEST_KEY,
    UNKNOWN,
    BadValue,
    Bbox,
    Interval,
    parse_amount,
    parse_bbox,
    parse_boolean,
    parse_day,
    parse_integer,
    parse_interval,
    parse_limit,
    parse_region,
    parse_text,
    read_token,
    write_token,
)
from geo.serving.search import parse_search, write_search
from geo.vocabularies import vocabularies

Value = str | int | Decimal | bool | Interval | None
"""One wanted value of a property; None is "not known"."""

Key = tuple[dt.date, int]
"""Where a walk stands: `starts_on` and the integer key of the last record."""

ORDER = "starts_on-id-desc"
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

    `q` holds words and phrases that must all occur.
    """

    collection: str
    bbox: Bbox | None = None
    datetime: Interval | None = None
    region: tuple[str | None, ...] = ()
    q: tuple[str, ...] = ()
    properties: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    limit: int = DEFAULT_LIMIT
    after: Key | None = None

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of the collection."""
        return COLLECTIONS[self.collection]


@cache
def filterable_properties(collection: str) -> dict[str, Property]:
    """Return by name the properties by which a collection's records may be filtered."""
    return {prop.name: prop for prop in properties_of(*COLLECTIONS[collection]) if prop.filterable}


@cache
def filter_names(collection: str) -> tuple[str, ...]:
    """Return every parameter that chooses records of a collection (all but `limit` and `after`)."""
    return ("bbox", "datetime", "region", "q", *filterable_properties(collection))


def allowed_codes(prop: Property, collection: str) -> tuple[str, ...]:
    """Return the codes that a property may be filtered by, in the order of their vocabulary."""
    if prop.name == "layer":
        return COLLECTIONS[collection]
    if prop.vocabulary is None:
        return ()
    return tuple(term.code for term in vocabularies()[prop.vocabulary].terms)


def parse_query(collection: str, parameters: Iterable[tuple[str, str]], *, paged: bool = True) -> FeatureQuery:
    """Read the parameters of a request for records of `collection`; without `paged`, `limit` and `after` are unknown.

    Raises BadRequest that names every parameter at fault.
    """
    given = Parameters(parameters)
    query = FeatureQuery(
        collection=collection,
        bbox=given.read("bbox", only(parse_bbox), None),
        datetime=given.read("datetime", only(parse_interval), None),
        region=given.read("region", parse_regions, ()),
        q=given.read("q", only(parse_search), ()),
        limit=given.read("limit", only(parse_limit), DEFAULT_LIMIT) if paged else DEFAULT_LIMIT,
        after=given.read("after", only(parse_after), None) if paged else None,
        properties=tuple(
            (name, values)
            for name, prop in filterable_properties(collection).items()
            if (values := given.read(name, parser_of(prop, collection), NOTHING))
        ),
    )
    given.finish((*filter_names(collection), *(("limit", "after") if paged else ())))
    return query


def parse_regions(texts: list[str]) -> tuple[str | None, ...]:
    """Read the codes of `region`."""
    return unique(None if part == UNKNOWN else parse_region(part) for part in split(texts))


def parse_after(text: str) -> Key:
    """Read the token of a page of records."""
    day, key = read_token(ORDER, text, 2)
    if not (key.isascii() and key.isdigit() and len(key) < 20 and int(key) <= LARGEST_KEY):  # noqa: PLR2004
        raise BadValue("is not a token of this list: follow its link with rel=next")
    return parse_day(day), int(key)


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
    for name, values in query.properties:
        texts = [write_value(value) for value in values]
        whole = filterable_properties(query.collection)[name].kind in WHOLE
        written += [(name, text) for text in (texts if whole else [",".join(texts)])]
    if query.limit != DEFAULT_LIMIT:
        written.append(("limit", str(query.limit)))
    if query.after is not None:
        written.append(("after", write_token(ORDER, *query.after)))
    return written


def without_page(query: FeatureQuery) -> FeatureQuery:
    """Return the query for all pages at once: what `numberMatched` and counts depend on."""
    return replace(query, limit=DEFAULT_LIMIT, after=None)
