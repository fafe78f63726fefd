"""The one published table of union responses, of 127 cases, as a reference beside our own figures.

It is given as printed, with what its counts give by arithmetic and where it contradicts itself. It prints no table of
awareness by involvement, and its counts leave the inner cells of one open: none is given.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

from geo.serving.shares import Share

_FILE: Final = Path(__file__).parent / "data" / "union_responses_2018_2021.json"


@cache
def load_reference() -> dict[str, Any]:
    """Return the table; `percent` is worked out, `printed_percent` is as printed, `agrees` whether they do.

    A percentage that was printed agrees when it is the worked-out one to whole percent; one that is not printed has no
    `agrees`.
    """
    document: dict[str, Any] = orjson.loads(_FILE.read_bytes())
    for part in ("figures", "unstated", "errors"):
        document[part] = [_work_out(entry) for entry in document[part]]
    return document


def _work_out(entry: dict[str, Any]) -> dict[str, Any]:
    if "numerator" not in entry:
        return entry
    percent = Share(entry["numerator"], entry["denominator"]).percent
    printed = entry.get("printed_percent")
    agrees = {} if printed is None or percent is None else {"agrees": abs(percent - printed) <= _HALF}
    return {**entry, "percent": percent, **agrees}


_HALF: Final = 0.5
