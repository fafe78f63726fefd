"""Whether a change of a case would tell readers something about a call for help that is not public already."""

from __future__ import annotations

import sqlalchemy as sa

from geo.layers import CALLS_FOR_HELP
from geo.loading.case_groups import CaseGroup, find_incidents
from geo.loading.terms import split_texts
from geo.records.held_edits import Edit
from geo.records.tables import accountability_case, case_incident, incident


def tells_of_call(connection: sa.Connection, edit: Edit) -> bool:
    """Whether a change is of a case about such a call, and readers see the case before or after it.

    A draft is no matter of a second person; publishing it is.
    """
    case = accountability_case.c
    found = connection.execute(sa.select(case.source_system, case.status).where(case.id == edit.record)).one_or_none()
    was = None if found is None else found.status
    becomes = edit.content.get("decisions", {}).get("status") or (was if edit.op != "restore" else "published")
    if "published" not in {was, becomes}:
        return False
    system = "" if found is None else str(found.source_system)
    return _is_about_call(connection, edit.record) or _would_be_about_call(connection, edit, system)


def _is_about_call(connection: sa.Connection, case_id: int | None) -> bool:
    guarded = sa.select(sa.literal(1)).where(
        case_incident.c.case_id == case_id,
        incident.c.id == case_incident.c.incident_id,
        incident.c.layer == CALLS_FOR_HELP,
        ~incident.c.already_public,
    )
    return connection.scalar(guarded.limit(1)) is not None


def _would_be_about_call(connection: sa.Connection, edit: Edit, system: str) -> bool:
    cells = edit.content.get("cells", {})
    named = split_texts(str(cells.get("incident_ids", "")))
    own = system or str(cells.get("source_system", ""))
    incidents, _ = find_incidents(connection, CaseGroup(own, None, "", [(1, {"incident_ids": named})]))
    return any(one.is_guarded for one in incidents)
