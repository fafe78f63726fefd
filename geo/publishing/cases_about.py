"""What an incident is found by through the public cases about it, without showing it: one line an incident.

A case about several incidents counts for each. Nothing leads from a call for help that is not marked as already public
to its cases, so it is found by none of them.
"""

from __future__ import annotations

from geo.layers import INCIDENTS, PROPERTIES
from geo.publishing.case_values import CONTACTED
from geo.publishing.scope import LINK_IS_HIDDEN

FOUND_BY = tuple(prop.name for prop in PROPERTIES if set(prop.found_by) & set(INCIDENTS))
"""Properties of the cases by which incidents are found."""


def _first_of(column: str, *codes: str) -> str:
    """Return the aggregate that gives the first of some codes that a case has."""
    branches = " ".join(f"WHEN bool_or({column} = '{code}') THEN '{code}'" for code in codes)
    return f"CASE {branches} END"


def _of_contacts(value: str, extra: str = "") -> str:
    """Return the SQL of the distinct values that the contacts of all these cases have."""
    return (
        f"(SELECT array_agg(DISTINCT {value} ORDER BY {value}) FROM editorial.case_incident AS other "
        "JOIN shown_case AS its ON its.id = other.case_id "
        "JOIN editorial.union_contact AS contact ON contact.case_id = its.id "
        f"LEFT JOIN editorial.union_organization AS named ON named.id = contact.union_id {extra} "
        f"WHERE other.incident_id = link.incident_id AND {CONTACTED} AND {value} IS NOT NULL)"
    )


INCIDENT_CASES = f"""SELECT link.incident_id, array_agg(c.public_id ORDER BY c.public_id) AS cases,
    COALESCE({_first_of("k.awareness", "aware", "unaware")},
        CASE WHEN bool_and(COALESCE(k.awareness = 'no_response', false)) THEN 'no_response' END) AS awareness,
    {_first_of("k.involvement", "involved", "uninvolved")} AS involvement,
    {_first_of("CASE k.involvement WHEN 'involved' THEN k.involvement_timing END", "before_contact", "after_contact")}
        AS involvement_timing,
    (array_agg(k.outcome ORDER BY c.ends_on DESC, c.public_id DESC) FILTER (WHERE k.outcome IS NOT NULL))[1] AS outcome,
    {_of_contacts("excuse", "CROSS JOIN LATERAL unnest(contact.excuses) AS excuse")} AS excuses,
    {_of_contacts("COALESCE(contact.union_level, named.level)")} AS union_levels,
    {_of_contacts("contact.department")} AS departments
FROM shown_case AS c JOIN editorial.accountability_case AS k ON k.id = c.id
JOIN editorial.case_incident AS link ON link.case_id = c.id
JOIN editorial.incident AS call ON call.id = link.incident_id
WHERE NOT {LINK_IS_HIDDEN} GROUP BY link.incident_id"""
"""The cases that an incident may name, and what they say together as the contacts of one case do.

The outcome is that of the last case that has one. All cases of the incidents in scope are in scope themselves.
"""

VALUES = {
    **{name: f"about.{name}" for name in FOUND_BY},
    # A call for help has an outcome of its own.
    "outcome": "CASE r.layer WHEN 'calls_for_help' THEN r.outcome ELSE about.outcome END",
    "has_case": "(about.cases IS NOT NULL)",
}
