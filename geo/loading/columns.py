"""The columns that a file may have, and how a cell of each is read.

Most of them are read from `geo.layers`: a new property of a layer is a column here without another line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from geo.errors import DataError
from geo.layers import ACCOUNTABILITY, CALLS_FOR_HELP, LAYERS, PROPERTIES, Kind, Property, properties_of
from geo.loading import sources
from geo.loading.cells import Parse, Parsed
from geo.loading.contact_columns import make_contact_parsers
from geo.loading.dates import parse_date
from geo.loading.figures import parse_amount, parse_integer, parse_people
from geo.loading.profiles import Profile
from geo.loading.terms import Split, parse_term, parse_terms, split_on, split_own, split_texts
from geo.loading.texts import (
    TEXT_LIMIT,
    TITLE_LIMIT,
    check_public_text,
    clean_text,
    parse_either_language,
    parse_public_text,
    parse_restricted_text,
)
from geo.records.tables import accountability_case, incident

JOINED: Final = frozenset(
    {
        *("starts_on", "ends_on", "date_precision", "region", "province", "city", "county", "location_precision"),
        *("lon", "lat", "coords", "datum", "source_name", "already_public"),
    }
)
"""Columns of incidents that mean something only together with others: read by row, not by cell."""

RESTRICTED: Final = ("contact", "person_names", "exact_address", "raw_text")
"""Columns of incidents that only editors see."""

_CASE_JOINED: Final = frozenset({"starts_on", "ends_on", "date_precision", "contacted_on", "union_region"})
_STRICT_WHEN_LENIENT: Final = frozenset({"industry", "ownership"})
_NAMES: Final = frozenset(prop.name for prop in PROPERTIES)


def joined_columns(layer: str) -> frozenset[str]:
    """The columns of `layer` that are read together with others."""
    return _CASE_JOINED if layer == ACCOUNTABILITY else JOINED


def known_columns(layer: str) -> frozenset[str]:
    """Every column that a file of `layer` may have.

    Raises:
        DataError: there is no such layer.
    """
    if layer not in LAYERS:
        raise DataError(f"There is no layer {layer!r}: say one of {', '.join(LAYERS)}.")
    return frozenset(make_parsers(layer, Profile(name="own"), dt.date.min)) | joined_columns(layer)


def make_parsers(layer: str, profile: Profile, today: dt.date) -> dict[str, Parse]:
    """Make the reader of each column that is read by itself."""
    table = accountability_case if layer == ACCOUNTABILITY else incident
    made = {
        prop.name: _make_parser(prop, profile, today)
        for prop in properties_of(layer)
        if prop.loaded and prop.name in table.c and prop.name not in joined_columns(layer)
    }
    made["source_system"] = sources.parse_source_system
    made["source_id"] = sources.parse_event_id if profile.event_ids else sources.parse_source_id
    made["public_id"] = sources.parse_source_id
    made["legacy_url"] = sources.parse_legacy_url
    made["sources"] = sources.parse_sources
    made["title"] = parse_either_language("title", TITLE_LIMIT)
    if layer == ACCOUNTABILITY:
        return made | make_contact_parsers()
    made["description"] = parse_either_language("description")
    made["channels"] = sources.parse_channels
    made["employers"] = sources.parse_employers
    made["employer"] = sources.parse_employer
    made |= {name: parse_restricted_text(name) for name in RESTRICTED if name != "person_names"}
    made["person_names"] = _parse_names
    people = "persons" if layer == CALLS_FOR_HELP else "participants"
    made[people] = parse_people(people, bands_overlap=profile.lenient)
    if "channels" not in {prop.name for prop in properties_of(layer)}:
        del made["channels"]
    return made


def _make_parser(prop: Property, profile: Profile, today: dt.date) -> Parse:
    split: Split = split_on(profile.list_sign) if profile.list_sign else split_own
    lenient = profile.lenient and prop.name not in _STRICT_WHEN_LENIENT
    reported = f"{prop.name}_reported" if f"{prop.name}_reported" in incident.c else None
    makers: dict[Kind, Callable[[], Parse]] = {
        Kind.TEXT: lambda: parse_public_text(prop.name, TITLE_LIMIT if prop.name.startswith("title") else TEXT_LIMIT),
        Kind.TEXTS: lambda: _parse_texts(prop.name),
        Kind.CODE: lambda: parse_term(prop.name, prop.vocabulary or "", reported=reported, lenient=lenient),
        Kind.CODES: lambda: parse_terms(
            prop.name, prop.vocabulary or "", split, is_open=f"{prop.name}_other" in _NAMES
        ),
        Kind.DATE: lambda: _parse_day(prop.name, today),
        Kind.INTEGER: lambda: parse_integer(prop.name),
        Kind.MINIMUM: lambda: parse_integer(prop.name),
        Kind.MAXIMUM: lambda: parse_integer(prop.name),
        Kind.AMOUNT: lambda: parse_amount(prop.name),
        Kind.BOOLEAN: lambda: sources.parse_boolean(prop.name),
        Kind.OBJECTS: lambda: sources.parse_sources,
    }
    return makers[prop.kind]()


def _parse_texts(name: str) -> Parse:
    def parse(cell: str) -> Parsed:
        text, problems = clean_text(cell)
        parts = split_texts(text)
        said = [problem for part in parts for problem in check_public_text(part, TITLE_LIMIT)]
        return ({name: list(dict.fromkeys(parts))} if parts else {}), (*problems, *said)

    return parse


def _parse_names(cell: str) -> Parsed:
    values, problems = parse_restricted_text("person_names")(cell)
    names = split_texts(values.get("person_names", ""))
    return ({"person_names": list(dict.fromkeys(names))} if names else {}), problems


def _parse_day(name: str, today: dt.date) -> Parse:
    def parse(cell: str) -> Parsed:
        found, problems = parse_date(cell, today)
        return ({name: found.first.isoformat()} if found else {}), problems

    return parse
