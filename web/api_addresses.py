"""The addresses that a page of the API leads to: itself with other parameters, other pages, the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

FORM = ("q", "region", "datetime")
"""Filters that have a field in the form above a list."""
NOT_FILTERS = frozenset(
    {"f", "lang", "limit", "after", "before", "sortby", "properties", "skipGeometry", "labels", "by", "crs", "bbox-crs"}
    | {"filter-lang", "filter-crs", "bom", "raw"}
)
"""Parameters that do not choose records."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked for: the route, the path and query as given, the parameters in the path, the page's language.

    `has_records` says that the collection asked for holds records; `files` are the formats of files that it has.
    """

    route: str
    path: str
    query: tuple[tuple[str, str], ...]
    parameters: Mapping[str, str]
    language: str
    has_records: bool = False
    files: tuple[str, ...] = ()
    is_problem: bool = False


class ApiAddresses:
    """Makes the addresses of one page: relative, in the page's language."""

    def __init__(self, asked: Asked, default_language: str) -> None:
        self.asked = asked
        self.default_language = default_language

    @property
    def language(self) -> str:
        """The page's language."""
        return self.asked.language

    @property
    def map_address(self) -> str:
        """The map, in the page's language."""
        return self._with_language("/", ())

    def address(self, path: str, *query: tuple[str, str]) -> str:
        """Return the relative address of a page of the API, in the page's language. `path` begins with /api."""
        return self._with_language(path, query)

    def here(self, **changes: str | None) -> str:
        """Return the address of this page with other parameters; None takes one away."""
        kept = [pair for pair in self.asked.query if pair[0] not in {*changes, "lang", "f"} and pair[1]]
        given = [(name, value) for name, value in changes.items() if value is not None and name != "lang"]
        return self._with_language(self.asked.path, [*kept, *given], changes.get("lang"))

    def as_format(self, name: str) -> str:
        """Return the address of this document in a format."""
        kept = [pair for pair in self.asked.query if pair[0] not in {"f", "lang"} and pair[1]]
        return f"{quote(self.asked.path)}?{urlencode([*kept, ('f', name)], safe='/,:')}"

    def as_file(self, name: str) -> str:
        """Return the address of all that matches, not of this page alone, as a file."""
        kept = [
            pair for pair in self.asked.query if pair[0] not in {"f", "lang", "limit", "after", "before"} and pair[1]
        ]
        return f"{quote(self.asked.path)}?{urlencode([*kept, ('f', name)], safe='/,:')}"

    def _with_language(self, path: str, query: Sequence[tuple[str, str]], language: str | None = None) -> str:
        wanted = language or self.language
        pairs = [*query, *([("lang", wanted)] if wanted != self.default_language else [])]
        return quote(path) + (f"?{urlencode(pairs, safe='/,:')}" if pairs else "")

    @property
    def facets_address(self) -> str:
        """Return the counts of all filters, under the filters of this page."""
        kept = [pair for pair in self.asked.query if pair[0] not in NOT_FILTERS and pair[1]]
        return self._with_language(self.asked.path.replace("/items", "/facets"), kept)

    @property
    def asked_definition(self) -> str:
        """The OpenAPI document."""
        return "/api/openapi.json"

    def kept_fields(self) -> list[tuple[str, str]]:
        """Return the parameters that the form hands on: other filters, the order, and the language."""
        kept = [pair for pair in self.asked.query if pair[0] not in {*FORM, "lang", "after", "before"} and pair[1]]
        return [*kept, *([("lang", self.language)] if self.language != self.default_language else [])]

    def place_address(self, feature: Mapping[str, Any]) -> str:
        """Return the address of one feature of this collection."""
        path = "/".join(self.asked.path.split("/")[:4])
        return self.address(f"{path}/items/{feature['id']}")

    def map_record(self, public_id: str) -> str:
        """Return the map with a record open."""
        return self._with_language("/", [("record", public_id)])
