"""Addresses of the page. The twin of static/js/url-state.js: the same names, the same order, defaults left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from web.content import Selection

EMBED = "/embed"
"""The page that any site may frame."""

NO_LAYER = "none"
"""The value of `layer` with every layer switched off."""


def join_lists(filters: Iterable[tuple[str, str]], lists: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return filters with one pair for each name of `lists`, whose values are codes: in order, none of them twice."""
    kept: list[tuple[str, str]] = []
    codes: dict[str, set[str]] = {}
    for name, value in filters:
        if name in lists:
            codes.setdefault(name, set()).update(part.strip() for part in value.split(","))
        else:
            kept.append((name, value))
    return (*kept, *((name, ",".join(sorted(values))) for name, values in codes.items()))


def page_address(selection: Selection, all_layers: tuple[str, ...], default_language: str, **changes: Any) -> str:
    """Return the relative address of the page with `changes` made to the selection."""
    wanted = replace(selection, **changes)
    pairs: list[tuple[str, str]] = []
    if set(wanted.layers) != set(all_layers):
        pairs.append(("layer", ",".join(layer for layer in all_layers if layer in wanted.layers) or NO_LAYER))
    pairs += sorted(wanted.filters)
    pairs += [(name, value) for name, value in (("region", wanted.region), ("record", wanted.record)) if value]
    for name, value, default in (
        ("tab", wanted.tab, "overview"),
        ("shade", wanted.shade, "rate"),
        ("lang", wanted.language, default_language),
        ("theme", wanted.theme, None),
    ):
        if value and value != default:
            pairs.append((name, value))
    return "/?" + urlencode(pairs, safe=",") if pairs else "/"
