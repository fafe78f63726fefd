"""Every CHECK of the models refuses its bad row: the database keeps what the loader might forget."""

from __future__ import annotations

import datetime as dt
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from geo.accounts.tables import account
from geo.database import metadata
from geo.records.audit import audit_entry
from geo.records.saved_mappings import saved_mapping
from geo.records.tombstones import REASONS, SCOPES, tombstone
from tests.migrations.account_rows import ACCOUNT, BAD_OF_ACCOUNTS, GOOD_OF_ACCOUNTS
from tests.private_records import Records

DAY = dt.date(2021, 3, 17)
POINT = "SRID=4326;POINT(113.9 22.5)"
RECORD = {"source_system": "test", "source_id": "1", "content_hash": "1", "starts_on": DAY, "ends_on": DAY}
RECORD |= {"date_precision": "day", "title_en": "A", "batch_id": 0}
NAMES = ("name_en", "name_zh_hans", "name_zh_hant", "short_name_en", "short_name_zh_hans", "short_name_zh_hant")
REGION = {"level": "prefecture", "code": "999999", "parent_level": "province", "parent_code": "440000"}
REGION |= dict.fromkeys(NAMES, "A")
CONTACT = {"case_id": 0, "contact_no": 1}
TOMBSTONE: dict[str, Any] = {
    "layer": "strikes",
    "scope": SCOPES[0],
    "reason": REASONS[0],
    "taken_down_by": "lin",
    "marks": ["a"],
}
TOMBSTONE |= {"key_name": "a", "batch_id": 0}
REVIEW = {"state": "committing", "review_reasons": ["sensitive_layer"]}

GOOD: dict[str, dict[str, Any]] = {
    "editorial.incident": RECORD | {"layer": "strikes", "location_precision": "county"},
    "editorial.accountability_case": RECORD,
    "editorial.union_organization": {"level": "municipal", "name_en": "A"},
    "editorial.union_contact": CONTACT,
    "editorial.batch": {"kind": "load", "layer": "strikes", "actor": "operator"},
    tombstone.fullname: TOMBSTONE,
    saved_mapping.fullname: {"owner": "lin", "layer": "strikes", "name": "A", "chosen": {}},
    "editorial.batch_decision": {"batch_id": 0, "row_no": 2, "decision": "keep", "actor": "lin"},
    "editorial.staging_message": {"batch_id": 0, "code": "A", "severity": "error"},
    "editorial.record_version": {
        "layer": "strikes",
        "record_id": 1,
        "version": 1,
        "batch_id": 0,
        "op": "insert",
        "actor": "operator",
    },
    "editorial.region": REGION,
    "editorial.region_outline": {"level": "province", "code": "440000", "band": "z8", "geometry": None},
    "editorial.region_path": {"code": "999999", "level": "county", "province": "440000"},
    "editorial.region_succession": {"old_code": "999999", "new_code": "440000", "kind": "merge", "source": "A"},
    "published.change": {
        "dataset_version": 1,
        "public_id": "S-2021-1",
        "layer": "strikes",
        "op": "insert",
        "changed_on": DAY,
    },
    "published.dataset_version": {"only_row": True, "version": 1, "changed_at": dt.datetime.now(dt.UTC)},
    "editorial.publishing_rules": {"only_row": True, "sha256": "0"},
}
GOOD |= GOOD_OF_ACCOUNTS
"""A row of each table that has a CHECK; 0 stands for a batch or a case that is there."""

