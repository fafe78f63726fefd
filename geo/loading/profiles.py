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

PROFILES = (CLB_EXPORT, COMMUNITY_COPY)


def find_profile(folded_headings: Iterable[str]) -> Profile:
    """Return the profile whose signature all stands among the headings; our own where none does."""
    present = set(folded_headings)
    return next((profile for profile in PROFILES if profile.signature <= present), OWN)
