"""What the public sees of an incident: one SQL expression for each property, over the rows of `INCIDENT_ROWS`."""

from __future__ import annotations

from geo import vocabularies
from geo.layers import INCIDENTS, Kind, properties_of
from geo.publishing.cases_about import VALUES as CASES_SAY
from geo.publishing.places import record_point
from geo.publishing.policy import rank
from geo.publishing.sources import source_list

LAST_BAND = "-plus"
"""Ends the code of the band of participants that is open upward."""

SEVERITIES = (("extraordinary", 30), ("major", 10), ("serious", 3), ("ordinary", 0))
"""Deaths, at least, of each band: State Council Decree 493, article 3 (which also counts injuries and losses)."""

INCIDENT_KEYS = f"SELECT regions, {rank('location_precision')} AS record_rank, policy_rank FROM shown_incident"

INCIDENT_ROWS = f"""shown_incident AS d
JOIN editorial.incident AS r ON r.id = d.id
JOIN place AS pl ON pl.known_regions = d.regions AND pl.policy_rank = d.policy_rank
    AND pl.record_rank = {rank("d.location_precision")}
LEFT JOIN incident_case AS about ON about.incident_id = d.id"""


def participants_band() -> str:
    """Return the SQL of the band that holds the whole range of participants; NULL when none does."""
    branches = []
    for code in (term.code for term in vocabularies.vocabularies()["participants"].terms):
        if code.endswith(LAST_BAND):
            branches.append(f"WHEN r.participants_min >= {int(code.removesuffix(LAST_BAND))} THEN '{code}'")
        else:
            low, high = (int(end) for end in code.split("-"))
            branches.append(f"WHEN r.participants_min >= {low} AND r.participants_max <= {high} THEN '{code}'")
    return f"CASE {' '.join(branches)} END"


def severity() -> str:
    """Return the SQL of an accident's severity by deaths; NULL when their number is not known."""
    branches = (f"WHEN r.deaths >= {deaths} THEN '{code}'" for code, deaths in SEVERITIES)
    return f"CASE {' '.join(branches)} END"


_OPEN = "(r.already_public OR d.text = 'OPEN')"
_PLACE_TEXT_OPEN = "(r.already_public OR d.text = 'OPEN' AND NOT pl.coarsened)"

_PLACE = ("province", "prefecture", "county", "regions", "location_precision", "uncertainty_m", "coarsened")

_MADE = {
    **{name: f"d.{name}" for name in ("layer", "starts_on", "ends_on", "date_precision")},
    **{name: f"pl.{name}" for name in _PLACE},
    **{name: f"CASE WHEN {_PLACE_TEXT_OPEN} THEN r.{name} END" for name in ("place_text_en", "place_text_zh_hans")},
    "legacy_id": f"CASE WHEN {_OPEN} THEN r.legacy_id END",
    # CLB's link may name a place by its code.
    "legacy_url": f"CASE WHEN {_PLACE_TEXT_OPEN} THEN r.legacy_url END",
    "participants": participants_band(),
    "severity": severity(),
    "sources": source_list("r.sources", "r.already_public", "d.text"),
    "cases": "about.cases",
}

_LISTS = (Kind.CODES, Kind.TEXTS)

INCIDENT_VALUES: dict[str, str] = {
    prop.name: _MADE.get(prop.name, f"NULLIF(r.{prop.name}, '{{}}')" if prop.kind in _LISTS else f"r.{prop.name}")
    for prop in properties_of(*INCIDENTS)
    if prop.name != "updated_on"
} | {
    **CASES_SAY,
    "feature_id": "d.feature_id",
    "public_id": "d.public_id",
    "several_places": "(pl.several OR r.several_places)",
    "regions_within": "pl.regions_within",
    "geometry": f"COALESCE(pl.point, {record_point('pl.shown_rank', 'r.geometry')})",
}
"""A property without a line of its own above is the private column of that name."""
