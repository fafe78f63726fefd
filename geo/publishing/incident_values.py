"""What the public sees of an incident: one SQL expression for each property, over the rows named in `INCIDENT_ROWS`."""

from __future__ import annotations

from geo import vocabularies
from geo.layers import INCIDENTS, Kind, properties_of
from geo.publishing.places import record_point
from geo.publishing.policy import rank
from geo.publishing.scope import LINK_IS_HIDDEN

LAST_BAND = "-plus"
"""Ends the code of the band of participants that is open upward."""

SEVERITIES = (("extraordinary", 30), ("major", 10), ("serious", 3), ("ordinary", 0))
"""Deaths, at least, of each band: State Council Decree 493, article 3 (which also counts injuries and losses)."""

INCIDENT_KEYS = (
    f"SELECT regions, {rank('location_precision')} AS record_rank, policy_rank FROM decided_incident WHERE shown"
)

INCIDENT_ROWS = f"""decided_incident AS d
JOIN editorial.incident AS r ON r.id = d.id
JOIN editorial.publication AS p ON p.record_id = d.id AND p.layer = d.layer
JOIN place AS pl ON pl.known_regions = d.regions AND pl.policy_rank = d.policy_rank
    AND pl.record_rank = {rank("d.location_precision")}
WHERE d.shown"""


def source_list(sources: str, opened: str, rule: str) -> str:
    """Return the SQL of the public sources as JSON text. `opened` is SQL: the record is marked as already public.

    Only the keys named here are shown, only web addresses stand under `url`, and the day on which a source appeared
    is left out where the record's own day is not shown.
    """
    urls = (f"'{key}', CASE WHEN entry ->> '{key}' ~* '^https?://' THEN entry ->> '{key}' END" for key in _URL_KEYS)
    texts = (f"'{key}', entry ->> '{key}'" for key in _TEXT_KEYS)
    day = f"'published_on', CASE WHEN {opened} OR {rule} = 'OPEN' THEN entry ->> 'published_on' END"
    shown = f"COALESCE(entry ->> 'public', CASE WHEN {opened} OR {rule} <> 'GUARDED' THEN 'true' ELSE 'false' END)"
    return (
        f"(SELECT '[' || string_agg(json_strip_nulls(json_build_object({', '.join((*texts, *urls, day))}))::text, ',' "
        f"ORDER BY position) || ']' FROM jsonb_array_elements({sources}) WITH ORDINALITY AS listed (entry, position) "
        f"WHERE {shown} = 'true')"
    )


_TEXT_KEYS = ("title", "publisher", "type")
_URL_KEYS = ("url", "archive_url")


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


def _severity() -> str:
    return f"CASE {' '.join(f'''WHEN r.deaths >= {deaths} THEN '{code}' ''' for code, deaths in SEVERITIES)} END"


_OPEN = "(r.already_public OR d.text = 'OPEN')"
_PLACE_TEXT_OPEN = "(r.already_public OR d.text = 'OPEN' AND NOT pl.coarsened)"

_CASES = f"""(SELECT array_agg(p2.public_id ORDER BY p2.public_id)
FROM editorial.case_incident AS link
JOIN decided_case AS c ON c.id = link.case_id AND c.shown
JOIN editorial.publication AS p2 ON p2.record_id = c.id AND p2.layer = 'accountability'
JOIN editorial.incident AS call ON call.id = link.incident_id
WHERE link.incident_id = r.id AND NOT {LINK_IS_HIDDEN})"""

_MADE = {
    **{name: f"d.{name}" for name in ("layer", "starts_on", "ends_on", "date_precision")},
    **{
        name: f"pl.{name}"
        for name in ("province", "prefecture", "county", "regions", "location_precision", "uncertainty_m", "coarsened")
    },
    **{name: f"CASE WHEN {_PLACE_TEXT_OPEN} THEN r.{name} END" for name in ("place_text_en", "place_text_zh_hans")},
    "legacy_id": f"CASE WHEN {_OPEN} THEN r.legacy_id END",
    # CLB's link may name a city by its code.
    "legacy_url": f"CASE WHEN {_PLACE_TEXT_OPEN} THEN r.legacy_url END",
    "participants": participants_band(),
    "severity": _severity(),
    "sources": source_list("r.sources", "r.already_public", "d.text"),
    "cases": _CASES,
}

_LISTS = (Kind.CODES, Kind.TEXTS)

INCIDENT_VALUES: dict[str, str] = {
    prop.name: _MADE.get(prop.name, f"NULLIF(r.{prop.name}, '{{}}')" if prop.kind in _LISTS else f"r.{prop.name}")
    for prop in properties_of(*INCIDENTS)
    if prop.name != "updated_on"
} | {
    "feature_id": "p.feature_id",
    "public_id": "p.public_id",
    "several_places": "(pl.several OR r.several_places)",
    "regions_within": "pl.regions_within",
    "geometry": f"COALESCE(pl.point, {record_point('pl.shown_rank', 'r.geometry')})",
}
"""A property without a line of its own above is the private column of that name."""
