"""The shapes of file that loading knows, each a small declaration.

A profile is recognised by its headings. It says what its headings mean, how its lists are parted, what stands for
"several places", and which of our columns the shape never has (what is true of every row is then said once).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Ids = Literal["given", "content"]


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One shape.

    Attributes:
        name: as shown in the report.
        signature: headings (folded as by `fold_header`) that together mean this shape; empty for our own.
        headings: folded heading to column.
        ignored: folded headings to leave out without a word.
        ids: "content" when no row can have an id of its own: rows are known by their content, and rows that look
            alike are kept.
        list_sign: the only sign that parts its lists; None for our own rule.
        several_places: the region cell that means several places.
        lenient: foreign terms of closed lists beside industry and ownership are left out with a warning, and a city
            that cannot be found leaves the province.
        city_from_title: whether the title may name the city.
        event_ids: whether ids are CLB's event ids, so that CLB's dead links lead to the record.
        made_title: columns from which a title is made where the shape has none.
        spellings: column to what its cells say in words or figures of the shape's own, and the term that is meant.
    """

    name: str
    signature: frozenset[str] = frozenset()
    headings: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    ids: Ids = "given"
    list_sign: str | None = None
    several_places: str | None = None
    lenient: bool = False
    city_from_title: bool = False
    event_ids: bool = False
    made_title: tuple[str, ...] = ()
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


OWN = Profile(name="own")

CLB_EXPORT = Profile(
    name="clb_export",
    signature=frozenset({"date", "title", "province", "enterprise_type", "action_taken_involve"}),
    headings={
        "date": "starts_on",
        "title": "title",
        "description": "description",
        "province": "province",
        "industry": "industry",
        "participants": "participants",
        "employer": "employer",
        "enterprise_type": "ownership",
        "action_taken_involve": "actions",
        "employee_demands_involve": "demands",
        "response_to_collective_action": "responses",
    },
    ignored=frozenset({"source_file", "source_row"}),
    ids="content",
    list_sign=",",
    several_places="0",
    lenient=True,
    city_from_title=True,
)
"""China Labour Bulletin's own export of its Strike Map, as it came (2011 to 2017), and such files put together."""

COMMUNITY_COPY = Profile(
    name="community_copy",
    signature=frozenset({"id", "start_date", "state", "city", "strike_or_protest"}),
    headings={
        "id": "source_id",
        "start_date": "starts_on",
        "state": "province",
        "city": "city",
        "industry": "industry",
        "subindustry_name": "sub_industry",
        "strike_or_protest": "actions",
        "worker_demands": "demands",
        "action_response": "responses",
        "range_number_of_employees": "participants",
    },
    list_sign="/",
    several_places="0",
    lenient=True,
    event_ids=True,
    made_title=("actions", "province", "city"),
)
"""The later community copy of the Strike Map: lists parted by "/", a city, no title."""

ACLED = Profile(
    name="acled",
    signature=frozenset({"event_id_cnty", "event_date", "sub_event_type", "admin1"}),
    headings={
        "event_id_cnty": "source_id",
        "event_date": "starts_on",
        "time_precision": "date_precision",
        "sub_event_type": "actions",
        "admin1": "province",
        "admin2": "city",
        "admin3": "county",
        "location": "place_text_en",
        "latitude": "lat",
        "longitude": "lon",
        "geo_precision": "location_precision",
        "notes": "description",
        "fatalities": "deaths",
        "source": "sources",
    },
    ignored=frozenset(
        {
            *("data_id", "iso", "iso3", "event_id_no_cnty", "year", "disorder_type", "event_type"),
            *("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction"),
            *("civilian_targeting", "region", "country", "source_scale", "tags", "timestamp", "population_best"),
        }
    ),
    lenient=True,
    made_title=("actions", "province", "city"),
    spellings={
        "date_precision": {"1": "day", "2": "week", "3": "month"},
        "location_precision": {"1": "county", "2": "county", "3": "province"},
    },
)
"""Rows of the Armed Conflict Location & Event Data project. Its points are those of towns, never of a site."""

LABOR_ACTION_TRACKER = Profile(
    name="labor_action_tracker",
    signature=frozenset({"employer", "labor_organization", "strike_or_protest", "start_date", "worker_demands"}),
    headings={
        "id": "source_id",
        "positionid": "source_id",
        "employer": "employer",
        "industry": "industry",
        "address": "exact_address",
        "city": "city",
        "state": "province",
        "latitude,_longitude": "coords",
        "strike_or_protest": "actions",
        "approximate_number_of_participants": "participants",
        "start_date": "starts_on",
        "end_date": "ends_on",
        "worker_demands": "demands",
        "source": "sources",
        "notes": "description",
    },
    ignored=frozenset(
        {
            *("labor_organization", "local", "bargaining_unit_size", "number_of_locations", "zip_code"),
            *("duration_amount", "duration_unit", "authorized", "threat", "connectedrow"),
        }
    ),
    lenient=True,
    made_title=("actions", "province", "city"),
)
"""The spreadsheet of the Labor Action Tracker (Cornell and Illinois). The address stays with the editors."""

PROFILES = (CLB_EXPORT, LABOR_ACTION_TRACKER, COMMUNITY_COPY, ACLED)


def find_profile(folded_headings: Iterable[str]) -> Profile:
    """Return the profile whose signature all stands among the headings; our own where none does."""
    present = set(folded_headings)
    return next((profile for profile in PROFILES if profile.signature <= present), OWN)
