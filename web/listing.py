"""The list of records as the server writes it: the first of them, how many there are, and the way to the others."""

from __future__ import annotations

from urllib.parse import urlencode

from web.content import Selection

ON_A_PAGE = 100
KNOWN_TO = frozenset({"prefecture", "county"})
"""Filters by which a page asks for records whose place is known no more exactly."""


def whole_list_address(selection: Selection, default_language: str) -> str:
    """Return the address of all records of a selection, page by page, as the API's pages show them."""
    pairs = [("layer", ",".join(selection.layers)), *sorted(selection.filters)]
    pairs += [("region", selection.region)] if selection.region else []
    pairs += [
        ("limit", str(ON_A_PAGE)),
        ("f", "html"),
        *([("lang", selection.language)] if selection.language != default_language else []),
    ]
    return f"/api/collections/records/items?{urlencode(pairs, safe=',')}"


def is_known_no_finer(selection: Selection) -> bool:
    """Say whether a selection asks for the records of a region whose place is known no more exactly."""
    return selection.region is not None and any(name in KNOWN_TO for name, _value in selection.filters)
