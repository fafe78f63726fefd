"""A batch taken back: every record as it was, none that was changed since."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from geo.errors import Conflict
from geo.loading.preview import list_differences
from geo.loading.workflow_revert import request_revert
from tests.geo.batches.conftest import STRIKE, Desk, strikes

RECORDS = """
SELECT jsonb_object_agg(id, to_jsonb(i) - 'version' - 'batch_id' - 'updated_at' - 'created_at')
FROM editorial.incident i
"""
FEATURES = """
SELECT jsonb_object_agg(f.public_id, t.geojson::jsonb)
FROM published.feature f JOIN published.feature_text t USING (id)
"""
STEPS = """
SELECT version, op, batch_id FROM editorial.record_version
WHERE record_id = (SELECT min(id) FROM editorial.incident) ORDER BY 1
"""


def revert(desk: Desk, batch_id: int, actor: str = "mei") -> tuple[int, dict[str, Any]]:
    """Ask for the revert of a batch and let it be done; return its batch and what that shows before the commit."""
    with desk.engine.begin() as connection:
        own = request_revert(connection, batch_id, actor, "a mistake")
    desk.work()
    shown = desk.show(own)
    desk.commit(own)
    return own, shown


def test_a_revert_takes_records_back_exactly(desk: Desk) -> None:
    """Some thousand records changed, some added: after the revert all are as before, public features too."""
    first = [row | {"ownership": "soe", "lon": "", "lat": ""} for row in strikes(2000)]
    first[0] |= {"lon": "114.0579", "lat": "22.5431", "datum": "wgs84", "location_precision": "exact"}
    desk.commit(desk.load(first))
    before = desk.ask(RECORDS), desk.ask(FEATURES)
    second = [row | {"title_en": f"{row['title_en']} again", "ownership": ""} for row in strikes(3000)]
    batch_id = desk.load(second)
    assert desk.show(batch_id)["review_reasons"] == ["mass_change"]
    desk.commit(batch_id)
    approve_all(desk)
    assert desk.ask(FEATURES) != before[1]
    _, shown = revert(desk, batch_id)
    assert (shown["counts"]["restored"], shown["counts"]["deleted"]) == (2000, 1000)
    assert shown["review_reasons"] == ["mass_delete"]
    approve_all(desk)
    assert (desk.ask(RECORDS), desk.ask(FEATURES)) == before
    assert desk.show(batch_id)["state"] == "reverted"
    assert desk.ask("SELECT count(*) FROM published.change WHERE op = 'delete'") == 1000
    assert desk.show(desk.load(second, actor="lin"))["counts"]["inserted"] == 1000


def approve_all(desk: Desk) -> None:
    """Let a second person agree to whatever waits for one."""
    from geo.loading.workflow import approve  # noqa: PLC0415

    with desk.engine.begin() as connection:
        waiting = connection.execute(
            sa.text("SELECT id, content_hash FROM editorial.batch WHERE state = 'in_review'")
        ).all()
        for batch_id, content_hash in waiting:
            approve(connection, batch_id, "wen", content_hash)
    desk.work()


def test_a_record_changed_since_is_left_as_it_is(desk: Desk) -> None:
    """And named, with who changed it; the rest is taken back."""
    desk.commit(desk.load(strikes(2)))
    batch_id = desk.load(strikes(3, industry="services"))
    desk.commit(batch_id)
    desk.commit(desk.load([strikes(1)[0] | {"industry": "construction"}], actor="lin"), actor="lin")
    own, shown = revert(desk, batch_id)
    counts = shown["counts"]
    assert (counts["restored"], counts["deleted"], counts["excluded"]) == (1, 1, 1)
    assert counts["codes"] == {"REVERT_EDITED": 1}
    industries = desk.rows("SELECT source_id, industry FROM editorial.incident ORDER BY 1")
    assert industries == [("1", "construction"), ("2", "manufacturing")]
    assert desk.show(own)["state"] == "committed"


def test_a_revert_can_be_reverted(desk: Desk) -> None:
    """The records come back under their own numbers, and history keeps every step."""
    batch_id = desk.load(strikes(2))
    desk.commit(batch_id)
    after = desk.ask(RECORDS), desk.ask(FEATURES)
    own, _ = revert(desk, batch_id)
    assert desk.ask("SELECT count(*) FROM editorial.incident") == 0
    again, shown = revert(desk, own)
    assert shown["counts"]["restored"] == 2
    assert (desk.ask(RECORDS), desk.ask(FEATURES)) == after
    assert desk.rows(STEPS) == [(1, "insert", batch_id), (2, "delete", own), (3, "insert", again)]


def test_readers_are_told_that_a_record_was_taken_back(desk: Desk) -> None:
    """Its link leads to a stub that names id, layer and day, until the record comes back."""
    batch_id = desk.load(strikes(1))
    desk.commit(batch_id)
    public_id = desk.ask("SELECT public_id FROM published.feature")
    own, _ = revert(desk, batch_id)
    assert desk.rows("SELECT public_id, layer FROM published.retraction") == [(public_id, "strikes")]
    revert(desk, own)
    assert desk.ask("SELECT public_id FROM published.feature") == public_id
    assert desk.ask("SELECT count(*) FROM published.retraction") == 0


def test_a_record_that_was_withheld_leaves_nothing(desk: Desk) -> None:
    """Nobody is told that there was one."""
    batch_id = desk.load(strikes(1))
    desk.commit(batch_id)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE editorial.incident SET withheld = true")
        connection.exec_driver_sql("ALTER TABLE editorial.record_version DISABLE TRIGGER USER")
        connection.exec_driver_sql(
            "UPDATE editorial.record_version SET data = data || jsonb_build_object('withheld', true)"
        )
        connection.exec_driver_sql("ALTER TABLE editorial.record_version ENABLE TRIGGER USER")
    revert(desk, batch_id)
    assert desk.ask("SELECT count(*) FROM published.retraction") == 0


def test_a_revert_is_asked_for_once(desk: Desk) -> None:
    """A second press finds the first; what is not committed cannot be reverted."""
    batch_id = desk.load([STRIKE])
    with desk.engine.begin() as connection, pytest.raises(Conflict):
        request_revert(connection, batch_id, "mei")
    desk.commit(batch_id)
    with desk.engine.begin() as connection:
        first = request_revert(connection, batch_id, "mei")
        assert request_revert(connection, batch_id, "lin") == first


def test_cases_are_taken_back_with_their_contacts(desk: Desk) -> None:
    """A changed case is what it was; a new one goes, and comes back by a revert of the revert."""
    desk.commit(desk.load([STRIKE]))
    case = {
        "source_id": "c1", "incident_ids": "1", "starts_on": "2020-04-01", "title_en": "Case one", "contact_no": "1",
        "union_name_en": "Shenzhen union", "union_level": "municipal", "union_region": "440300", "awareness": "aware",
    }  # fmt: skip
    desk.commit(desk.load([case], layer="accountability"))
    whole = """SELECT jsonb_agg(to_jsonb(c) - 'version' - 'batch_id' - 'updated_at' - 'created_at' ORDER BY c.id)
        || jsonb_agg(to_jsonb(u) - 'id' ORDER BY u.contact_no) || jsonb_agg(to_jsonb(l))
        FROM editorial.accountability_case c JOIN editorial.union_contact u ON u.case_id = c.id
        JOIN editorial.case_incident l ON l.case_id = c.id"""
    before = desk.ask(whole)
    changed = desk.load([case | {"awareness": "unaware", "title_en": "Case 1"}], layer="accountability")
    with desk.engine.connect() as connection:
        (row,) = list_differences(connection, changed)
    told = {one["column"]: (one["before"], one["after"]) for one in row["fields"]}
    assert told == {"title_en": ("Case one", "Case 1"), "contacts.1.awareness": ("aware", "unaware")}
    desk.commit(changed)
    assert desk.ask(whole) != before
    _, shown = revert(desk, changed)
    assert shown["counts"]["restored"] == 1
    assert desk.ask(whole) == before
