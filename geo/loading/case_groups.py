"""Staged rows of one case put together: its own values, its incidents, its contacts in their order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY, CALLS_FOR_HELP
from geo.records.batch_tables import staging_row
from geo.records.case_versions import name_incident
from geo.records.cases import Case
from geo.records.publication_tables import publication
from geo.records.tables import accountability_case, incident
from geo.regions.gazetteer import Gazetteer

_DATES: Final = ("starts_on", "ends_on", "outcome_on", "contacted_on", "contacted_until", "follow_up_on")
_PUBLIC_ID: Final = re.compile(r"[SAH]-\d{4}-\d{6,}")
_OWN_ID: Final = re.compile(r"incident-(\d{1,15})")
_EMPTY: Final[dict[str, Any]] = {"sources": []}


@dataclass(frozen=True)
class CaseGroup:
    """The rows of one case, in the order of the file."""

    source_system: str
    source_id: str | None
    identity_hash: str
    rows: Sequence[tuple[int, dict[str, Any]]]

    @property
    def name(self) -> str:
        """What messages call the case."""
        first = self.rows[0][1]["case"]
        return self.source_id or str(first.get("title_en") or first.get("title_zh_hans"))

    @property
    def contacts(self) -> list[dict[str, Any]]:
        """The contacts in their order. A case that was only opened has a row without one."""
        made = [data["contact"] for _, data in self.rows if data["contact"].get("contact_no")]
        return sorted(made, key=lambda contact: int(contact["contact_no"]))


@dataclass(frozen=True)
class LinkedIncident:
    """An incident that a case is about. `name` is its id in the data set of the case."""

    id: int
    name: str
    layer: str
    already_public: bool
    regions: Sequence[str]

    @property
    def is_guarded(self) -> bool:
        """Whether nothing public may lead to it."""
        return self.layer == CALLS_FOR_HELP and not self.already_public


def read_groups(connection: sa.Connection, batch_id: int, *, rejected: bool) -> Iterator[CaseGroup]:
    """Return the cases of a batch. `rejected` False leaves rejected rows out."""
    key = sa.func.coalesce(staging_row.c.source_id, staging_row.c.identity_hash)
    listed = (
        sa.select(staging_row)
        .where(staging_row.c.batch_id == batch_id)
        .where(staging_row.c.outcome.is_distinct_from("excluded") if rejected else staging_row.c.outcome.is_(None))
        .order_by(staging_row.c.source_system, key, staging_row.c.row_no)
    )
    groups: dict[tuple[str, str], list[sa.Row[Any]]] = {}
    for row in connection.execute(listed):
        named = (row.source_system, row.source_id or row.identity_hash or f"row {row.row_no}")
        groups.setdefault(named, []).append(row)
    for rows in groups.values():
        pairs = [(row.row_no, row.data) for row in rows]
        yield CaseGroup(rows[0].source_system, rows[0].source_id, rows[0].identity_hash, pairs)


def find_incidents(connection: sa.Connection, group: CaseGroup) -> tuple[list[LinkedIncident], list[str]]:
    """Return the incidents that a case names, and the names that none has.

    They are named by their ids in the data set of the case; by an id of ours (S-2020-000012, incident-12); or by data
    set and id, as a version of the case has them.
    """
    wanted = list(dict.fromkeys(name for _, data in group.rows for name in data["incident_ids"]))
    columns = incident.c
    asked = sa.select(
        columns.id, columns.source_system, columns.source_id, columns.layer, columns.already_public, columns.regions
    )
    found: dict[int, LinkedIncident] = {}
    unknown = []
    for name in wanted:
        row = connection.execute(asked.where(_is_called(name, group.source_system))).one_or_none()
        if row is None:
            unknown.append(name)
            continue
        called = name_incident(group.source_system, row.source_system, row.source_id)
        found[row.id] = LinkedIncident(row.id, called, row.layer, row.already_public, list(row.regions))
    return list(found.values()), unknown


def _is_called(name: str, system: str) -> sa.ColumnElement[bool]:
    columns, own = incident.c, _OWN_ID.fullmatch(name)
    if own is not None:
        return columns.id == int(own[1])
    if _PUBLIC_ID.fullmatch(name):
        records = sa.select(publication.c.record_id).where(
            publication.c.public_id == name, publication.c.layer != ACCOUNTABILITY
        )
        return columns.id.in_(records)
    other, sign, source_id = name.partition("/")
    meant = sa.and_(columns.source_system == system, columns.source_id == name)
    if not sign:
        return meant
    theirs = sa.and_(columns.source_system == other, columns.source_id == source_id, columns.source_system != system)
    return sa.or_(meant, theirs)


def make_case(
    group: CaseGroup, incidents: Sequence[LinkedIncident], gazetteer: Gazetteer, columns: Iterable[str]
) -> Case:
    """Return the case of these rows. `columns` are those that the file has: what is empty there is emptied."""
    contacts = group.contacts
    codes = {code for one in incidents for code in one.regions} or {
        contact["union_region"]
        for contact in contacts
        if contact.get("union_region") and contact.get("contacted") is not False
    }
    regions = sorted(codes)
    first = group.rows[0][1]
    return Case(
        source_system=group.source_system,
        source_id=group.source_id,
        identity_hash=group.identity_hash,
        values=_governed(columns) | with_dates(first["case"]),
        place={
            "regions": regions,
            "region_code": gazetteer.find_common(regions),
            "several_places": len(regions) > 1,
        },
        public_id=first["public_id"],
        incidents={one.name: one.id for one in incidents},
        contacts=[with_dates(contact) for contact in contacts],
    )


def with_dates(values: dict[str, Any]) -> dict[str, Any]:
    """JSON has no dates: make them again."""
    return {name: dt.date.fromisoformat(value) if name in _DATES else value for name, value in values.items()}


_CASE_OWN: Final = frozenset(
    {
        *("title_en", "title_zh_hans", "summary_en", "summary_zh_hans", "outcome", "outcome_on"),
        *("amount_recovered_cny", "sources", "legacy_url", "legacy_id"),
    }
)


def _governed(columns: Iterable[str]) -> dict[str, Any]:
    named = set(columns)
    if "legacy_url" in named:
        named.add("legacy_id")
    return {name: _EMPTY.get(name) for name in sorted(_CASE_OWN & named) if name in accountability_case.c}
