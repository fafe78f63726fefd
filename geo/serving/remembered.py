"""Numbers worth remembering between requests: bounded, and bound to the version of the data they were counted on."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from functools import lru_cache
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Remembered(Generic[Answer]):
    """The last `size` answers by (dataset version, canonical question); the least recently used is forgotten.

    One belongs to each application; it lives in one event loop and needs no lock.
    """

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, version: int, question: object) -> Answer | None:
        """Return what was answered to `question` on that version of the data, if it is remembered."""
        key = _digest(version, question)
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def keep(self, version: int, question: object, answer: Answer) -> None:
        """Remember an answer. `question` is told apart by its `repr`."""
        self._answers[_digest(version, question)] = answer
        if len(self._answers) > self._size:
            self._answers.popitem(last=False)


@lru_cache(maxsize=64)
def _digest(version: int, question: object) -> bytes:
    """Return a short key, so that long questions cost no memory."""
    return hashlib.blake2b(f"{version} {question!r}".encode(), digest_size=16).digest()
