"""A case as one of its versions said it, made again; and what two versions of a case have to be compared by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from geo.records.case_decisions import CASE_DECISIONS
from geo.records.cases import Case, rewrite_case, write_case_version
from geo.records.tables import accountability_case, incident, union_contact

CONTACTS: Final = "contacts"
_DATES: Final = frozenset(
    str(column.name)
    for table in (accountability_case, union_contact)
    for column in table.columns
    if isinstance(column.type, sa.Date)
)
_NOT_VALUES: Final = frozenset(
    {
        *("id", "source_system", "source_id", "identity_hash", "content_hash", "version", "batch_id", "created_at"),
        *("updated_at", "regions", "region_code", "several_places"),
        *CASE_DECISIONS,
    }
)


def make_case_again(connection: sa.Connection, data: Mapping[str, Any]) -> Case:
    """Return the case that a version tells. Incidents that are gone by now are not among its own any more."""
    columns = [column for column in accountability_case.columns if column.name not in _NOT_VALUES]
    values = {str(one.name): data.get(one.name) for one in columns if one.nullable or one.name in data}
    return Case(
        source_system=data["source_system"],
        source_id=data["source_id"],
        identity_hash=data["identity_hash"],
        values=_with_dates(values | {"sources": data.get("sources") or []}),
        place={name: data.get(name) for name in ("regions", "region_code", "several_places")},
        incidents=_find_incidents(connection, data),
        contacts=[_with_dates(contact) for contact in data.get(CONTACTS, [])],
        decisions={name: data.get(name) for name in CASE_DECISIONS} if "status" in data else None,
    )


def restore_case(connection: sa.Connection, case_id: int, data: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Write a case as one of its versions said it; `told` has batch_id, actor and reason of the new version."""
    case = make_case_again(connection, data)
    version = rewrite_case(connection, case, case_id, told["batch_id"])
    write_case_version(connection, case, case_id, {**told, "version": version, "op": "update"})


def name_incident(system: str, incident_system: str, source_id: str) -> str:
    """Return what an incident is called in a case of the data set `system`: its id there, or with its data set."""
    return source_id if system == incident_system else f"{incident_system}/{source_id}"


def spread_contacts(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a version says with the fields of each contact by themselves, as "contacts.2.department"."""
    contacts = data.get(CONTACTS)
    if not isinstance(contacts, list):
        return dict(data)
    spread = {name: value for name, value in data.items() if name != CONTACTS}
    for contact in contacts:
        number = contact["contact_no"]
        spread |= {f"{CONTACTS}.{number}.{name}": value for name, value in contact.items() if name != "contact_no"}
    return spread


def _find_incidents(connection: sa.Connection, data: Mapping[str, Any]) -> dict[str, int]:
    columns, system = incident.c, data["source_system"]
    keys = data.get("incident_keys")
    if keys is None:
        meant = sa.and_(columns.source_system == system, columns.source_id.in_(data.get("incident_ids", [])))
    else:
        meant = columns.id.in_(keys)
    found = connection.execute(sa.select(columns.source_system, columns.source_id, columns.id).where(meant))
    return {name_incident(system, row.source_system, row.source_id): int(row.id) for row in found}


def _with_dates(values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON has no dates: make them again."""
    return {
        name: dt.date.fromisoformat(value) if name in _DATES and isinstance(value, str) else value
        for name, value in values.items()
    }
