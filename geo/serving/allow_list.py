"""The parameters of a request, read by an allow-list: what is not asked for by name is a fault, and none is dropped."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import TypeVar

from geo.errors import BadRequest, InvalidParameter
from geo.serving.parameters import BadValue

Parsed = TypeVar("Parsed")


class Parameters:
    """The parameters of one request, taken one by one; `finish` raises one BadRequest with every fault."""

    def __init__(self, parameters: Iterable[tuple[str, str]]) -> None:
        self._given: dict[str, list[str]] = {}
        for name, text in parameters:
            self._given.setdefault(name, []).append(text)
        self._faults: list[InvalidParameter] = []

    def __contains__(self, name: str) -> bool:
        """Say whether a parameter was given, and not yet taken."""
        return name in self._given

    def read(self, name: str, parse: Callable[[list[str]], Parsed], default: Parsed) -> Parsed:
        """Take a parameter and return what its texts mean; `default` when it is not given or cannot be used."""
        texts = self._given.pop(name, None)
        try:
            return default if texts is None else parse(texts)
        except BadValue as fault:
            self._faults.append(InvalidParameter(name, str(fault)))
            return default

    def finish(self, names: Iterable[str]) -> None:
        """Raise BadRequest when a parameter was at fault or is still there; `names` are those that may be given."""
        known = list(names)
        refuse(self._faults + [InvalidParameter(name, unknown_parameter(name, known)) for name in self._given])


def refuse(faults: list[InvalidParameter]) -> None:
    """Raise BadRequest when there are faults."""
    if faults:
        raise BadRequest("The request has parameters that cannot be used.", *faults)


def unknown_parameter(name: str, names: Iterable[str]) -> str:
    """Say that a parameter is unknown, and which one may have been meant."""
    near = difflib.get_close_matches(name[:50], list(names), n=1)
    return "is not a parameter of this resource" + (f"; did you mean {near[0]}?" if near else "")


def only(parse: Callable[[str], Parsed]) -> Callable[[list[str]], Parsed]:
    """Read a parameter that may be given once."""

    def read(texts: list[str]) -> Parsed:
        if len(texts) > 1:
            raise BadValue("may be given once")
        return parse(texts[0])

    return read


def split(texts: list[str]) -> list[str]:
    """Return the parts of comma-separated texts."""
    return [part.strip() for text in texts for part in text.split(",")]


def unique(values: Iterable[Parsed]) -> tuple[Parsed, ...]:
    """Return the values without repetition, in an order that does not depend on how they were given."""
    return tuple(sorted(set(values), key=lambda value: (value is None, str(value))))
