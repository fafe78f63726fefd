"""Writes accountability cases: the case, the incidents it is about, its contacts with unions in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from geo.layers import ACCOUNTABILITY
from geo.records.batch_tables import record_version
from geo.records.case_decisions import ROLLED, lay_over, read_judgement
from geo.records.matching import BY_CONTENT
from geo.records.publication_tables import publication
from geo.records.roll_up import roll_up
from geo.records.tables import accountability_case, case_incident, incident, union_contact
from geo.records.unions import find_contacted_union

_CASE: Final = accountability_case.c
_UNION_KEYS: Final = ("union_name_en", "union_name_zh_hans")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case as loaded. `source_id` None: known by its content. `incidents` maps source id to the incident's key.

    `place` holds regions, region_code and several_places; `contacts` are in the order of contact_no, each with the
    names of its union beside the columns of `union_contact`. `decisions` None: those that are there stay.
    """

    source_system: str
    source_id: str | None
    identity_hash: str
    values: Mapping[str, Any]
    place: Mapping[str, Any]
    public_id: str | None = None
    incidents: Mapping[str, int]
    contacts: Sequence[Mapping[str, Any]]
    decisions: Mapping[str, Any] | None = None

    @property
    def content(self) -> dict[str, Any]:
        """Everything that the file says of the case."""
        known = {name: value for name, value in self.values.items() if value not in (None, [])}
        return {**known, "incident_ids": sorted(self.incidents), "contacts": list(self.contacts)}

    @property
    def whole(self) -> dict[str, Any]:
        """What a version keeps, so that the case can be made again from it."""
        known = {"source_system": self.source_system, "source_id": self.source_id, "identity_hash": self.identity_hash}
        links = {"incident_keys": sorted(set(self.incidents.values()))}
        return {**self.content, **links, **self.place, **known, "content_hash": self.content_hash}

    @property
    def content_hash(self) -> str:
        """Hash of the content and of the place that follows from it; equal means unchanged."""
        whole = orjson.dumps({**self.content, **self.place}, option=orjson.OPT_SORT_KEYS, default=str)
        return blake2b(whole, digest_size=16).hexdigest()


def find_case(connection: sa.Connection, case: Case) -> tuple[int, str] | None:
    """Return the id and the content hash of the case that is there under this identity."""
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
    return None if found is None else (int(found.id), str(found.content_hash))


def match_case(connection: sa.Connection, case: Case) -> tuple[str, int | None]:
    """Return (inserted, updated or unchanged; the record's id) of what writing the case would do."""
    found = find_case(connection, case)
    if found is None:
        return "inserted", None
    return ("unchanged" if found[1] == case.content_hash else "updated"), found[0]


def write_case(connection: sa.Connection, case: Case, *, batch_id: int, actor: str) -> str:
    """Insert or update one case and return what was done; an unchanged case is not touched."""
    outcome, case_id = match_case(connection, case)
    if outcome == "unchanged":
        return outcome
    if case_id is None:
        case_id, version = insert_case(connection, case, batch_id), 1
    else:
        version = rewrite_case(connection, case, case_id, batch_id)
    op = "insert" if outcome == "inserted" else "update"
    told = {"version": version, "batch_id": batch_id, "op": op, "actor": actor}
    write_case_version(connection, case, case_id, told)
    return outcome


def write_case_version(connection: sa.Connection, case: Case, case_id: int, told: Mapping[str, Any]) -> None:
    """Add a version of a case to its history: what was written, with what editors decide about it."""
    whole = case.whole | read_judgement(connection, case_id)
    data = orjson.loads(orjson.dumps(whole, default=str))
    version = {"layer": ACCOUNTABILITY, "record_id": case_id, "data": data, **told}
    connection.execute(sa.insert(record_version).values(version))


def insert_case(connection: sa.Connection, case: Case, batch_id: int) -> int:
    """Insert a case with its links and its contacts; return its id."""
    source_id = with_own_id(case).source_id
    values = {**columns_of(case, batch_id), "source_system": case.source_system, "source_id": source_id}
    inserted = sa.insert(accountability_case).values(values).returning(_CASE.id)
    case_id = int(connection.execute(inserted).scalar_one())
    write_parts(connection, case, case_id, batch_id)
    return case_id


def rewrite_case(connection: sa.Connection, case: Case, case_id: int, batch_id: int) -> int:
    """Overwrite a case that is there, its links and its contacts; return its new version."""
    version = _update(connection, case, case_id, batch_id)
    write_parts(connection, case, case_id, batch_id)
    return version


def write_parts(connection: sa.Connection, case: Case, case_id: int, batch_id: int) -> None:
    """Write the links and contacts of a case, in the place of those that are there."""
    let_go(connection, case_id, batch_id, keep=case.incidents.values())
    _write_links(connection, case, case_id)
    _write_contacts(connection, case, case_id)


def let_go(connection: sa.Connection, case_id: int, batch_id: int, *, keep: Iterable[int] = ()) -> None:
    """Part a case from its incidents but those to keep; publishing the batch then shows those without the case."""
    link = case_incident.c
    gone = sa.delete(case_incident).where(link.case_id == case_id, link.incident_id.not_in(sorted(set(keep))))
    parted = list(connection.scalars(gone.returning(link.incident_id)))
    if parted:
        connection.execute(sa.update(incident).where(incident.c.id.in_(parted)).values(batch_id=batch_id))


def with_own_id(case: Case) -> Case:
    """Give a case that has no id of its own the one that follows from its content."""
    return case if case.source_id else replace(case, source_id=f"{BY_CONTENT}{case.identity_hash}-1")


def columns_of(case: Case, batch_id: int) -> dict[str, Any]:
    """Return the columns of a case but its identity."""
    rolled = roll_up(case.contacts)
    decided = asdict(rolled) if case.decisions is None else lay_over(rolled, case.decisions)
    return {
        **case.values,
        **case.place,
        **decided,
        "identity_hash": case.identity_hash,
        "content_hash": case.content_hash,
        "batch_id": batch_id,
    }


def _update(connection: sa.Connection, case: Case, case_id: int, batch_id: int) -> int:
    """Overwrite the case and return its new version. A roll-up that an editor overrode, with a reason, stays."""
    values = columns_of(case, batch_id)
    for name in ROLLED if case.decisions is None else ():
        values[name] = sa.case((_CASE.override_reason.is_(None), sa.literal(values[name], sa.Text)), else_=_CASE[name])
    updated = (
        sa.update(accountability_case)
        .where(_CASE.id == case_id)
        .values(**values, version=_CASE.version + 1, updated_at=sa.func.now())
        .returning(_CASE.version)
    )
    return int(connection.execute(updated).scalar_one())


def _write_links(connection: sa.Connection, case: Case, case_id: int) -> None:
    links = [{"case_id": case_id, "incident_id": incident_id} for incident_id in sorted(set(case.incidents.values()))]
    if links:
        connection.execute(postgresql.insert(case_incident).on_conflict_do_nothing(), links)


def _write_contacts(connection: sa.Connection, case: Case, case_id: int) -> None:
    connection.execute(sa.delete(union_contact).where(union_contact.c.case_id == case_id))
    for contact in case.contacts:
        values = {name: value for name, value in contact.items() if name not in _UNION_KEYS}
        values["union_id"] = find_contacted_union(connection, contact)
        connection.execute(sa.insert(union_contact).values(case_id=case_id, **values))