OF_RECORDS: dict[str, list[dict[str, Any]]] = {
    "dates": [{"ends_on": DAY - dt.timedelta(days=1)}],
    "title": [{"title_en": None}],
    "override_precision": [{"override_precision": "somewhere"}],
    "status": [{"status": "public"}],
    "sources": [{"sources": {"title": "A"}}],
    "source_id": [{"source_id": ""}],
}
ANSWERS: dict[str, list[dict[str, Any]]] = {
    "awareness": [{"awareness": "perhaps"}],
    "involvement": [{"involvement": "perhaps"}],
    "involvement_timing": [{"involvement_timing": "later"}],
}
NO_RESULTS: tuple[list[str] | None, ...] = ([], None)
BAD: dict[str, dict[str, list[dict[str, Any]]]] = {
    "editorial.incident": OF_RECORDS
    | {
        "layer": [{"layer": "accountability"}],
        "location_precision": [{"location_precision": "village", "geometry": POINT}],
        "precision_needs_point": [{"location_precision": "exact"}, {"location_precision": "street"}],
        "participants": [{"participants_min": -1}, {"participants_min": 5, "participants_max": 4}],
        "persons": [{"layer": "calls_for_help", "persons_min": 5, "persons_max": 4}],
        "casualties": [{"layer": "accidents"} | {name: -1} for name in ("deaths", "injuries", "missing")],
        "amounts": [
            {"layer": "calls_for_help"} | {name: -1} for name in ("amount_claimed_cny", "amount_recovered_cny")
        ],
        "embargo": [{"embargo_days": -1}],
        "channels": [
            {"layer": "calls_for_help", "channels": ["court"], "channel_results": results} for results in NO_RESULTS
        ],
        "only_strikes": [{"layer": "accidents", "demands": ["wage_arrears"]}],
        "only_accidents": [{"deaths": 1}],
        "only_calls_for_help": [{"outcome": "partial"}],
    },
    "editorial.accountability_case": OF_RECORDS | ANSWERS | {"amount": [{"amount_recovered_cny": -1}]},
    "editorial.union_organization": {"name": [{"name_en": None}]},
    "editorial.union_contact": ANSWERS
    | {
        "contact_no": [{"contact_no": 0}],
        "contacted": [{"contacted_on": DAY, "contacted_until": DAY - dt.timedelta(days=1)}],
    },
    "editorial.batch": {
        "kind": [{"kind": "copy"}],
        "policy": [{"policy": "some_rows"}],
        "state": [{"state": "done"}],
        "reverts": [{"kind": "revert"}, {"reverts_id": 0}],
        "committed": [{"state": "committed"}, {"state": "reverted"}],
        "second_person": [
            {"approved_by": "operator"},
            {"requested_by": "lin", "approved_by": "lin"},
            {"edited_by": ["mei", "lin"], "approved_by": "lin"},
        ],
        "reviewed": [
            REVIEW,
            REVIEW | {"approved_by": "lin", "approved_hash": "b", "content_hash": "a", "requested_hash": "a"},
            REVIEW | {"approved_by": "lin", "approved_hash": "a", "content_hash": "a", "requested_hash": "b"},
        ],
    },
    tombstone.fullname: {
        "scope": [{"scope": "all"}],
        "reason": [{"reason": "because"}],
        "marks": [{"marks": []}],
        "second_person": [{"lift_asked_by": "lin", "lifted_by": "lin"}],
        "asked_first": [{"lifted_by": "lin"}],
    },
    saved_mapping.fullname: {
        "chosen": [{"chosen": ["region"]}],
        "name": [{"name": ""}, {"name": "a" * 1000}],
    },
    "editorial.batch_decision": {
        "decision": [{"decision": "perhaps"}],
        "merge": [{"decision": "merge"}, {"record_id": 1}],
    },
    "editorial.staging_message": {"severity": [{"severity": "fatal"}]},
    "editorial.record_version": {"op": [{"op": "copy"}]},
    "editorial.region": {
        "level": [{"level": "village"}],
        "parent": [{"level": "province"}],
        "parent_key": [{"parent_level": None}],
        "validity": [{"valid_from": DAY, "valid_to": DAY}],
    },
    "editorial.region_outline": {"band": [{"band": "z9"}]},
    "editorial.region_path": {"level": [{"level": "village"}]},
    "editorial.region_succession": {"kind": [{"kind": "swap"}]},
    "published.change": {"op": [{"op": "copy"}]},
    "published.dataset_version": {"only_row": [{"only_row": False}]},
    "editorial.publishing_rules": {"only_row": [{"only_row": False}]},
}
BAD |= BAD_OF_ACCOUNTS
"""For each CHECK, rows that differ from the good one in what it refuses."""

CASES = [
    pytest.param(table, name, bad, id=f"{table}-{name}-{number}")
    for table, checks in BAD.items()
    for name, rows in checks.items()
    for number, bad in enumerate(rows)
]


def make_account(connection: sa.Connection) -> int:
    """Make an account and return its id."""
    table = metadata.tables["editorial.account"]
    return int(connection.execute(sa.insert(table).values(ACCOUNT).returning(table.c.id)).scalar_one())


def insert(connection: sa.Connection, table: str, values: dict[str, Any]) -> None:
    """Insert a row; 0 becomes the id of a batch or of a case that is there."""
    records = Records(connection)
    made = {"batch_id": records.own_batch, "reverts_id": records.own_batch, "case_id": records.case}
    made["account_id"] = lambda: make_account(connection)
    filled = {name: made[name]() if value == 0 and name in made else value for name, value in values.items()}
    if table == "editorial.region_outline":
        filled["geometry"] = "SRID=4326;MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"
        connection.execute(sa.text("DELETE FROM editorial.region_outline"))
    if table == "published.dataset_version":
        connection.execute(sa.text("DELETE FROM published.dataset_version"))
    connection.execute(sa.insert(metadata.tables[table]).values(filled))


def test_every_check_has_a_bad_row() -> None:
    """A CHECK that is added without a line here fails."""
    wanted = {
        (table.fullname, str(constraint.name).removeprefix(f"ck_{table.name}_"))
        for table in {*metadata.tables.values(), account, audit_entry}
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert {(table, name) for table, checks in BAD.items() for name in checks} == wanted


@pytest.mark.parametrize("table", GOOD)
def test_a_good_row_is_taken(connection: sa.Connection, table: str) -> None:
    """So that it is the difference which is refused."""
    insert(connection, table, GOOD[table])


@pytest.mark.parametrize(("table", "name", "bad"), CASES)
def test_a_check_refuses_its_bad_row(connection: sa.Connection, table: str, name: str, bad: dict[str, Any]) -> None:
    """By that CHECK and no other."""
    with pytest.raises(sa.exc.IntegrityError) as refused:
        insert(connection, table, GOOD[table] | bad)
    assert isinstance(refused.value.orig, psycopg.errors.CheckViolation)
    assert refused.value.orig.diag.constraint_name == f"ck_{metadata.tables[table].name}_{name}"
