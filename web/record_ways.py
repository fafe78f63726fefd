"""Where a record's card leads: its own page, the pages of unions, and the records beside it in the list."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from web.content import Record

NEIGHBOURS = {"previous": -1, "next": 1}


def record_address(public_id: str, language: str, default_language: str, theme: str | None = None) -> str:
    """Return the relative address of a record's own page; the first language and the reader's colours are left out."""
    return f"/records/{quote(public_id)}" + _write_look(language, default_language, theme)


def union_address(union_id: int, language: str, default_language: str, theme: str | None = None) -> str:
    """Return the relative address of a union's page; the first language and the reader's colours are left out."""
    return f"/unions/{union_id}" + _write_look(language, default_language, theme)


def _write_look(language: str, default_language: str, theme: str | None) -> str:
    pairs = [("lang", language)] if language != default_language else []
    pairs += [("theme", theme)] if theme else []
    return f"?{urlencode(pairs)}" if pairs else ""


def find_neighbours(listed: Sequence[Record], public_id: str) -> list[tuple[str, str]]:
    """Return (id, "previous" or "next") of the records beside one in a list; nothing where it is not in the list."""
    ids = [record.id for record in listed]
    if public_id not in ids:
        return []
    places = ((ids.index(public_id) + step, name) for name, step in NEIGHBOURS.items())
    return [(ids[place], name) for place, name in places if 0 <= place < len(ids)]
