"""How each server is asked the same question: the path and query of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

from geo.serving.filters import FeatureQuery, write_query
from geo.serving.parameters import Bbox, Interval
from tests.benchmarks.questions import Box, Item, Page, Question, Span, Tile


def query_of(question: Question) -> FeatureQuery:
    """Return our own query for a page of records, or for those of a tile."""
    match question:
        case Page(limit, _, after):
            return FeatureQuery(collection="incidents", limit=limit, after=after)
        case Box(limit, box, _, after):
            return FeatureQuery(collection="incidents", limit=limit, bbox=Bbox(*box), after=after)
        case Span(limit, layer, first, last, _, after):
            return FeatureQuery(collection=layer, limit=limit, datetime=Interval(first, last), after=after)
        case Tile(since=day):
            return FeatureQuery(collection="incidents", datetime=Interval(day, None) if day else None)
    raise TypeError(f"{question} is no page")


def path_of_ours(question: Question) -> str:
    """Return the path for this project's API."""
    match question:
        case Item(_, public_id):
            return f"/api/collections/incidents/items/{public_id}"
        case Tile(z, x, y, since):
            path = f"/api/collections/incidents/tiles/WebMercatorQuad/{z}/{y}/{x}"
            return path + (f"?datetime={since}/.." if since else "")
    query = query_of(question)
    return f"/api/collections/{query.collection}/items?{urlencode(write_query(query), safe='/,:')}"


SORTED = "sortby=-starts_on,-id"


def path_of_tipg(question: Question) -> str:
    """Return the path for tipg. Days need a time of day there, and the end of an interval is not in it."""
    base = "/collections/peers.incident"
    match question:
        case Page(limit, position):
            return f"{base}/items?limit={limit}&offset={position}&{SORTED}"
        case Box(limit, box, position):
            return f"{base}/items?limit={limit}&offset={position}&bbox={','.join(map(str, box))}&{SORTED}"
        case Span(limit, layer, first, last, position):
            days = f"{first}T00:00:00Z/{last + dt.timedelta(days=1)}T00:00:00Z"
            return f"{base}/items?limit={limit}&offset={position}&layer={layer}&datetime={days}&{SORTED}"
        case Item(number):
            return f"{base}/items/{number}"
        case Tile(z, x, y, since):
            path = f"{base}/tiles/WebMercatorQuad/{z}/{x}/{y}"
            return path + (f"?datetime={since}T00:00:00Z/.." if since else "")
    raise TypeError(f"{question} cannot be asked")


def path_of_pygeoapi(question: Question) -> str:
    """Return the path for pygeoapi."""
    base = "/collections/incident/items"
    match question:
        case Page(limit, position):
            return f"{base}?f=json&limit={limit}&offset={position}&{SORTED}"
        case Box(limit, box, position):
            return f"{base}?f=json&limit={limit}&offset={position}&bbox={','.join(map(str, box))}&{SORTED}"
        case Span(limit, layer, first, last, position):
            return f"{base}?f=json&limit={limit}&offset={position}&layer={layer}&datetime={first}/{last}&{SORTED}"
        case Item(number):
            return f"{base}/{number}?f=json"
    raise TypeError(f"{question} cannot be asked")


def path_of_bare(_question: Question) -> str:
    """Return the path of the bare route."""
    return "/"


PATHS: dict[str, Callable[[Question], str]] = {
    "ours": path_of_ours,
    "tipg": path_of_tipg,
    "pygeoapi": path_of_pygeoapi,
    "bare": path_of_bare,
}
