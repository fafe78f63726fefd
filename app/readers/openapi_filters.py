"""The parameters of CQL2 filters and of reference systems, in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from geo.serving.cql2.limits import LONGEST_FILTER
from geo.serving.cql2.request import LANGUAGES
from geo.serving.crs import Crs

Document = dict[str, Any]

_SYSTEMS = [crs.value for crs in Crs]


def _parameter(name: str, description: str, schema: Document) -> Document:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _system(name: str, what: str) -> Document:
    """Return a parameter that takes a reference system."""
    schema = {"type": "string", "format": "uri", "enum": _SYSTEMS, "default": Crs.CRS84.value}
    return _parameter(name, f"{what}. CRS84 is longitude, latitude; EPSG/0/4326 is latitude first.", schema)


def filter_parameters() -> list[Document]:
    """Return the parameters of every operation that takes filters."""
    length = f"{LONGEST_FILTER:,} characters at most"
    language: Document = {"type": "string", "enum": list(LANGUAGES), "default": next(iter(LANGUAGES))}
    return [
        _system("bbox-crs", "Reference system of the numbers of `bbox`"),
        _parameter("filter", f"A filter in CQL2 over the queryables; {length}.", {"type": "string"}),
        _parameter("filter-lang", "Language of `filter`.", language),
        _system("filter-crs", "Reference system of the coordinates in `filter`"),
    ]


def crs_parameter() -> Document:
    """Return the parameter of every operation that answers with coordinates."""
    return _system("crs", "Reference system of the coordinates of the answer, which `Content-Crs` repeats")
