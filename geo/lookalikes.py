"""Letters of other scripts that look like Latin ones: a name written with them passes for another."""

from __future__ import annotations

import re
from typing import Final

_CYRILLIC: Final = dict(zip("аеорсухіјѕһԁԛԝӏАВЕЅІЈКМНОРСТУХԌ", "aeopcyxijshdqwlABESIJKMHOPCTYXG", strict=True))
_GREEK: Final = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυ", "ABEZHIKMNOPTYXovu", strict=True))
_LATIN: Final = str.maketrans(_CYRILLIC | _GREEK)
_LETTERS: Final = "".join(_CYRILLIC | _GREEK)
_SUSPECT: Final = re.compile(f"[{_LETTERS}]")
_SCRIPTS: Final = re.compile(r"[A-Za-zÀ-ɏͰ-Ͽἀ-῿Ѐ-ԯ]+")
_SHORTEST: Final = 3
_HAS_LATIN: Final = re.compile(r"[A-Za-z]")


def skeleton(text: str) -> str:
    """Return a text with each word that only looks Latin in Latin letters, so that names can be compared by looks."""
    if text.isascii() or not _SUSPECT.search(text):
        return text
    return _SCRIPTS.sub(lambda word: word[0].translate(_LATIN) if _is_lookalike(word[0]) else word[0], text)


def find_lookalike(text: str) -> tuple[str, str] | None:
    """Return the first word that only looks Latin, and what it looks like."""
    if text.isascii() or not _SUSPECT.search(text):
        return None
    found = next((word[0] for word in _SCRIPTS.finditer(text) if _is_lookalike(word[0])), None)
    return None if found is None else (found, found.translate(_LATIN))


def _is_lookalike(word: str) -> bool:
    """A word that mixes Latin letters with such, or is made of nothing else."""
    if not _SUSPECT.search(word):
        return False
    return _HAS_LATIN.search(word) is not None or (len(word) >= _SHORTEST and not _SUSPECT.sub("", word))
