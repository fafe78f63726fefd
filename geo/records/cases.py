"""Writes accountability cases: the case, the incidents it is about, its contacts with unions in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Final

import orjson
import sqlalchemy as sa

from geo.layers import ACCOUNTABILITY
from geo.records.batch_tables import record_version
from geo.records.matching import BY_CONTENT
from geo.records.publication_tables import publication
from geo.records.roll_up import roll_up
from geo.records.tables import accountability_case, case_incident, union_contact
from geo.records.unions import find_contacted_union

_CASE: Final = accountability_case.c
_UNION_KEYS: Final = ("union_name_en", "union_name_zh_hans")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case as loaded. `source_id` None: known by its content. `incidents` maps source id to the incident's key.

    `place` holds regions, region_code and several_places; `contacts` are in the order of contact_no, each with the
    names of its union beside the columns of `union_contact`.
    """

    source_system: str
    source_id: str | None
    identity_hash: str
    values: Mapping[str, Any]
    place: Mapping[str, Any]
    public_id: str | None = None
    incidents: Mapping[str, int]
    contacts: Sequence[Mapping[str, Any]]

    @property
    def content(self) -> dict[str, Any]:
        """Everything that the file says of the case."""
        return {**self.values, "incident_ids": sorted(self.incidents), "contacts": list(self.contacts)}

    @property
    def whole(self) -> dict[str, Any]:
        """What a version keeps, so that the case can be made again from it."""
        known = {"source_system": self.source_system, "source_id": self.source_id, "identity_hash": self.identity_hash}
        return {**self.content, **self.place, **known, "content_hash": self.content_hash}

    @property
    def content_hash(self) -> str:
        """Hash of the content and of the place that follows from it; equal means unchanged."""
        whole = orjson.dumps({**self.content, **self.place}, option=orjson.OPT_SORT_KEYS, default=str)
        return blake2b(whole, digest_size=16).hexdigest()


def match_case(connection: sa.Connection, case: Case) -> tuple[str, int | None]:
    """Return (inserted, updated or unchanged; the record's id) of what writing the case would do."""
    wanted = sa.select(_CASE.id, _CASE.content_hash).order_by(_CASE.id).limit(1)
    if case.public_id:
        wanted = wanted.join(publication, publication.c.record_id == _CASE.id).where(
            publication.c.layer == ACCOUNTABILITY, publication.c.public_id == case.public_id
        )
    elif case.source_id:
        wanted = wanted.where(_CASE.source_system == case.source_system, _CASE.source_id == case.source_id)
    else:
        wanted = wanted.where(_CASE.source_system == case.source_system, _CASE.identity_hash == case.identity_hash)
    found = connection.execute(wanted).one_or_none()
    if found is None:
        return "inserted", None
    return ("unchanged" if found.content_hash == case.content_hash else "updated"), int(found.id)


def write_case(connection: sa.Connection, case: Case, *, batch_id: int, actor: str) -> str:
    """Insert or update one case and return what was done; an unchanged case is not touched."""
    outcome, case_id = match_case(connection, case)
    if outcome == "unchanged":
        return outcome
    if case_id is None:
        case_id, version = _insert(connection, case, batch_id), 1
        write_parts(connection, case, case_id)
    else:
        version = rewrite_case(connection, case, case_id, batch_id)
    connection.execute(
        sa.insert(record_version).values(
            layer=ACCOUNTABILITY,
            record_id=case_id,
            version=version,
            batch_id=batch_id,
            op="insert" if outcome == "inserted" else "update",
            actor=actor,
            data=orjson.loads(orjson.dumps(case.whole, default=str)),
        )
    )
    return outcome


def rewrite_case(connection: sa.Connection, case: Case, case_id: int, batch_id: int) -> int:
    """Overwrite a case that is there, its links and its contacts; return its new version."""
    version = _update(connection, case, case_id, batch_id)
    write_parts(connection, case, case_id)
    return version


def write_parts(connection: sa.Connection, case: Case, case_id: int) -> None:
    """Write the links and contacts of a case, in the place of those that are there."""
    _write_links(connection, case, case_id)
    _write_contacts(connection, case, case_id)


def with_own_id(case: Case) -> Case:
    """Give a case that has no id of its own the one that follows from its content."""
    return case if case.source_id else replace(case, source_id=f"{BY_CONTENT}{case.identity_hash}-1")


def columns_of(case: Case, batch_id: int) -> dict[str, Any]:
    """Return the columns of a case but its identity."""
    rolled = roll_up(case.contacts)
    return {
        **case.values,
        **case.place,
        "awareness": rolled.awareness,
        "involvement": rolled.involvement,
        "involvement_timing": rolled.involvement_timing,
        "identity_hash": case.identity_hash,
        "content_hash": case.content_hash,
        "batch_id": batch_id,
    }


def _insert(connection: sa.Connection, case: Case, batch_id: int) -> int:
    source_id = with_own_id(case).source_id
    values = {**columns_of(case, batch_id), "source_system": case.source_system, "source_id": source_id}
    inserted = sa.insert(accountability_case).values(values).returning(_CASE.id)
    return int(connection.execute(inserted).scalar_one())


def _update(connection: sa.Connection, case: Case, case_id: int, batch_id: int) -> int:
    """Overwrite the case and return its new version. A roll-up that an editor overrode, with a reason, stays."""
    values = columns_of(case, batch_id)
    for name in ("awareness", "involvement", "involvement_timing"):
        values[name] = sa.case((_CASE.override_reason.is_(None), sa.literal(values[name], sa.Text)), else_=_CASE[name])
    updated = (
        sa.update(accountability_case)
        .where(_CASE.id == case_id)
        .values(**values, version=_CASE.version + 1, updated_at=sa.func.now())
        .returning(_CASE.version)
    )
    return int(connection.execute(updated).scalar_one())


def _write_links(connection: sa.Connection, case: Case, case_id: int) -> None:
    connection.execute(sa.delete(case_incident).where(case_incident.c.case_id == case_id))
    links = [{"case_id": case_id, "incident_id": incident_id} for incident_id in sorted(set(case.incidents.values()))]
    if links:
        connection.execute(sa.insert(case_incident), links)


def _write_contacts(connection: sa.Connection, case: Case, case_id: int) -> None:
    connection.execute(sa.delete(union_contact).where(union_contact.c.case_id == case_id))
    for contact in case.contacts:
        values = {name: value for name, value in contact.items() if name not in _UNION_KEYS}
        values["union_id"] = find_contacted_union(connection, contact)
        connection.execute(sa.insert(union_contact).values(case_id=case_id, **values))
