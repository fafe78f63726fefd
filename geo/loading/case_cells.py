"""A case as the cells of its rows: what its pages show, and what reading those cells gives back."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from geo.errors import NotFound
from geo.loading.contact_columns import RESTRICTED_OF_CONTACTS
from geo.records.case_decisions import read_case_decisions
from geo.records.case_versions import name_incident
from geo.records.publication_tables import publication
from geo.records.tables import accountability_case, case_incident, incident, union_contact, union_organization

CASE_CELLS: Final = (
    *("incident_ids", "starts_on", "ends_on", "date_precision", "title_en", "title_zh_hans"),
    *("summary_en", "summary_zh_hans", "outcome", "amount_recovered_cny", "outcome_on", "sources", "legacy_url"),
)
"""Columns of the case itself, in the order of its form."""

UNION_CELLS: Final = ("union_name_en", "union_name_zh_hans", "union_level", "union_region")
CONTACT_CELLS: Final = (
    *("contact_no", "contacted", "contacted_on", *UNION_CELLS, "department", "method"),
    *("awareness", "involvement", "involvement_timing", "excuses", "quote_en", "quote_zh_hans"),
    *("promise_en", "promise_zh_hans", "follow_up_on", *RESTRICTED_OF_CONTACTS),
)
"""Columns of one contact, in the order of its form."""

IDENTITY: Final = ("source_system", "source_id")
_SIGN: Final = "; "
_PARTS: Final = {(1, 10): "上旬", (11, 20): "中旬"}


@dataclass(frozen=True)
class CaseCells:
    """A case and its contacts as cells, and what editors decided about it."""

    case: dict[str, str]
    contacts: list[dict[str, str]]
    decisions: dict[str, Any]


def read_case_cells(connection: sa.Connection, case_id: int) -> CaseCells:
    """Return the cells of a case.

    Raises:
        NotFound: it is gone.
    """
    asked = sa.select(accountability_case).where(accountability_case.c.id == case_id)
    found = connection.execute(asked).mappings().one_or_none()
    if found is None:
        raise NotFound("There is no record of that name.")
    cells = {name: _write(found.get(name)) for name in (*CASE_CELLS, *IDENTITY) if name != "sources"}
    cells["incident_ids"] = _SIGN.join(_name_incidents(connection, case_id, found["source_system"]))
    cells["sources"] = _SIGN.join(
        " ".join(filter(None, (entry.get("title"), entry.get("url")))) for entry in found["sources"]
    )
    return CaseCells(cells, _read_contacts(connection, case_id), read_case_decisions(connection, case_id))


def _name_incidents(connection: sa.Connection, case_id: int, system: str) -> Iterable[str]:
    """Name the incidents by their public ids, else by their ids in the data set, else with the data set."""
    asked = (
        sa.select(incident.c.source_system, incident.c.source_id, publication.c.public_id)
        .join(case_incident, case_incident.c.incident_id == incident.c.id)
        .outerjoin(
            publication,
            sa.and_(publication.c.record_id == incident.c.id, publication.c.layer == incident.c.layer),
        )
        .where(case_incident.c.case_id == case_id)
        .order_by(incident.c.id)
    )
    return [
        row.public_id or name_incident(system, row.source_system, row.source_id) for row in connection.execute(asked)
    ]


def _read_contacts(connection: sa.Connection, case_id: int) -> list[dict[str, str]]:
    """Return the contacts; the names, level and region of a union are those that it has now."""
    named, contact = union_organization.c, union_contact.c
    asked = (
        sa.select(
            union_contact,
            named.name_en.label("union_name_en"),
            named.name_zh_hans.label("union_name_zh_hans"),
            named.level,
            named.region_code,
        )
        .outerjoin(union_organization, named.id == contact.union_id)
        .where(contact.case_id == case_id)
        .order_by(contact.contact_no)
    )
    return [_write_contact(row) for row in connection.execute(asked).mappings()]


def _write_contact(row: Mapping[Any, Any]) -> dict[str, str]:
    cells = {name: _write(row.get(name)) for name in CONTACT_CELLS}
    if row["union_id"] is not None:
        cells |= {"union_level": _write(row["level"]), "union_region": _write(row["region_code"])}
    if row["contacted_on"] is not None:
        cells["contacted_on"] = _write_days(row["contacted_on"], row["contacted_until"])
    return cells


def _write(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _SIGN.join(value) if isinstance(value, list) else str(value)


def _write_days(first: dt.date, last: dt.date | None) -> str:
    """Write the days of a contact so that reading them gives the same range."""
    if last is None or last == first:
        return first.isoformat()
    end = calendar.monthrange(first.year, first.month)[1]
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first:%Y}"
    if (first.day, last.day) == (1, end):
        return f"{first:%Y-%m}"
    return f"{first:%Y-%m}{_PARTS.get((first.day, last.day), '下旬')}"
