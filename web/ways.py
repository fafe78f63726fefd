"""The ways out of the map that stand in the top bar: what unions answered, how the map was made, a link, files."""

from __future__ import annotations

from dataclasses import dataclass

from web.content import Selection
from web.links import page_address


@dataclass(frozen=True)
class Way:
    """A page beside the map. With JavaScript what is shared and taken opens over the map instead."""

    name: str
    address: str


def list_ways(selection: Selection, all_layers: tuple[str, ...], default_language: str) -> tuple[Way, ...]:
    """Return the ways from a selection, which they keep; the first two pages keep language and colours alone."""
    plain = Selection(language=selection.language, layers=all_layers, theme=selection.theme)
    here, bare = (page_address(one, all_layers, default_language).removeprefix("/") for one in (selection, plain))
    alone = (Way("accountability", f"/accountability{bare}"), Way("method", f"/method{bare}"))
    return *alone, Way("share", f"/share{here}"), Way("export", f"/export{here}")
