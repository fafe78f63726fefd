"""In which format an answer is asked for: `f`, else the header Accept, else the first that is offered."""

from __future__ import annotations

import re
from collections.abc import Mapping

from geo.serving.parameters import BadValue

CSV = "text/csv"
VARY = {"Vary": "Accept"}
"""A header of every answer whose format may be chosen by Accept."""

_QUALITY = re.compile(r"q=([01](?:\.\d{0,3})?)", re.ASCII)


def parse_format(texts: list[str], offered: Mapping[str, str]) -> str:
    """Read the parameter `f`, the name of a format. Raises BadValue that says what is offered."""
    if len(texts) != 1 or texts[0] not in offered:
        raise BadValue(f"must be one of: {', '.join(offered)}")
    return texts[0]


def find_quality(header: str, media_type: str) -> float:
    """Return how much Accept likes a media type, 0 to 1: as its most specific range does (RFC 9110, 12.5.1)."""
    ranges: dict[str, float] = {}
    for part in header.split(","):
        name, *parameters = (text.strip().lower() for text in part.split(";"))
        found = next((match for text in parameters if (match := _QUALITY.fullmatch(text))), None)
        ranges[name] = float(found[1]) if found else 1.0
    holders = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((ranges[holder] for holder in holders if holder in ranges), 0.0)


def accept_format(header: str, offered: Mapping[str, str]) -> str:
    """Return the name of the offered format that Accept likes best; the first when it likes none or all the same."""
    return max(offered, key=lambda name: find_quality(header, offered[name]))
