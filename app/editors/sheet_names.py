"""The sheets or layers between which a file leaves the choice, out of the message that says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_QUOTED = re.compile(r'"([^"]*)"')


def find_sheets(failure: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Return (value, text) of each sheet; nothing where a file asks for none, or names one with quotation marks."""
    if failure is None:
        return []
    listed = failure["facts"].get("sheets") or failure["facts"].get("layers") or ""
    return [(name, name) for name in _QUOTED.findall(str(listed))]
