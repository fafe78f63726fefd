"""Takes a record down: what it said is wiped in every version, and a tombstone keeps it from coming back.

Scope "record" removes it altogether; of "fields" codes, dates and regions stay, and every text and the point go. The
wiped version rows keep who, when and what kind. Publishing the batch is the caller's, in the same transaction.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
import sqlalchemy as sa

from geo.errors import DataError
from geo.layers import ACCOUNTABILITY
from geo.records.batch_tables import batch, record_version
from geo.records.batches import begin_batch, end_batch, lock_layer
from geo.records.held_edits import withdraw_edits
from geo.records.record_keys import RecordKey, lock_record
from geo.records.tables import accountability_case, case_incident, incident, union_contact
from geo.records.taken_files import SHRED, let_go_of_files
from geo.records.taken_texts import wipe_elsewhere
from geo.records.tombstones import REASONS, SCOPES, get_key, make_marks, name_key, tombstone

REMOVED_EN: Final = "Removed on request"
REMOVED_ZH_HANS: Final = "应要求删除"

KEPT: Final = frozenset(
    {
        *("starts_on", "ends_on", "date_precision", "regions", "region_code", "several_places", "location_precision"),
        *("industry", "sub_industry", "ownership", "worker_groups", "participants_min", "participants_max"),
        *("actions", "demands", "responses", "accident_types", "deaths", "injuries", "missing"),
        *("issues", "channels", "channel_results", "persons_min", "persons_max"),
        *("amount_claimed_cny", "amount_recovered_cny", "outcome", "outcome_on", "verification"),
        *("awareness", "involvement", "involvement_timing"),
        *("override_precision", "withheld", "widely_reported", "embargo_days", "status"),
    }
)
"""What stays of a record of which only the fields are taken down: codes, dates, numbers and regions."""

_OURS: Final = frozenset(
    {"id", "layer", "source_system", "source_id", "version", "batch_id", "created_at", "updated_at"}
)
_CONTACT_TEXTS: Final = (
    *("quote_en", "quote_zh_hans", "promise_en", "promise_zh_hans"),
    *("person_name", "person_role", "recording", "note"),
)


def take_down(connection: sa.Connection, key: RecordKey, *, actor: str, reason: str, scope: str = "record") -> int:
    """Take a record down, as a batch of its own; return the batch's id.

    Args:
        connection: carries the key of the tombstones (`geo.records.tombstones.with_key`).
        key: the record.
        actor: who does it.
        reason: one of REASONS.
        scope: "record" or "fields".

    Raises:
        NotFound: it is gone.
        DataError: there is no such reason or scope.
        SetupError: the connection carries no key.
    """
    if reason not in REASONS or scope not in SCOPES:
        raise DataError(f"Say a reason ({', '.join(REASONS)}) and a scope ({', '.join(SCOPES)}).")
    secret = get_key(connection)
    lock_layer(connection, key.layer)
    version = lock_record(connection, key, None) + 1
    said = _read_all_versions(connection, key)
    options = {"scope": scope, "reason": reason}
    batch_id = begin_batch(connection, {"kind": "takedown", "layer": key.layer, "actor": actor, "options": options})
    _set_tombstone(connection, key, (actor, reason, scope), {"said": said, "secret": secret, "batch_id": batch_id})
    _wipe_versions(connection, key, whole=scope == "record")
    files = let_go_of_files(connection, key.layer, wipe_elsewhere(connection, key, said))
    if files:
        told = sa.update(batch).where(batch.c.id == batch_id)
        connection.execute(told.values(options={**options, SHRED: files}))
    withdraw_edits(connection, key.layer, key.id)
    left = _remove(connection, key, batch_id) if scope == "record" else _wipe_fields(connection, key, batch_id, version)
    line = {"layer": key.layer, "record_id": key.id, "version": version, "batch_id": batch_id, "actor": actor}
    connection.execute(sa.insert(record_version).values(**line, op="erase", data=left))
    end_batch(connection, batch_id, rows=1, counts={"taken_down": 1})
    return batch_id


def _set_tombstone(connection: sa.Connection, key: RecordKey, told: tuple[str, str, str], made: dict[str, Any]) -> None:
    """Keep the marks of everything that the record ever said; `told` is (actor, reason, scope)."""
    actor, reason, scope = told
    marks: dict[str, None] = {}
    for values in made["said"]:
        marks |= make_marks(made["secret"], values["source_system"], values["source_id"], values)
    connection.execute(
        sa.insert(tombstone).values(
            layer=key.layer,
            public_id=key.public_id,
            scope=scope,
            reason=reason,
            taken_down_by=actor,
            marks=list(marks),
            key_name=name_key(made["secret"]),
            batch_id=made["batch_id"],
        )
    )


def _read_all_versions(connection: sa.Connection, key: RecordKey) -> list[dict[str, Any]]:
    """Return what the record says and what each version said, each with the ids that the record has."""
    row = dict(connection.execute(sa.select(key.table).where(key.table.c.id == key.id)).mappings().one())
    row.pop("geometry", None)
    ids = {name: row[name] for name in ("source_system", "source_id")}
    told = record_version.c
    data = connection.scalars(
        sa.select(told.data).where(told.layer == key.layer, told.record_id == key.id, told.data.is_not(None))
    )
    return [row, *({**version, **ids} for version in data)]


def _wipe_versions(connection: sa.Connection, key: RecordKey, *, whole: bool) -> None:
    """Overwrite what the versions say, and the reasons that people gave for them."""
    told = record_version.c
    mine = sa.and_(told.layer == key.layer, told.record_id == key.id)
    connection.exec_driver_sql("SET LOCAL labourmap.erasing = 'on'")
    for version_id, data in connection.execute(sa.select(told.id, told.data).where(mine)).all():
        kept = None if whole or data is None else {name: value for name, value in data.items() if name in KEPT}
        wiped = sa.update(record_version).where(told.id == version_id)
        connection.execute(wiped.values(data=sa.null() if kept is None else kept, reason=None))
    connection.exec_driver_sql("SET LOCAL labourmap.erasing = 'off'")
    edits = sa.select(told.batch_id).where(mine)
    connection.execute(
        sa.update(batch)
        .where(batch.c.id.in_(edits), batch.c.kind == "edit")
        .values(options=batch.c.options.op("-")(sa.literal("reason", sa.Text)), title=None)
    )


def _remove(connection: sa.Connection, key: RecordKey, batch_id: int) -> Any:
    """Remove the record; what is linked with it is published anew, without it."""
    link = case_incident.c
    if key.layer == ACCOUNTABILITY:
        linked = sa.select(link.incident_id).where(link.case_id == key.id)
        connection.execute(sa.update(incident).where(incident.c.id.in_(linked)).values(batch_id=batch_id))
    else:
        linked = sa.select(link.case_id).where(link.incident_id == key.id)
        cases = sa.update(accountability_case).where(accountability_case.c.id.in_(linked))
        connection.execute(cases.values(batch_id=batch_id))
    connection.execute(sa.delete(key.table).where(key.table.c.id == key.id))
    return sa.null()


def _wipe_fields(connection: sa.Connection, key: RecordKey, batch_id: int, version: int) -> dict[str, Any]:
    """Empty every text and the point; return what is left."""
    table = key.table
    lists = {"sources": [], "already_public": False}
    wiped: dict[str, Any] = {
        column.name: lists.get(column.name) for column in table.columns if column.name not in KEPT | _OURS
    }
    wiped |= {"title_en": REMOVED_EN, "title_zh_hans": REMOVED_ZH_HANS, "content_hash": f"erased-{key.id}"}
    if "location_precision" in table.c:
        fine = table.c.location_precision.in_(("exact", "street"))
        wiped["location_precision"] = sa.case((fine, "county"), else_=table.c.location_precision)
    # The old id leads to the source, and one made of the record's content would tell it to whoever can guess.
    wiped["source_id"] = f"erased-{key.id}"
    counted = {"version": version, "batch_id": batch_id, "updated_at": sa.func.now()}
    connection.execute(sa.update(table).where(table.c.id == key.id).values(wiped | counted))
    if key.layer == ACCOUNTABILITY:
        contacts = sa.update(union_contact).where(union_contact.c.case_id == key.id)
        connection.execute(contacts.values(dict.fromkeys(_CONTACT_TEXTS)))
    left = connection.execute(sa.select(table).where(table.c.id == key.id)).mappings().one()
    shown = {name: left[name] for name in (*KEPT, "title_en", "title_zh_hans") if left.get(name) is not None}
    kept: dict[str, Any] = orjson.loads(orjson.dumps(shown, default=str))
    return kept
