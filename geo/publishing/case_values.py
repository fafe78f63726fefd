"""What the public sees of an accountability case: one SQL expression for each property, over `CASE_ROWS`.

A case is guarded while it is linked to a call for help that is not marked as already public.
"""

from __future__ import annotations

from geo.layers import ACCOUNTABILITY, Kind, properties_of
from geo.publishing.scope import LINK_IS_HIDDEN
from geo.publishing.sources import source_list

CONTACTED = "contact.contacted IS DISTINCT FROM false"
"""A union that was only suggested or mentioned never counts."""

FINEST_RANK = 2
"""A case is known by region, never by an address: its finest place is a county."""

_INCIDENT_REGIONS = """SELECT link.case_id, array_agg(DISTINCT code ORDER BY code) AS regions
FROM editorial.case_incident AS link JOIN scoped_case AS scope ON scope.id = link.case_id
JOIN editorial.publication AS p ON p.record_id = link.incident_id AND p.layer <> 'accountability'
JOIN published.feature AS f ON f.id = p.feature_id CROSS JOIN LATERAL unnest(f.regions) AS code
GROUP BY link.case_id"""

_UNION_REGIONS = f"""SELECT contact.case_id,
    array_agg(DISTINCT COALESCE(contact.union_region, named.region_code)
        ORDER BY COALESCE(contact.union_region, named.region_code)) AS regions
FROM editorial.union_contact AS contact JOIN scoped_case AS scope ON scope.id = contact.case_id
LEFT JOIN editorial.union_organization AS named ON named.id = contact.union_id
WHERE {CONTACTED} AND COALESCE(contact.union_region, named.region_code) IS NOT NULL
GROUP BY contact.case_id"""

_INCIDENTS_SHOWN = """SELECT link.case_id, bool_or(f.coarsened) AS coarsened, bool_or(f.several_places) AS several
FROM editorial.case_incident AS link JOIN scoped_case AS scope ON scope.id = link.case_id
JOIN editorial.publication AS p ON p.record_id = link.incident_id AND p.layer <> 'accountability'
JOIN published.feature AS f ON f.id = p.feature_id GROUP BY link.case_id"""

CASE_PLACES = f"""SELECT d.id, COALESCE(i.regions, u.regions, '{{}}') AS regions,
    COALESCE(seen.coarsened, false) AS coarsened, COALESCE(seen.several, false) AS several
FROM shown_case AS d LEFT JOIN ({_INCIDENT_REGIONS}) AS i ON i.case_id = d.id
LEFT JOIN ({_UNION_REGIONS}) AS u ON u.case_id = d.id LEFT JOIN ({_INCIDENTS_SHOWN}) AS seen ON seen.case_id = d.id"""
"""The regions a case is known to: the public ones of its incidents, else those of the unions contacted."""

CASE_KEYS = (
    f"SELECT g.regions, {FINEST_RANK} AS record_rank, d.policy_rank "
    "FROM shown_case AS d JOIN case_place AS g USING (id)"
)

CASE_ROWS = f"""shown_case AS d
JOIN editorial.accountability_case AS r ON r.id = d.id
JOIN case_place AS g ON g.id = d.id
JOIN place AS pl ON pl.known_regions = g.regions AND pl.policy_rank = d.policy_rank
    AND pl.record_rank = {FINEST_RANK}"""

_OPEN = "d.text = 'OPEN'"

_INCIDENTS_NAMED = f"""editorial.case_incident AS link JOIN editorial.incident AS call ON call.id = link.incident_id
JOIN editorial.publication AS p2 ON p2.record_id = call.id AND p2.layer = call.layer
JOIN published.feature AS f ON f.id = p2.feature_id
WHERE link.case_id = r.id AND NOT {LINK_IS_HIDDEN}"""
"""The public incidents that a case may name."""

_INCIDENT_IDS = f"(SELECT array_agg(f.public_id ORDER BY f.public_id) FROM {_INCIDENTS_NAMED})"
_INDUSTRY = f"(SELECT CASE WHEN count(DISTINCT f.industry) = 1 THEN min(f.industry) END FROM {_INCIDENTS_NAMED})"
"""That of its incidents, where all of which it is known have the same."""

