"""The form in which names are compared: of regions when they are loaded, and of what readers search for."""

from __future__ import annotations

import functools
import re
import unicodedata

import opencc

_HAN = re.compile(r"[\u3400-\u9fff]")


def normalise_name(text: str) -> str:
    """Fold a name to the form in which names are compared.

    Full-width becomes half-width, Traditional becomes Simplified; capitals, accents, spaces, apostrophes and all
    other punctuation go. "Bao'an  District" and "BAOAN DISTRICT" are one, and so are 寶安區 and 宝安区.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    if _HAN.search(folded):
        folded = str(_to_simplified().convert(folded))
    apart = unicodedata.normalize("NFD", folded)
    return "".join(char for char in apart if char.isalnum())


@functools.lru_cache(maxsize=1)
def _to_simplified() -> opencc.OpenCC:
    """The converter, made once for the process: it reads its tables from files and never changes."""
    return opencc.OpenCC("t2s")
