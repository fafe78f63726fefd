"""Cases with their contacts: typed as in a form, changed, brought back, and equal to what a file gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from geo.errors import DataError, Stale
from geo.loading.case_cells import IDENTITY, read_case_cells
from geo.loading.samples import load_samples
from geo.loading.single_case import TypedCase, save_case
from geo.loading.single_record import Saved
from geo.publishing.publish import publish_batch, publish_due
from geo.records.history import read_history
from geo.records.record_keys import RecordKey, find_record
from geo.records.restoring import restore_version
from tests.geo.records.conftest import TODAY, Shown

CASE = {"starts_on": "2020-05", "title_en": "A union asked about a strike", "sources": "A report, p. 3"}
CONTACT = {
    "contact_no": "1",
    "contacted": "true",
    "contacted_on": "2020-05-06",
    "union_name_zh_hans": "深圳市总工会",
    "union_level": "municipal",
    "union_region": "440300",
    "awareness": "unaware",
    "excuses": "not_member",
    "promise_en": "Will ask the district",
    "follow_up_on": "2031-01-01",
    "person_name": "canary5eb1 Chen",
    "recording": "canary5eb1.ogg",
}
PUBLIC = {"status": "published"}

SaveCase = Callable[..., Saved]


@pytest.fixture
def write(connection: sa.Connection) -> SaveCase:
    """Save one typed case and publish it; further words are those of TypedCase."""

    def save(cells: dict[str, str] | None = None, **options: Any) -> Saved:
        saved = save_case(connection, TypedCase(cells=cells or {}, actor="lin", today=TODAY, **options))
        if saved.batch_id is not None:
            publish_batch(connection, saved.batch_id)
        return saved

    return save


@pytest.fixture
def opened(connection: sa.Connection, write: SaveCase) -> RecordKey:
    """A case that was opened, before anybody was asked."""
    saved = write(CASE)
    assert saved.outcome == "inserted", [message.render() for message in saved.messages]
    return find_record(connection, f"case-{saved.record_id}")


def read_whole(connection: sa.Connection, source_id: str) -> tuple[Any, ...]:
    """Return a case as its rows and its public feature say it, without what tells it from its twin."""
    own = "c.source_id = :source_id"
    case = """SELECT to_jsonb(c) - '{id,source_id,batch_id,created_at,updated_at,content_hash,identity_hash}'::text[]
        FROM editorial.accountability_case c WHERE """
    contacts = """SELECT to_jsonb(u) - '{id,case_id}'::text[] FROM editorial.union_contact u
        JOIN editorial.accountability_case c ON c.id = u.case_id WHERE """
    links = """SELECT l.incident_id FROM editorial.case_incident l
        JOIN editorial.accountability_case c ON c.id = l.case_id WHERE """
    feature = """SELECT t.geojson::jsonb #- '{id}' #- '{properties,updated_on}' FROM editorial.accountability_case c
        JOIN editorial.publication p ON p.record_id = c.id AND p.layer = 'accountability'
        JOIN published.feature_text t ON t.id = p.feature_id WHERE """
    asked = (case + own, contacts + own + " ORDER BY contact_no", links + own + " ORDER BY 1", feature + own)
    return tuple(connection.scalars(sa.text(one), {"source_id": source_id}).all() for one in asked)


def test_a_case_typed_by_hand_equals_the_case_of_a_file(connection: sa.Connection, write: SaveCase) -> None:
    """All of the samples, with every contact: the same rows, the same union, the same public feature."""
    load_samples(connection)
    publish_due(connection)
    cases = connection.execute(sa.text("SELECT id, source_id FROM editorial.accountability_case ORDER BY id")).all()
    assert len(cases) == 11
    unions = connection.scalar(sa.text("SELECT count(*) FROM editorial.union_organization"))
    for case_id, source_id in cases:
        read = read_case_cells(connection, case_id)
        twin = read.case | {"source_id": f"{source_id}-typed"}
        saved = write(twin, contacts=read.contacts, decisions=PUBLIC, confirmed=True)
        assert saved.outcome == "inserted", [message.render() for message in saved.messages]
        mine, theirs = (read_whole(connection, name) for name in (f"{source_id}-typed", source_id))
        assert mine == theirs
        assert mine[3], "not published"
    assert connection.scalar(sa.text("SELECT count(*) FROM editorial.union_organization")) == unions


def test_a_case_is_opened_without_contacts_and_not_shown(opened: RecordKey, shown: Shown) -> None:
    """It is a draft until somebody publishes it."""
    assert opened.public_id is None
    assert shown() == []


def test_contacts_are_added_and_the_case_rolled_up(
    connection: sa.Connection, opened: RecordKey, write: SaveCase, shown: Shown
) -> None:
    """Restricted cells stay with the editors; the day of asking again lies in the future."""
    saved = write(contacts=[CONTACT], key=opened, version=1, decisions=PUBLIC)
    assert saved.outcome == "updated", [message.render() for message in saved.messages]
    (feature,) = shown()
    assert feature["properties"]["awareness"] == "unaware"
    assert feature["properties"]["contacts"][0]["promise_en"] == CONTACT["promise_en"]
    assert "canary5eb1" not in str(feature)
    read = read_case_cells(connection, opened.id)
    assert {name: read.contacts[0][name] for name in CONTACT} == CONTACT


def test_a_roll_up_is_overridden_with_a_reason_only(
    connection: sa.Connection, opened: RecordKey, write: SaveCase
) -> None:
    """The reason and the judgement are in the history; without them the contacts count again."""
    with pytest.raises(DataError):
        write(contacts=[CONTACT], key=opened, version=1, decisions={"awareness": "aware"})
    judged = {"awareness": "aware", "involvement": "involved", "override_reason": "learned of it from the call"}
    write(contacts=[CONTACT], key=opened, version=1, decisions=judged)
    asked = sa.text("SELECT awareness, involvement FROM editorial.accountability_case WHERE id = :id")
    assert tuple(connection.execute(asked, {"id": opened.id}).one()) == ("aware", "involved")
    changes = {one.field: one.after for one in read_history(connection, opened)[0].differences}
    assert (changes["awareness"], changes["contacts.1.awareness"]) == ("aware", "unaware")
    write(key=opened, version=2, decisions=dict.fromkeys(judged, ""))
    assert tuple(connection.execute(asked, {"id": opened.id}).one()) == ("unaware", None)


def test_an_old_version_is_refused_and_nothing_changed_is_no_version(opened: RecordKey, write: SaveCase) -> None:
    """The second of two people is told; saving what is there makes nothing."""
    assert write(CASE, key=opened, version=1).outcome == "unchanged"
    assert write({"outcome": "unresolved"}, key=opened, version=1).outcome == "updated"
    with pytest.raises(Stale):
        write({"outcome": "resolved"}, key=opened, version=1)


def test_a_version_of_a_case_is_brought_back(connection: sa.Connection, opened: RecordKey, write: SaveCase) -> None:
    """With its contacts, its links and its state."""
    write(contacts=[CONTACT, CONTACT | {"contact_no": "2", "awareness": "aware"}], key=opened, version=1)
    before = read_case_cells(connection, opened.id)
    write({"title_en": "Another"}, contacts=[CONTACT], key=opened, version=2, decisions=PUBLIC)
    publish_batch(connection, restore_version(connection, opened, 2, told=("mei", "a mistake"), based_on=3))
    assert read_case_cells(connection, opened.id) == before
    assert [one.version for one in read_history(connection, opened)] == [4, 3, 2, 1]
    assert connection.scalar(sa.text("SELECT count(*) FROM published.feature")) == 0


def test_what_is_wrong_is_said_of_each_contact(opened: RecordKey, write: SaveCase) -> None:
    """By the messages that a file's rows have, and nothing is written."""
    faulty = CONTACT | {"contact_no": "2", "excuses": "too busy", "quote_en": "Call 13800138000"}
    saved = write(contacts=[CONTACT, faulty], key=opened, version=1)
    told = {(message.row_no, message.column, message.problem.code) for message in saved.messages}
    assert {(2, "excuses", "VOC_UNKNOWN"), (2, "quote_en", "PII_PHONE")} <= told
    assert saved.outcome == "rejected"


def test_an_incident_of_another_data_set_is_linked_and_let_go(
    connection: sa.Connection, write: SaveCase, made: RecordKey, shown: Shown
) -> None:
    """Named by its public id; the incident shows the case as long as the case is about it."""
    saved = write(CASE | {"incident_ids": str(made.public_id)}, contacts=[CONTACT], decisions=PUBLIC)
    key = find_record(connection, f"case-{saved.record_id}")
    strike = next(one for one in shown() if one["id"] == made.public_id)
    assert strike["properties"]["cases"] == [key.public_id]
    assert read_case_cells(connection, key.id).case["incident_ids"] == made.public_id
    write({"incident_ids": ""}, key=key, version=1)
    strike = next(one for one in shown() if one["id"] == made.public_id)
    assert not strike["properties"]["cases"]


def test_cells_cover_every_column_that_is_typed(opened: RecordKey, write: SaveCase) -> None:
    """A column that there is not is refused by name."""
    assert "source_id" in IDENTITY
    with pytest.raises(DataError, match="colour"):
        write({"colour": "red"}, key=opened, version=1)