_OF_ANYONE = (
    *("contact_no", "contacted", "department", "method", "awareness", "involvement", "involvement_timing", "excuses"),
)
_OF_THE_OPEN = (
    *("contacted_on", "contacted_until", "follow_up_on"),
    *("quote_en", "quote_zh_hans", "promise_en", "promise_zh_hans"),
)
_UNION_REGION = f"""CASE WHEN {_OPEN} THEN COALESCE(contact.union_region, named.region_code)
    ELSE COALESCE(path.prefecture, path.province) END"""

_CONTACTS = f"""(SELECT '[' || string_agg(row_to_json(line)::text, ',' ORDER BY line.contact_no) || ']' FROM (
    SELECT {", ".join(f"contact.{name}" for name in _OF_ANYONE)},
        COALESCE(contact.union_level, named.level) AS union_level, {_UNION_REGION} AS union_region,
        {
    ", ".join(
        f"CASE WHEN {_OPEN} THEN named.{name} END AS union_{name}"
        for name in (*("id", "name_en", "name_zh_hans", "name_zh_hant"),)
    )
},
        {", ".join(f"CASE WHEN {_OPEN} THEN contact.{name} END AS {name}" for name in _OF_THE_OPEN)}
    FROM editorial.union_contact AS contact
    LEFT JOIN editorial.union_organization AS named ON named.id = contact.union_id
    LEFT JOIN editorial.region_path AS path ON path.code = COALESCE(contact.union_region, named.region_code)
    WHERE contact.case_id = r.id) AS line)"""


def _of_contacts(value: str, extra: str = "") -> str:
    """Return the SQL of the distinct values that the contacts of a case have."""
    return (
        f"(SELECT array_agg(DISTINCT {value} ORDER BY {value}) FROM editorial.union_contact AS contact "
        f"LEFT JOIN editorial.union_organization AS named ON named.id = contact.union_id {extra} "
        f"WHERE contact.case_id = r.id AND {CONTACTED} AND {value} IS NOT NULL)"
    )


_MADE = {
    "layer": f"'{ACCOUNTABILITY}'",
    **{name: f"d.{name}" for name in ("starts_on", "ends_on", "date_precision")},
    **{name: f"pl.{name}" for name in ("province", "prefecture", "county", "location_precision", "uncertainty_m")},
    "regions": f"CASE WHEN pl.lowest IS NOT NULL THEN ARRAY[pl.lowest] WHEN {_OPEN} THEN pl.regions ELSE '{{}}' END",
    "coarsened": "(pl.coarsened OR g.coarsened)",
    # A day of its own, with no precision beside it: it cannot be shown as a month.
    "outcome_on": f"CASE WHEN {_OPEN} THEN r.outcome_on END",
    "excuses": _of_contacts("excuse", "CROSS JOIN LATERAL unnest(contact.excuses) AS excuse"),
    "union_levels": _of_contacts("COALESCE(contact.union_level, named.level)"),
    "departments": _of_contacts("contact.department"),
    "contacts": _CONTACTS,
    "incidents": _INCIDENT_IDS,
    "sources": source_list("r.sources", "false", "d.text"),
    "legacy_id": f"CASE WHEN {_OPEN} THEN r.legacy_id END",
    "legacy_url": f"CASE WHEN {_OPEN} AND NOT pl.coarsened THEN r.legacy_url END",
}

CASE_VALUES: dict[str, str] = {
    prop.name: _MADE.get(prop.name, f"NULLIF(r.{prop.name}, '{{}}')" if prop.kind is Kind.CODES else f"r.{prop.name}")
    for prop in properties_of(ACCOUNTABILITY)
    if prop.name != "updated_on"
} | {
    "feature_id": "d.feature_id",
    "public_id": "d.public_id",
    "industry": _INDUSTRY,
    "several_places": "(pl.several OR g.several)",
    # Each region of a guarded case, and not only what they have in common, could tell that of a hidden call.
    "regions_within": (
        f"CASE WHEN {_OPEN} THEN pl.regions_within ELSE "
        "ARRAY(SELECT DISTINCT code FROM unnest(ARRAY[pl.province, pl.prefecture, pl.county]) AS code "
        "WHERE code IS NOT NULL ORDER BY code) END"
    ),
    "geometry": "pl.point",
}
"""A property without a line of its own above is the private column of that name."""
