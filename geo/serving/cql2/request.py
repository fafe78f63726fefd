"""The parameters of a request that carry a filter or a box, with the language and the reference system they are in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from geo.serving.allow_list import Parameters, only
from geo.serving.cql2.fields import Fields
from geo.serving.cql2.from_json import parse_json_filter
from geo.serving.cql2.from_text import parse_text_filter
from geo.serving.cql2.nodes import Filter
from geo.serving.cql2.to_sql import make_condition
from geo.serving.crs import Crs, parse_bbox_in, parse_crs
from geo.serving.parameters import BadValue, Bbox, parse_bbox

Parse = Callable[[str, Crs], Filter]

LANGUAGES: dict[str, Parse] = {"cql2-text": parse_text_filter, "cql2-json": parse_json_filter}
"""The first is what a filter is in when nothing is said."""

FILTER_NAMES = ("filter", "filter-lang", "filter-crs", "bbox-crs")
"""Parameters of every collection. In the canonical form only `filter` is left: as text, in CRS84."""


def parse_language(text: str) -> Parse:
    """Read `filter-lang`."""
    if text not in LANGUAGES:
        raise BadValue(f"must be one of: {', '.join(LANGUAGES)}")
    return LANGUAGES[text]


def read_filter(given: Parameters, fields: Fields) -> Filter | None:
    """Take the filter of a request. It is made a condition once, so that what it says is known to be allowed."""
    parse: Parse = given.read("filter-lang", only(parse_language), LANGUAGES["cql2-text"])
    crs = given.read("filter-crs", only(parse_crs), Crs.CRS84)

    def parse_filter(text: str) -> Filter:
        found = parse(text, crs)
        make_condition(found, fields)
        return found

    return given.read("filter", only(parse_filter), None)


def read_bbox(given: Parameters) -> Bbox | None:
    """Take the box of a request, in longitude and latitude."""
    crs = given.read("bbox-crs", only(parse_crs), Crs.CRS84)
    parse = parse_bbox if crs is Crs.CRS84 else partial(parse_bbox_in, crs)
    return given.read("bbox", only(parse), None)
