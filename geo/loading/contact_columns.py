"""Columns of one row of a case file: the contact with a union, and how a cell of each is read."""

from __future__ import annotations

import datetime as dt
from typing import Final

from geo.loading import sources
from geo.loading.cells import Parse, Parsed
from geo.loading.dates import parse_date
from geo.loading.figures import parse_integer
from geo.loading.messages import Problem
from geo.loading.terms import parse_term, parse_terms, split_own, split_texts
from geo.loading.texts import TITLE_LIMIT, parse_public_text, parse_restricted_text

RESTRICTED_OF_CONTACTS: Final = ("person_name", "person_role", "recording", "note")
"""Columns of contacts that only editors see."""


def make_contact_parsers() -> dict[str, Parse]:
    """Make the readers of the columns that are read by themselves. See `geo.loading.case_rows`."""
    return {
        "incident_ids": _parse_ids,
        "contact_no": parse_integer("contact_no"),
        "contacted": sources.parse_boolean("contacted"),
        "union_name_en": parse_public_text("union_name_en", TITLE_LIMIT),
        "union_name_zh_hans": parse_public_text("union_name_zh_hans", TITLE_LIMIT),
        "union_level": parse_term("union_level", "union_level"),
        "department": parse_term("department", "union_department"),
        "method": parse_term("method", "contact_method"),
        "awareness": parse_term("awareness", "awareness"),
        "involvement": parse_term("involvement", "involvement"),
        "involvement_timing": parse_term("involvement_timing", "involvement_timing"),
        "excuses": parse_terms("excuses", "excuse", split_own, is_open=False),
        "quote_en": parse_public_text("quote_en"),
        "quote_zh_hans": parse_public_text("quote_zh_hans"),
        "promise_en": parse_public_text("promise_en"),
        "promise_zh_hans": parse_public_text("promise_zh_hans"),
        "follow_up_on": _parse_follow_up,
        **{name: parse_restricted_text(name) for name in RESTRICTED_OF_CONTACTS},
    }


def _parse_follow_up(cell: str) -> Parsed:
    """Read the day on which the union is to be asked again; it may lie in the future."""
    found, problems = parse_date(cell, dt.date.max)
    return ({"follow_up_on": found.first.isoformat()} if found else {}), problems


def _parse_ids(cell: str) -> Parsed:
    ids: list[str] = []
    said: list[Problem] = []
    for part in split_texts(cell):
        values, problems = sources.parse_source_id(part)
        said += problems
        ids += [values[name] for name in ("source_id", "public_id") if name in values]
    return ({"incident_ids": list(dict.fromkeys(ids))} if ids else {}), tuple(said)
