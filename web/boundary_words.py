"""Where the boundaries come from, in the reader's language."""

from __future__ import annotations

from web.content import Attribution
from web.translations import Texts

_NAMED = {"Tianditu": "boundaries.tianditu", "mid-2023": "boundaries.mid_2023"}
"""What boundary sets say of themselves in English, and the key of the same in all languages."""


def word_boundaries(texts: Texts, key: str, given: Attribution) -> str:
    """Return a text about the boundaries; a set of no name in that language keeps its own."""
    source, vintage = given.source.partition(" (")[0], given.vintage.partition(",")[0]
    return texts.fill(key, source=_word(texts, source), vintage=_word(texts, vintage))


def _word(texts: Texts, name: str) -> str:
    return texts[_NAMED[name]] if name in _NAMED else name
